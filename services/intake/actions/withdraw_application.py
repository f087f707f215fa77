"""Take an application back, at any time before it is decided."""

from dataclasses import dataclass, replace

from services.intake import events
from services.intake.actions.advance_case import carry_out
from services.intake.actions.authorise import require_owner
from services.intake.actions.desk import Desk
from services.intake.model import (
    ApplicationId,
    Cancellation,
    CancelReason,
    Changes,
    TaskState,
)
from services.intake.model.kept import Case, ClockEntry
from services.intake.model.standing import Standing
from services.intake.rules.progress import withdraw
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawApplication:
    """The command: the applicant does not want it any more."""

    actor: Actor
    application_id: ApplicationId
    request: RequestKey
    standing: Standing | None = None
    """Where somebody acts for another, or had another act for them."""


async def withdraw_application(
    command: WithdrawApplication, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Withdraw; every open task closes everywhere, matters already decided stay decided.

    Raises:
        ApplicationNotFound: It is not theirs.
        WithdrawalTooLate: It has been decided.
        ActNotAllowed: It is over already.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        case = await store.lock_case(command.application_id)
        mark_application(case.id)
        require_owner(command.actor, case, command.standing)
        changes = withdraw(case.state())
        await carry_out(store, case, _with_acceptance(case, changes), desk=desk)
        if case.accepted_at is not None:
            stop = ClockEntry(
                clock="procedure", kind="stop", at=desk.clock.now(), reason="申请人撤回"
            )
            await store.add_clock_entry(case.id, stop)
        await store.write_journal(
            JournalEntry(
                stream=stream_of(case.id),
                actor=command.actor.subject,
                act="withdraw",
                target=f"application:{case.id}",
            )
        )
        await store.publish(events.application_withdrawn(case.ref))
        await store.remember_answer(
            command.request, status=200, body={"applicationId": str(case.id)}
        )
    return None


def _with_acceptance(case: Case, changes: Changes) -> Changes:
    """The acceptance task closes too, where the application still waits for acceptance."""
    task = case.acceptance_task
    if task is None or task.state not in (TaskState.OPEN, TaskState.CLAIMED):
        return changes
    lapsed = Cancellation(task=task.ref, reason=CancelReason.APPLICATION_WITHDRAWN)
    return replace(changes, cancel=(*changes.cancel, lapsed))
