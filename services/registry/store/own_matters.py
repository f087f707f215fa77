"""Statements about the matters of the registry's own items: what was answered and performed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from services.registry.store.sealed import SealingStore

_LOCK = text("SELECT pg_advisory_xact_lock(7203, hashtext(:what))")
_HAS = text("SELECT EXISTS (SELECT FROM item_outcome WHERE matter_id = :matter)")
_ADD = text("""
    INSERT INTO item_outcome (matter_id, application_id, effect, record_id, failure, at)
    VALUES (:matter, :application, :effect, :record, :failure, :at)
""")
_FAILED = text("""
    SELECT EXISTS (
        SELECT FROM item_outcome
        WHERE application_id = :application AND effect = :effect AND failure IS NOT NULL
    )
""")
_ADD_ANSWER = text("""
    INSERT INTO task_answer (task_id, round, application_id, verdict, found, answered_at)
    VALUES (:task, :round, :application, :verdict, :found, :at)
    ON CONFLICT DO NOTHING
    RETURNING task_id
""")


class OwnMatterStore(SealingStore):
    """What became of a matter; what a task was answered."""

    async def lock_matter(self, matter: UUID) -> None:
        """Let nobody else make this matter real until the commit."""
        await self.connection.execute(_LOCK, {"what": f"matter:{matter}"})

    async def lock_names_of(self, area: str) -> None:
        """Let nobody else give a place of the area its name until the commit."""
        await self.connection.execute(_LOCK, {"what": f"place-names:{area}"})

    async def has_item_outcome(self, matter: UUID) -> bool:
        """Whether a matter was performed, or failed, before."""
        return bool((await self.connection.execute(_HAS, {"matter": matter})).scalar_one())

    async def has_failed(self, application: UUID, effect: str) -> bool:
        """Whether an effect that an application asked for could not be had."""
        rows = await self.connection.execute(
            _FAILED, {"application": application, "effect": effect}
        )
        return bool(rows.scalar_one())

    async def add_item_outcome(
        self,
        matter: UUID,
        application: UUID,
        *,
        effect: str,
        record: UUID | None = None,
        failure: str | None = None,
        at: datetime,
    ) -> None:
        """Keep what became of a matter: a record, or a reason; once, or the database refuses."""
        await self.connection.execute(
            _ADD,
            {
                "matter": matter,
                "application": application,
                "effect": effect,
                "record": record,
                "failure": failure,
                "at": at,
            },
        )

    async def note_task_answer(
        self, task: tuple[UUID, int], application: UUID, *, verdict: str, found: str, at: datetime
    ) -> bool:
        """Keep what a task and round was answered; false when it was answered before."""
        added = await self.connection.execute(
            _ADD_ANSWER,
            {
                "task": task[0],
                "round": task[1],
                "application": application,
                "verdict": verdict,
                "found": found,
                "at": at,
            },
        )
        return added.one_or_none() is not None
