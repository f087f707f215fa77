"""Does a screen that watches a case see each change, in its caller's name, to the end?"""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from tests.support.gateway import CITIZEN, STRANGER, application_id, concluded, served

SCREENS = read_documents(DOCS / "operations")
MANIFEST = json.loads((DOCS / "documents.json").read_text(encoding="utf-8"))
PROTOCOL = "graphql-transport-ws"
SHORT = "subscription($id: ID!) { applicationProgress(applicationId: $id) { stage version } }"
PATIENCE = 5


class Socket:
    """A screen's WebSocket."""

    def __init__(self, connection):
        self.connection = connection

    async def send(self, type, **members):
        await self.connection.send(json.dumps({"type": type, **members}))

    async def receive(self):
        async with asyncio.timeout(PATIENCE):
            return json.loads(await self.connection.recv())

    async def watch(self, case, *, query=SHORT, id="1", **payload):
        given = {"query": query, "variables": {"id": application_id(case)}, **payload}
        await self.send("subscribe", id=id, payload=given)

    async def seen(self):
        """The next view of the case."""
        message = await self.receive()
        assert message["type"] == "next", message
        return message["payload"]["data"]["applicationProgress"]

    async def code(self):
        """The code of the next message, which is a refusal."""
        message = await self.receive()
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        return errors[0]["extensions"]["code"]

    async def closed(self):
        """The code with which the server closes."""
        with pytest.raises(ConnectionClosed) as closing:
            await self.receive()
        return closing.value.rcvd.code


@asynccontextmanager
async def opened(house, *, protocol=PROTOCOL, origin=None):
    async with (
        served(house.api) as address,
        connect(
            f"ws://{address}/graphql", subprotocols=[protocol], origin=origin, proxy=None
        ) as connection,
    ):
        yield Socket(connection)


@asynccontextmanager
async def signed_in(house, token=CITIZEN, **given):
    async with opened(house, **given) as socket:
        await socket.send("connection_init", payload={"authorization": token})
        assert (await socket.receive())["type"] == "connection_ack"
        yield socket


def advance(house, case, **given):
    """Let the case move on, and the event about it arrive."""
    house.intake.cases[case["id"]] = {**house.intake.cases[case["id"]], **given}
    house.hub.happened(case["id"], {})


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)


async def test_a_screen_sees_the_case_at_once_and_then_each_change_to_the_end(house):
    case = house.intake.add()
    async with signed_in(house) as socket:
        await socket.watch(case)
        assert await socket.seen() == {"stage": "IN_REVIEW", "version": 4}
        advance(house, case, stage="decided", version=5)
        assert await socket.seen() == {"stage": "DECIDED", "version": 5}
        advance(house, case, **concluded(house.intake.cases[case["id"]]))
        assert await socket.seen() == {"stage": "CONCLUDED", "version": 6}
        assert await socket.receive() == {"id": "1", "type": "complete"}
    assert house.hub.watched == 0


async def test_a_case_that_is_over_is_shown_once(house):
    case = house.intake.add(stage="withdrawn")
    async with signed_in(house) as socket:
        await socket.watch(case)
        assert (await socket.seen())["stage"] == "WITHDRAWN"
        assert (await socket.receive())["type"] == "complete"


async def test_events_that_come_together_are_one_look(house):
    case = house.intake.add()
    async with signed_in(house) as socket:
        await socket.watch(case)
        await socket.seen()
        for version in range(5, 10):
            advance(house, case, version=version)
        assert (await socket.seen())["version"] == 9
    assert len(house.intake.requests) == 2


async def test_an_event_that_changes_nothing_shows_nothing(house):
    case = house.intake.add()
    async with signed_in(house) as socket:
        await socket.watch(case)
        await socket.seen()
        house.hub.happened(case["id"], {})
        await until(lambda: len(house.intake.requests) == 2)
        advance(house, case, version=5)
        assert (await socket.seen())["version"] == 5


async def test_a_case_is_looked_at_again_even_if_no_event_comes(make_gateway):
    house = make_gateway(progress_seconds=0.1)
    case = house.intake.add()
    async with signed_in(house) as socket:
        await socket.watch(case)
        await socket.seen()
        house.intake.cases[case["id"]]["version"] = 5
        assert (await socket.seen())["version"] == 5


async def test_each_screen_sees_its_own_case_only(house):
    one, other = house.intake.add(), house.intake.add(stage="accepted")
    async with signed_in(house) as socket:
        await socket.watch(one, id="one")
        await socket.seen()
        await socket.watch(other, id="other")
        await socket.seen()
        advance(house, other, stage="decided")
        message = await socket.receive()
        assert message["id"] == "other"


async def test_someone_else_s_case_shows_nothing_and_is_not_watched(house):
    case = house.intake.add()
    async with signed_in(house, STRANGER) as socket:
        await socket.watch(case)
        assert await socket.code() == "NOT_FOUND"
        assert (await socket.receive())["type"] == "complete"
    assert house.hub.watched == 0


async def test_whoever_may_no_longer_see_a_case_is_told_nothing_more(house):
    case = house.intake.add()
    async with signed_in(house) as socket:
        await socket.watch(case)
        await socket.seen()
        del house.intake.cases[case["id"]]
        house.hub.happened(case["id"], {})
        assert await socket.code() == "NOT_FOUND"
        assert (await socket.receive())["type"] == "complete"


async def test_a_screen_that_goes_away_is_not_kept(house):
    case = house.intake.add()
    async with signed_in(house) as socket:
        await socket.watch(case)
        await socket.seen()
        assert house.hub.watched == 1
        await socket.send("complete", id="1")
        await until(lambda: house.hub.watched == 0)
        await socket.watch(case, id="2")
        await socket.seen()
        await socket.connection.close()
        await until(lambda: house.hub.watched == 0)


