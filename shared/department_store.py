"""What every department keeps of its answers and effects, so that a repeat changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from sqlalchemy import (
    Column,
    DateTime,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    TextClause,
    Uuid,
    text,
)

from shared.answers import CheckAnswer
from shared.department import (
    MatterRequest,
    TaskRequest,
    matter_failed,
    matter_performed,
    task_answered,
)
from shared.store import SharedStore

_CLAIM_TASK = text("""
    INSERT INTO task_answer (task_id, round, application_id, check_name)
    VALUES (:task_id, :round, :application_id, :check_name)
    ON CONFLICT DO NOTHING RETURNING true
""")
_NOTE_VERDICT = text("""
    UPDATE task_answer SET verdict = :verdict WHERE task_id = :task_id AND round = :round
""")
_CLAIM_MATTER = text("""
    INSERT INTO matter_outcome (matter_id, application_id, effect)
    VALUES (:matter_id, :application_id, :effect)
    ON CONFLICT DO NOTHING RETURNING true
""")
_NOTE_FAILURE = text("UPDATE matter_outcome SET failure = :failure WHERE matter_id = :matter_id")


class DepartmentStore(SharedStore):
    """Statements on a department's answers and outcomes.

    A claim is the first statement of the transaction that answers or performs: a second
    worker waits for it and then finds that there is nothing left to do.
    """

    destroying: ClassVar[Mapping[str, TextClause]] = {}
    """For each kind of record the statement that destroys a batch of keys, by day of closing."""

    async def destroy_keys(self, record: str, *, closed_by: date) -> Sequence[str]:
        """Destroy a batch of keys of records closed by a day; their ids, none at the end."""
        rows = await self.connection.execute(self.destroying[record], {"closed_by": closed_by})
        return [str(row.id) for row in rows]

    async def claim_task(self, request: TaskRequest) -> bool:
        """Whether this round of the task is ours to answer now; False if it was answered."""
        claimed = await self.connection.execute(
            _CLAIM_TASK,
            {
                "task_id": request.task_id,
                "round": request.round,
                "application_id": request.application_id,
                "check_name": request.check,
            },
        )
        return claimed.scalar_one_or_none() is not None

    async def tell_answer(self, service: str, request: TaskRequest, answer: CheckAnswer) -> None:
        """Keep the verdict of a claimed task and tell the window."""
        await self.connection.execute(
            _NOTE_VERDICT,
            {"task_id": request.task_id, "round": request.round, "verdict": answer.verdict.value},
        )
        await self.publish(
            task_answered(
                service,
                request,
                verdict=answer.verdict.value,
                opinion=answer.opinion,
                conditions=answer.conditions,
                facts=answer.facts,
            )
        )

    async def claim_matter(self, request: MatterRequest) -> bool:
        """Whether the matter is ours to make real now; False if it was, or could not be."""
        claimed = await self.connection.execute(
            _CLAIM_MATTER,
            {
                "matter_id": request.matter_id,
                "application_id": request.application_id,
                "effect": request.effect,
            },
        )
        return claimed.scalar_one_or_none() is not None

    async def tell_performed(
        self, service: str, request: MatterRequest, *, document: Mapping[str, object] | None = None
    ) -> None:
        """Tell the window that a claimed matter is real."""
        await self.publish(matter_performed(service, request, document=document))

    async def tell_failed(self, service: str, request: MatterRequest, *, reason: str) -> None:
        """Keep why a claimed matter cannot be made real, and tell the window.

        Args:
            reason: A stable code.
        """
        await self.connection.execute(
            _NOTE_FAILURE, {"matter_id": request.matter_id, "failure": reason}
        )
        await self.publish(matter_failed(service, request, reason=reason))


def add_department_tables(metadata: MetaData) -> None:
    """Add `task_answer` and `matter_outcome` to a department's tables."""
    Table(
        "task_answer",
        metadata,
        Column("task_id", Uuid),
        Column("round", SmallInteger),
        Column("application_id", Uuid, nullable=False),
        Column("check_name", Text, nullable=False),
        Column("verdict", Text),
        _at("answered_at"),
        PrimaryKeyConstraint("task_id", "round"),
        comment="One answer per task and round, however often it is asked.",
    )
    Table(
        "matter_outcome",
        metadata,
        Column("matter_id", Uuid, primary_key=True),
        Column("application_id", Uuid, nullable=False),
        Column("effect", Text, nullable=False),
        Column("failure", Text, comment="Code of why it could not be made real."),
        _at("concluded_at"),
        comment="One outcome per matter, however often it is decided.",
    )


def _at(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=text("now()"))
