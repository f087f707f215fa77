"""Take an application in: checked, numbered, planned and fanned out in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake import events
from services.intake.actions.accept_application import ask_for_acceptance
from services.intake.actions.advance_case import carry_out
from services.intake.actions.desk import Desk
from services.intake.actions.end_draft import end_draft
from services.intake.actions.hand_in import HandedIn, kept_material, require_own_files
from services.intake.actions.read_case import CaseReading, reading_of
from services.intake.actions.standing import note_representation
from services.intake.errors import GrantRequired, NotYourself, OfficeNotFound
from services.intake.model import (
    Acceptance,
    ApplicationId,
    Channel,
    GrantId,
    MaterialCheck,
    Office,
    Plan,
    ServiceItem,
    Stage,
)
from services.intake.model.draft import DraftRef
from services.intake.model.kept import Case, CaseFile, ClockEntry, KeptMaterial
from services.intake.ports import Grants
from services.intake.rules.acceptance import acceptance_query
from services.intake.rules.deadline import material_deadlines
from services.intake.rules.expressions import Scope
from services.intake.rules.form import require_form
from services.intake.rules.materials import check_materials, require_materials
from services.intake.rules.office import competent_office, division_chain
from services.intake.rules.parameters import local_parameters
from services.intake.rules.paths import select_fields, text_at, whole_form
from services.intake.rules.plan import expand_plan
from services.intake.rules.progress import advance
from services.intake.store import Store
from services.intake.store.cases import stream_of
from services.intake.store.new_applications import NewApplication, case_of
from shared.auth import Actor
from shared.clock import local_date
from shared.database import Transactions
from shared.identifiers import ApplicationNumber
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import current_trace_headers, mark_application, mark_number


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitApplication:
    """The command: one application for one item."""

    actor: Actor
    item_code: str
    form: Mapping[str, Any]
    materials: Sequence[HandedIn]
    channel: Channel
    on_behalf_of: GrantId | None
    request: RequestKey
    draft: DraftRef | None = None
    """The draft it was made from, which ends with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """An application that may be taken."""

    item: ServiceItem
    version: int
    params: Mapping[str, Any]
    plan: Plan
    materials: MaterialCheck
    division: str
    serial: int
    persons: Mapping[str, str]
    """Blind indexes, by column."""
    acceptance_office: Office | None
    """Who must accept; None: the application is accepted on receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An application that has been taken in, now or by an earlier identical request."""

    application_id: ApplicationId
    is_repeat: bool = False
    reading: CaseReading | None = None
    """The case as its applicant sees it; None where it has to be read for that."""


