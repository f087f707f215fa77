"""Can a citizen let another act for them, and take it back?"""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.registry.actions.check_grant import CheckGrant, check_grant
from services.registry.actions.register_death import register_death
from services.registry.model import GrantRefusal
from tests.support.registry import (
    CHEN,
    STRANGER,
    YE,
    TestRegistry,
    a_matter,
    disclosed_death,
    headers,
)


def the_wish(registry: TestRegistry, **changes):
    return {
        "agent": {"name": "叶示例", "idNo": YE},
        "items": ["JZ201"],
        "expiresOn": (registry.clock.today() + timedelta(days=30)).isoformat(),
        **changes,
    }


async def give(registry: TestRegistry, *, who="resident:chen", key="first-key", **changes):
    token = await registry.token_of(who)
    return await registry.http.post(
        "/v1/grants", json=the_wish(registry, **changes), headers=headers(token, key)
    )


async def revoke(registry: TestRegistry, grant: str, *, who="resident:chen", key="revoke-key"):
    token = await registry.token_of(who)
    return await registry.http.post(f"/v1/grants/{grant}:revoke", headers=headers(token, key))


async def check(registry: TestRegistry, grant: dict, **changes):
    question = {
        "grantId": grant["id"],
        "agent": grant["agentId"],
        "principalIndex": registry.index.of(CHEN),
        "itemCode": "JZ201",
        **changes,
    }
    token = await registry.service_token("intake")
    answer = await registry.http.post(
        "/v1/grants:check", json=question, headers=headers(token, None)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_grant_covers_its_agent_its_principal_and_its_items(registry):
    answer = await give(registry)
    assert answer.status_code == 201
    assert await check(registry, answer.json()) == {"allowed": True, "reason": None}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"agent": str(uuid4())}, "OTHER_AGENT"),
        ({"principalIndex": "f" * 64}, "OTHER_PRINCIPAL"),
        ({"itemCode": "BND-02"}, "ITEM_NOT_COVERED"),
        ({"grantId": str(uuid4())}, "GRANT_UNKNOWN"),
    ],
)
async def test_what_a_grant_does_not_say_it_does_not_cover(registry, changes, reason):
    grant = (await give(registry)).json()
    assert await check(registry, grant, **changes) == {"allowed": False, "reason": reason}


async def test_a_revoked_grant_ends_at_once(registry):
    grant = (await give(registry)).json()
    assert (await revoke(registry, grant["id"])).json()["revokedAt"] is not None
    assert (await check(registry, grant))["reason"] == "GRANT_REVOKED"


async def test_revoking_twice_is_once(registry):
    grant = (await give(registry)).json()
    first = await revoke(registry, grant["id"])
    again = await revoke(registry, grant["id"], key="another-key")
    assert (again.status_code, again.json()) == (200, first.json())
    acts = await registry.rows("SELECT act FROM journal WHERE stream LIKE 'grant:%' ORDER BY seq")
    assert [row["act"] for row in acts] == ["give-grant", "revoke-grant"]


@pytest.mark.parametrize("who", ["resident:ye", "resident:liu"])
async def test_only_the_principal_revokes_and_others_find_nothing(registry, who):
    grant = (await give(registry)).json()
    answer = await revoke(registry, grant["id"], who=who)
    assert (answer.status_code, answer.json()["code"]) == (404, "GRANT_NOT_FOUND")
    assert (await check(registry, grant))["allowed"]


async def test_a_grant_is_over_on_the_day_after_its_last(registry, clock):
    grant = (await give(registry)).json()
    question = CheckGrant(
        grant=UUID(grant["id"]),
        agent=grant["agentId"],
        principal_index=registry.index.of(CHEN),
        item="JZ201",
    )
    found = []
    for _ in range(2):
        clock.advance(timedelta(days=30) if not found else timedelta(days=1))
        found.append(await check_grant(question, transaction=registry.transaction, clock=clock))
    assert found == [None, GrantRefusal.GRANT_EXPIRED]


