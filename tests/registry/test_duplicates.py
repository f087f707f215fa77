"""Are possible duplicates shown to a person, merged, and taken apart again without loss?"""

import asyncio
from uuid import UUID, uuid4

from services.registry.actions.find_duplicates import find_duplicates
from services.registry.actions.register_death import register_death
from services.registry.model import PersonId, PersonIndex
from tests.support.registry import a_matter, disclosed_death
from tests.support.seed import synthetic_id_no
from tests.support.townsfolk import SANDUN, SHUANGPU, ask, find, found_household, look, register

ONE = synthetic_id_no("002", "19880312")
ANEW = synthetic_id_no("004", "19880312")
PAGE = "/v1/duplicates?purpose=REGISTER_UPKEEP"


async def search(registry) -> int:
    compared = 0
    while done := await find_duplicates(
        transaction=registry.transaction, clock=registry.clock, index=registry.index
    ):
        compared += done
    return compared


async def pairs(registry, **more) -> list[dict]:
    answer = await ask(registry, "GET", PAGE, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def a_pair(registry, other_division: str = SANDUN) -> tuple[str, str, str]:
    """Two records of one woman, whose number was given anew; and the pair."""
    first = await found_household(registry)
    who = "officer:lin" if other_division == SANDUN else "officer:gao"
    second = await found_household(registry, other_division, who=who)
    body = {"name": "钱示例", "householdId": first, "on": "2015-01-01", "byBirth": False}
    one = await register(registry, first, ONE, name="钱示例", on="2015-01-01")
    other = await ask(
        registry,
        "POST",
        "/v1/residents",
        who=who,
        json={**body, "idNo": ANEW, "householdId": second, "on": "2021-01-01"},
    )
    assert other.status_code == 201, other.text
    await search(registry)
    found = await pairs(registry, who="officer:zhou")
    (pair,) = [each for each in found if one in {record["id"] for record in each["records"]}]
    return one, other.json()["id"], pair["id"]


async def merge(registry, pair: str, keep: str, **more):
    path = f"/v1/duplicates/{pair}:merge"
    return await ask(registry, "POST", path, json={"keep": keep}, **more)


async def shown(registry, number: str) -> dict:
    """A resident as shown, without the instant of the question."""
    body = (await find(registry, number)).json()
    return {name: value for name, value in body.items() if name != "knownAt"}


async def test_two_records_of_one_woman_are_shown_masked_with_what_agrees(registry):
    one, other, _ = await a_pair(registry)
    (pair,) = [each for each in await pairs(registry) if each["records"][0]["id"] in (one, other)]
    assert {record["id"] for record in pair["records"]} == {one, other}
    assert {record["name"] for record in pair["records"]} == {"钱**"}
    assert {"SAME_NAME", "SAME_BIRTH_DATE", "BOTH_NUMBERS_VALID"} <= set(pair["evidence"])
    assert pair["score"] >= 60
    assert ONE not in str(pair)


async def test_a_look_at_a_pair_is_journalled_for_both(registry):
    one, other, _ = await a_pair(registry)
    lines = await registry.rows("SELECT stream FROM journal WHERE act = 'read-duplicate'")
    assert {f"resident:{one}", f"resident:{other}"} <= {line["stream"] for line in lines}


async def test_what_is_kept_for_the_search_tells_nothing(registry):
    await a_pair(registry)
    rows = await registry.rows(
        "SELECT key AS kept FROM blocking_key UNION SELECT evidence::text FROM duplicate_candidate"
    )
    kept = " ".join(row["kept"] for row in rows)
    for personal in ("qian", "钱", "19880312", ONE, ONE[-8:], "示例路"):
        assert personal not in kept


async def test_a_search_compares_each_record_once(registry):
    await a_pair(registry)
    before = await registry.rows("SELECT id FROM duplicate_candidate")
    assert await search(registry) == 0
    assert await registry.rows("SELECT id FROM duplicate_candidate") == before


async def test_merged_records_answer_as_one_and_apart_again_each_is_as_it_was(registry):
    one, other, pair = await a_pair(registry)
    before = [await shown(registry, number) for number in (ONE, ANEW)]
    merged = await merge(registry, pair, other)
    assert merged.status_code == 200, merged.text
    by_either = [await shown(registry, number) for number in (ONE, ANEW)]
    assert by_either[0] == by_either[1]
    assert by_either[0]["id"] == other
    assert (await look(registry, "residents", one)).json()["id"] == other
    first, second = before[0]["householdId"], before[1]["householdId"]
    then = {"on": "2018-01-01"}
    assert (await look(registry, "residents", one, params=then)).json()["householdId"] == first
    assert by_either[0]["householdId"] == second
    undone = await ask(registry, "POST", f"/v1/merges/{merged.json()['mergeId']}:undo")
    assert undone.status_code == 200, undone.text
    assert [await shown(registry, number) for number in (ONE, ANEW)] == before
    told = [each["type"].split(".")[2] for each in await registry.events("%merged.v1")]
    assert told == ["residents-merged", "residents-unmerged"]
    assert await pairs(registry) == []


async def test_who_signs_in_with_either_number_is_the_one_that_was_kept(registry):
    one, other, pair = await a_pair(registry)
    await merge(registry, pair, other)
    async with registry.transaction() as store:
        for number in (ONE, ANEW):
            found = await store.find_resident_by_index(PersonIndex(registry.index.of(number)))
            assert str(found.id) == other
        assert str((await store.find_resident(PersonId(UUID(one)))).id) == one


async def test_two_people_are_dismissed_and_not_proposed_again(registry):
    one, other, pair = await a_pair(registry)
    dismissed = await ask(registry, "POST", f"/v1/duplicates/{pair}:dismiss")
    assert dismissed.status_code == 200
    again = await merge(registry, pair, one)
    assert (again.status_code, again.json()["code"]) == (409, "DUPLICATE_DECIDED")
    async with registry.transaction() as store:
        await store.forget_blocking_keys(PersonId(UUID(other)))
    await search(registry)
    assert await pairs(registry) == []


async def test_a_pair_across_two_towns_is_for_the_county(registry):
    one, _, pair = await a_pair(registry, SHUANGPU)
    for who in ("officer:lin", "officer:gao"):
        assert await pairs(registry, who=who) == []
        answer = await merge(registry, pair, one, who=who)
        assert (answer.status_code, answer.json()["code"]) == (404, "DUPLICATE_NOT_FOUND")
    assert (await merge(registry, pair, one, who="officer:zhou")).status_code == 200


async def test_only_who_decides_merges(registry):
    answer = await merge(registry, str(uuid4()), str(uuid4()), who="officer:he")
    assert (answer.status_code, answer.json()["code"]) == (403, "REGISTER_ROLE_LACKING")


async def test_many_who_merge_one_pair_at_once_make_one_merge(registry):
    one, other, pair = await a_pair(registry)
    keeps = (one, other, one, other)
    answers = await asyncio.gather(*(merge(registry, pair, keep) for keep in keeps))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    assert len(await registry.rows("SELECT 1 FROM resident_merge")) == 1


async def test_a_merge_is_undone_once(registry):
    one, _, pair = await a_pair(registry)
    made = (await merge(registry, pair, one)).json()["mergeId"]
    undoing = (ask(registry, "POST", f"/v1/merges/{made}:undo") for _ in range(3))
    answers = await asyncio.gather(*undoing)
    assert sorted(each.status_code for each in answers) == [200, 409, 409]


async def test_a_death_of_one_counts_for_both_while_they_are_one(registry):
    one, other, pair = await a_pair(registry)
    made = (await merge(registry, pair, other)).json()["mergeId"]
    death = a_matter(fields=disclosed_death(name="钱示例", id_no=ONE))
    await register_death(
        death, transaction=registry.transaction, clock=registry.clock, index=registry.index
    )
    assert (await shown(registry, ANEW))["status"] == "DECEASED"
    await ask(registry, "POST", f"/v1/merges/{made}:undo")
    found = [await shown(registry, number) for number in (ONE, ANEW)]
    assert [each["id"] for each in found] == [one, other]
    assert [each["status"] for each in found] == ["DECEASED", "ALIVE"]
    assert [each["diedOn"] for each in found] == ["2026-11-20", None]
