"""Is everything that cannot be meant refused clearly, without an echo and without a trace?"""

import base64

import pytest

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from services.gateway.schema.ids import to_global_id
from tests.support.gateway import CITIZEN, KEY, application_id, codes

CANARY = "330106198803120011"
SCREENS = read_documents(DOCS / "operations")
LIST = (
    "query($first: Int!, $after: String) "
    "{ applications(first: $first, after: $after) { totalCount } }"
)
NODE = "query($id: ID!) { node(id: $id) { id } }"


@pytest.mark.parametrize("first", [0, -1, 101, 99_999_999])
async def test_a_page_has_one_to_a_hundred_rows(house, first):
    answer = await house.post({"query": LIST, "variables": {"first": first}})
    assert answer.status_code == 400
    assert codes(answer.json()) == ["BAD_USER_INPUT"]
    assert house.intake.requests == []


@pytest.mark.parametrize(
    "after",
    [
        "",
        "x",
        "!!!",
        "é",
        "a" * 5000,
        base64.urlsafe_b64encode(b"inbox-open:1").decode(),
        base64.urlsafe_b64encode(b"applications:").decode(),
        base64.urlsafe_b64encode(b"applications:\x00").decode(),
    ],
)
async def test_a_forged_cursor_is_refused_here(house, after):
    answer = await house.post({"query": LIST, "variables": {"first": 1, "after": after}})
    assert answer.status_code == 400
    assert codes(answer.json()) == ["BAD_USER_INPUT"]
    assert house.intake.requests == []


async def test_a_cursor_that_the_window_does_not_know_is_refused_by_it(house):
    after = base64.urlsafe_b64encode(b"applications:forged").decode().rstrip("=")
    answer = await house.post({"query": LIST, "variables": {"first": 1, "after": after}})
    assert answer.status_code == 400
    assert codes(answer.json()) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "id",
    [
        "",
        "nonsense",
        "QXBwbGljYXRpb24",
        "a" * 10_000,
        CANARY,
        "../../v1/tasks",
        str(to_global_id("Application", "not-a-uuid")),
        str(to_global_id("Application", "0192f0c0-0000-7000-8000-000000000001".upper() + "/../..")),
        str(to_global_id("Payment", "0192f0c0-0000-7000-8000-000000000001")),
        str(to_global_id("ServiceItem", "../offices")),
        str(to_global_id("Application", "0192f0c0-0000-7000-8000-000000000001")) + "=",
    ],
)
async def test_what_is_no_id_of_ours_asks_nobody(house, id):
    answer = await house.post({"query": NODE, "variables": {"id": id}})
    assert codes(answer.json()) == ["BAD_USER_INPUT"]
    assert CANARY not in answer.text
    assert house.intake.requests == house.registry.requests == []


async def test_the_id_of_one_thing_is_not_the_id_of_another(house):
    task = to_global_id("Task", "0192f0c0-0000-7000-8000-000000000001")
    answer = await house.ask(SCREENS["Case"], {"id": task})
    assert codes(answer) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("number", ["", "1", CANARY, "33010620261122W00000010", "../../v1/tasks"])
async def test_what_is_no_application_number_asks_nobody(house, number):
    answer = await house.post({"query": SCREENS["CaseByNumber"], "variables": {"number": number}})
    assert codes(answer.json()) == ["BAD_USER_INPUT"]
    assert CANARY not in answer.text
    assert house.intake.requests == []


@pytest.mark.parametrize(
    "change",
    [
        {"itemCode": None},
        {"itemCode": 17},
        {"itemCode": "../items"},
        {"itemCode": CANARY},
        {"form": CANARY},
        {"form": None},
        {"form": [1]},
        {"channel": "FAX"},
        {"channel": CANARY},
        {"materials": [{"key": "bills", "fileId": "not-a-file"}]},
        {"materials": [{"key": "bills", "unknown": CANARY}]},
        {"materials": {"key": 1}},
        {"onBehalfOf": CANARY},
        {"idempotencyKey": "short"},
        {"idempotencyKey": "钥匙" * 8},
        {"idempotencyKey": "with\nnewline-in-it"},
        {"idempotencyKey": "x" * 129},
        {"owner": CANARY},
    ],
)
async def test_a_submission_that_cannot_be_meant_is_a_400_and_asks_nobody(house, change):
    given = {
        "itemCode": "JZ201",
        "form": {"type": "EMERGENCY"},
        "channel": "WECHAT",
        "idempotencyKey": KEY,
        **change,
    }
    answer = await house.post(
        {"query": SCREENS["SubmitApplication"], "variables": {"input": given}}
    )
    assert answer.status_code == 400
    assert codes(answer.json()) == ["BAD_USER_INPUT"] * len(codes(answer.json()))
    assert CANARY not in answer.text
    assert house.intake.requests == []


