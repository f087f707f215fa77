"""Moving an open case to another version of its item: what it would change, and for whom."""

from dataclasses import dataclass
from datetime import date

from services.intake.model.item import ServiceItem
from services.intake.model.names import ApplicationId, TaskRef
from services.intake.model.plan import Plan
from services.intake.model.replan import Replan


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a case cannot be moved; it goes on under the version it has."""

    code: str
    """`case-over`, `correction-open`, `form-needs-correction`, `material-missing`,
    `office-missing` or `condition-unusable`."""
    places: tuple[str, ...] = ()
    """Pointers of the form, or keys of materials; never what stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMove:
    """A limit of the whole case, before and after."""

    clock: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseMove:
    """What a move changes in one case."""

    application_id: ApplicationId
    number: str
    from_version: int
    to_version: int
    obstacle: Obstacle | None = None
    added: tuple[TaskRef, ...] = ()
    dropped: tuple[TaskRef, ...] = ()
    asked_again: tuple[TaskRef, ...] = ()
    changed: tuple[TaskRef, ...] = ()
    kept: tuple[TaskRef, ...] = ()
    """Answered: these verdicts stand."""
    settled: tuple[str, ...] = ()
    """Matters decided already: they stay as they are."""
    deferred: tuple[str, ...] = ()
    """Materials the new version asks for that may come later."""
    due: tuple[DueMove, ...] = ()

    @property
    def is_moved(self) -> bool:
        """Whether the case is under the version already."""
        return self.from_version == self.to_version


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedMove:
    """A move that has been thought through, and what carrying it out takes."""

    move: CaseMove
    item: ServiceItem | None = None
    plan: Plan | None = None
    changes: Replan | None = None
