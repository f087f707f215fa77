"""One act on many tasks, and applications entered at the window."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.intake.actions.work_in_bulk import MOST_TASKS, Act, BulkMode, HandOver
from services.intake.model import Answer, Verdict
from services.intake.model.officer import IdentityCheck
from services.intake.schemas.officer import ReassignBody
from services.intake.schemas.submission import MaterialBody
from services.intake.schemas.wire import Code, Id, Words, as_verdict
from shared.schemas import Body, View


def _mode(value: object) -> object:
    return BulkMode(value) if isinstance(value, str) else value


def _check(value: object) -> object:
    return IdentityCheck(value) if isinstance(value, str) else value


class BulkVerdictBody(Body):
    """The same answer to every task; marks belong to one case and are not for many."""

    verdict: Annotated[Verdict, BeforeValidator(as_verdict)]
    opinion: Words | None = None
    conditions: Annotated[list[Words], Field(max_length=20, default_factory=list)]


class BulkBody(Body):
    """One act on many tasks."""

    act: Literal["claim", "release", "reassign", "verdict"]
    task_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_TASKS)]
    mode: Annotated[BulkMode, BeforeValidator(_mode)] = BulkMode.EACH
    reassign: ReassignBody | None = None
    """With `reassign`, and only with it."""
    verdict: BulkVerdictBody | None = None
    """With `verdict`, and only with it."""

    @model_validator(mode="after")
    def _belongs_together(self) -> "BulkBody":
        if len(set(self.task_ids)) != len(self.task_ids):
            raise PydanticCustomError("task_twice", "A task is named twice")
        if (self.act == "reassign") != (self.reassign is not None):
            raise PydanticCustomError("reassign", "`reassign` goes with its act")
        if (self.act == "verdict") != (self.verdict is not None):
            raise PydanticCustomError("verdict", "`verdict` goes with its act")
        return self

    def wanted(self) -> Act:
        """As the action says it."""
        if self.reassign is not None:
            given = self.reassign
            return Act(hand_over=HandOver(to=given.to, reason=given.reason, note=given.note))
        if self.verdict is not None:
            said = self.verdict
            return Act(
                answer=Answer(
                    verdict=said.verdict, opinion=said.opinion, conditions=tuple(said.conditions)
                )
            )
        return Act(claim=self.act == "claim", release=self.act == "release")


class BulkResultView(View):
    """What became of one task."""

    task_id: UUID
    status: int
    problem: dict[str, Any] | None


class BulkView(View):
    """What became of every task."""

    results: list[BulkResultView]


class EnterBody(Body):
    """An application of a citizen who is present."""

    item_code: Code
    form: dict[str, Any]
    materials: Annotated[list[MaterialBody], Field(max_length=50, default_factory=list)]
    """Files the officer scanned and handed in."""
    office_id: Id
    identity_check: Annotated[IdentityCheck, BeforeValidator(_check)]
    """How the officer made sure who stands there."""
