"""Are residents kept with their households, their past and their old numbers?"""

import asyncio
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.registry.actions.note_life import note_facts
from services.registry.actions.register_death import register_death
from services.registry.errors.residents import InTwoHouseholds, InTwoPlaces
from services.registry.model import PersonId, PersonIndex
from services.registry.model.households import Membership, Period, Place
from services.registry.model.residents import FactId, HouseholdId, LifeEvent, LifeFact
from shared.ids import derived_id, new_id
from tests.support.registry import STRANGER, ZHAO_FATHER, a_matter
from tests.support.seed import synthetic_id_no
from tests.support.townsfolk import (
    SHUANGPU,
    VILLAGE,
    ask,
    find,
    found_household,
    look,
    note,
    register,
)

SUN = "330106195411110048"
NEWBORN = synthetic_id_no("002", "20261101")


async def members(registry, household: str, **params) -> list[str]:
    answer = await look(registry, "households", household, params=params)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["members"]]


async def test_the_seed_lives_in_households_and_goes_out_masked(registry):
    sun = (await find(registry, SUN)).json()
    assert (sun["name"], sun["idNo"]) == ("孙**", "330***********0048")
    assert (sun["division"], sun["civilStatus"], sun["status"]) == (VILLAGE, "UNKNOWN", "ALIVE")
    father = (await find(registry, ZHAO_FATHER)).json()
    assert father["householdId"] == sun["householdId"]
    assert len(await members(registry, sun["householdId"])) == 2


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer:he", 200),
        ("officer:lin", 200),
        ("officer:zhou", 200),
        ("officer:gao", 404),
        ("resident:chen", 403),
    ],
)
async def test_an_officer_sees_the_residents_of_own_offices_divisions(quiet_registry, who, status):
    answer = await find(quiet_registry, SUN, who=who)
    assert answer.status_code == status
    if status == 404:
        missing = await find(quiet_registry, STRANGER, who=who)
        assert answer.json() == missing.json()


async def test_every_read_is_journalled_with_its_purpose(registry):
    resident = (await find(registry, SUN)).json()["id"]
    await look(registry, "residents", resident, who="officer:gao")
    lines = await registry.rows(
        "SELECT actor, act, reason, facts->>'purpose' AS purpose FROM journal"
        " WHERE stream = :stream ORDER BY seq",
        stream=f"resident:{resident}",
    )
    assert lines == [
        {
            "actor": "officer:lin",
            "act": "find-resident",
            "reason": "服务办理",
            "purpose": "SERVICE_DELIVERY",
        }
    ]