async def submit_application(
    command: SubmitApplication, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> Taken:
    """Take an application in and ask every department whose turn it is.

    Raises:
        ItemNotFound: There is no such item.
        FormInvalid: With everything that is wrong in the form.
        MaterialMissing: With every missing key material.
        NotYourself: The applicant is somebody else, and there is no grant.
        GrantRequired: The grant does not cover this applicant and item.
        OpenApplicationExists: There is an open one about the same person and item.
        StaleVersion: The draft it was made from has been saved, or handed in, since.
    """
    if command.on_behalf_of is not None:
        # The registry is asked before the transaction opens: no network call inside one.
        await _require_grant(command, command.on_behalf_of, transaction, desk=desk, grants=grants)
    async with transaction() as store:
        version = await store.claim_submission(command.request, command.item_code)
        if isinstance(version, StoredAnswer):
            earlier = ApplicationId(UUID(version.body["applicationId"]))
            return Taken(application_id=earlier, is_repeat=True)
        item = await desk.catalogue.item(store, command.item_code, version)
        checked = await _checked(store, command, item, version, desk=desk)
        file = await _write(store, command, checked, desk=desk)
        if command.draft is not None:
            await end_draft(store, command.actor, command.draft, reason="已提交")
        await store.remember_answer(
            command.request, status=201, body={"applicationId": str(file.case.id)}
        )
        if command.on_behalf_of is not None:
            return Taken(application_id=file.case.id)
        reading = await reading_of(store, command.actor, file, desk=desk)
    return Taken(application_id=file.case.id, reading=reading)


async def _require_grant(
    command: SubmitApplication,
    grant: GrantId,
    transaction: Transactions[Store],
    *,
    desk: Desk,
    grants: Grants,
) -> None:
    async with transaction() as store:
        item, _version = await desk.catalogue.newest_item(store, command.item_code)
    require_form(item, command.form, today=desk.clock.today())
    index = desk.index.of(text_at(command.form, item.applicant.id_no) or "")
    allowed = await grants.allows(
        grant,
        agent=command.actor.id,
        principal_index=index,
        item_code=command.item_code,
    )
    if not allowed:
        raise GrantRequired


async def _checked(
    store: Store, command: SubmitApplication, item: ServiceItem, version: int, *, desk: Desk
) -> _Checked:
    """Everything the law asks before an application is taken, on the newest version."""
    require_form(item, command.form, today=desk.clock.today())
    persons = desk.index_persons(item, command.form)
    if command.on_behalf_of is None and command.actor.person_index != persons["applicant_index"]:
        raise NotYourself
    division = text_at(command.form, item.division) or ""
    survey = await store.survey(division_chain(division))
    if not survey.offices:
        # Nobody serves this place yet: say so, rather than which local number is missing.
        raise OfficeNotFound(function="", level="", division=division)
    published = await desk.catalogue.parameters(store, survey.parameters_version)
    params = local_parameters(published, division=division, on=desk.clock.today())
    expressions = desk.catalogue.expressions
    scope = Scope.of(form=command.form, params=params)
    materials = check_materials(
        item,
        provided=[material.key for material in command.materials],
        scope=scope,
        expressions=expressions,
    )
    require_materials(materials)
    plan = expand_plan(
        item,
        form=command.form,
        params=params,
        offices=survey.offices,
        division=division,
        expressions=expressions,
    )
    return _Checked(
        item=item,
        version=version,
        params=params,
        plan=plan,
        materials=materials,
        division=division,
        serial=survey.serial,
        persons=persons,
        acceptance_office=_acceptance_office(item, division, survey.offices),
    )


def _acceptance_office(
    item: ServiceItem, division: str, offices: Sequence[Office]
) -> Office | None:
    query = acceptance_query(item) if item.acceptance is Acceptance.OFFICER else None
    if query is None:
        return None
    return competent_office(query, division=division, offices=offices)


async def _write(
    store: Store, command: SubmitApplication, checked: _Checked, *, desk: Desk
) -> CaseFile:
    item, now = checked.item, desk.clock.now()
    application_id = ApplicationId(new_id())
    mark_application(application_id)
    new = NewApplication(
        id=application_id,
        number=_number(checked.serial, command.channel, checked.division, now),
        item_code=item.code,
        item_version=checked.version,
        item_title=item.title,
        division=checked.division,
        channel=command.channel,
        stage=Stage.SUBMITTED if checked.acceptance_office else Stage.ACCEPTED,
        submitted_by=command.actor.subject,
        on_behalf_grant=command.on_behalf_of,
        persons=checked.persons,
        form_sealed=desk.seal_form(application_id, command.form),
        summary=select_fields(command.form, item.summary),
        params=checked.params,
        trace=current_trace_headers(),
        submitted_at=now,
        plan=checked.plan,
    )
    mark_number(new.number)
    materials = await _materials(store, command, checked, desk=desk)
    await store.add_application(new)
    await note_representation(
        store,
        application_id,
        grant=command.on_behalf_of,
        principal_index=checked.persons["applicant_index"],
    )
    await store.add_materials(application_id, materials)
    await store.write_journal(
        JournalEntry(
            stream=stream_of(application_id),
            actor=command.actor.subject,
            act="submit",
            target=f"application:{application_id}",
            reason="申请人提交",
            facts={"item": item.code, "version": checked.version},
        )
    )
    await store.publish(events.application_submitted(new.ref))
    if checked.acceptance_office is None:
        return await _dispatch(store, case_of(new), materials, desk=desk)
    case = await ask_for_acceptance(
        store, case_of(new), checked.acceptance_office, discloses=whole_form(item), desk=desk
    )
    return _file(store, case, materials, ())


async def _dispatch(
    store: Store, case: Case, materials: Sequence[KeptMaterial], *, desk: Desk
) -> CaseFile:
    """Accepted on receipt: the clock starts, and everyone who can be asked is asked."""
    start = ClockEntry(clock="procedure", kind="start", at=desk.clock.now(), reason="受理")
    await store.add_clock_entry(case.id, start)
    after = await carry_out(store, case, advance(case.state()), desk=desk)
    return _file(store, after, materials, (start,))


def _file(
    store: Store, case: Case, materials: Sequence[KeptMaterial], clocks: tuple[ClockEntry, ...]
) -> CaseFile:
    """The new case as a reader would find it, without reading it back."""
    return CaseFile(
        case=case,
        materials=tuple(sorted(materials, key=lambda material: material.key)),
        clocks=clocks,
        journal=store.lines_of_new_case(case.id),
    )


def _number(serial: int, channel: Channel, division: str, now: datetime) -> str:
    number = ApplicationNumber(
        region=division[:6],
        received_on=local_date(now),
        channel=str(channel),
        serial=serial % 10_000_000,
    )
    return str(number)


async def _materials(
    store: Store, command: SubmitApplication, checked: _Checked, *, desk: Desk
) -> list[KeptMaterial]:
    titles = {material.key: material.title for material in checked.item.materials}
    await require_own_files(store, command.actor, command.materials)
    handed_in = [kept_material(each, titles[each.key]) for each in command.materials]
    calendar = await desk.catalogue.calendar(store)
    due_on = {
        deadline.key: deadline.due_on
        for deadline in material_deadlines(
            checked.materials.deferred, accepted_at=desk.clock.now(), calendar=calendar
        )
    }
    deferred = [
        KeptMaterial(
            key=each.key, title=titles[each.key], status="deferred", due_on=due_on.get(each.key)
        )
        for each in checked.materials.deferred
    ]
    return [*handed_in, *deferred]
