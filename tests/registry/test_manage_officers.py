"""Who makes officers, who may not, and how fast does a suspension work?"""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.registry.actions.authorise import ADMINISTRATOR
from services.registry.actions.recognise_person import person_of_session
from services.registry.actions.sign_in import begin_session
from services.registry.model import Officer, PersonKind
from shared.clock import FakeClock
from tests.registry.conftest import sweep
from tests.support.registry import TestRegistry, headers, registry_settings

XIHU = "330106000000"
SANDUN = "330106109000"
keys = (f"key-of-request-{number}" for number in count())


@pytest.fixture
async def registry(swept_database, clock, catalogue) -> AsyncIterator[TestRegistry]:
    made = TestRegistry(registry_settings(swept_database.url("registry")), clock, catalogue)
    yield made
    await made.rows("WITH gone AS (DELETE FROM officer_change RETURNING 1) SELECT * FROM gone")
    await sweep(made)
    await made.rows(
        "WITH gone AS (DELETE FROM officer WHERE id LIKE 'new-%' OR id LIKE 'admin-%'"
        " RETURNING 1) SELECT * FROM gone"
    )
    await made.rows(
        "WITH back AS (UPDATE officer SET is_active = true RETURNING 1) SELECT * FROM back"
    )
    await made.close()


async def token_of(registry: TestRegistry, officer: str, *methods: str) -> str:
    """A session of an officer who proved it in these ways."""
    async with registry.transaction() as store:
        person = await person_of_session(store, PersonKind.OFFICER, officer)
        assert person is not None
        signed_in = await begin_session(
            store,
            person,
            provider="TEST",
            methods=frozenset(methods or ("pwd", "otp")),
            clock=registry.clock,
            life_seconds=600,
        )
    return signed_in.access.value


async def an_administrator(registry: TestRegistry, name: str, division: str = XIHU) -> str:
    officer = Officer(
        id=f"admin-{name}",
        name="管示例",
        division=division,
        offices=frozenset(),
        roles=frozenset({ADMINISTRATOR}),
    )
    async with registry.transaction() as store:
        await store.add_officer(officer)
    return await token_of(registry, officer.id)


async def office_of(registry: TestRegistry, division: str) -> str:
    offices = (await registry.http.get("/v1/offices")).json()["items"]
    return next(each["id"] for each in offices if each["division"] == division)


def assignment(*roles: str, division: str = SANDUN, offices=()) -> dict:
    return {"division": division, "offices": list(offices), "roles": list(roles)}


async def post(registry: TestRegistry, token: str, path: str, body: dict | None = None):
    return await registry.http.post(path, json=body or {}, headers=headers(token, next(keys)))


async def create(registry: TestRegistry, token: str, officer: str, given: dict):
    body = {"id": officer, "name": "新示例", "assignment": given}
    return await post(registry, token, "/v1/officers", body)


async def test_an_administrator_makes_an_officer_who_then_enrols_and_signs_in(registry, clock):
    token = await an_administrator(registry, "one")
    office = await office_of(registry, SANDUN)
    made = await create(registry, token, "new-clerk", assignment("acceptance", offices=[office]))
    assert made.status_code == 201, made.text
    assert made.json()["pendingChangeId"] is None
    invited = await post(registry, token, "/v1/officers/new-clerk:invite")
    body = {"invitation": invited.json()["invitation"], "password": "four unrelated herons"}
    begun = await registry.http.post("/v1/enrolments:begin", json=body)
    assert begun.json()["officer"] == "new-clerk"
    (event,) = [
        each for each in await registry.events("%officer-changed%") if each["key"] == "new-clerk"
    ]
    assert event["data"]["offices"] == [office]
    assert "新示例" not in str(event["data"])


async def test_only_administrators_do_and_only_with_a_fresh_second_factor(registry):
    clerk = await token_of(registry, "lin")
    assert (await create(registry, clerk, "new-x", assignment())).status_code == 422
    await an_administrator(registry, "one")
    stale = await token_of(registry, "admin-one", "fed")
    answer = await create(registry, stale, "new-x", assignment())
    assert (answer.status_code, answer.json()["code"]) == (401, "STEP_UP_REQUIRED")


async def test_an_administrator_of_one_division_has_no_say_in_another(registry):
    token = await an_administrator(registry, "town", SANDUN)
    assert (await create(registry, token, "new-x", assignment(division=XIHU))).status_code == 422
    for act in ("suspend", "reinstate"):
        answer = await post(registry, token, f"/v1/officers/zhou:{act}", {"reason": "测试"})
        assert (answer.status_code, answer.json()["code"]) == (404, "OFFICER_NOT_FOUND")
    listed = await registry.http.get("/v1/officers", headers=headers(token))
    assert {each["division"][:9] for each in listed.json()["items"]} == {SANDUN[:9]}
    assert all("*" in each["name"] for each in listed.json()["items"])


