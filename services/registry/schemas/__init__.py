"""What the registry's HTTP bodies look like."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.registry.actions.sign_in import SignedIn
from services.registry.events import published
from services.registry.model import Division, Grant, GrantRefusal, Publication
from services.registry.rules import grants
from shared.masking import mask_name
from shared.schemas import Body, Instant, SafeText, View

ITEM_CODE = r"^[A-Z]{2,3}-?[0-9]{2,3}$"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _date(value: object) -> object:
    """Strict bodies take a real date only; the wire has text."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise PydanticCustomError("legal_date", "Must be a date, YYYY-MM-DD")


def _id(value: object) -> object:
    return UUID(value) if isinstance(value, str) else value


LegalDate = Annotated[date, BeforeValidator(_date)]
Id = Annotated[UUID, BeforeValidator(_id)]
ItemCode = Annotated[str, Field(pattern=ITEM_CODE)]


class TokenForm(BaseModel):
    """A token request as OAuth 2 writes it: a form, names with underscores."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    grant_type: str = Field(max_length=100)
    audience: str = Field(pattern=r"^[a-z-]{1,40}$")
    client_id: str | None = Field(default=None, pattern=r"^[!-~]{1,128}$")
    client_secret: str | None = Field(default=None, pattern=r"^[!-~]{1,256}$")
    client_assertion_type: str | None = Field(default=None, max_length=100)
    client_assertion: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]{1,8192}$")


class TokenResponse(BaseModel):
    """An access token; the names are those of RFC 6749."""

    access_token: str
    token_type: str = "Bearer"
    expires_in: int


class SignInRequest(Body):
    """A provider and its one-time code."""

    provider: str = Field(pattern=r"^[A-Z_]{1,40}$")
    code: str = Field(min_length=1, max_length=512)
    state: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{20,128}$")
    """What the sign-in began with, at providers with a page of their own."""


class RefreshRequest(Body):
    """The refresh token of the last answer."""

    refresh_token: str = Field(pattern=r"^[A-Za-z0-9_-]{20,128}$")


class ActorView(View):
    """Who signed in."""

    kind: str
    id: str
    name: str
    """Masked."""
    offices: list[str]
    division: str | None
    roles: list[str]


class SignInResponse(View):
    """A pair of tokens, and whose they are."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"
    expires_in: int
    actor: ActorView

    @classmethod
    def of(cls, signed_in: SignedIn) -> "SignInResponse":
        """Shows the person's name masked."""
        actor = signed_in.person.actor
        return cls(
            access_token=signed_in.access.value,
            refresh_token=signed_in.refresh_token,
            expires_in=signed_in.access.expires_in_seconds,
            actor=ActorView(
                kind=str(actor.kind),
                id=actor.id,
                name=mask_name(signed_in.person.name),
                offices=sorted(actor.offices),
                division=actor.division,
                roles=sorted(actor.roles),
            ),
        )


class ItemGuide(View):
    """The service guide (办事指南) of one item."""

    code: str
    version: int
    hash: str
    published_at: Instant
    title: dict[str, str]
    category: int
    kind: str
    owner: str
    legal_basis: list[str]
    agent_allowed: bool
    """Whether somebody else may act for the applicant."""
    acceptance: str
    limits: dict[str, Any]
    materials: list[dict[str, Any]]
    matters: list[dict[str, Any]]
    """What is decided, and which departments have a say in it."""
    form: dict[str, Any]

    @classmethod
    def of(cls, publication: Publication) -> "ItemGuide":
        """From one publication of the item."""
        item = publication.content
        return cls(
            code=publication.key,
            version=publication.version,
            hash=publication.hash,
            published_at=publication.published_at,
            title=item["title"],
            category=item["category"],
            kind=item["kind"],
            owner=item["owner"],
            legal_basis=item["legal_basis"],
            agent_allowed=grants.are_grantable([publication.key], {publication.key: item}),
            acceptance=item["acceptance"],
            limits=item.get("limits", {}),
            materials=item.get("materials", []),
            matters=[_matter(matter) for matter in item["matters"]],
            form=item["form"],
        )


class ItemList(View):
    """All service items as they can be applied for now."""

    items: list[ItemGuide]