async def test_a_read_without_a_purpose_is_refused(quiet_registry):
    answer = await ask(quiet_registry, "GET", f"/v1/residents/{uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (422, "BODY_INVALID")


async def test_a_birth_and_a_move_are_told_without_saying_who(registry):
    home, other = await found_household(registry), await found_household(registry)
    child = await register(registry, home, NEWBORN, byBirth=True, on="2026-11-01")
    assert (
        await note(registry, child, "MOVE_IN", "2026-11-10", household=other)
    ).status_code == 201
    assert await members(registry, home, on="2026-11-09") == [child]
    assert await members(registry, home, on="2026-11-10") == []
    assert await members(registry, other) == [child]
    told = [each["data"] for each in await registry.events("civil.registry.resident-changed.v1")]
    assert [(each["kind"], each["on"]) for each in told[-2:]] == [
        ("BIRTH", "2026-11-01"),
        ("MOVE_IN", "2026-11-10"),
    ]
    everything = str(await registry.events())
    assert NEWBORN not in everything
    assert "新示例" not in everything
    assert "示例路" not in everything


async def test_moves_heard_in_the_wrong_order_end_in_the_same_register(registry):
    first, second = await found_household(registry), await found_household(registry)
    child = await register(registry, first, NEWBORN, on="2020-01-01")
    await note(registry, child, "MOVE_IN", "2024-01-01", household=first)
    await note(registry, child, "MOVE_IN", "2022-01-01", household=second)
    days = ("2021-01-01", "2023-01-01", "2025-01-01")
    found = [await members(registry, first, on=day) for day in days]
    assert found == [[child], [], [child]]
    assert await members(registry, second, on="2023-06-01") == [child]


async def test_who_was_in_a_household_on_a_day_as_known_at_an_instant(registry, clock):
    first, second = await found_household(registry), await found_household(registry)
    child = await register(registry, first, NEWBORN, on="2020-01-01")
    wrong = (await note(registry, child, "MOVE_IN", "2024-01-01", household=second)).json()["id"]
    before = clock.now().isoformat()
    clock.advance(timedelta(seconds=5))
    right = await note(registry, child, "MOVE_IN", "2025-01-01", household=second, corrects=wrong)
    assert right.status_code == 201
    asked = {"on": "2024-06-01"}
    assert await members(registry, second, **asked) == []
    assert await members(registry, first, **asked) == [child]
    assert await members(registry, second, **asked, knownAt=before) == [child]
    assert await members(registry, first, **asked, knownAt=before) == []
    then = (await look(registry, "residents", child, params={**asked, "knownAt": before})).json()
    assert then["householdId"] == second
    facts = await registry.rows("SELECT 1 FROM life_fact WHERE subject = :id", id=UUID(second))
    assert len(facts) == 2


async def test_a_fact_is_corrected_once_and_then_its_correction_is(registry):
    home = await found_household(registry)
    child = await register(registry, home, NEWBORN, on="2020-01-01")
    wrong = (await look(registry, "residents", child)).json()["facts"][0]["id"]
    answers = await asyncio.gather(
        *(
            note(registry, child, "MOVE_IN", f"2020-02-0{day}", household=home, corrects=wrong)
            for day in (1, 2, 3)
        )
    )
    codes = sorted(each.status_code for each in answers)
    assert codes == [201, 409, 409]
    refused = next(each for each in answers if each.status_code == 409)
    assert refused.json()["code"] == "FACT_CORRECTED_ALREADY"


async def test_what_another_service_registered_is_corrected_there(registry):
    await register_death(
        a_matter(),
        transaction=registry.transaction,
        clock=registry.clock,
        index=registry.index,
    )
    father = (await find(registry, ZHAO_FATHER)).json()
    death = next(each for each in father["facts"] if each["kind"] == "DEATH")
    answer = await note(registry, father["id"], "VOID", "2026-11-20", corrects=death["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "FACT_OF_ANOTHER_SERVICE")


async def test_a_death_ends_a_membership_and_the_widow_stays(registry):
    sun = (await find(registry, SUN)).json()
    await register_death(
        a_matter(), transaction=registry.transaction, clock=registry.clock, index=registry.index
    )
    father = (await find(registry, ZHAO_FATHER)).json()
    assert (father["status"], father["diedOn"]) == ("DECEASED", "2026-11-20")
    household = sun["householdId"]
    assert len(await members(registry, household, on="2026-11-20")) == 2
    assert await members(registry, household, on="2026-11-21") == [sun["id"]]


async def test_an_old_number_still_finds_the_person_and_is_nobody_elses(registry):
    home = await found_household(registry)
    person = await register(registry, home, NEWBORN)
    newer = synthetic_id_no("004", "20261102")
    body = {"on": "2026-11-15", "idNo": newer, "name": "改示例"}
    changed = await ask(registry, "POST", f"/v1/residents/{person}:change-identity", json=body)
    assert changed.status_code == 200
    by_old, by_new = [(await find(registry, number)).json() for number in (NEWBORN, newer)]
    assert by_old["id"] == by_new["id"] == person
    assert (by_new["idNo"][-4:], by_new["formerNumbers"][0][-4:]) == (newer[-4:], NEWBORN[-4:])
    assert (by_new["name"], by_new["aliases"]) == ("改**", ["新**"])
    again = await ask(
        registry,
        "POST",
        "/v1/residents",
        json={"name": "别人", "idNo": NEWBORN, "householdId": home, "on": "2020-01-01"},
    )
    assert (again.status_code, again.json()["code"]) == (409, "RESIDENT_KNOWN_ALREADY")


async def test_a_number_of_another_is_not_given_twice(registry):
    home = await found_household(registry)
    person = await register(registry, home, NEWBORN)
    body = {"on": "2026-11-15", "idNo": SUN}
    answer = await ask(registry, "POST", f"/v1/residents/{person}:change-identity", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "NUMBER_TAKEN")
    assert (await find(registry, NEWBORN)).json()["id"] == person


async def test_what_was_heard_of_a_person_before_they_were_known_counts_afterwards(registry):
    home = await found_household(registry)
    fact = LifeFact(
        id=FactId(derived_id("life-fact", "heard-early")),
        person=PersonIndex(registry.index.of(NEWBORN)),
        kind=LifeEvent.MARRIAGE,
        on=date(2026, 11, 12),
        subject=uuid4(),
        source="civil.marriage.marriage",
        recorded_at=registry.clock.now(),
    )
    for _ in range(2):
        async with registry.transaction() as store:
            await note_facts(store, [fact], clock=registry.clock)
    person = await register(registry, home, NEWBORN)
    assert (await look(registry, "residents", person)).json()["civilStatus"] == "MARRIED"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("33010620261101002", "ID_NUMBER_LENGTH"),
        ("33010620261301002X", "ID_NUMBER_BIRTH_DATE"),
        (NEWBORN[:-1] + ("1" if NEWBORN[-1] != "1" else "2"), "ID_NUMBER_CHECK"),
        ("3301062026110100AX", "ID_NUMBER_CHARACTERS"),
    ],
)
async def test_a_number_wrong_in_each_way_gets_its_own_message(quiet_registry, number, fault):
    body = {"name": "某人", "idNo": number, "householdId": str(uuid4()), "on": "2020-01-01"}
    answer = await ask(quiet_registry, "POST", "/v1/residents", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "ID_NUMBER_INVALID")
    assert answer.json()["fault"] == fault
    assert number not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "MOVE_IN", "on": "2026-01-01"},
        {"kind": "MOVE_OUT", "on": "2026-01-01", "householdId": str(uuid4())},
        {"kind": "VOID", "on": "2026-01-01"},
        {"kind": "DEATH", "on": "2026-01-01"},
        {"kind": "MARRIAGE", "on": "2026-01-01"},
    ],
)
async def test_a_note_that_says_too_little_or_too_much_is_refused(quiet_registry, body):
    answer = await ask(quiet_registry, "POST", f"/v1/residents/{uuid4()}/facts", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "BODY_INVALID")


