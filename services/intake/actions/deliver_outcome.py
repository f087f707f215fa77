"""Bring the paper a matter ended in to the person it is for: window, post, electronic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import orjson

from services.intake import events
from services.intake.actions.desk import Desk
from services.intake.actions.rate_matter import office_of
from services.intake.actions.standing import take_standing
from services.intake.errors import MatterNotFound
from services.intake.errors.delivery import DeliveryNotFound
from services.intake.model import ApplicationId
from services.intake.model.delivery import (
    Delivery,
    DeliveryId,
    DeliveryMethod,
    DeliveryState,
    DeliveryTrack,
)
from services.intake.model.kept import Case
from services.intake.ports import Grants
from services.intake.rules.delivery import (
    first_state,
    require_address,
    require_deliverable,
    require_follows,
)
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor, ActorKind
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey

CARRIER = "postal-carrier"
"""The partner system that carries the post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDelivery:
    """The command: how somebody wants to have the paper."""

    actor: Actor
    application_id: ApplicationId
    matter: str
    method: DeliveryMethod
    address: Mapping[str, str] | None
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteDelivery:
    """The command: the carrier, or the office at its window, says where the paper is."""

    actor: Actor
    delivery_id: DeliveryId
    state: DeliveryState
    event_id: str
    tracking_number: str | None
    request: RequestKey


async def ask_delivery(
    command: AskDelivery, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> DeliveryId:
    """Begin a delivery; the address is sealed, and only the carrier's label opens it.

    Raises:
        ApplicationNotFound: It is not theirs.
        MatterNotFound: The case has no such matter.
        NothingToDeliver: It is not decided and made real yet.
        DeliveryAddressRequired: Post without an address, or an address without post.
        DeliveryUnderWay: The paper is on its way, or has arrived.
    """
    await take_standing(
        command.actor, command.application_id, transaction=transaction, grants=grants
    )
    require_address(command.method, has_address=command.address is not None)
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return DeliveryId(UUID(earlier.body["deliveryId"]))
        case = await store.get_case(command.application_id)
        before = await store.list_deliveries(case.id)
        delivery = _delivery(case, command, len(before) + 1, desk=desk)
        await store.add_delivery(delivery)
        await _announce(store, case, delivery, by=command.actor)
        answer = {"deliveryId": str(delivery.id)}
        await store.remember_answer(command.request, status=201, body=answer)
    return delivery.id


async def note_delivery(
    command: NoteDelivery, *, transaction: Transactions[Store], desk: Desk
) -> Delivery:
    """Note where a paper is; the first note of its arrival settles the day for good.

    A note that is told twice is kept once and changes nothing the second time.

    Raises:
        DeliveryNotFound: It lies with another carrier or office.
        TrackNotAllowed: It does not follow from where the paper is.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        delivery = await store.lock_delivery(command.delivery_id)
        _require_hand(command.actor, delivery)
        if earlier is not None:
            return delivery
        now = desk.clock.now()
        track = DeliveryTrack(
            delivery_id=delivery.id, event_id=command.event_id, state=command.state, at=now
        )
        if await store.add_track(track):
            require_follows(delivery.state, command.state)
            delivery = replace(
                delivery,
                state=command.state,
                tracking_number=command.tracking_number or delivery.tracking_number,
                delivered_at=now if command.state is DeliveryState.DELIVERED else None,
            )
            await store.replace_delivery(delivery)
            case = await store.get_case(delivery.application_id)
            await _announce(store, case, delivery, by=command.actor)
        await store.remember_answer(
            command.request, status=200, body={"deliveryId": str(delivery.id)}
        )
    return delivery


async def read_deliveries(
    actor: Actor,
    application_id: ApplicationId,
    *,
    transaction: Transactions[Store],
    grants: Grants,
) -> Sequence[Delivery]:
    """The deliveries of a case of one's own.

    Raises:
        ApplicationNotFound: It is not theirs.
    """
    await take_standing(actor, application_id, transaction=transaction, grants=grants)
    async with transaction() as store:
        return await store.list_deliveries(application_id)


async def list_parcels(
    actor: Actor, *, limit: int, transaction: Transactions[Store]
) -> Sequence[Delivery]:
    """What a carrier has still to bring; without addresses, which are asked for one by one."""
    async with transaction() as store:
        return await store.list_parcels(actor.system or "", limit=limit)


async def read_label(
    actor: Actor, delivery_id: DeliveryId, *, transaction: Transactions[Store], desk: Desk
) -> Mapping[str, str]:
    """The address of one parcel, for its carrier; the look is journalled with its purpose.

    Raises:
        DeliveryNotFound: Another carries it, or nobody does any more.
    """
    async with transaction() as store:
        delivery = await store.lock_delivery(delivery_id)
        _require_hand(actor, delivery)
        over = delivery.state in (DeliveryState.DELIVERED, DeliveryState.RETURNED)
        if delivery.address_sealed is None or over:
            raise DeliveryNotFound
        await store.write_journal(
            JournalEntry(
                stream=stream_of(delivery.application_id),
                actor=actor.subject,
                act="disclose",
                target=f"delivery:{delivery.id}",
                reason="邮寄送达",
                facts={"fields": ["address"]},
            )
        )
    opened = desk.cipher.open(delivery.address_sealed, place=_place(delivery.id))
    address: dict[str, str] = orjson.loads(opened)
    return address


def _require_hand(actor: Actor, delivery: Delivery) -> None:
    """The carrier has its parcels in hand, the office what is fetched at its window."""
    if actor.kind is ActorKind.PARTNER:
        theirs = delivery.carrier is not None and delivery.carrier == actor.system
    else:
        at_window = delivery.method is DeliveryMethod.WINDOW
        theirs = at_window and str(delivery.office_id) in actor.offices
    if not theirs:
        raise DeliveryNotFound


def _delivery(case: Case, command: AskDelivery, attempt: int, *, desk: Desk) -> Delivery:
    matter = next((each for each in case.matters if each.key == command.matter), None)
    if matter is None:
        raise MatterNotFound
    require_deliverable(matter.status)
    delivery_id, now = DeliveryId(new_id()), desk.clock.now()
    sealed = None
    if command.address is not None:
        sealed = desk.cipher.seal(orjson.dumps(command.address), place=_place(delivery_id))
    state = first_state(command.method)
    return Delivery(
        id=delivery_id,
        application_id=case.id,
        matter=matter.key,
        method=command.method,
        state=state,
        division=case.division,
        office_id=office_of(case, matter.key),
        carrier=CARRIER if command.method is DeliveryMethod.POST else None,
        address_sealed=sealed,
        tracking_number=None,
        attempt=attempt,
        asked_at=now,
        decided_at=matter.decided_at or case.decided_at or now,
        delivered_at=now if state is DeliveryState.DELIVERED else None,
    )


async def _announce(store: Store, case: Case, delivery: Delivery, *, by: Actor) -> None:
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=by.subject,
            act="deliver",
            target=f"matter:{delivery.matter}",
            facts={"method": str(delivery.method), "state": str(delivery.state)},
        )
    )
    await store.publish(events.delivery_moved(case.ref, delivery))


def _place(delivery_id: DeliveryId) -> str:
    return f"delivery.address:{delivery_id}"
