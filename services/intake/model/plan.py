"""The plan of one case: who is asked what, in which wave, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.intake.model.item import Effect, Handler, Join, Limit, Need, OutcomeDocument, Verdict
from services.intake.model.names import OfficeId, TaskRef, Text
from shared.identifiers import DivisionLevel


class PlanReason(StrEnum):
    """Why a matter or a task is, or is not, part of a case."""

    ALWAYS = "always"
    CONDITION_HOLDS = "condition-holds"
    CONDITION_FAILS = "condition-fails"
    MATTER_NOT_ASKED = "matter-not-asked"
    NEED_NOT_ASKED = "need-not-asked"
    NO_TASK_ASKED = "no-task-asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalParameters:
    """Numbers that a place sets for itself, from a day on."""

    division: str
    effective_from: date
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An authority's counter, as the registry publishes it."""

    id: OfficeId
    name: str
    division: str
    level: DivisionLevel
    functions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionInput:
    """A value a condition looked at."""

    path: str
    value: object = None
    withheld: bool = False
    """True for a form field outside the item's summary: its value is not repeated here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """Why a matter or a task was, or was not, asked."""

    matter: str
    task: str | None
    """None: the record is about the whole matter."""
    asked: bool
    reason: PlanReason
    expression: str | None = None
    inputs: tuple[ConditionInput, ...] = ()
    need: str | None = None
    """The need that nobody was asked to meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTask:
    """A question that will be put to somebody in this case."""

    ref: TaskRef
    title: Text
    handler: Handler
    office: Office | None
    """Who answers, when an office does (always, for an officer's task)."""
    check: str | None
    needs: tuple[Need, ...]
    """Only needs on tasks that are asked in this case."""
    wave: int
    """0: opens with the case; n: after at least one task of wave n-1."""
    limit: Limit | None
    verdicts: tuple[Verdict, ...]
    discloses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMatter:
    """A part of this case that is decided on its own."""

    key: str
    title: Text
    join: Join
    """Only task keys that are asked in this case; `voters` is never empty."""
    effect: Effect | None
    discloses: tuple[str, ...]
    outcome_document: OutcomeDocument | None
    tasks: tuple[PlannedTask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that will be asked in one case, and why."""

    item_code: str
    division: str
    matters: tuple[PlannedMatter, ...]
    records: tuple[PlanRecord, ...]
    """In the order of the item: each matter, then its tasks."""

    @property
    def tasks(self) -> tuple[PlannedTask, ...]:
        """All tasks of all matters, in the order of the item."""
        return tuple(task for matter in self.matters for task in matter.tasks)