class ItemVersion(View):
    """One immutable version of an item, whole."""

    code: str
    version: int
    hash: str
    published_at: Instant
    definition: dict[str, Any]

    @classmethod
    def of(cls, publication: Publication) -> "ItemVersion":
        """From one publication of the item."""
        return cls(
            code=publication.key,
            version=publication.version,
            hash=publication.hash,
            published_at=publication.published_at,
            definition=dict(publication.content),
        )


class OfficeView(View):
    """An office and what it does."""

    id: str
    name: dict[str, str]
    division: str
    level: str
    functions: list[str]
    items: list[str]

    @classmethod
    def of(cls, publication: Publication) -> "OfficeView":
        """From the newest publication of the office."""
        office = publication.content
        return cls(
            id=publication.key,
            name=office["name"],
            division=office["division"],
            level=office["level"],
            functions=office["functions"],
            items=office["items"],
        )


class OfficePage(View):
    """Offices in the order of their ids."""

    items: list[OfficeView]
    next_cursor: str | None

    @classmethod
    def of(cls, found: Sequence[Publication], *, limit: int) -> "OfficePage":
        """From up to `limit` publications; a full page may have another behind it."""
        return cls(
            items=[OfficeView.of(each) for each in found],
            next_cursor=found[-1].key if len(found) == limit else None,
        )


class DivisionView(View):
    """An administrative division."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str | None


class DivisionDetail(DivisionView):
    """A division with the ones directly below it."""

    below: list[DivisionView]

    @classmethod
    def of(cls, division: Division, below: Sequence[Division]) -> "DivisionDetail":
        """From the model."""
        shown = DivisionView.model_validate(division)
        return cls(
            **shown.model_dump(), below=[DivisionView.model_validate(each) for each in below]
        )


class PublicationView(View):
    """A publication exactly as its event told it, at its place in the order."""

    seq: int
    id: UUID
    """The event's id: an inbox that knows it has seen this already."""
    topic: str
    type: str
    key: str
    data: dict[str, Any]
    published_at: Instant

    @classmethod
    def of(cls, publication: Publication) -> "PublicationView":
        """From the model, through the same function that makes the event."""
        event = published(publication)
        return cls(
            seq=publication.seq,
            id=event.id,
            topic=event.topic,
            type=event.type,
            key=event.key,
            data=dict(event.data),
            published_at=publication.published_at,
        )


class PublicationPage(View):
    """Publications in order; ask again with `after` until there are none."""

    items: list[PublicationView]
    after: int


class AgentBody(Body):
    """Whom a citizen names as agent; both must fit."""

    name: SafeText = Field(min_length=1, max_length=50)
    id_no: str = Field(min_length=15, max_length=40)


class GrantRequest(Body):
    """Whom to let act, for which items, until which day."""

    agent: AgentBody
    items: list[ItemCode] = Field(min_length=1, max_length=50)
    expires_on: LegalDate


class GrantView(View):
    """A grant; the people are named by the registry's ids."""

    id: UUID
    principal_id: UUID
    agent_id: UUID
    items: list[str]
    granted_at: Instant
    expires_on: date
    revoked_at: Instant | None

    @classmethod
    def of(cls, grant: Grant) -> "GrantView":
        """From the model."""
        return cls(
            id=grant.id,
            principal_id=grant.principal,
            agent_id=grant.agent,
            items=sorted(grant.items),
            granted_at=grant.granted_at,
            expires_on=grant.expires_on,
            revoked_at=grant.revoked_at,
        )


class GrantList(View):
    """Grants a citizen gave or was given."""

    items: list[GrantView]


class GrantQuestion(Body):
    """May this agent act for this principal in this item?"""

    grant_id: Id
    agent: str = Field(pattern=r"^[!-~]{1,128}$")
    principal_index: str = Field(pattern=r"^[0-9a-f]{64}$")
    item_code: ItemCode


class GrantAnswer(View):
    """Whether, and if not, why: the reason is a code of ours."""

    allowed: bool
    reason: GrantRefusal | None


def _matter(matter: Mapping[str, Any]) -> dict[str, Any]:
    """What a citizen is told of a matter: not how its answers are joined or disclosed."""
    return {
        **{name: matter[name] for name in ("key", "title", "when") if name in matter},
        "tasks": [
            {name: task[name] for name in ("key", "title", "handler", "limit") if name in task}
            for task in matter["tasks"]
        ],
    }
