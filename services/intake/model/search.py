"""What officers look for among the cases of their offices, and what a list shows of them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.intake.model.case import Outcome, Stage
from services.intake.model.names import ApplicationId, Text
from services.intake.model.submission import Channel


class Purpose(StrEnum):
    """For what an officer looks up people or takes a list with them."""

    HANDLING = "handling"
    ENQUIRY = "enquiry"
    """The person asks at the window or by telephone."""
    COMPLAINT = "complaint"
    STATISTICS = "statistics"
    SUPERVISION = "supervision"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What cases must be like; nothing given asks for every case there is."""

    number: str | None = None
    person_index: str | None = field(default=None, repr=False)
    """Blind index of the applicant's number, or of whom the application is about."""
    name_index: str | None = field(default=None, repr=False)
    """Blind index of the applicant's whole name."""
    item_code: str | None = None
    stages: tuple[Stage, ...] = ()
    office_id: UUID | None = None
    due_from: datetime | None = None
    due_until: datetime | None = None
    """Not included: the first instant after the range."""

    @property
    def is_about_a_person(self) -> bool:
        """Whether somebody in particular is looked for."""
        return self.person_index is not None or self.name_index is not None

    def named(self) -> list[str]:
        """Which filters are set, without their values."""
        given = {
            "number": self.number,
            "person": self.person_index,
            "name": self.name_index,
            "item": self.item_code,
            "stages": self.stages or None,
            "office": self.office_id,
            "due": self.due_from or self.due_until,
        }
        return [name for name, value in given.items() if value is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCase:
    """A case in a list, before its applicant is masked."""

    id: ApplicationId
    number: str
    item_code: str
    item_version: int
    item_title: Text
    division: str
    channel: Channel
    stage: Stage
    outcome: Outcome | None
    submitted_at: datetime
    concluded_at: datetime | None
    due_at: datetime | None
    """When the most urgent task of the asker's offices is due."""
    form_sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLine:
    """A case in a list as it is shown: the applicant masked."""

    case: FoundCase
    name: str
    id_no: str