async def test_a_clerk_who_may_only_look_does_not_write(quiet_registry):
    body = {"division": VILLAGE, "address": "示例路", "since": "2020-01-01"}
    answer = await ask(quiet_registry, "POST", "/v1/households", json=body, who="officer:he")
    assert (answer.status_code, answer.json()["code"]) == (403, "REGISTER_ROLE_LACKING")


async def test_nothing_is_written_beyond_the_officers_divisions(registry):
    elsewhere = {"division": SHUANGPU, "address": "示例路", "since": "2020-01-01"}
    answer = await ask(registry, "POST", "/v1/households", json=elsewhere)
    assert (answer.status_code, answer.json()["code"]) == (404, "DIVISION_OUT_OF_REACH")
    theirs = await found_household(registry, SHUANGPU, who="officer:gao")
    body = {"name": "某人", "idNo": NEWBORN, "householdId": theirs, "on": "2020-01-01"}
    answer = await ask(registry, "POST", "/v1/residents", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "HOUSEHOLD_NOT_FOUND")


async def test_a_household_that_moves_takes_its_people_out_of_reach(registry):
    home = await found_household(registry)
    person = await register(registry, home, NEWBORN)
    body = {"division": SHUANGPU, "address": "示例路2号", "since": "2026-11-01"}
    moved = await ask(registry, "POST", f"/v1/households/{home}:settle", json=body)
    assert moved.status_code == 200
    assert (await look(registry, "residents", person)).status_code == 404
    theirs = await look(registry, "residents", person, who="officer:gao")
    assert theirs.json()["division"] == SHUANGPU


# --- what must hold when several do it at once -------------------------------------------------


def a_stay(household: str, since: str) -> dict[UUID, Membership]:
    period = Period(since=date.fromisoformat(since))
    return {new_id(): Membership(household=HouseholdId(UUID(household)), period=period)}


async def test_the_table_itself_lets_nobody_into_two_households_at_once(registry):
    homes = [await found_household(registry) for _ in range(4)]
    person = PersonId(UUID((await find(registry, SUN)).json()["id"]))
    async with registry.transaction() as store:
        kept = await store.list_memberships(person)
        old = [each.id for each in kept]
        await store.replace_memberships(person, old=old, new={}, at=registry.clock.now())

    async def enter(home: str) -> bool:
        try:
            async with registry.transaction() as store:
                new = a_stay(home, "2021-01-01")
                await store.replace_memberships(person, old=[], new=new, at=registry.clock.now())
        except InTwoHouseholds:
            return False
        return True

    assert sorted(await asyncio.gather(*map(enter, homes))) == [False, False, False, True]


async def test_the_table_itself_lets_no_household_be_in_two_places_at_once(registry):
    home = HouseholdId(UUID(await found_household(registry)))

    async def settle(division: str) -> bool:
        period = Period(since=date(2021, 1, 1), until=date(2022, 1, 1))
        place = Place(division=division, address="示例路", period=period)
        try:
            async with registry.transaction() as store:
                await store.replace_places(
                    home, old=[], new={new_id(): place}, at=registry.clock.now()
                )
        except InTwoPlaces:
            return False
        return True

    # It is in one place already: nobody may add another for the same days.
    assert await asyncio.gather(*map(settle, (VILLAGE, SHUANGPU))) == [False, False]


async def test_two_officers_who_move_one_person_at_once_leave_them_in_one_household(registry):
    homes = [await found_household(registry) for _ in range(4)]
    person = await register(registry, homes[0], NEWBORN, on="2020-01-01")
    answers = await asyncio.gather(
        *(note(registry, person, "MOVE_IN", "2024-01-01", household=home) for home in homes[1:])
    )
    assert {each.status_code for each in answers} == {201}
    found = [await members(registry, home) for home in homes]
    assert sorted(map(len, found)) == [0, 0, 0, 1]


async def test_what_was_known_cannot_be_removed_by_the_services_own_role(quiet_registry):
    for statement in ("DELETE FROM life_fact", "UPDATE life_fact SET kind = 'BIRTH'"):
        with pytest.raises(Exception, match="permission denied"):
            await quiet_registry.rows(statement)