async def test_nobody_gives_roles_to_themselves(registry):
    token = await an_administrator(registry, "one")
    for path, body in (
        ("assign", assignment(ADMINISTRATOR, "decision", division=XIHU)),
        ("reinstate", {"reason": "测试"}),
        ("invite", None),
    ):
        answer = await post(registry, token, f"/v1/officers/admin-one:{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (403, "OWN_RIGHTS_FORBIDDEN")


async def test_a_second_administrator_makes_an_administrator(registry):
    one, two = await an_administrator(registry, "one"), await an_administrator(registry, "two")
    made = await create(registry, one, "new-chief", assignment(ADMINISTRATOR, "decision"))
    assert made.json()["roles"] == ["decision"]
    change = made.json()["pendingChangeId"]
    refused = await post(registry, one, f"/v1/officer-changes/{change}:confirm")
    assert (refused.status_code, refused.json()["code"]) == (403, "SECOND_PERSON_NEEDED")
    town = await an_administrator(registry, "town", "330106110000")
    assert (await post(registry, town, f"/v1/officer-changes/{change}:confirm")).status_code == 404
    confirmed = await post(registry, two, f"/v1/officer-changes/{change}:confirm")
    assert confirmed.json()["roles"] == ["decision", ADMINISTRATOR]
    again = await post(registry, two, f"/v1/officer-changes/{change}:reject")
    assert (again.status_code, again.json()["code"]) == (409, "CHANGE_DECIDED")


async def test_whom_a_change_is_about_does_not_confirm_it(registry):
    one = await an_administrator(registry, "one")
    two = await an_administrator(registry, "two")
    # Moving an administrator is giving them another power, so it waits as well.
    moved = await post(registry, one, "/v1/officers/admin-two:assign", assignment(ADMINISTRATOR))
    assert moved.status_code == 202
    change = moved.json()["pendingChangeId"]
    answer = await post(registry, two, f"/v1/officer-changes/{change}:confirm")
    assert answer.json()["code"] == "SECOND_PERSON_NEEDED"
    waiting = await post(registry, one, "/v1/officers/admin-two:assign", assignment(ADMINISTRATOR))
    assert (waiting.status_code, waiting.json()["code"]) == (409, "CHANGE_PENDING")


async def test_the_database_itself_wants_four_eyes(registry):
    one = await an_administrator(registry, "one")
    made = await create(registry, one, "new-chief", assignment(ADMINISTRATOR))
    change = made.json()["pendingChangeId"]
    for by in ("officer:admin-one", "officer:new-chief"):
        with pytest.raises(IntegrityError, match=r"four_eyes|not_oneself"):
            async with registry.parts.database.engine.begin() as connection:
                await connection.execute(
                    text(
                        "UPDATE officer_change SET decided_by = :by, decided_at = now(),"
                        " outcome = 'CONFIRMED' WHERE id = :id"
                    ),
                    {"by": by, "id": change},
                )


async def test_two_who_decide_at_once_are_one_decision(registry):
    one = await an_administrator(registry, "one")
    others = [await an_administrator(registry, name) for name in ("two", "three")]
    made = await create(registry, one, "new-chief", assignment(ADMINISTRATOR))
    change = made.json()["pendingChangeId"]
    answers = await asyncio.gather(
        post(registry, others[0], f"/v1/officer-changes/{change}:confirm"),
        post(registry, others[1], f"/v1/officer-changes/{change}:reject"),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_suspended_officer_is_out_at_once(registry, clock: FakeClock):
    token = await an_administrator(registry, "one")
    session = await registry.sign_in("officer:lin")
    answer = await post(registry, token, "/v1/officers/lin:suspend", {"reason": "调查中"})
    assert (answer.status_code, answer.json()["isActive"]) == (200, False)
    body = {"refreshToken": session["refreshToken"]}
    assert (await registry.http.post("/v1/token:refresh", json=body)).status_code == 401
    told = (await registry.http.get("/.well-known/revoked-sessions.json")).json()["sessions"]
    rows = await registry.rows("SELECT id FROM session WHERE person = 'lin'")
    assert {str(row["id"]) for row in rows} <= set(told)
    again = await registry.http.post(
        "/v1/sign-in", json={"provider": "DEVELOPMENT", "code": "officer:lin"}
    )
    assert again.status_code == 401
    await post(registry, token, "/v1/officers/lin:reinstate", {"reason": "查清"})
    assert (await registry.sign_in("officer:lin"))["actor"]["id"] == "lin"


async def test_the_same_request_twice_makes_one_officer(registry):
    token = await an_administrator(registry, "one")
    body = {"id": "new-twin", "name": "双示例", "assignment": assignment("acceptance")}
    sent = {"json": body, "headers": headers(token, "the-same-key-twice")}
    first, second = [await registry.http.post("/v1/officers", **sent) for _ in range(2)]
    assert (first.status_code, second.json()) == (201, first.json())
    taken = await create(registry, token, "new-twin", assignment())
    assert (taken.status_code, taken.json()["code"]) == (409, "OFFICER_ID_TAKEN")


@pytest.mark.parametrize(
    "given",
    [
        assignment(offices=["00000000-0000-0000-0000-000000000000"]),
        assignment(division="330106999000"),
        assignment(division="999999999999"),
    ],
)
async def test_nobody_is_put_where_there_is_nothing(registry, given):
    token = await an_administrator(registry, "one")
    answer = await create(registry, token, "new-x", given)
    assert (answer.status_code, answer.json()["code"]) == (422, "ASSIGNMENT_UNSUITABLE")
