"""Found a household, and say where it is; a correction takes the place of what was believed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from services.registry.actions.reach import (
    act_note,
    require_household,
    require_role,
    scope_of,
)
from services.registry.errors.residents import DayInFuture, DivisionOutOfReach
from services.registry.events.residents import household_settled
from services.registry.model.households import Place
from services.registry.model.residents import HouseholdId
from services.registry.rules import places
from services.registry.rules.scope import is_within
from services.registry.store import Store
from shared.auth import Actor
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import new_id
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleHousehold:
    """An officer's wish that a household is in a place from a day on.

    Args:
        household: None founds a new one.
    """

    actor: Actor
    request: RequestKey
    household: HouseholdId | None
    division: str
    address: str = field(repr=False)
    since: date


async def settle_household(
    command: SettleHousehold, *, transaction: Transactions[Store], clock: Clock
) -> StoredAnswer:
    """Keep where a household is; late notes take their room between what is known already.

    A household may leave the officer's reach, and cannot come into it but from there: who
    receives it is told by whoever lets it go.

    Raises:
        RegisterRoleLacking: The officer may read only.
        DayInFuture: The day is still to come.
        HouseholdNotFound: It is not within the officer's reach.
        DivisionOutOfReach: A new household would be outside the officer's reach.
        DivisionNotFound: There is no such division.
        InTwoPlaces: Somebody moved it in the same moment.
    """
    require_role(command.actor)
    if command.since > clock.today():
        raise DayInFuture
    async with transaction() as store:
        if answered := await store.claim_key(command.request):
            return answered
        scope = await scope_of(store, command.actor)
        household = command.household
        await store.get_division(command.division)
        if household is None:
            if not is_within(command.division, scope):
                raise DivisionOutOfReach
            household = HouseholdId(new_id())
            await store.add_household(household, at=clock.now())
        else:
            await require_household(store, household, scope)
        await settle(
            store,
            household,
            Settling(division=command.division, address=command.address, since=command.since),
            clock=clock,
        )
        await store.write_journal(
            act_note(
                command.actor,
                stream=f"household:{household}",
                act="settle-household",
                division=command.division,
                since=command.since.isoformat(),
            )
        )
        status = 201 if command.household is None else 200
        answer = StoredAnswer(status=status, body={"id": str(household)})
        await store.remember_answer(command.request, status=status, body=answer.body)
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """A place from a day on."""

    division: str
    address: str = field(repr=False)
    since: date


async def settle(store: Store, household: HouseholdId, settling: Settling, *, clock: Clock) -> None:
    """Write a place of a household, and tell it; a step.

    Raises:
        InTwoPlaces: Somebody moved it in the same moment.
    """
    kept = await store.list_places(household)
    wanted = places.settled(
        [each.place for each in kept],
        division=settling.division,
        address=settling.address,
        since=settling.since,
    )
    there = [each.place for each in kept]
    await store.replace_places(
        household,
        old=[each.id for each in kept if each.place not in wanted],
        new={new_id(): each for each in _new(wanted, there)},
        at=clock.now(),
    )
    await store.publish(
        household_settled(household, division=settling.division, since=settling.since)
    )


def _new(wanted: Sequence[Place], there: Sequence[Place]) -> list[Place]:
    return [each for each in wanted if each not in there]
