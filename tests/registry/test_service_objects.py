"""Can a village clerk ask in one question who is what, and is the answer what was told?"""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.registry.actions.follow_owners import FOLLOW_BENEFIT, FOLLOW_MARRIAGE
from services.registry.consumers import followed, following
from services.registry.model import PersonIndex
from shared.ids import new_id
from shared.jobs import Job
from shared.messaging import Message
from tests.support.registry import CHEN, ZHAO_FATHER, TestRegistry
from tests.support.townsfolk import SANDUN, VILLAGE, ask, find

SUN = "330106195411110048"
MARRIAGE, BENEFIT = uuid4(), uuid4()

REGISTERED = {"marriageId": str(MARRIAGE), "registeredOn": "1977-10-01"}
BEREAVED = {"marriageId": str(MARRIAGE), "endedOn": "2026-11-20", "cause": "DEATH"}
GRANTED = {"benefitId": str(BENEFIT), "kind": "MINIMUM_LIVING", "decidedOn": "2024-03-01"}
STOPPED = {"benefitId": str(BENEFIT), "kind": "MINIMUM_LIVING", "stopsFrom": "2026-11"}


class KnownOwners:
    """The services that know whose an event is, as far as the registry asks them."""

    def __init__(self, registry: TestRegistry, *, left: Mapping[str, date] | None = None) -> None:
        self.registry = registry
        self.left = left or {}

    async def parties_of(self, marriage: UUID) -> Sequence[PersonIndex]:
        return [PersonIndex(self.registry.index.of(each)) for each in (ZHAO_FATHER, SUN)]

    async def people_of(self, benefit: UUID) -> Mapping[PersonIndex, date | None]:
        return {
            PersonIndex(self.registry.index.of(each)): self.left.get(each)
            for each in (ZHAO_FATHER, SUN)
        }


async def told(registry: TestRegistry, kind: str, data: Mapping[str, str], **owners) -> None:
    """Do the job that an event became."""
    job = Job(
        id=new_id(), kind=kind, key="k", payload={**data, "eventId": str(new_id())}, attempts=1
    )
    known = KnownOwners(registry, **owners)
    await following(known, registry.parts.wiring)[kind].handler(job)


async def of_village(registry: TestRegistry, who: str = "officer:he", **params):
    asked = {"purpose": "HOME_VISIT", "division": VILLAGE, **params}
    return await ask(registry, "GET", "/v1/service-objects", who=who, params=asked)


async def categories(registry: TestRegistry, **params) -> dict[str, list[str]]:
    answer = await of_village(registry, **params)
    assert answer.status_code == 200, answer.text
    return {
        each["name"]: [one["category"] for one in each["objects"]]
        for each in answer.json()["items"]
    }


async def enter(registry: TestRegistry, number: str, category: str, **more):
    person = (await find(registry, number)).json()["id"]
    return await ask(
        registry,
        "POST",
        f"/v1/residents/{person}/service-objects",
        json={"category": category, "since": "2025-01-01"},
        **more,
    )


async def test_a_clerk_learns_in_one_question_who_in_the_village_is_what(registry):
    await told(registry, FOLLOW_BENEFIT, GRANTED)
    await enter(registry, SUN, "DISABLED")
    assert await categories(registry) == {
        "赵***": ["MINIMUM_LIVING"],
        "孙**": ["DISABLED", "MINIMUM_LIVING"],
    }
    assert await categories(registry, category="DISABLED") == {
        "孙**": ["DISABLED", "MINIMUM_LIVING"]
    }
    (first, *_) = (await of_village(registry)).json()["items"]
    assert first["objects"][0]["title"]["zh"]
    assert "*" in first["idNo"]
    (line,) = await registry.rows(
        "SELECT DISTINCT actor, reason FROM journal WHERE act = 'list-service-objects'"
    )
    assert line == {"actor": "officer:he", "reason": "入户走访"}


async def test_events_in_any_order_and_twice_end_in_the_same_base(registry):
    events = (GRANTED, STOPPED)
    for order in itertools.permutations(events):
        for each in (*order, order[0]):
            await told(registry, FOLLOW_BENEFIT, each)
    assert await categories(registry) == {}
    then = await categories(registry, on="2026-10-31")
    assert sorted(then) == ["孙**", "赵***"]
    rows = await registry.rows("SELECT 1 FROM object_fact")
    assert len(rows) == 4


async def test_whoever_left_a_benefit_is_it_no_longer_and_the_others_are(registry):
    await told(registry, FOLLOW_BENEFIT, GRANTED)
    changed = {"benefitId": str(BENEFIT), "kind": "MINIMUM_LIVING", "fromMonth": "2026-12"}
    await told(registry, FOLLOW_BENEFIT, changed, left={ZHAO_FATHER: date(2026, 11, 20)})
    assert await categories(registry) == {"孙**": ["MINIMUM_LIVING"]}


