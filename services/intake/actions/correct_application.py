"""Take in what an applicant corrected: only what the notice marks, and all of it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.intake import events
from services.intake.actions.accept_application import open_acceptance
from services.intake.actions.advance_case import carry_out
from services.intake.actions.authorise import require_owner
from services.intake.actions.desk import Desk
from services.intake.actions.hand_in import HandedIn, kept_material, require_own_files
from services.intake.actions.replan_case import carry_on
from services.intake.errors import AnotherApplication, NothingToCorrect
from services.intake.model import (
    Act,
    ApplicationId,
    Brought,
    CorrectionPhase,
    Plan,
    ServiceItem,
)
from services.intake.model.kept import Case, Correction, KeptMaterial
from services.intake.model.standing import Standing
from services.intake.rules.correction import (
    allowed_changes,
    changed_pointers,
    check_correction,
    merged_form,
    require_all_corrected,
)
from services.intake.rules.deadline import material_deadlines
from services.intake.rules.expressions import Scope
from services.intake.rules.form import require_form
from services.intake.rules.materials import check_materials, require_materials
from services.intake.rules.office import division_chain
from services.intake.rules.paths import select_fields, subject_path, text_at
from services.intake.rules.plan import expand_plan
from services.intake.rules.progress import advance
from services.intake.rules.replan import replan
from services.intake.rules.stage import next_stage
from services.intake.store import Store
from services.intake.store.cases import stream_of
from services.intake.store.corrections import CorrectedApplication
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import mark_application

HANDED_IN = frozenset({"received", "committed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectApplication:
    """The command: the applicant answers the correction notice."""

    actor: Actor
    application_id: ApplicationId
    form: Mapping[str, Any]
    """Only the members that change, as a JSON merge patch."""
    materials: Sequence[HandedIn]
    request: RequestKey
    standing: Standing | None = None
    """Where somebody acts for another, or had another act for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Corrected:
    """A correction that may be taken."""

    item: ServiceItem
    form: Mapping[str, Any]
    brought: Brought
    materials: Sequence[KeptMaterial]
    plan: Plan


