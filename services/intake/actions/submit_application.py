"""Take an application in: checked, numbered, planned and fanned out in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake import events
from services.intake.actions.accept_application import ask_for_acceptance
from services.intake.actions.advance_case import carry_out
from services.intake.actions.desk import Desk
from services.intake.actions.hand_in import HandedIn, kept_material, require_own_files
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
from services.intake.model.kept import ClockEntry, KeptMaterial
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
from services.intake.store.cases import NewApplication, stream_of
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """An application that may be taken."""

    item: ServiceItem
    version: int
    params: Mapping[str, Any]
    plan: Plan
    materials: MaterialCheck
    division: str
    acceptance_office: Office | None
    """Who must accept; None: the application is accepted on receipt."""


async def submit_application(
    command: SubmitApplication, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> StoredAnswer | ApplicationId:
    """Take an application in and ask every department whose turn it is.

    Returns:
        The id of the application, or the answer an earlier identical request got.

    Raises:
        ItemNotFound: There is no such item.
        FormInvalid: With everything that is wrong in the form.
        MaterialMissing: With every missing key material.
        NotYourself: The applicant is somebody else, and there is no grant.
        GrantRequired: The grant does not cover this applicant and item.
        OpenApplicationExists: There is an open one about the same person and item.
    """
    async with transaction() as store:
        item, _version = await desk.catalogue.newest_item(store, command.item_code)
    require_form(item, command.form, today=desk.clock.today())
    # The registry is asked before the transaction opens: no network call inside one.
    await _require_right_to_apply(command, item, desk=desk, grants=grants)
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        checked = await _checked(store, command, desk=desk)
        application_id = await _write(store, command, checked, desk=desk)
        await store.remember_answer(
            command.request, status=201, body={"applicationId": str(application_id)}
        )
    return application_id


async def _require_right_to_apply(
    command: SubmitApplication, item: ServiceItem, *, desk: Desk, grants: Grants
) -> None:
    applicant = text_at(command.form, item.applicant.id_no) or ""
    index = desk.index.of(applicant)
    if command.actor.person_index == index and command.on_behalf_of is None:
        return
    if command.on_behalf_of is None:
        raise NotYourself
    allowed = await grants.allows(
        command.on_behalf_of,
        agent=command.actor.id,
        principal_index=index,
        item_code=command.item_code,
    )
    if not allowed:
        raise GrantRequired


async def _checked(store: Store, command: SubmitApplication, *, desk: Desk) -> _Checked:
    """Everything the law asks before an application is taken, on the newest version."""
    item, version = await desk.catalogue.newest_item(store, command.item_code)
    require_form(item, command.form, today=desk.clock.today())
    division = text_at(command.form, item.division) or ""
    offices = await store.list_offices(division_chain(division))
    if not offices:
        # Nobody serves this place yet: say so, rather than which local number is missing.
        raise OfficeNotFound(function="", level="", division=division)
    params = local_parameters(
        await store.newest_parameters(), division=division, on=desk.clock.today()
    )
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
        offices=offices,
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
        acceptance_office=_acceptance_office(item, division, offices),
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
) -> ApplicationId:
    item, now = checked.item, desk.clock.now()
    application_id = ApplicationId(new_id())
    mark_application(application_id)
    persons = desk.index_persons(item, command.form)
    new = NewApplication(
        id=application_id,
        number=await _number(store, command.channel, checked.division, now),
        item_code=item.code,
        item_version=checked.version,
        item_title=item.title,
        division=checked.division,
        channel=command.channel,
        stage=Stage.SUBMITTED if checked.acceptance_office else Stage.ACCEPTED,
        submitted_by=command.actor.subject,
        on_behalf_grant=command.on_behalf_of,
        persons=persons,
        form_sealed=desk.seal_form(application_id, command.form),
        summary=select_fields(command.form, item.summary),
        params=checked.params,
        trace=current_trace_headers(),
        submitted_at=now,
        plan=checked.plan,
    )
    mark_number(new.number)
    await store.add_application(new)
    applicant = persons["applicant_index"]
    await note_representation(
        store, application_id, grant=command.on_behalf_of, principal_index=applicant
    )
    await store.add_materials(application_id, await _materials(store, command, checked, desk=desk))
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
        await _dispatch(store, application_id, desk=desk)
    else:
        discloses = whole_form(item)
        await ask_for_acceptance(
            store, new, checked.acceptance_office, discloses=discloses, desk=desk
        )
    return application_id


async def _dispatch(store: Store, application_id: ApplicationId, *, desk: Desk) -> None:
    """Accepted on receipt: the clock starts, and everyone who can be asked is asked."""
    await store.add_clock_entry(
        application_id,
        ClockEntry(clock="procedure", kind="start", at=desk.clock.now(), reason="受理"),
    )
    case = await store.lock_case(application_id)
    await carry_out(store, case, advance(case.state()), desk=desk)


async def _number(store: Store, channel: Channel, division: str, now: datetime) -> str:
    serial = await store.next_serial()
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
