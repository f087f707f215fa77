"""What somebody thought of a service they got (好差评)."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from services.intake.model.names import ApplicationId, OfficeId, Text
from services.intake.model.redress import RatingId, RedressId


class Satisfaction(IntEnum):
    """Five levels by their national code: 1 is the best."""

    VERY_SATISFIED = 1
    SATISFIED = 2
    FAIRLY_SATISFIED = 3
    DISSATISFIED = 4
    VERY_DISSATISFIED = 5


SATISFACTION_TITLES = {
    Satisfaction.VERY_SATISFIED: Text(zh="非常满意", en="Very satisfied"),
    Satisfaction.SATISFIED: Text(zh="满意", en="Satisfied"),
    Satisfaction.FAIRLY_SATISFIED: Text(zh="基本满意", en="Fairly satisfied"),
    Satisfaction.DISSATISFIED: Text(zh="不满意", en="Dissatisfied"),
    Satisfaction.VERY_DISSATISFIED: Text(zh="非常不满意", en="Very dissatisfied"),
}


class Scale(StrEnum):
    """Which way the numbers of a rating run; it is always said, never guessed."""

    SATISFACTION_CODE = "satisfaction-code"
    STARS = "stars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One rating of one matter of a case."""

    id: RatingId
    application_id: ApplicationId
    matter: str
    item_code: str
    office_id: OfficeId | None
    division: str
    satisfaction: Satisfaction
    is_anonymous: bool
    remark_sealed: bytes | None
    rated_at: datetime
    edited_at: datetime | None = None
    rerated: Satisfaction | None = None
    """What they think after it was put right."""
    redress_id: RedressId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingSummary:
    """How an office or an item was rated; what a review took out is not counted."""

    key: str
    count: int
    bad: int
    average: float
    """Of the codes: 1 is the best, 5 the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A service of one's own that may be rated now."""

    application_id: ApplicationId
    number: str
    matter: str
    title: Text
    concluded_at: datetime
