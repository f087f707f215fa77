"""What another plan makes of a case in which departments have been asked already."""

from dataclasses import dataclass

from services.intake.model.item import Join
from services.intake.model.names import TaskRef
from services.intake.model.plan import PlannedMatter, PlannedTask


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterChange:
    """A matter under review that goes on under another definition."""

    matter: PlannedMatter
    join: Join
    """The new join, with those who have answered keeping the vote they had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """What changes for whom; nothing in it touches a verdict or an outcome."""

    add_matters: tuple[PlannedMatter, ...] = ()
    add_tasks: tuple[PlannedTask, ...] = ()
    """New questions in matters that are under review."""
    drop: tuple[TaskRef, ...] = ()
    """Unanswered questions that are not asked any more."""
    ask_again: tuple[PlannedTask, ...] = ()
    """Unanswered questions that go to somebody else now, or are asked after all."""
    change: tuple[PlannedTask, ...] = ()
    """Unanswered questions that stay where they are, with other limits, fields or words."""
    matters: tuple[MatterChange, ...] = ()
    kept: tuple[TaskRef, ...] = ()
    """Answered questions: their verdicts stand, whether the new plan asks them or not."""
    settled: tuple[str, ...] = ()
    """Keys of matters already decided: they stay as they are."""

    def __bool__(self) -> bool:
        return bool(
            self.add_matters or self.add_tasks or self.drop or self.ask_again or self.change
        )