async def test_told_all_over_again_an_empty_base_becomes_what_it_was(registry):
    await told(registry, FOLLOW_BENEFIT, GRANTED)
    before = await categories(registry)
    rows = "SELECT id FROM object_fact ORDER BY id"
    facts = await registry.rows(rows)
    await registry.rows("UPDATE service_object SET superseded_at = recorded_at RETURNING id")
    assert await categories(registry) == {}
    await told(registry, FOLLOW_BENEFIT, GRANTED)
    assert await categories(registry) == before
    assert await registry.rows(rows) == facts


async def test_help_that_is_given_once_is_not_noted(registry):
    await told(registry, FOLLOW_BENEFIT, {**GRANTED, "kind": "TEMPORARY_RELIEF"})
    assert await categories(registry) == {}


async def test_a_marriage_and_its_end_reach_both_lives_in_any_order(registry):
    for each in (BEREAVED, REGISTERED, BEREAVED):
        await told(registry, FOLLOW_MARRIAGE, each)
    sun = (await find(registry, SUN)).json()
    assert sun["civilStatus"] == "WIDOWED"
    assert [each["kind"] for each in sun["facts"]][-2:] == ["MOVE_IN", "BEREAVEMENT"]
    facts = await registry.rows("SELECT 1 FROM life_fact WHERE subject = :id", id=MARRIAGE)
    assert len(facts) == 4


async def test_an_event_becomes_one_job_however_often_it_comes(registry):
    types = {type_ for each in followed() for type_ in each.handlers}
    assert len(types) == 5
    subscription = followed()[1]
    message = Message(
        id=new_id(),
        type="civil.relief.benefit-granted.v1",
        topic=subscription.topic,
        key=str(BENEFIT),
        source="/t",
        data=GRANTED,
    )
    for _ in range(2):
        handler = subscription.handlers[message.type]
        await handler(message, transaction=registry.transaction)
    (job,) = await registry.rows("SELECT kind, payload->>'benefitId' AS benefit FROM job")
    assert job == {"kind": FOLLOW_BENEFIT, "benefit": str(BENEFIT)}


async def test_an_entry_is_ended_once_by_those_who_may_enter(registry):
    made = (await enter(registry, SUN, "PREFERENTIAL")).json()["id"]
    path, body = f"/v1/service-objects/{made}:end", {"on": "2026-11-01"}
    for who, status in (("officer:he", 403), ("officer:gao", 404), ("officer:lin", 200)):
        assert (await ask(registry, "POST", path, json=body, who=who)).status_code == status
    again = await ask(registry, "POST", path, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "OBJECT_ENDED")
    assert await categories(registry) == {}


async def test_what_a_service_told_no_officer_ends(registry):
    await told(registry, FOLLOW_BENEFIT, GRANTED)
    path = f"/v1/service-objects/{BENEFIT}:end"
    answer = await ask(registry, "POST", path, json={"on": "2026-11-01"})
    assert (answer.status_code, answer.json()["code"]) == (404, "OBJECT_NOT_FOUND")


@pytest.mark.parametrize(("who", "status"), [("gao", 404), ("lin", 200), ("zhou", 200)])
async def test_who_is_what_is_for_the_offices_of_the_division(quiet_registry, who, status):
    answer = await of_village(quiet_registry, who=f"officer:{who}")
    assert answer.status_code == status


async def test_counts_are_exact_for_the_division_and_guarded_for_others(registry):
    await told(registry, FOLLOW_BENEFIT, GRANTED)
    params = {"purpose": "RELIEF_REVIEW", "division": SANDUN}
    found = {}
    for who in ("officer:lin", "officer:gao"):
        path = "/v1/service-objects/counts"
        body = (await ask(registry, "GET", path, who=who, params=params)).json()
        counts = {each["category"]: each["count"] for each in body["items"]}
        found[who] = (body["isExact"], counts["MINIMUM_LIVING"], counts["ORPHAN"])
    assert found == {"officer:lin": (True, 2, 0), "officer:gao": (False, None, None)}


async def test_a_category_nobody_knows_is_refused(quiet_registry):
    answer = await of_village(quiet_registry, category="RICH")
    assert (answer.status_code, answer.json()["code"]) == (422, "BODY_INVALID")
    answer = await enter(quiet_registry, CHEN, "RICH")
    assert (answer.status_code, answer.json()["code"]) == (422, "BODY_INVALID")