async def test_more_screens_than_can_be_served_are_refused(make_gateway):
    house = make_gateway(max_watchers=1)
    case = house.intake.add()
    async with signed_in(house) as socket:
        await socket.watch(case)
        await socket.seen()
        await socket.watch(case, id="2")
        assert await socket.code() == "TOO_MANY_WATCHERS"


async def test_one_socket_has_ten_operations_at_a_time(house):
    case = house.intake.add()
    async with signed_in(house) as socket:
        for number in range(10):
            await socket.watch(case, id=str(number))
            await socket.seen()
        await socket.watch(case, id="one-too-many")
        assert (await socket.receive())["type"] == "error"


async def test_queries_go_by_the_same_socket_and_read_anew_each_time(house):
    case = house.intake.add()
    query = "query($id: ID!) { application(id: $id) { version } }"
    async with signed_in(house) as socket:
        for version in (4, 5):
            house.intake.cases[case["id"]]["version"] = version
            await socket.watch(case, query=query, id=str(version))
            payload = (await socket.receive())["payload"]
            assert payload["data"]["application"]["version"] == version
            assert (await socket.receive())["type"] == "complete"


@pytest.mark.parametrize(
    "payload",
    [None, {}, {"authorization": ""}, {"authorization": 7}, {"authorization": "Bearer a\r\nX: y"}],
)
async def test_a_socket_without_a_token_is_closed(house, payload):
    async with opened(house) as socket:
        members = {} if payload is None else {"payload": payload}
        await socket.send("connection_init", **members)
        assert await socket.closed() == 4403


async def test_nothing_is_carried_out_before_the_token_came(house):
    case = house.intake.add()
    async with opened(house) as socket:
        await socket.watch(case)
        assert await socket.closed() == 4401
    assert house.intake.requests == []


@pytest.mark.parametrize(
    "message",
    [
        "not json",
        "[]",
        "17",
        '{"type": 1}',
        '{"type": "nonsense"}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1", "payload": "x"}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "variables": []}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "operationName": 1}}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ a }", "query": "{ b }"}}',
        '{"type": "complete"}',
        b"\x00\x01",
        '{"type": "ping", "payload": "' + "x" * 300_000 + '"}',
    ],
)
async def test_what_is_no_message_closes_the_socket(house, message):
    async with signed_in(house) as socket:
        await socket.connection.send(message)
        assert await socket.closed() == 4400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("", "REQUEST_UNREADABLE"),
        (17, "REQUEST_UNREADABLE"),
        ('subscription { applicationProgress(applicationId: "x") { id } }', "BAD_USER_INPUT"),
        ("{ " + "__typename " * 150 + "}", "TOO_MANY_ALIASES"),
        ("{ a " * 300 + "}" * 300, "QUERY_TOO_DEEP"),
        (
            '{ task(id: "x") ' + "{ application { waitingOn " * 95 + "{ id }" + "} }" * 95 + "}",
            "QUERY_TOO_DEEP",
        ),
    ],
)
async def test_a_document_that_is_no_good_is_refused_and_the_socket_stays(house, query, code):
    async with signed_in(house) as socket:
        await socket.send("subscribe", id="1", payload={"query": query})
        assert await socket.code() == code
        await socket.send("subscribe", id="2", payload={"query": "{ __typename }"})
        answer = await socket.receive()
        while answer["id"] != "2":
            answer = await socket.receive()
        assert answer["payload"]["data"] == {"__typename": "Query"}


async def test_in_production_a_screen_is_watched_by_the_hash_of_its_document(production):
    case = production.intake.add()
    async with signed_in(production) as socket:
        named = {"documentId": MANIFEST["CaseProgress"], "variables": {"id": application_id(case)}}
        await socket.send("subscribe", id="1", payload=named)
        assert (await socket.seen())["number"] == case["number"]
        await socket.watch(case, id="2")
        assert await socket.code() == "PERSISTED_QUERY_ONLY"


async def test_only_the_one_protocol_is_spoken(house):
    async with opened(house, protocol="graphql-ws") as socket:
        assert await socket.closed() == 4406


@pytest.mark.parametrize(
    ("origin", "taken"),
    [(None, True), ("https://servicewechat.com", True), ("https://elsewhere.example", False)],
)
async def test_pages_of_unknown_origins_open_no_socket(house, origin, taken):
    if taken:
        async with signed_in(house, origin=origin):
            return
    with pytest.raises(InvalidStatus) as refused:
        async with opened(house, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_an_event_stream_shows_the_same_and_ends_with_the_case(house):
    case = house.intake.add(stage="withdrawn")
    body = {"query": SHORT, "variables": {"id": application_id(case)}}
    headers = {"accept": "text/event-stream", "authorization": CITIZEN}
    answer = await house.client.post("/graphql/stream", json=body, headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [line for line in answer.text.split("\r\n") if line]
    assert events[0] == "event: next"
    assert json.loads(events[1].removeprefix("data: ")) == {
        "data": {"applicationProgress": {"stage": "WITHDRAWN", "version": 4}}
    }
    assert events[2] == "event: complete"


async def test_the_event_stream_is_for_those_who_want_one(house):
    body = {"query": "{ __typename }"}
    answer = await house.client.post("/graphql/stream", json=body, headers={"accept": "text/html"})
    assert answer.status_code == 406


async def test_a_plain_query_is_never_answered_as_a_stream(house):
    accept = "application/graphql-response+json, text/event-stream, multipart/mixed"
    answer = await house.post({"query": "{ __typename }"}, accept=accept)
    assert answer.json() == {"data": {"__typename": "Query"}}
