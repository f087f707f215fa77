"""Make officers, put them where they work, suspend them: by administrators, never by oneself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.registry.actions import authorise as rules
from services.registry.actions.enrol_officer import invite_officer
from services.registry.errors import DivisionNotFound
from services.registry.errors.officers import (
    AssignmentUnsuitable,
    ChangeDecided,
    ChangeNotFound,
    ChangePending,
    OfficerIdTaken,
    OfficerNotFound,
    OwnRightsForbidden,
    SecondPersonNeeded,
)
from services.registry.events.officers import officer_changed
from services.registry.model import Officer, PersonKind
from services.registry.model.officers import (
    Assignment,
    ChangeId,
    ChangeOutcome,
    OfficerChange,
)
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateOfficer:
    """A new officer as an administrator describes them."""

    actor: Actor
    request: RequestKey
    officer: str
    name: str = field(repr=False)
    assignment: Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignOfficer:
    """Where an officer is to work from now on, and as what."""

    actor: Actor
    request: RequestKey
    officer: str
    assignment: Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendOfficer:
    """An administrator's wish that an officer stops, or may begin again."""

    actor: Actor
    request: RequestKey
    officer: str
    is_active: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideChange:
    """A second administrator's word on a proposed change."""

    actor: Actor
    request: RequestKey
    change: ChangeId
    outcome: ChangeOutcome


