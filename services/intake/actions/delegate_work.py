"""Hand one's own work to a colleague for some days, and take it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.actions.desk import Desk
from services.intake.errors.officers import DelegateToOneself, NotAColleague
from services.intake.model import OfficeId
from services.intake.model.officer import Delegation, DelegationId, Period
from services.intake.ports import Colleagues
from services.intake.rules.direction import check_period
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateWork:
    """The command: a colleague does my work from one day to another."""

    actor: Actor
    office_id: OfficeId
    to: str
    """The registry's id of the colleague."""
    period: Period
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeDelegation:
    """The command: from now on I do my work myself."""

    actor: Actor
    id: DelegationId
    request: RequestKey


async def delegate_work(
    command: DelegateWork, *, transaction: Transactions[Store], desk: Desk, colleagues: Colleagues
) -> StoredAnswer | DelegationId:
    """Let a colleague of one office answer what one has claimed there.

    It is not passed on: what B holds for A does not go on to C when B delegates.

    Raises:
        DelegateToOneself: The colleague is oneself.
        NotAColleague: They, or the caller, do not work in the office.
        PeriodInvalid: It ends before it starts, is over, or is longer than three months.
        Unavailable: The registry did not say who works in the office.
    """
    check_period(command.period, today=desk.clock.today())
    if command.to == command.actor.id:
        raise DelegateToOneself
    if str(command.office_id) not in command.actor.offices:
        raise NotAColleague
    if command.to not in await colleagues.of(command.office_id):
        raise NotAColleague
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        given = Delegation(
            id=DelegationId(new_id()),
            office_id=command.office_id,
            principal=command.actor.subject,
            delegate=f"officer:{command.to}",
            period=command.period,
        )
        await store.add_delegation(given, at=desk.clock.now())
        await _note(store, command.actor, "delegate", given)
        await store.remember_answer(
            command.request, status=201, body={"delegationId": str(given.id)}
        )
    return given.id


async def revoke_delegation(
    command: RevokeDelegation, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """End a delegation at once; revoking it again changes nothing.

    A verdict that is being given under it is finished first: it was given in time.

    Raises:
        DelegationNotFound: There is none, or it is another's.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        ended = await store.revoke_delegation(
            command.id, principal=command.actor.subject, at=desk.clock.now()
        )
        await _note(store, command.actor, "revoke-delegation", ended)
        await store.remember_answer(
            command.request, status=200, body={"delegationId": str(command.id)}
        )
    return None


async def list_delegations(
    actor: Actor, *, transaction: Transactions[Store], desk: Desk
) -> Sequence[Delegation]:
    """What an officer gave and was given that is not over, newest first."""
    async with transaction() as store:
        return await store.list_delegations(actor.subject, since=desk.clock.today())


async def _note(store: Store, actor: Actor, act: str, delegation: Delegation) -> None:
    await store.write_journal(
        JournalEntry(
            stream=actor.subject,
            actor=actor.subject,
            act=act,
            target=f"delegation:{delegation.id}",
            facts={
                "to": delegation.delegate,
                "office": str(delegation.office_id),
                "from": delegation.period.starts_on.isoformat(),
                "until": delegation.period.ends_on.isoformat(),
            },
        )
    )
