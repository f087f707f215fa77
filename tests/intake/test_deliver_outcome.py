"""Does the paper reach the person once, and is the day it did settled for good?"""

import asyncio
from typing import Any

import pytest

from deploy.simulated.carrier import SLOW, UNDELIVERABLE, SimulatedCarrier
from services.intake.errors.delivery import (
    DeliveryAddressRequired,
    NothingToDeliver,
    TrackNotAllowed,
)
from services.intake.model import MatterStatus
from services.intake.model.delivery import DeliveryMethod, DeliveryState
from services.intake.rules.delivery import (
    delivery_deadline,
    first_state,
    require_address,
    require_deliverable,
    require_follows,
)
from tests.intake.test_give_verdict import TOWNSHIP, VILLAGE
from tests.support.calendars import beijing, official_calendar
from tests.support.concluded import before_the_decision, granted
from tests.support.window import Caller, Window

ADDRESS = {
    "name": "陈小明",
    "phone": "13812345678",
    "division": "330106109000",
    "detail": "示例村 12 号",
}


def test_a_paper_is_delivered_within_ten_working_days_of_the_decision():
    deadline = delivery_deadline(beijing("2026-09-24 10:00"), calendar=official_calendar())

    assert deadline.last_day.isoformat() == "2026-10-15"


def test_what_is_not_decided_or_was_withdrawn_is_not_delivered():
    require_deliverable(MatterStatus.NOT_ACCEPTED)
    for status in (MatterStatus.DECIDED, MatterStatus.WITHDRAWN):
        with pytest.raises(NothingToDeliver):
            require_deliverable(status)


def test_only_post_takes_an_address_and_only_what_is_electronic_arrives_at_once():
    require_address(DeliveryMethod.POST, has_address=True)
    for method, has_address in ((DeliveryMethod.POST, False), (DeliveryMethod.WINDOW, True)):
        with pytest.raises(DeliveryAddressRequired):
            require_address(method, has_address=has_address)
    assert first_state(DeliveryMethod.ELECTRONIC) is DeliveryState.DELIVERED


@pytest.mark.parametrize("then", list(DeliveryState))
def test_what_has_arrived_stays_there(then):
    with pytest.raises(TrackNotAllowed):
        require_follows(DeliveryState.DELIVERED, then)


async def deliver(caller: Caller, application: Any, method: str, **more: Any) -> tuple[int, Any]:
    body = {"matter": "relief", "method": method, **more}
    answer = await caller.post(f"/v1/applications/{application['id']}:deliver", body)
    return answer.status_code, answer.json()


async def where(caller: Caller, application: Any) -> list[tuple[str, str]]:
    answer = await caller.get(f"/v1/applications/{application['id']}/deliveries")
    return [(each["method"], each["state"]) for each in answer.json()["items"]]


async def test_a_parcel_comes_back_is_sent_again_and_arrives(window: Window) -> None:
    application = await granted(window)
    chen = window.citizen("chen")
    assert (await deliver(chen, application, "post"))[1]["code"] == "DELIVERY_ADDRESS_REQUIRED"
    assert (await deliver(window.citizen("liu"), application, "window"))[0] == 404
    assert (await deliver(chen, application, "post", address=ADDRESS))[0] == 201
    carrier = SimulatedCarrier(window.partner("postal-carrier").client, journey=UNDELIVERABLE)
    while await carrier.make_round():
        pass
    assert await where(chen, application) == [("post", "returned")]
    assert (await deliver(chen, application, "post", address=ADDRESS))[0] == 201
    carrier.journey = SLOW
    while await carrier.make_round():
        pass

    assert await where(chen, application) == [("post", "returned"), ("post", "delivered")]
    assert list(carrier.labels.values()) == [ADDRESS, ADDRESS]
    looks = await window.rows("SELECT actor, reason FROM journal WHERE act = 'disclose'")
    assert {(row["actor"], row["reason"]) for row in looks} == {
        ("partner:postal-carrier", "邮寄送达")
    }
    kept = str(await window.rows("SELECT address_sealed FROM delivery"))
    assert ADDRESS["detail"] not in kept
    assert ADDRESS["detail"] not in str(await window.events())


async def test_nobody_but_its_carrier_sees_or_moves_a_parcel(window: Window) -> None:
    application = await granted(window)
    await deliver(window.citizen("chen"), application, "post", address=ADDRESS)
    parcel = await window.value("SELECT id FROM delivery")
    police = window.partner("police")
    note = {"state": "delivered", "eventId": "e-1"}

    assert (await police.get("/v1/parcels")).json()["items"] == []
    assert (await police.get(f"/v1/parcels/{parcel}/label")).status_code == 404
    moved = await police.post(f"/v1/deliveries/{parcel}:track", note)
    assert moved.status_code == 404
    lin = window.officer("lin", TOWNSHIP, VILLAGE)
    assert (await lin.post(f"/v1/deliveries/{parcel}:track", note)).status_code == 404


async def test_a_note_told_twice_is_kept_once_and_the_day_never_moves(window: Window) -> None:
    application = await granted(window)
    chen, carrier = window.citizen("chen"), window.partner("postal-carrier")
    await deliver(chen, application, "post", address=ADDRESS)
    parcel = await window.value("SELECT id FROM delivery")
    path = f"/v1/deliveries/{parcel}:track"
    arrived = {"state": "delivered", "eventId": "e-1"}
    first = (await carrier.post(path, arrived)).json()
    window.clock.set(beijing("2026-12-01 09:00"))
    again = await carrier.post(path, arrived)
    later = await carrier.post(path, {"state": "returned", "eventId": "e-2"})

    assert again.json()["deliveredAt"] == first["deliveredAt"]
    assert (later.status_code, later.json()["code"]) == (409, "TRACK_NOT_ALLOWED")
    assert await window.value("SELECT count(*) FROM delivery_track") == 1


async def test_of_two_deliveries_at_once_one_begins(window: Window) -> None:
    application = await granted(window)
    chen = window.citizen("chen")
    asked = (deliver(chen, application, each) for each in ("window", "electronic"))
    answers = await asyncio.gather(*asked)

    assert sorted(status for status, _ in answers) == [201, 409]


async def test_the_office_notes_what_is_fetched_at_its_window(window: Window) -> None:
    application = await granted(window)
    chen = window.citizen("chen")
    await deliver(chen, application, "window")
    parcel = await window.value("SELECT id FROM delivery")
    lin = window.officer("lin", TOWNSHIP)
    fetched = {"state": "delivered", "eventId": "receipt-1"}
    assert (await lin.post(f"/v1/deliveries/{parcel}:track", fetched)).status_code == 200
    assert await where(chen, application) == [("window", "delivered")]


async def test_there_is_nothing_to_deliver_before_the_decision(window: Window) -> None:
    application = await before_the_decision(window)

    refused = await deliver(window.citizen("chen"), application, "window")
    assert refused[1]["code"] == "NOTHING_TO_DELIVER"