async def create_officer(
    command: CreateOfficer, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Keep a new officer. Guarded roles wait for a second pair of eyes.

    Raises:
        AssignmentUnsuitable: An office or the division is not there, or not the caller's to give.
        OfficerIdTaken: The id exists.
    """
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        wanted = command.assignment
        await _check_assignment(store, command.actor, wanted)
        plain = replace(wanted, roles=wanted.roles - rules.GUARDED_ROLES)
        officer = Officer(
            id=command.officer,
            name=command.name,
            division=plain.division,
            offices=plain.offices,
            roles=plain.roles,
        )
        if not await store.add_officer(officer):
            raise OfficerIdTaken
        await _tell(store, officer, command.actor, "create-officer")
        change = None
        if rules.needs_second_pair(officer, wanted):
            change = await _propose(store, officer, wanted, command.actor, clock=clock)
        return await _answered(store, command.request, officer, change, status=201)


async def assign_officer(
    command: AssignOfficer, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Move an officer, or change their roles; at once unless it gives power over others.

    Tokens that say something else end with their sessions' next refresh, in five minutes at most.

    Raises:
        OfficerNotFound: There is none in a division the caller manages.
        OwnRightsForbidden: It is the caller.
        AssignmentUnsuitable: See `create_officer`.
        ChangePending: Another change still waits.
    """
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        officer = await _own_officer(store, command.actor, command.officer)
        await _check_assignment(store, command.actor, command.assignment)
        change = None
        if rules.needs_second_pair(officer, command.assignment):
            change = await _propose(store, officer, command.assignment, command.actor, clock=clock)
        else:
            officer = await _assign(store, officer, command.assignment, command.actor)
        status = 200 if change is None else 202
        return await _answered(store, command.request, officer, change, status=status)


async def decide_change(
    command: DecideChange, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Let a proposed change take effect, or not.

    Raises:
        ChangeNotFound: There is none, or not about an officer the caller manages.
        SecondPersonNeeded: The caller proposed it, or it is about them.
        ChangeDecided: Somebody was faster.
    """
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        change = await store.lock_change(command.change)
        officer = await store.lock_officer(change.officer)
        if not rules.may_manage(command.actor, change.assignment.division):
            raise ChangeNotFound
        if not rules.may_decide(command.actor, change):
            raise SecondPersonNeeded
        if change.outcome is not None:
            raise ChangeDecided
        by, now = command.actor.subject, clock.now()
        await store.decide_change(change.id, command.outcome, by=by, at=now)
        if command.outcome is ChangeOutcome.CONFIRMED:
            officer = await _assign(store, officer, change.assignment, command.actor)
        await store.write_journal(
            _noted(officer, command.actor, f"change-{command.outcome.lower()}", change)
        )
        return await _answered(store, command.request, officer, None, status=200)


async def suspend_officer(
    command: SuspendOfficer, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Stop an officer at once, or let them begin again.

    Every session ends with the commit: nothing refreshes, and every service reads the list of
    ended sessions within half a minute.

    Raises:
        OfficerNotFound: There is none in a division the caller manages.
        OwnRightsForbidden: It is the caller.
    """
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        officer = await _own_officer(store, command.actor, command.officer)
        if officer.is_active is not command.is_active:
            officer = replace(officer, is_active=command.is_active)
            await store.activate_officer(officer.id, is_active=officer.is_active)
            act = "reinstate-officer" if officer.is_active else "suspend-officer"
            await _tell(store, officer, command.actor, act, reason=command.reason)
        if not officer.is_active:
            await store.revoke_sessions_of(
                PersonKind.OFFICER, officer.id, at=clock.now(), reason="suspended"
            )
        return await _answered(store, command.request, officer, None, status=200)


async def invite(
    actor: Actor, officer: str, *, transaction: Transactions[Store], clock: Clock
) -> str:
    """A new invitation for an officer; an earlier one ends.

    Raises:
        OfficerNotFound: There is none in a division the caller manages.
        OwnRightsForbidden: It is the caller: lost factors are given anew by somebody else.
    """
    async with transaction() as store:
        found = await _own_officer(store, actor, officer)
        return await invite_officer(store, found.id, actor=actor.subject, clock=clock)


async def list_managed(
    actor: Actor, *, after: str, limit: int, transaction: Transactions[Store]
) -> Sequence[Officer]:
    """The officers somebody manages, by id.

    Raises:
        OfficerNotFound: The caller manages nobody.
    """
    if not rules.may_manage(actor, actor.division or ""):
        raise OfficerNotFound
    async with transaction() as store:
        prefix = rules.division_prefix(actor)
        found = await store.list_officers_below(prefix, after=after, limit=limit)
        await store.write_journal(
            JournalEntry(
                stream="officers",
                actor=actor.subject,
                act="list-officers",
                target=f"division:{prefix or 'all'}",
                reason="managing officers",
            )
        )
    return found


def shown(officer: Officer, change: OfficerChange | None) -> Mapping[str, Any]:
    """An officer as administrators see them in an answer that is kept: without the name."""
    return {
        "id": officer.id,
        "division": officer.division,
        "offices": sorted(officer.offices),
        "roles": sorted(officer.roles),
        "isActive": officer.is_active,
        "pendingChangeId": str(change.id) if change else None,
    }


async def _own_officer(store: Store, actor: Actor, officer: str) -> Officer:
    found = await store.lock_officer(officer)
    if not rules.may_manage(actor, found.division):
        raise OfficerNotFound
    if rules.is_oneself(actor, found.id):
        raise OwnRightsForbidden
    return found


async def _check_assignment(store: Store, actor: Actor, wanted: Assignment) -> None:
    if not rules.may_manage(actor, wanted.division) or not await store.are_offices(wanted.offices):
        raise AssignmentUnsuitable
    try:
        await store.get_division(wanted.division)
    except DivisionNotFound:
        raise AssignmentUnsuitable from None


async def _propose(
    store: Store, officer: Officer, wanted: Assignment, actor: Actor, *, clock: Clock
) -> OfficerChange:
    change = OfficerChange(
        id=ChangeId(new_id()),
        officer=officer.id,
        assignment=wanted,
        proposed_by=actor.subject,
        proposed_at=clock.now(),
    )
    if not await store.add_change(change):
        raise ChangePending
    await store.write_journal(_noted(officer, actor, "propose-change", change))
    return change


async def _assign(store: Store, officer: Officer, wanted: Assignment, actor: Actor) -> Officer:
    moved = replace(officer, division=wanted.division, offices=wanted.offices, roles=wanted.roles)
    await store.assign_officer(officer.id, wanted)
    await _tell(store, moved, actor, "assign-officer")
    return moved


async def _tell(
    store: Store, officer: Officer, actor: Actor, act: str, *, reason: str = ""
) -> None:
    await store.publish(officer_changed(officer))
    await store.write_journal(replace(_noted(officer, actor, act, None), reason=reason))


def _noted(officer: Officer, actor: Actor, act: str, change: OfficerChange | None) -> JournalEntry:
    roles = change.assignment.roles if change else officer.roles
    return JournalEntry(
        stream=f"officer:{officer.id}",
        actor=actor.subject,
        act=act,
        target=f"officer:{officer.id}",
        facts={"roles": sorted(roles), **({"changeId": str(change.id)} if change else {})},
    )


async def _answered(
    store: Store,
    request: RequestKey,
    officer: Officer,
    change: OfficerChange | None,
    *,
    status: int,
) -> StoredAnswer:
    answer = StoredAnswer(status=status, body=dict(shown(officer, change)))
    await store.remember_answer(request, status=answer.status, body=answer.body)
    return answer