async def correct_application(
    command: CorrectApplication, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Take a correction in; only the departments that asked for it are asked again.

    Returns:
        The answer an earlier identical request got, or None if this one took effect.

    Raises:
        ApplicationNotFound: It is not theirs.
        ActNotAllowed: The application is at a stage where nothing is corrected.
        NothingToCorrect: No notice waits for an answer.
        FieldNotMarked: Something beside the marks was changed.
        CorrectionIncomplete: Something marked is still as it was.
        FormInvalid: The form would have mistakes.
        MaterialMissing: A key material would be missing.
        AnotherApplication: It would be another applicant's, or in another place.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        case = await store.lock_case(command.application_id)
        mark_application(case.id)
        require_owner(command.actor, case, command.standing)
        next_stage(case.stage, Act.CORRECT)
        correction = await store.find_open_correction(case.id)
        if correction is None or correction.issued_at is None:
            raise NothingToCorrect
        corrected = await _checked(store, case, correction, command, desk=desk)
        await _write(store, case, correction, corrected, actor=command.actor, desk=desk)
        await _ask_again(store, case, correction, corrected, desk=desk)
        await store.remember_answer(
            command.request, status=200, body={"applicationId": str(case.id)}
        )
    return None


async def _checked(
    store: Store, case: Case, correction: Correction, command: CorrectApplication, *, desk: Desk
) -> _Corrected:
    item = await desk.catalogue.item(store, case.item_code, case.item_version)
    before = desk.open_form(case)
    form = merged_form(before, command.form)
    brought = Brought(
        pointers=changed_pointers(before, form),
        materials=tuple(material.key for material in command.materials),
    )
    shown = {task.id: task.discloses for task in case.tasks}
    check_correction(brought, allowed=allowed_changes(correction.items, shown, item))
    require_all_corrected(correction.items, shown, brought)
    require_form(item, form, today=desk.clock.today())
    _require_same(case, item, before, form, desk=desk)
    await require_own_files(store, command.actor, command.materials)
    return _Corrected(
        item=item,
        form=form,
        brought=brought,
        materials=await _materials(store, case, item, form, command, desk=desk),
        plan=await _plan(store, case, item, form, desk=desk),
    )


def _require_same(
    case: Case,
    item: ServiceItem,
    before: Mapping[str, Any],
    form: Mapping[str, Any],
    *,
    desk: Desk,
) -> None:
    """Who applies, and where, cannot be corrected: the right to apply was given for these."""
    then, now = (text_at(each, item.applicant.id_no) or "" for each in (before, form))
    if desk.index.of(then) != desk.index.of(now):
        raise AnotherApplication("applicant")
    if text_at(form, item.division) != case.division:
        raise AnotherApplication("division")


async def _materials(
    store: Store,
    case: Case,
    item: ServiceItem,
    form: Mapping[str, Any],
    command: CorrectApplication,
    *,
    desk: Desk,
) -> list[KeptMaterial]:
    """What is written: what came in now, and what the corrected form newly asks for later."""
    titles = {material.key: material.title for material in item.materials}
    kept = {each.key: each for each in await store.list_materials(case.id)}
    given = {key for key, each in kept.items() if each.status in HANDED_IN}
    check = check_materials(
        item,
        provided=given | {material.key for material in command.materials},
        scope=Scope.of(form=form, params=case.params),
        expressions=desk.catalogue.expressions,
    )
    require_materials(check)
    later = [each for each in check.deferred if each.key not in kept]
    deadlines = material_deadlines(
        later, accepted_at=desk.clock.now(), calendar=await desk.catalogue.calendar(store)
    )
    due_on = {deadline.key: deadline.due_on for deadline in deadlines}
    return [
        *(kept_material(each, titles[each.key]) for each in command.materials),
        *(
            KeptMaterial(
                key=each.key,
                title=titles[each.key],
                status="deferred",
                due_on=due_on.get(each.key),
            )
            for each in later
        ),
    ]


async def _plan(
    store: Store,
    case: Case,
    item: ServiceItem,
    form: Mapping[str, Any],
    *,
    desk: Desk,
) -> Plan:
    """The plan of the corrected form: it may ask others now, or not ask some any more."""
    return expand_plan(
        item,
        form=form,
        params=case.params,
        offices=await store.list_offices(division_chain(case.division)),
        division=case.division,
        expressions=desk.catalogue.expressions,
    )


async def _write(
    store: Store,
    case: Case,
    correction: Correction,
    corrected: _Corrected,
    *,
    actor: Actor,
    desk: Desk,
) -> None:
    item, brought = corrected.item, corrected.brought
    await store.correct_application(
        CorrectedApplication(
            id=case.id,
            form_sealed=desk.seal_form(case.id, corrected.form),
            summary=select_fields(corrected.form, item.summary),
            subject_index=desk.index.of(text_at(corrected.form, subject_path(item)) or ""),
        )
    )
    await store.replace_materials(case.id, corrected.materials)
    await store.answer_correction(correction, brought, at=desk.clock.now())
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=actor.subject,
            act="correct",
            target=f"application:{case.id}",
            facts={
                "round": correction.round,
                "fields": len(brought.pointers),
                "materials": len(brought.materials),
            },
        )
    )
    await store.publish(events.application_corrected(case.ref, correction, brought))


async def _ask_again(
    store: Store, case: Case, correction: Correction, corrected: _Corrected, *, desk: Desk
) -> None:
    """Begin a new round of whoever asked; all others keep their verdict."""
    touched = sorted({item.task_id for item in correction.items})
    await store.reopen_tasks(touched)
    after = case.reopened(touched)
    if correction.phase is CorrectionPhase.REVIEW:
        await _carry_on(store, after, corrected, desk=desk)
        return
    stage = next_stage(case.stage, Act.CORRECT)
    await store.replace_plan(case.id, corrected.plan)
    await store.move_application(case, stage=stage, outcome=None, at=desk.clock.now())
    await open_acceptance(store, after, desk=desk)


async def _carry_on(store: Store, case: Case, corrected: _Corrected, *, desk: Desk) -> None:
    """Go on with the same departments, or with those the corrected form names."""
    changes = replan(case, corrected.plan)
    if changes:
        await carry_on(store, case, changes, corrected.plan, desk=desk)
    else:
        await carry_out(store, case, advance(case.state()), desk=desk)
