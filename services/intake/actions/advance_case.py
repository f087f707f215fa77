"""Carry out what the rules say follows, inside the transaction of whoever caused it."""

from collections.abc import Mapping
from datetime import datetime

from services.intake import events
from services.intake.actions.desk import Desk
from services.intake.model import Changes, HandlerKind, MatterStatus, Outcome, Stage, TaskRef
from services.intake.model.changed import changed
from services.intake.model.kept import Case, CaseTask, ClockEntry, DueDate
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.journal import JournalEntry
from shared.store import JobRequest

PLATFORM = "service:intake"
TELL_PARTNER = "tell-partner"


async def carry_out(store: Store, case: Case, changes: Changes, *, desk: Desk) -> Case:
    """Write and announce changes: what fell, what was decided, what opens, where it stands.

    Args:
        case: As locked by the caller; its row stays locked until the caller commits.

    Returns:
        The case as it stands then.
    """
    at = desk.clock.now()
    await _cancel(store, case, changes, at=at)
    await _decide(store, case, changes, at=at)
    due = await _open(store, case, changes, at=at, desk=desk)
    await _conclude(store, case, changes, at=at)
    await _move(store, case, changes, at=at)
    return changed(case, changes, due=due, at=at)


async def _cancel(store: Store, case: Case, changes: Changes, *, at: datetime) -> None:
    if not changes.cancel:
        return
    await store.cancel_tasks(case, changes.cancel)
    for cancellation in changes.cancel:
        task = case.task(cancellation.task)
        if task.opened_at is not None:
            await store.publish(
                events.task_cancelled(
                    case.ref,
                    task.id,
                    task.ref,
                    task_round=task.round,
                    reason=cancellation.reason,
                )
            )
            if task.handler.kind is HandlerKind.PARTNER:
                await store.enqueue(_telling(task, happened="task.cancelled", at=at))


async def _decide(store: Store, case: Case, changes: Changes, *, at: datetime) -> None:
    if not changes.decided:
        return
    await store.decide_matters(case, changes.decided, at=at)
    for decision in changes.decided:
        matter = case.matter(decision.matter)
        await store.publish(
            events.matter_decided(case.ref, matter.id, decision, effect=matter.effect)
        )
        await _journal(store, case, "decide-matter", matter.key, {"outcome": str(decision.outcome)})


async def _open(
    store: Store, case: Case, changes: Changes, *, at: datetime, desk: Desk
) -> Mapping[TaskRef, DueDate]:
    if not changes.open:
        return {}
    calendar = await desk.catalogue.calendar(store)
    tasks = [case.task(ref) for ref in changes.open]
    opened = [(task, desk.due(task, calendar)) for task in tasks]
    await store.open_tasks(opened, at=at)
    for task, due in opened:
        await store.publish(events.task_opened(case.ref, task.opened(due_at=due.due_at)))
        if task.handler.kind is HandlerKind.PARTNER:
            await store.enqueue(_telling(task, happened="task.opened", at=at))
    return {task.ref: due for task, due in opened}


def _telling(task: CaseTask, *, happened: str, at: datetime) -> JobRequest:
    """The job that tells a partner system of its task, or that it is not needed any more."""
    is_new = happened == "task.opened"
    return JobRequest(
        kind=TELL_PARTNER,
        key=f"{task.id}:{task.round}" if is_new else f"{task.id}:{task.round}:{happened}",
        payload={
            "type": happened,
            "taskId": str(task.id),
            "round": task.round,
            "system": task.handler.system,
            "openedAt": at.isoformat(),
        },
        application_id=task.application_id,
    )


async def _conclude(store: Store, case: Case, changes: Changes, *, at: datetime) -> None:
    if not changes.statuses:
        return
    await store.set_matter_statuses(case, changes.statuses, at=at)
    outcomes = {each.matter: each.outcome for each in changes.decided}
    for change in changes.statuses:
        if change.status is MatterStatus.CONCLUDED:
            matter = case.matter(change.matter)
            outcome = outcomes.get(matter.key) or matter.outcome or Outcome.NOT_APPLICABLE
            await store.publish(
                events.matter_concluded(case.ref, matter.id, matter=matter.key, outcome=outcome)
            )


async def _move(store: Store, case: Case, changes: Changes, *, at: datetime) -> None:
    if changes.stage is None and changes.outcome is None:
        await store.touch_application(case)
        return
    stage = changes.stage or case.stage
    await store.move_application(case, stage=stage, outcome=changes.outcome, at=at)
    outcome = changes.outcome or case.outcome
    if changes.outcome is not None:
        await _stop_clocks(store, case, at=at, reason="决定作出")
        await _journal(store, case, "decide", None, {"outcome": str(changes.outcome)})
    if stage is Stage.CONCLUDED and outcome is not None:
        await store.publish(events.application_concluded(case.ref, outcome=outcome))
        await _journal(store, case, "conclude", None, {"outcome": str(outcome)})


async def _stop_clocks(store: Store, case: Case, *, at: datetime, reason: str) -> None:
    await store.add_clock_entry(
        case.id, ClockEntry(clock="procedure", kind="stop", at=at, reason=reason)
    )


async def _journal(
    store: Store, case: Case, act: str, matter: str | None, facts: dict[str, object]
) -> None:
    target = f"matter:{matter}" if matter else f"application:{case.id}"
    await store.write_journal(
        JournalEntry(stream=stream_of(case.id), actor=PLATFORM, act=act, target=target, facts=facts)
    )
