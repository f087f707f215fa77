"""Can one follow a case through the gateway, without meeting a person on the way?"""

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.gateway.schema.__main__ import DOCS
from services.gateway.schema.documents import read_documents
from shared.telemetry import APPLICATION_ID
from tests.gateway.test_subscriptions import signed_in
from tests.support.gateway import KEY, application_id, problem

SCREENS = read_documents(DOCS / "operations")
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CANARY = "330106198803120011"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """Spans that ended during the test."""
    exporter = InMemorySpanExporter()
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider())
    trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(exporter))
    yield exporter
    exporter.shutdown()


def named(spans, name):
    return [span for span in spans.get_finished_spans() if span.name == name]


async def test_an_operation_is_one_span_named_by_its_kind(house, spans):
    case = house.intake.add()
    await house.data(SCREENS["Case"], {"id": application_id(case)})
    (span,) = named(spans, "query")
    assert span.attributes["graphql.operation.type"] == "query"
    assert span.attributes["graphql.operation.name"] == "Case"
    assert span.attributes[APPLICATION_ID] == case["id"]


async def test_the_request_around_it_carries_the_case_as_well(spans, make_gateway):
    house = make_gateway()
    case = house.intake.add()
    await house.data(SCREENS["Case"], {"id": application_id(case)})
    (operation,) = named(spans, "query")
    around = [
        span
        for span in spans.get_finished_spans()
        if operation.parent is not None and span.context.span_id == operation.parent.span_id
    ]
    assert [span.attributes[APPLICATION_ID] for span in around] == [case["id"]]


async def test_a_submitted_case_is_on_the_span_of_the_mutation(house, spans):
    given = {
        "itemCode": "JZ201",
        "form": {"applicant": {"id_no": CANARY}},
        "channel": "APP",
        "idempotencyKey": KEY,
    }
    await house.data(SCREENS["SubmitApplication"], {"input": given})
    (span,) = named(spans, "mutation")
    assert span.attributes[APPLICATION_ID] == next(iter(house.intake.cases))


async def test_no_span_repeats_what_was_asked(house, spans, logged):
    given = {
        "itemCode": "JZ201",
        "form": {"id_no": CANARY},
        "channel": "APP",
        "idempotencyKey": KEY,
    }
    await house.data(SCREENS["SubmitApplication"], {"input": given})
    await house.ask(f'{{ application(number: "{CANARY}") {{ id }} }}')
    await house.ask(f'{{ nonsense(number: "{CANARY}") }}')
    told = [span.to_json() for span in spans.get_finished_spans()]
    assert told
    assert CANARY not in "".join(told)
    assert CANARY not in str(logged)


async def test_a_refused_part_fails_the_span_by_its_code_only(house, spans):
    await house.ask('{ serviceItem(code: "XX999") { id } }')
    (span,) = named(spans, "query")
    assert span.attributes["error.type"] == "NOT_FOUND"
    assert not span.events


async def test_a_refusal_that_is_an_answer_fails_no_span(house, spans):
    house.intake.refuse_with = problem(422, "OFFICE_NOT_FOUND")
    given = {"itemCode": "JZ201", "form": {}, "channel": "APP", "idempotencyKey": KEY}
    await house.data(SCREENS["SubmitApplication"], {"input": given})
    (span,) = named(spans, "mutation")
    assert span.status.is_unset


async def test_an_error_names_the_trace_to_quote(house, spans):
    answer = await house.ask('{ serviceItem(code: "XX999") { id } }')
    (span,) = named(spans, "query")
    told = answer["errors"][0]["extensions"]["traceId"]
    assert told == format(span.context.trace_id, "032x")


async def test_what_a_screen_sees_is_in_the_trace_of_the_act_that_changed_it(house, spans):
    case = house.intake.add()
    async with signed_in(house) as socket:
        await socket.watch(case)
        await socket.seen()
        house.intake.cases[case["id"]]["version"] = 5
        house.hub.happened(case["id"], {"traceparent": TRACEPARENT})
        await socket.seen()
    shown = named(spans, "subscription")[-1]
    assert format(shown.context.trace_id, "032x") == TRACEPARENT.split("-")[1]
    assert shown.attributes[APPLICATION_ID] == case["id"]
