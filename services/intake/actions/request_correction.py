"""Gather what departments want corrected, and tell the applicant once, everything."""

from services.intake import events
from services.intake.actions.advance_case import PLATFORM
from services.intake.actions.desk import Desk
from services.intake.errors import CorrectionAlreadyAsked, NoticeAlreadyGiven
from services.intake.model import (
    ACCEPTANCE_TASK,
    Answer,
    Brought,
    Changes,
    CorrectionPhase,
    HandlerKind,
    Mark,
    Verdict,
)
from services.intake.model.kept import Case, CaseTask, CorrectionItem
from services.intake.rules.correction import (
    already_visible,
    check_marks,
    notice_is_ready,
    pointer_of,
    reaches,
)
from services.intake.rules.deadline import correction_deadline
from services.intake.rules.progress import apply_changes
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.journal import JournalEntry


async def require_askable(
    store: Store, case: Case, task: CaseTask, answer: Answer, *, desk: Desk
) -> None:
    """Refuse marks that name nothing, and a second asking for what could be seen before.

    Raises:
        MarkInvalid: A mark names nothing in the item, or goes with another verdict.
        NoticeAlreadyGiven: The one-time notice has gone out, before acceptance or in review.
        CorrectionAlreadyAsked: The department has asked, and this was visible then.
    """
    if answer.marks:
        item = await desk.catalogue.item(store, case.item_code, case.item_version)
        check_marks(item, answer)
    if answer.verdict is not Verdict.NEEDS_CORRECTION:
        return
    await _require_in_time(store, case, task, answer)
    if task.round == 1:
        return
    # A task has a further round only because its correction was answered.
    latest = await store.find_answered_correction(case.id)
    brought = latest.brought if latest else Brought()
    repeated = already_visible(answer.marks, brought)
    if not repeated and (answer.marks or _may_ask_without_marks(task, brought)):
        return
    if task.ref == ACCEPTANCE_TASK:
        raise NoticeAlreadyGiven(repeated)
    raise CorrectionAlreadyAsked(repeated)


async def _require_in_time(store: Store, case: Case, task: CaseTask, answer: Answer) -> None:
    """Refuse a department that was silent until the notice went out without it.

    It can still decide on what it sees, and ask about what the applicant's answer brings. So can
    a department that is asked only while the notice waits for its answer.
    """
    if task.ref == ACCEPTANCE_TASK or task.opened_at is None:
        return
    waiting = await store.find_open_correction(case.id)
    if waiting is not None and waiting.issued_at is not None:
        # Also of who was asked only after it went out: one notice at a time, told in full.
        raise NoticeAlreadyGiven(range(len(answer.marks)))
    if not await store.has_notice_since(case.id, task.opened_at):
        return
    latest = None if waiting else await store.find_answered_correction(case.id)
    repeated = already_visible(answer.marks, latest.brought if latest else Brought())
    if repeated or not answer.marks:
        raise NoticeAlreadyGiven(repeated)


def _may_ask_without_marks(task: CaseTask, brought: Brought) -> bool:
    """A service's check has no way to mark; it asks again about what it was shown anew."""
    return task.handler.kind is HandlerKind.SERVICE and reaches(
        brought, (pointer_of(path) for path in task.discloses)
    )


async def ask(
    store: Store, task: CaseTask, answer: Answer, *, phase: CorrectionPhase, desk: Desk
) -> None:
    """Add to the round what a department wants corrected; without marks, its opinion."""
    marks = answer.marks or (Mark(message=answer.opinion or ""),)
    items = [
        CorrectionItem(
            task_id=task.id,
            task_round=task.round,
            position=position,
            pointer=mark.pointer,
            material=mark.material,
            message_sealed=desk.seal_mark(task, position, mark.message),
        )
        for position, mark in enumerate(marks)
    ]
    await store.gather_correction(task.application_id, phase, items, at=desk.clock.now())


async def issue_if_ready(store: Store, case: Case, changes: Changes, *, desk: Desk) -> None:
    """Send the gathered notice once nobody who was asked can still answer.

    Args:
        case: As it stands with the latest answer in it.
        changes: What followed from that answer, and has been carried out.
    """
    if notice_is_ready(apply_changes(case.state(), changes)):
        await issue(store, case, desk=desk)


async def issue(store: Store, case: Case, *, desk: Desk) -> None:
    """Send what was gathered to the applicant; a notice that is out is not sent again."""
    correction = await store.find_open_correction(case.id)
    if correction is None or correction.issued_at is not None:
        return
    now = desk.clock.now()
    due_on = correction_deadline(now, calendar=await desk.catalogue.calendar(store)).last_day
    await store.issue_correction(correction, at=now, due_on=due_on)
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=PLATFORM,
            act="request-correction",
            target=f"application:{case.id}",
            facts={"round": correction.round, "items": len(correction.items)},
        )
    )
    await store.publish(events.correction_requested(case.ref, correction, due_on=due_on))
