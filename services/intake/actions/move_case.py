"""Let an open case go on under another version of its item: thought through first, then done."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.intake import events
from services.intake.actions.desk import Desk
from services.intake.actions.lead_case import require_lead
from services.intake.actions.replan_case import carry_on
from services.intake.errors import (
    ExpressionUnusable,
    FormInvalid,
    ItemNotFound,
    MaterialMissing,
    NothingToAsk,
    OfficeNotFound,
)
from services.intake.errors.version import CaseNotMovable, VersionNotFound
from services.intake.model import ApplicationId, DeferredMaterial, Plan, ServiceItem, Stage
from services.intake.model.kept import Case, KeptMaterial
from services.intake.model.move import CaseMove, DueMove, Obstacle, PreparedMove
from services.intake.model.replan import Replan
from services.intake.rules.clock import clocks_of_item, read_clock
from services.intake.rules.deadline import material_deadlines
from services.intake.rules.expressions import Scope
from services.intake.rules.form import require_form
from services.intake.rules.materials import check_materials
from services.intake.rules.office import division_chain
from services.intake.rules.paths import select_fields
from services.intake.rules.plan import expand_plan
from services.intake.rules.replan import replan
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor, ActorKind
from shared.clock import local_date
from shared.database import Transactions
from shared.failpoints import Failpoints
from shared.journal import JournalEntry
from shared.store import RequestKey
from shared.telemetry import mark_application

MOVABLE = frozenset({Stage.SUBMITTED, Stage.ACCEPTED, Stage.IN_REVIEW})
GIVEN = frozenset({"received", "committed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCase:
    """The command: somebody with authority moves one case to a version."""

    actor: Actor
    application_id: ApplicationId
    version: int
    reason: str
    request: RequestKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCases:
    """The command: all open cases of an item go on under a version."""

    actor: Actor
    code: str
    version: int
    reason: str
    after: UUID | None = None
    """Where a preview goes on."""
    limit: int = 100


async def preview_moves(
    command: MoveCases, *, transaction: Transactions[Store], desk: Desk
) -> Sequence[CaseMove]:
    """What a move to a version would change, case by case; each look is journalled.

    Raises:
        VersionNotFound: No such version has been published.
    """
    async with transaction() as store:
        await _version(store, command.code, command.version, desk=desk)
        found = await store.list_open_elsewhere(
            command.code, command.version, after=command.after, limit=command.limit
        )
        moves = []
        for application_id in found:
            case = await store.get_case(application_id)
            move = (await _prepare(store, case, command.version, desk=desk)).move
            await _journal(store, command.actor, case, "preview-move", move, reason=command.reason)
            moves.append(move)
    return moves


async def move_case(command: MoveCase, *, transaction: Transactions[Store], desk: Desk) -> CaseMove:
    """Move one case, in one transaction; verdicts stand, decided matters stay as they are.

    Moving a case to the version it has changes nothing and says so: a run over many cases
    that broke off is simply run again.

    Raises:
        ApplicationNotFound: It is not theirs to see.
        LeadOfficeOnly: They see it, but another office leads it.
        VersionNotFound: No such version has been published.
        CaseNotMovable: With the reason.
    """
    async with transaction() as store:
        if command.request is not None:
            earlier = await store.claim_key(command.request)
            if earlier is not None:
                case = await store.get_case(command.application_id)
                return (await _prepare(store, case, command.version, desk=desk)).move
        case = await store.lock_case(command.application_id)
        mark_application(case.id)
        if command.actor.kind is not ActorKind.OPERATOR:
            await require_lead(store, command.actor, case)
        prepared = await _prepare(store, case, command.version, desk=desk)
        if prepared.move.obstacle is not None:
            raise CaseNotMovable(prepared.move.obstacle)
        if not prepared.move.is_moved:
            await _carry_out(store, case, prepared, command, desk=desk)
        if command.request is not None:
            body = {"applicationId": str(case.id)}
            await store.remember_answer(command.request, status=200, body=body)
    return prepared.move


async def move_cases(
    command: MoveCases,
    *,
    transaction: Transactions[Store],
    desk: Desk,
    failpoints: Failpoints,
) -> AsyncIterator[CaseMove]:
    """Move every open case of an item, each in a transaction of its own.

    A run that was killed leaves every case either as it was or moved whole; run again, it
    finds those that are left. A case that cannot be moved is told with its reason, and goes
    on as it is.
    """
    after = command.after
    while True:
        async with transaction() as store:
            await _version(store, command.code, command.version, desk=desk)
            found = await store.list_open_elsewhere(
                command.code, command.version, after=after, limit=command.limit
            )
        for application_id in found:
            one = MoveCase(
                actor=command.actor,
                application_id=application_id,
                version=command.version,
                reason=command.reason,
            )
            yield await _moved(one, transaction=transaction, desk=desk)
            failpoints.reach("move.after_case")
            after = application_id
        if not found:
            return


def move_as_text(move: CaseMove) -> str:
    """One case of a move, as an operator reads it on one line."""
    if move.obstacle is not None:
        places = "、".join(move.obstacle.places)
        return f"{move.number} 不能转：{move.obstacle.code} {places}".rstrip()
    parts = [
        f"{name} {'、'.join(str(each) for each in found)}"
        for name, found in (
            ("新增", move.added),
            ("不再征询", move.dropped),
            ("重新征询", move.asked_again),
            ("调整", move.changed),
            ("保留结论", move.kept),
            ("待补材料", move.deferred),
        )
        if found
    ]
    parts += [f"{each.clock} {each.before} → {each.after}" for each in move.due]
    versions = f"{move.from_version} → {move.to_version}"
    return f"{move.number} 版本 {versions}：{'；'.join(parts) or '无变化'}"


async def _moved(command: MoveCase, *, transaction: Transactions[Store], desk: Desk) -> CaseMove:
    try:
        return await move_case(command, transaction=transaction, desk=desk)
    except CaseNotMovable:
        async with transaction() as store:
            case = await store.get_case(command.application_id)
            return (await _prepare(store, case, command.version, desk=desk)).move


async def _version(store: Store, code: str, version: int, *, desk: Desk) -> ServiceItem:
    try:
        return await desk.catalogue.item(store, code, version)
    except ItemNotFound:
        raise VersionNotFound from None


async def _prepare(store: Store, case: Case, version: int, *, desk: Desk) -> PreparedMove:
    """Think a move through: everything it changes, or what stands in its way."""
    item = await _version(store, case.item_code, version, desk=desk)
    move = CaseMove(
        application_id=case.id,
        number=case.number,
        from_version=case.item_version,
        to_version=version,
    )
    if move.is_moved:
        return PreparedMove(move=move)
    obstacle = await _standing_in_the_way(store, case)
    if obstacle is not None:
        return PreparedMove(move=replace(move, obstacle=obstacle))
    form = desk.open_form(case)
    try:
        require_form(item, form, today=local_date(case.submitted_at))
        deferred = await _deferred(store, case, item, form, desk=desk)
        plan = await _plan(store, case, item, form, desk=desk)
    except (FormInvalid, MaterialMissing, OfficeNotFound, ExpressionUnusable, NothingToAsk) as no:
        return PreparedMove(move=replace(move, obstacle=_obstacle(no)))
    changes = replan(case, plan)
    due = await _due(store, case, item, desk=desk)
    changed = replace(_changed(move, changes), deferred=deferred, due=due)
    return PreparedMove(move=changed, item=item, plan=plan, changes=changes)


async def _standing_in_the_way(store: Store, case: Case) -> Obstacle | None:
    if case.stage is Stage.CORRECTING:
        return Obstacle(code="correction-open")
    if case.stage not in MOVABLE:
        return Obstacle(code="case-over")
    if await store.find_open_correction(case.id) is not None:
        return Obstacle(code="correction-open")
    return None


def _obstacle(
    no: FormInvalid | MaterialMissing | OfficeNotFound | ExpressionUnusable | NothingToAsk,
) -> Obstacle:
    facts: Mapping[str, Any] = no.facts
    match no:
        case FormInvalid():
            places = tuple(str(error["pointer"]) for error in facts["errors"])
            return Obstacle(code="form-needs-correction", places=places)
        case MaterialMissing():
            return Obstacle(code="material-missing", places=tuple(map(str, facts["keys"])))
        case OfficeNotFound():
            return Obstacle(code="office-missing", places=(str(facts["function"]),))
        case _:
            return Obstacle(code="condition-unusable")


async def _deferred(
    store: Store, case: Case, item: ServiceItem, form: Mapping[str, Any], *, desk: Desk
) -> tuple[str, ...]:
    """Papers the version asks for in addition that may come later.

    Raises:
        MaterialMissing: A key material is not there.
    """
    kept = await store.list_materials(case.id)
    known = {material.key for material in item.materials}
    check = check_materials(
        item,
        provided={each.key for each in kept if each.status in GIVEN} & known,
        scope=Scope.of(form=form, params=case.params),
        expressions=desk.catalogue.expressions,
    )
    if check.missing:
        raise MaterialMissing(check.missing)
    have = {each.key for each in kept}
    return tuple(each.key for each in check.deferred if each.key not in have)


async def _plan(
    store: Store, case: Case, item: ServiceItem, form: Mapping[str, Any], *, desk: Desk
) -> Plan:
    return expand_plan(
        item,
        form=form,
        params=case.params,
        offices=await store.list_offices(division_chain(case.division)),
        division=case.division,
        expressions=desk.catalogue.expressions,
    )


async def _due(store: Store, case: Case, item: ServiceItem, *, desk: Desk) -> tuple[DueMove, ...]:
    """The limits of the case, before and after; none while it is not accepted."""
    if case.accepted_at is None:
        return ()
    calendar = await desk.catalogue.calendar(store)
    ledger = (await store.list_ledgers([case.id])).get(case.id, ())
    before_item = await desk.catalogue.item(store, case.item_code, case.item_version)
    before, after = (
        {
            clock.name: read_clock(
                clock, ledger, at=desk.clock.now(), calendar=calendar
            ).deadline.last_day
            for clock in clocks_of_item(each, accepted_at=case.accepted_at)
        }
        for each in (before_item, item)
    )
    return tuple(
        DueMove(clock=name, before=before.get(name), after=after.get(name))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    )


def _changed(move: CaseMove, changes: Replan) -> CaseMove:
    new = [task for matter in changes.add_matters for task in matter.tasks]
    return replace(
        move,
        added=tuple(task.ref for task in (*new, *changes.add_tasks)),
        dropped=changes.drop,
        asked_again=tuple(task.ref for task in changes.ask_again),
        changed=tuple(task.ref for task in changes.change),
        kept=changes.kept,
        settled=changes.settled,
    )


async def _carry_out(
    store: Store, case: Case, prepared: PreparedMove, command: MoveCase, *, desk: Desk
) -> None:
    item, plan, changes = prepared.item, prepared.plan, prepared.changes
    if item is None or plan is None or changes is None:
        return
    move = prepared.move
    summary = select_fields(desk.open_form(case), item.summary)
    await store.pin_application(case, version=move.to_version, title=item.title, summary=summary)
    await store.replace_materials(case.id, await _added(store, item, move, desk=desk))
    await _journal(store, command.actor, case, "move-version", move, reason=command.reason)
    await store.publish(events.application_moved(case.ref, move))
    if case.stage is Stage.SUBMITTED:
        # Nobody but the window has been asked yet: the plan is simply another one.
        await store.replace_plan(case.id, plan)
        await store.touch_application(case)
        return
    await carry_on(store, case, changes, plan, desk=desk)
    await store.look_again(case.id)


async def _added(
    store: Store, item: ServiceItem, move: CaseMove, *, desk: Desk
) -> list[KeptMaterial]:
    """The papers still to come, each with its own date from today."""
    specs = {material.key: material for material in item.materials}
    wanted = [DeferredMaterial(key=key, limit=specs[key].limit) for key in move.deferred]
    calendar = await desk.catalogue.calendar(store)
    dates = {
        each.key: each.due_on
        for each in material_deadlines(wanted, accepted_at=desk.clock.now(), calendar=calendar)
    }
    return [
        KeptMaterial(
            key=each.key, title=specs[each.key].title, status="deferred", due_on=dates.get(each.key)
        )
        for each in wanted
    ]


async def _journal(
    store: Store, actor: Actor, case: Case, act: str, move: CaseMove, *, reason: str
) -> None:
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=actor.subject,
            act=act,
            target=f"application:{case.id}",
            reason=reason,
            facts={
                "from": move.from_version,
                "to": move.to_version,
                "added": [str(ref) for ref in move.added],
                "dropped": [str(ref) for ref in move.dropped],
                "askedAgain": [str(ref) for ref in move.asked_again],
                "obstacle": move.obstacle.code if move.obstacle else None,
            },
        )
    )