@pytest.mark.law("民法典", 173)
async def test_a_grant_ends_with_the_principals_death(registry):
    grant = (await give(registry)).json()
    await register_death(
        a_matter(fields=disclosed_death(name="陈示例", id_no=CHEN)),
        transaction=registry.transaction,
        clock=registry.clock,
        index=registry.index,
    )
    assert (await check(registry, grant))["reason"] == "PERSON_DECEASED"


@pytest.mark.parametrize(
    "agent",
    [
        {"name": "叶示例", "idNo": STRANGER},
        {"name": "别人", "idNo": YE},
        {"name": "陈示例", "idNo": CHEN},
    ],
    ids=["unknown number", "other name", "oneself"],
)
async def test_every_agent_who_cannot_be_one_is_refused_alike(quiet_registry, agent):
    answer = await give(quiet_registry, agent=agent)
    assert (answer.status_code, answer.json()["code"]) == (422, "AGENT_NOT_ACCEPTED")
    assert agent["idNo"] not in answer.text


@pytest.mark.law("民法典", 161)
@pytest.mark.parametrize("items", [["HY601"], ["JZ201", "HY601"], ["XX999"]])
async def test_nobody_marries_by_an_agent_nor_applies_for_what_is_not_there(quiet_registry, items):
    answer = await give(quiet_registry, items=items)
    assert (answer.status_code, answer.json()["code"]) == (422, "ITEMS_NOT_GRANTABLE")


@pytest.mark.parametrize("expires_on", ["2020-01-01", "2099-01-01"])
async def test_a_grant_has_a_period_that_ends(quiet_registry, expires_on):
    answer = await give(quiet_registry, expiresOn=expires_on)
    assert (answer.status_code, answer.json()["code"]) == (422, "GRANT_PERIOD_NOT_ACCEPTED")


@pytest.mark.parametrize(
    "changes",
    [
        {"items": []},
        {"items": ["jz201"]},
        {"items": "JZ201"},
        {"expiresOn": 20261231},
        {"expiresOn": "20261231"},
        {"expiresOn": "2026-13-01"},
        {"expiresOn": None},
        {"agent": "叶示例"},
        {"agent": {"name": "叶\u202e示例", "idNo": YE}},
        {"agent": {"name": "叶示例", "idNo": "1" * 100}},
        {"principal": "somebody"},
    ],
)
async def test_a_wish_of_another_shape_is_refused_without_repeating_it(quiet_registry, changes):
    answer = await give(quiet_registry, **changes)
    assert answer.status_code == 422
    assert answer.json()["code"] == "BODY_INVALID"
    assert YE not in answer.text


async def test_the_same_request_twice_gives_one_grant_and_one_answer(registry):
    first, again = [await give(registry) for _ in range(2)]
    assert again.json() == first.json()
    assert len(await registry.rows("SELECT 1 FROM agency_grant")) == 1


async def test_the_same_key_for_another_wish_is_refused(registry):
    await give(registry)
    answer = await give(registry, items=["BND-02"])
    assert (answer.status_code, answer.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


async def test_many_of_one_request_at_once_give_one_grant(registry):
    token = await registry.token_of("resident:chen")
    answers = await asyncio.gather(
        *(
            registry.http.post(
                "/v1/grants", json=the_wish(registry), headers=headers(token, "one-key-only")
            )
            for _ in range(6)
        )
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(await registry.rows("SELECT 1 FROM agency_grant")) == 1


async def test_a_command_without_a_key_is_refused(quiet_registry):
    answer = await give(quiet_registry, key=None)
    assert (answer.status_code, answer.json()["code"]) == (400, "IDEMPOTENCY_KEY_MISSING")


async def test_principal_and_agent_see_a_grant_and_nobody_else(registry):
    grant = (await give(registry)).json()
    seen = {}
    for who in ("resident:chen", "resident:ye", "resident:liu"):
        token = await registry.token_of(who)
        answer = await registry.http.get("/v1/grants", headers=headers(token))
        seen[who] = [each["id"] for each in answer.json()["items"]]
    assert seen == {
        "resident:chen": [grant["id"]],
        "resident:ye": [grant["id"]],
        "resident:liu": [],
    }
