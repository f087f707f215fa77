"""Note that the owning service has made a granted matter real, or could not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.actions.advance_case import carry_out
from services.intake.actions.desk import Desk
from services.intake.errors import MatterNotFound
from services.intake.model import Changes, MatterId, MatterStatus, StatusChange
from services.intake.rules.progress import performed
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPerformance:
    """The command: what a service says of a matter it was to make real."""

    service: str
    matter_id: MatterId
    document: Mapping[str, Any] | None = None
    failure: str | None = None
    """A stable code; None when the matter has become real."""


async def record_performance(
    command: RecordPerformance, *, transaction: Transactions[Store], desk: Desk
) -> None:
    """Conclude a matter by its owner's fact; a failure stands where everyone sees it.

    Raises:
        MatterNotFound: There is no such matter, or another service owns its effect.
    """
    async with transaction() as store:
        case = await store.lock_case_of_matter(command.matter_id)
        mark_application(case.id)
        matter = next(each for each in case.matters if each.id == command.matter_id)
        if matter.effect_service != command.service:
            raise MatterNotFound
        if matter.status not in (MatterStatus.DECIDED, MatterStatus.FAILED):
            return
        await store.add_performance(matter.id, document=command.document, failure=command.failure)
        if command.failure is None:
            changes = performed(case.state(), matter.key)
        else:
            changes = Changes(
                statuses=(StatusChange(matter=matter.key, status=MatterStatus.FAILED),)
            )
        await store.write_journal(
            JournalEntry(
                stream=stream_of(case.id),
                actor=f"service:{command.service}",
                act="perform" if command.failure is None else "fail-to-perform",
                target=f"matter:{matter.key}",
                facts={"failure": command.failure} if command.failure else {},
            )
        )
        await carry_out(store, case, changes, desk=desk)
