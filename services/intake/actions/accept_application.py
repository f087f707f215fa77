"""Accept an application, or say why not; the plan goes out the moment it is accepted."""

from dataclasses import replace
from datetime import datetime

from services.intake import events
from services.intake.actions.advance_case import PLATFORM, carry_out
from services.intake.actions.desk import Desk, due_date
from services.intake.actions.request_correction import ask, issue
from services.intake.model import (
    ACCEPTANCE_TASK,
    Act,
    Answer,
    CorrectionPhase,
    DeferredMaterial,
    Handler,
    HandlerKind,
    Limit,
    Office,
    Stage,
    TaskId,
    Verdict,
)
from services.intake.model.changed import opened
from services.intake.model.kept import Case, CaseTask, ClockEntry
from services.intake.rules.acceptance import (
    ACCEPTANCE_TITLE,
    ACCEPTANCE_VERDICTS,
    check_remedy,
    refuse_acceptance,
)
from services.intake.rules.deadline import NOTICE_LIMIT, material_deadlines, notice_deadline
from services.intake.rules.progress import advance
from services.intake.rules.stage import next_stage
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.ids import derived_id
from shared.journal import JournalEntry

SILENCE = "行政许可法 第32条第一款第四项：逾期不告知的，自收到申请材料之日起即为受理"


async def ask_for_acceptance(
    store: Store, case: Case, office: Office, *, discloses: tuple[str, ...], desk: Desk
) -> Case:
    """Put a new application before the office that accepts; the time to speak starts.

    Returns:
        The case with the office's task in it.
    """
    task = CaseTask(
        id=TaskId(derived_id("task", str(case.id), str(ACCEPTANCE_TASK))),
        application_id=case.id,
        matter_id=None,
        ref=ACCEPTANCE_TASK,
        title=ACCEPTANCE_TITLE,
        handler=Handler(kind=HandlerKind.OFFICER),
        check=None,
        office_id=office.id,
        office_name=office.name,
        needs=(),
        verdicts=ACCEPTANCE_VERDICTS,
        discloses=discloses,
        limit=Limit(length=NOTICE_LIMIT.length, unit=NOTICE_LIMIT.unit),
    )
    await store.add_acceptance_task(task)
    return await open_acceptance(store, replace(case, tasks=(task, *case.tasks)), desk=desk)


async def open_acceptance(store: Store, case: Case, *, desk: Desk) -> Case:
    """Open a round of the acceptance task: the papers came in just now.

    Returns:
        The case as it stands then.
    """
    task = case.task(ACCEPTANCE_TASK)
    now = desk.clock.now()
    deadline = notice_deadline(now, calendar=await desk.catalogue.calendar(store))
    due = due_date(deadline, source=NOTICE_LIMIT.source)
    await store.open_tasks([(task, due)], at=now)
    await store.publish(events.task_opened(case.ref, task.opened(due_at=due.due_at)))
    return replace(
        case,
        tasks=tuple(
            opened(each, due, at=now) if each.ref == task.ref else each for each in case.tasks
        ),
    )


async def judge_acceptance(
    store: Store, case: Case, task: CaseTask, answer: Answer, *, actor: str, desk: Desk
) -> None:
    """Let follow what an officer said about acceptance; the answer itself is written already.

    Raises:
        RemedyRequired: A refusal names no remedy, or something else names one.
        ActNotAllowed: The application does not wait for acceptance.
    """
    check_remedy(answer)
    match answer.verdict:
        case Verdict.APPROVE:
            await accept(store, case, accepted_at=desk.clock.now(), actor=actor, desk=desk)
        case Verdict.REFUSE:
            await _refuse(store, case, answer, actor=actor, desk=desk)
        case _:
            await _ask(store, case, task, answer, desk=desk)


async def accept(
    store: Store, case: Case, *, accepted_at: datetime, actor: str, desk: Desk
) -> None:
    """Accept as of an instant: the clock starts there, and everybody is asked now.

    Raises:
        ActNotAllowed: The application does not wait for acceptance.
    """
    next_stage(case.stage, Act.ACCEPT)
    deemed = actor == PLATFORM
    await store.accept_application(case.id, at=accepted_at)
    await store.add_clock_entry(
        case.id,
        ClockEntry(
            clock="procedure",
            kind="start",
            at=accepted_at,
            reason=SILENCE if deemed else "受理",
        ),
    )
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=actor,
            act="deem-accepted" if deemed else "accept",
            target=f"application:{case.id}",
            reason=SILENCE if deemed else "",
            facts={"acceptedAt": accepted_at.isoformat()},
        )
    )
    await store.publish(
        events.application_accepted(case.ref, accepted_at=accepted_at, deemed=deemed)
    )
    await _count_deferred_from(store, case, accepted_at, desk=desk)
    accepted = replace(case, stage=Stage.ACCEPTED, accepted_at=accepted_at)
    await carry_out(store, accepted, advance(accepted.state()), desk=desk)


async def _count_deferred_from(
    store: Store, case: Case, accepted_at: datetime, *, desk: Desk
) -> None:
    """Count the days of papers still to come from acceptance; at receipt they were a forecast."""
    item = await desk.catalogue.item(store, case.item_code, case.item_version)
    kept = {each.key: each for each in await store.list_materials(case.id)}
    missing = [
        DeferredMaterial(key=material.key, limit=material.limit)
        for material in item.materials
        if material.key in kept and kept[material.key].status == "deferred"
    ]
    calendar = await desk.catalogue.calendar(store)
    deadlines = material_deadlines(missing, accepted_at=accepted_at, calendar=calendar)
    await store.replace_materials(
        case.id, [replace(kept[each.key], due_on=each.due_on) for each in deadlines]
    )


async def _refuse(store: Store, case: Case, answer: Answer, *, actor: str, desk: Desk) -> None:
    changes = refuse_acceptance(case.state())
    await store.keep_remedy(case.id, desk.seal_remedy(case, answer.remedy or ""))
    await carry_out(store, case, changes, desk=desk)
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=actor,
            act="refuse-acceptance",
            target=f"application:{case.id}",
        )
    )
    await store.publish(events.application_not_accepted(case.ref))


async def _ask(store: Store, case: Case, task: CaseTask, answer: Answer, *, desk: Desk) -> None:
    stage = next_stage(case.stage, Act.ASK_CORRECTION)
    await ask(store, task, answer, phase=CorrectionPhase.ACCEPTANCE, desk=desk)
    await store.move_application(case, stage=stage, outcome=None, at=desk.clock.now())
    await issue(store, case, desk=desk)
