"""Judge a name for the window, keep an approved one, and note its announcement."""

from dataclasses import replace
from functools import partial

from services.registry.actions.own_matter import Finding, Made, answer_once, perform_once
from services.registry.errors.own_items import RegistrationStillToCome
from services.registry.events.own_items import place_name_announced, place_name_registered
from services.registry.model.place_names import NameGround, PlaceName, ProposedName
from services.registry.rules import place_names as rules
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import MatterRequest, TaskRequest
from shared.ids import new_id

REGISTER = "register-place-name"
ANNOUNCE = "announce-place-name"


async def answer_place_name(
    request: TaskRequest, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Look for the same name, the same sound and rare characters; answer once per round.

    Raises:
        DisclosureIncomplete: The window disclosed less than the question needs.
    """
    proposed = rules.read_proposed(request.fields)
    async with transaction() as store:
        grounds = await _grounds(store, proposed)
        finding = Finding(
            verdict=rules.name_verdict(grounds),
            grounds=grounds,
            words=[rules.WORDS[each] for each in grounds],
            act="read-place-names",
            reason="地名重名、同音和用字核查",
            facts={
                "romanised": rules.romanised(proposed.specific, proposed.generic),
                # No division's outline is kept here, so nobody is told that one was looked at.
                "position": "not-checked-against-a-map",
            },
        )
        await answer_once(request, finding, store=store, clock=clock)


async def register_place_name(
    request: MatterRequest, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Keep an approved name, in the stead of the former one if a place is renamed.

    Raises:
        DisclosureIncomplete: The window disclosed less than the record needs.
    """
    make = partial(_register, request, rules.read_proposed(request.fields), clock=clock)
    await perform_once(request, make, transaction=transaction, clock=clock)


async def announce_place_name(
    request: MatterRequest, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Note that an approved name was filed and announced: from now on it is the standard one.

    Raises:
        RegistrationStillToCome: The name was approved, and is not on record yet.
    """
    make = partial(_announce, request, clock=clock)
    await perform_once(request, make, transaction=transaction, clock=clock)


async def _register(
    request: MatterRequest, proposed: ProposedName, store: Store, *, clock: Clock
) -> Made | NameGround:
    await store.lock_names_of(proposed.area)
    grounds = await _grounds(store, proposed)
    if grounds:
        return grounds[0]
    today = clock.today()
    if proposed.former_name is not None:
        await store.replace_place_name(proposed.area, proposed.kind, proposed.former_name, on=today)
    serial = await store.next_place_name_serial()
    place = PlaceName(
        id=new_id(),
        matter_id=request.matter_id,
        application_id=request.application_id,
        number=rules.approval_number(request.division, today, serial),
        kind=proposed.kind,
        specific=proposed.specific,
        generic=proposed.generic,
        name=proposed.name,
        sound=rules.sound_of(proposed.name),
        romanised=rules.romanised(proposed.specific, proposed.generic),
        division=proposed.division,
        position=proposed.position,
        former_name=proposed.former_name,
        approved_on=today,
    )
    if not await store.add_place_name(place):
        return NameGround.NAME_IN_USE
    return Made(
        record=place.id,
        kind="place-name-approval",
        number=place.number,
        facts={"approvedOn": today.isoformat(), "romanised": place.romanised},
        event=place_name_registered(place),
    )


async def _announce(request: MatterRequest, store: Store, *, clock: Clock) -> Made | NameGround:
    place = await store.lock_place_name_of(request.application_id)
    if place is None:
        if await store.has_failed(request.application_id, REGISTER):
            return NameGround.PLACE_NAME_NOT_REGISTERED
        raise RegistrationStillToCome
    today = clock.today()
    await store.announce_place_name(place.id, on=today)
    announced = replace(place, announced_on=place.announced_on or today)
    return Made(
        record=place.id,
        kind="place-name-announcement",
        number=f"{place.number}-G",
        facts={"announcedOn": str(announced.announced_on)},
        event=place_name_announced(announced),
    )


async def _grounds(store: Store, proposed: ProposedName) -> list[NameGround]:
    sound = rules.sound_of(proposed.name)
    in_use = await store.list_names_like(proposed.area, proposed.name, sound)
    return rules.name_grounds(proposed, in_use)
