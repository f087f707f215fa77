"""The things of the registry: people, programs, keys, publications, grants, deaths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from services.registry.model.divisions import DivisionChange

PersonId = NewType("PersonId", UUID)
"""The registry's id of a resident; says nothing of the person."""

PersonIndex = NewType("PersonIndex", str)
"""Keyed blind index of an ID number: equal for the same person, telling nothing of them."""

SessionId = NewType("SessionId", UUID)
GrantId = NewType("GrantId", UUID)


class LifeStatus(StrEnum):
    """Whether a resident lives, as far as the register knows."""

    ALIVE = "ALIVE"
    DECEASED = "DECEASED"


class KnownFrom(StrEnum):
    """How a resident came to be known."""

    REGISTER = "REGISTER"
    """The population register."""
    DEATH_CERTIFICATE = "DEATH_CERTIFICATE"
    """Nothing was known until a decided case recorded the death."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A person the registry knows. `name` and `id_number` are kept sealed."""

    id: PersonId
    index: PersonIndex
    name: str = field(repr=False)
    id_number: str = field(repr=False)
    status: LifeStatus = LifeStatus.ALIVE
    died_on: date | None = None
    known_from: KnownFrom = KnownFrom.REGISTER

    @property
    def is_alive(self) -> bool:
        """Whether the register knows of no death."""
        return self.status is LifeStatus.ALIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Someone who acts for one office or, in a small township, for several."""

    id: str
    name: str = field(repr=False)
    division: str
    offices: frozenset[str]
    """Office ids."""
    roles: frozenset[str]
    is_active: bool = True


class PersonKind(StrEnum):
    """The classes of people who sign in; the words are those of the access tokens."""

    CITIZEN = "citizen"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a sign-in provider recognised.

    Args:
        key: A citizen's blind index, or an officer's id.
    """

    kind: PersonKind
    key: str


class ClientKind(StrEnum):
    """The classes of programs that ask for tokens; the words are those of the access tokens."""

    SERVICE = "service"
    PARTNER = "partner"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that proves who it is with a secret, with a signature, or with either."""

    id: str
    kind: ClientKind
    system: str
    """The name other services know it by: `intake`, `police` …"""
    audiences: frozenset[str]
    """Services it may call."""
    roles: frozenset[str] = frozenset()
    secret_hash: str | None = field(default=None, repr=False)
    public_jwk: Mapping[str, Any] | None = None


class KeyStatus(StrEnum):
    """The life of a signing key; every one of these is published."""

    NEXT = "NEXT"
    """Published ahead of its time, so that every verifier knows it when it begins to sign."""
    CURRENT = "CURRENT"
    RETIRED = "RETIRED"
    """Signs no more; published until its last token is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One ES256 key; the private part is kept sealed."""

    id: str
    status: KeyStatus
    public_jwk: Mapping[str, Any]
    private_jwk: Mapping[str, Any] = field(repr=False)
    activated_at: datetime | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in of one person, and everything refreshed from it."""

    id: SessionId
    kind: PersonKind
    person: str
    """The resident's or the officer's id."""
    provider: str
    signed_in_at: datetime | None = None
    ends_at: datetime
    revoked_at: datetime | None = None
    methods: frozenset[str] = frozenset()
    """How the person proved who they are: words of `model.sign_in.Method`."""
    authenticated_at: datetime | None = None
    """When they last did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """A refresh token as it is kept: never itself, only its hash."""

    hash: bytes
    session: Session
    used_at: datetime | None = None


class PublicationKind(StrEnum):
    """What the registry publishes."""

    ITEM = "ITEM"
    PARAMETERS = "PARAMETERS"
    CALENDAR = "CALENDAR"
    OFFICE = "OFFICE"
    SHARED_FACT = "SHARED_FACT"
    """What another department may be asked."""
    CERTIFICATE_TYPE = "CERTIFICATE_TYPE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Content that would be published, if it differs from the newest version of its key."""

    kind: PublicationKind
    key: str
    content: Mapping[str, Any]
    hash: str
    """Hex SHA-256 of the content as canonical JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One immutable version of something published."""

    id: UUID
    kind: PublicationKind
    key: str
    version: int
    hash: str
    content: Mapping[str, Any]
    published_at: datetime
    seq: int = 0
    """Place in the order in which everything was published; given by the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """An administrative division (行政区划)."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedResident:
    """A made-up resident of the development seed."""

    key: str
    name: str
    id_number: str
    status: LifeStatus
    died_on: date | None
    division: str = ""
    household: frozenset[str] = frozenset()
    """Keys of all who live together; empty for somebody who lives alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything the catalogue's files say, before any of it is published."""

    items: Sequence[Mapping[str, Any]] = ()
    item_schema: Mapping[str, Any] = field(default_factory=dict)
    parameters: Sequence[Mapping[str, Any]] = ()
    notices: Sequence[Mapping[str, Any]] = ()
    """The yearly notices from which the working calendar is built."""
    offices: Sequence[Mapping[str, Any]] = ()
    divisions: Sequence[Division] = ()
    division_changes: Sequence[DivisionChange] = ()
    officers: Sequence[Officer] = ()
    residents: Sequence[SeedResident] = ()
    partners: Sequence[str] = ()
    """Names of partner systems."""
    shared_facts: Sequence[Mapping[str, Any]] = ()
    """What other departments may be asked about a person."""
    certificate_types: Sequence[Mapping[str, Any]] = ()
    certificate_schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One resident lets another act for them (代办), for named items, until a day."""

    id: GrantId
    principal: PersonId
    agent: PersonId
    items: frozenset[str]
    granted_at: datetime
    expires_on: date
    """The last day on which the agent may act."""
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantInForce:
    """A grant beside what else decides whether it holds."""

    grant: Grant
    principal_index: PersonIndex
    principal_is_alive: bool
    agent_is_alive: bool


class GrantRefusal(StrEnum):
    """Why a grant does not cover an act."""

    GRANT_UNKNOWN = "GRANT_UNKNOWN"
    OTHER_AGENT = "OTHER_AGENT"
    OTHER_PRINCIPAL = "OTHER_PRINCIPAL"
    ITEM_NOT_COVERED = "ITEM_NOT_COVERED"
    GRANT_REVOKED = "GRANT_REVOKED"
    GRANT_EXPIRED = "GRANT_EXPIRED"
    PERSON_DECEASED = "PERSON_DECEASED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedDeath:
    """A death as a case reports it. The cause is not asked and not kept."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    died_on: date
    certificate_number: str = field(repr=False)
    place_division: str | None = None


class InRegister(StrEnum):
    """What the register says of a person reported dead; tells nothing about who it is."""

    ALIVE = "alive"
    ALREADY_RECORDED = "already-recorded"
    RECORDED_OTHERWISE = "recorded-otherwise"
    NOT_IN_REGISTER = "not-in-register"
    NOT_THIS_PERSON = "not-this-person"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathFinding:
    """The answer to "is it a fact that this person has died?"."""

    verdict: str
    """A verdict word of the window: approve, refuse or needs-correction."""
    found: InRegister
    opinion: str
    """For the officer; never names the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathRecord:
    """The registered fact of one person's death; one per person, ever."""

    id: UUID
    resident: PersonId
    number: str
    died_on: date
    certificate_number: str = field(repr=False)
    place_division: str | None
    application_id: UUID
    registered_on: date
