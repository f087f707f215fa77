"""The things of the marriage registry: people as parties, marriages, certificates."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from shared.identifiers import Sex

MarriageId = NewType("MarriageId", UUID)

PersonIndex = NewType("PersonIndex", str)
"""Keyed blind index of an ID number: equal for the same person, telling nothing of them."""


class MaritalStatus(StrEnum):
    """What the records say of a person; "nothing found" is not "single"."""

    SINGLE_CONFIRMED = "SINGLE_CONFIRMED"
    """未婚: complete records say the person never married."""
    MARRIED = "MARRIED"
    """已婚: a marriage is in force."""
    DIVORCED = "DIVORCED"
    """离婚."""
    WIDOWED = "WIDOWED"
    """丧偶."""
    NO_RECORD = "NO_RECORD"
    """无记录: nothing found, and the archives are known to be incomplete."""
    CONFLICT = "CONFLICT"
    """记录矛盾: sources contradict each other."""
    UNAVAILABLE = "UNAVAILABLE"
    """未能核查: a source did not answer; this is never a "no"."""


class StatedStatus(StrEnum):
    """What a party says of themselves on the form."""

    UNMARRIED = "UNMARRIED"
    DIVORCED = "DIVORCED"
    WIDOWED = "WIDOWED"


class MarriageStatus(StrEnum):
    """Where a registration stands; only IN_FORCE makes a person married."""

    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"
    ANNULLED = "ANNULLED"
    """Void or annulled by a court: as if it had never been."""
    REVOKED = "REVOKED"
    """The registration itself was withdrawn (impostor, false papers): as if it had never been."""


class EndCause(StrEnum):
    """How a marriage in force came to its end."""

    DEATH = "DEATH"
    DIVORCE_REGISTERED = "DIVORCE_REGISTERED"
    DIVORCE_BY_COURT = "DIVORCE_BY_COURT"


class Kinship(StrEnum):
    """What the two parties declare, signed, about their relation to each other."""

    NONE = "NONE"
    DIRECT_LINE = "DIRECT_LINE"
    """直系血亲."""
    COLLATERAL_WITHIN_THREE = "COLLATERAL_WITHIN_THREE"
    """三代以内旁系血亲: siblings, uncle or aunt with nephew or niece, first cousins."""
    UNDECLARED = "UNDECLARED"


class AgeAttained(StrEnum):
    """When a year of age is full; a dated parameter, because practice differs."""

    ON_BIRTHDAY = "birthday"
    DAY_AFTER = "day_after"


class RefusalGround(StrEnum):
    """Why a registration must be refused (不予登记)."""

    UNDER_AGE = "UNDER_AGE"
    NOT_VOLUNTARY = "NOT_VOLUNTARY"
    ALREADY_MARRIED = "ALREADY_MARRIED"
    PROHIBITED_KINSHIP = "PROHIBITED_KINSHIP"
    NOT_ONE_MAN_AND_ONE_WOMAN = "NOT_ONE_MAN_AND_ONE_WOMAN"


class OpenPoint(StrEnum):
    """What must be cleared up before anybody may decide; not a refusal."""

    SPOUSE_DECLARATION_MISSING = "SPOUSE_DECLARATION_MISSING"
    KINSHIP_DECLARATION_MISSING = "KINSHIP_DECLARATION_MISSING"
    STATUS_IN_CONFLICT = "STATUS_IN_CONFLICT"
    STATUS_UNAVAILABLE = "STATUS_UNAVAILABLE"


class Flag(StrEnum):
    """What the registrar should see although it does not stand in the way."""

    STATUS_RESTS_ON_DECLARATION = "STATUS_RESTS_ON_DECLARATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of the two who want to marry, as they stand before the registrar."""

    person: PersonIndex
    sex: Sex
    born_on: date
    status: MaritalStatus
    declares_no_spouse: bool
    """Has signed that there is no spouse (签字声明)."""
    willing: bool
    """Entirely of their own will (完全自愿), asked separately."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Couple:
    """The two parties and what they declare together."""

    first: Party
    second: Party
    kinship: Kinship

    @property
    def parties(self) -> tuple[Party, Party]:
        """Both, in the order they were named."""
        return (self.first, self.second)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What the examination found; every ground at once, for the notice must state them all."""

    grounds: tuple[RefusalGround, ...]
    open_points: tuple[OpenPoint, ...]
    flags: tuple[Flag, ...]

    @property
    def may_register(self) -> bool:
        """No ground to refuse and nothing left to clear up."""
        return not self.grounds and not self.open_points


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One marriage as it bears on one person: its status and how it ended."""

    status: MarriageStatus
    registered_on: date
    ended_on: date | None = None
    end_cause: EndCause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaritalRecord:
    """What a source outside our register says of a person (archives, the national base)."""

    status: MaritalStatus
    source: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFinding:
    """What the records show of a party, beside what the party says."""

    stated: StatedStatus
    status: MaritalStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Marriage:
    """A registered marriage (结婚登记)."""

    id: MarriageId
    certificate_number: str
    division: str
    """Division of the registry (12 digits); the first six stand in the certificate number."""
    registered_on: date
    status: MarriageStatus
    parties: tuple[PersonIndex, PersonIndex]
    application_id: UUID | None = None
    ended_on: date | None = None
    end_cause: EndCause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DivorceWindows:
    """The two periods of a divorce by agreement, as dates in Asia/Shanghai.

    Withdrawal is possible up to and including `cooling_ends_on`; the certificate can be
    issued from `window_opens_on` up to and including `window_ends_on`.
    """

    accepted_on: date
    cooling_raw_on: date
    cooling_ends_on: date
    window_opens_on: date
    window_raw_on: date
    window_ends_on: date
    provisional: bool
    """A date reaches into a year whose official calendar is not yet published."""
