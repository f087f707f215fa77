"""Do the doors answer what their documents say, whatever fits (or nearly fits) the documents?

Schemathesis makes the requests; they go to the real applications on real PostgreSQL. Its
strategies run in a thread of their own, because the applications live in this loop.
"""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.doors import SERVICES, Door, Doors, Operation, operations

OPERATIONS = operations()
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FEW = settings(
    max_examples=20,
    deadline=timedelta(seconds=10),
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def described(service: str) -> Any:
    [document] = [each.document for each in OPERATIONS if each.service == service][:1]
    return schemathesis.openapi.from_dict(dict(document))


SCHEMAS = {service: described(service) for service in SERVICES}


async def send(door: Door, case: Case, bearer: str | None) -> httpx.Response:
    """Send a generated request through this loop's client."""
    made = case.as_transport_kwargs(base_url="http://service")
    made.pop("cookies", None)
    prepared = requests.Request(**made).prepare()
    headers = {**prepared.headers, **({"Authorization": bearer} if bearer else {})}
    body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
    return await door.client.request(
        str(prepared.method), str(prepared.url), headers=headers, content=body
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=map(str, OPERATIONS))
async def test_the_door_answers_as_its_document_says(operation: Operation, doors: Doors) -> None:
    door, loop = doors[operation.service], asyncio.get_running_loop()
    actor = await door.actor_for(operation)
    bearer = door.bearer(actor) if actor else None
    strategy = SCHEMAS[operation.service][operation.path][operation.method.upper()].as_strategy()

    @FEW
    @given(case=strategy)
    def answered(case: Case) -> None:
        sending = asyncio.run_coroutine_threadsafe(send(door, case, bearer), loop)
        answer = sending.result(timeout=10)
        case.validate_response(Response.from_any(answer), checks=CHECKS)

    await asyncio.to_thread(answered)