@pytest.mark.parametrize("value", [2**31, 2**53 + 1, -(2**31) - 1, 1.5, True, "1", [1], {}])
async def test_a_number_that_is_no_32_bit_integer_is_a_400(house, value):
    answer = await house.post({"query": LIST, "variables": {"first": value}})
    if value == [1]:
        assert codes(answer.json()) == ["BAD_USER_INPUT"]
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        f'{{ applications(first: "{CANARY}") {{ totalCount }} }}',
        f"{{ applications(first: {CANARY}) {{ totalCount }} }}",
        f"{{ applications(first: 1 {CANARY} }}",
        f'{{ inbox(state: "{CANARY}") {{ totalCount }} }}',
        f'query($f: Int = "{CANARY}") {{ applications(first: $f) {{ totalCount }} }}',
        f'mutation {{ signIn(input: {{provider: "D", extra: "{CANARY}"}}) {{ __typename }} }}',
        f'mutation {{ signIn(input: "{CANARY}") {{ __typename }} }}',
        f'"{CANARY}" {{ __typename }}',
    ],
)
async def test_a_literal_that_does_not_fit_is_not_repeated(house, query):
    answer = await house.post({"query": query})
    assert answer.status_code == 400
    assert CANARY not in answer.text


async def test_null_for_what_must_be_there_is_a_400(house):
    answer = await house.post({"query": NODE, "variables": {"id": None}})
    assert answer.status_code == 400


async def test_a_form_of_a_megabyte_is_refused_before_it_is_read(house):
    given = {"input": {"code": "x" * 1_000_000, "provider": "DEVELOPMENT"}}
    answer = await house.post({"query": SCREENS["SignIn"], "variables": given})
    assert answer.status_code == 413
    assert house.registry.requests == []


async def test_a_code_longer_than_any_provider_s_is_refused(house):
    given = {"input": {"code": "x" * 5000, "provider": "DEVELOPMENT"}}
    assert codes(await house.ask(SCREENS["SignIn"], given)) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"query": "{ __typename }", "query": "{ a }"}',
        b'{"query": "{ __typename }", "variables": {"a": "\\u0000"}}',
        b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}',
        b'{"query": "{ __typename }", "variables": {"a": 1e400}}',
        b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 900 + b"1" + b"}" * 901,
        '{"query": "{ __typename }"}'.encode("utf-16"),
        b'{"query": "\xff"}',
    ],
)
async def test_json_that_two_readers_might_read_differently_is_a_400(house, content):
    headers = {"content-type": "application/json"}
    assert (
        await house.client.post("/graphql", content=content, headers=headers)
    ).status_code == 400


async def test_a_member_named_like_a_prototype_is_a_member_like_any_other(house):
    given = {
        "input": {
            "itemCode": "JZ201",
            "form": {"__proto__": {"admin": True}},
            "channel": "WEB",
            "idempotencyKey": KEY,
        }
    }
    await house.data(SCREENS["SubmitApplication"], given)
    assert house.intake.bodies[0]["form"] == {"__proto__": {"admin": True}}


@pytest.mark.parametrize(
    "token", ["Basic abc", "Bearer", "Bearer ", "Bearer a b", "Bearer " + "a" * 9000]
)
async def test_what_is_no_bearer_token_is_not_passed_on(house, token):
    case = house.intake.add()
    answer = await house.ask(SCREENS["Case"], {"id": application_id(case)}, token=token)
    assert codes(answer) == ["UNAUTHENTICATED"]
    assert "authorization" not in house.intake.headers[0]


async def test_headers_that_would_speak_for_somebody_are_not_passed_on(house):
    case = house.intake.add()
    spoofed = {"x_user_id": "1", "x_forwarded_for": "10.0.0.1", "cookie": "a=b"}
    await house.ask(SCREENS["Case"], {"id": application_id(case)}, **spoofed)
    passed = house.intake.headers[0]
    assert {"x-user-id", "x-forwarded-for", "cookie"}.isdisjoint(passed)
    assert passed["authorization"] == CITIZEN


async def test_what_another_service_says_of_its_insides_stays_here(house):
    answer = await house.ask(
        NODE, {"id": to_global_id("Task", "0192f0c0-0000-7000-8000-000000000001")}
    )
    assert "canary" not in str(answer)


async def test_a_bug_is_told_by_a_code_and_nothing_more(house, logged):
    house.registry.items["JZ201"] = {
        "definition": {"code": "JZ201", "materials": 7, "form": {1: 2}}
    }
    case = house.intake.add(
        matters=[
            {"key": "m", "status": "in-review", "title": {"zh": CANARY}, "tasks": [{"id": 17}]}
        ]
    )
    answer = await house.ask(SCREENS["Case"], {"id": application_id(case)})
    assert codes(answer) == ["UNAVAILABLE"]
    assert CANARY not in str(answer)
    assert CANARY not in str(logged)
