"""Look at answers that came too late, and say what is made of each: nothing, or asking again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.intake import events
from services.intake.actions.advance_case import carry_out
from services.intake.actions.answer_task import opinion_place
from services.intake.actions.authorise import require_reader
from services.intake.actions.desk import Desk
from services.intake.actions.lead_case import require_lead
from services.intake.errors import ApplicationNotFound
from services.intake.errors.late import LateAnswerNotFound, LateAnswerReviewed, NotReopenable
from services.intake.model import ApplicationId, MatterStatus, TaskRef
from services.intake.model.kept import Case
from services.intake.model.late import LateAnswer, LateEffect
from services.intake.rules.late import reopened
from services.intake.rules.progress import advance
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLateAnswer:
    """The command: the lead office says what is made of a late answer."""

    actor: Actor
    late_id: UUID
    effect: LateEffect
    reason: str
    """In the officer's own words; kept sealed."""
    also: Sequence[TaskRef] = ()
    """Other tasks of the matter to be asked again, such as the decision itself."""
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLateAnswer:
    """A late answer with its words."""

    late: LateAnswer
    opinion: str | None
    reason: str | None


async def list_late_answers(
    actor: Actor, application_id: ApplicationId, *, transaction: Transactions[Store], desk: Desk
) -> Sequence[ShownLateAnswer]:
    """The late answers of a case, for officers who may read it; the look is journalled.

    Raises:
        ApplicationNotFound: There is none, or it is not theirs to read.
    """
    async with transaction() as store:
        case = await store.get_case(application_id)
        require_reader(actor, case)
        mark_application(case.id)
        found = await store.list_late_answers(case.id)
        await store.write_journal(
            JournalEntry(
                stream=stream_of(case.id),
                actor=actor.subject,
                act="read",
                target=f"application:{case.id}",
                reason="查看迟到的答复",
                facts={"lateAnswers": len(found)},
            )
        )
    return [_shown(late, desk=desk) for late in found]


async def read_late_answer(
    actor: Actor, late_id: UUID, *, transaction: Transactions[Store], desk: Desk
) -> ShownLateAnswer:
    """One late answer, for officers who may read its case; the look is journalled.

    Raises:
        LateAnswerNotFound: There is none, or it is not theirs to read.
    """
    async with transaction() as store:
        late = await store.get_late_answer(late_id)
    try:
        found = await list_late_answers(
            actor, late.application_id, transaction=transaction, desk=desk
        )
    except ApplicationNotFound:
        raise LateAnswerNotFound from None
    return next(each for each in found if each.late.id == late_id)


async def review_late_answer(
    command: ReviewLateAnswer, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Close a late answer without effect, or ask departments of its matter again because of it.

    The late answer itself never counts: whoever gave it is asked again, and that answer does.

    Returns:
        The answer an earlier identical request got, or None if this one took effect.

    Raises:
        LateAnswerNotFound: There is none, or its case is not theirs to see.
        LeadOfficeOnly: Another office leads the case.
        LateAnswerReviewed: It has been reviewed.
        NotReopenable: The matter cannot be taken up again, with the reason.
    """
    async with transaction() as store:
        if command.request is not None:
            earlier = await store.claim_key(command.request)
            if earlier is not None:
                return earlier
        # Read twice: the case tells whose it is, and only under its lock is the review ours.
        unlocked = await store.get_late_answer(command.late_id)
        case = await store.lock_case(unlocked.application_id)
        mark_application(case.id)
        await _require_lead(store, command.actor, case)
        late = await store.get_late_answer(command.late_id)
        if late.effect is not None:
            raise LateAnswerReviewed(effect=str(late.effect))
        if command.effect is LateEffect.REOPENED:
            await _reopen(store, case, late, command, desk=desk)
        reviewed = _reviewed(late, command, desk=desk)
        await _write(store, case, reviewed)
        if command.request is not None:
            body = {"lateAnswerId": str(late.id)}
            await store.remember_answer(command.request, status=200, body=body)
    return None


async def _require_lead(store: Store, actor: Actor, case: Case) -> None:
    try:
        await require_lead(store, actor, case)
    except ApplicationNotFound:
        raise LateAnswerNotFound from None


async def _reopen(
    store: Store, case: Case, late: LateAnswer, command: ReviewLateAnswer, *, desk: Desk
) -> None:
    refs = tuple(dict.fromkeys([late.ref, *command.also]))
    known = {task.ref for task in case.tasks}
    if not set(refs) <= known or any(ref.matter != late.ref.matter for ref in refs):
        raise NotReopenable("never-asked")
    after = reopened(case.state(), refs)
    await store.reopen_matter(case, refs)
    matter = case.matter(late.ref.matter)
    await store.publish(events.matter_reopened(case.ref, matter.id, matter=matter.key, tasks=refs))
    ids = {case.task(ref).id for ref in refs}
    matters = tuple(
        replace(each, outcome=None, status=MatterStatus.IN_REVIEW)
        if each.key == late.ref.matter
        else each
        for each in case.matters
    )
    await carry_out(store, replace(case, matters=matters).reopened(ids), advance(after), desk=desk)


def _reviewed(late: LateAnswer, command: ReviewLateAnswer, *, desk: Desk) -> LateAnswer:
    return replace(
        late,
        effect=command.effect,
        reviewed_by=command.actor.subject,
        reviewed_at=desk.clock.now(),
        reason_sealed=desk.cipher.seal(command.reason.encode(), place=_reason_place(late.id)),
    )


async def _write(store: Store, case: Case, late: LateAnswer) -> None:
    if late.effect is None or late.reviewed_at is None or late.reason_sealed is None:
        return
    by = late.reviewed_by or ""
    await store.review_late_answer(
        late, effect=late.effect, by=by, at=late.reviewed_at, reason_sealed=late.reason_sealed
    )
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=by,
            act="review-late-answer",
            target=f"task:{late.ref}",
            reason="牵头机关处理迟到的答复",
            facts={"effect": str(late.effect), "round": late.round},
        )
    )
    await store.publish(events.late_answer_reviewed(case.ref, late))


def _shown(late: LateAnswer, *, desk: Desk) -> ShownLateAnswer:
    return ShownLateAnswer(
        late=late,
        opinion=_opened(late.opinion_sealed, opinion_place(late.id), desk=desk),
        reason=_opened(late.reason_sealed, _reason_place(late.id), desk=desk),
    )


def _opened(sealed: bytes | None, place: str, *, desk: Desk) -> str | None:
    return None if sealed is None else desk.cipher.open(sealed, place=place).decode()


def _reason_place(late_id: UUID) -> str:
    return f"late_answer.reason:{late_id}"
