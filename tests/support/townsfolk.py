"""What tests of residents do at the registry's doors, as an officer."""

from typing import Any
from uuid import uuid4

import httpx

from tests.support.registry import TestRegistry, headers

VILLAGE = "330106109201"
SANDUN = "330106109000"
SHUANGPU = "330106110000"
WANG = "330106200206200021"


async def ask(
    registry: TestRegistry,
    method: str,
    path: str,
    *,
    who: str = "officer:lin",
    key: str | None = None,
    **more: Any,
) -> httpx.Response:
    given = headers(await registry.token_of(who), key or uuid4().hex)
    return await registry.http.request(method, path, headers=given, **more)


async def found_household(registry: TestRegistry, division: str = SANDUN, **more: Any) -> str:
    body = {"division": division, "address": "示例路9号", "since": "2000-01-01"}
    answer = await ask(registry, "POST", "/v1/households", json=body, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def register(registry: TestRegistry, household: str, id_no: str, **changes: Any) -> str:
    body = {
        "name": "新示例",
        "idNo": id_no,
        "householdId": household,
        "byBirth": False,
        "on": "2020-01-01",
        **changes,
    }
    answer = await ask(registry, "POST", "/v1/residents", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def find(registry: TestRegistry, id_no: str, **more: Any) -> httpx.Response:
    path = "/v1/residents:find?purpose=SERVICE_DELIVERY"
    return await ask(registry, "POST", path, json={"idNo": id_no}, **more)


async def look(registry: TestRegistry, what: str, id_: str, **more: Any) -> httpx.Response:
    """Look at one of `residents` or `households`; `params` as in the URL."""
    params = {"purpose": "HOME_VISIT", **more.pop("params", {})}
    return await ask(registry, "GET", f"/v1/{what}/{id_}", params=params, **more)


async def note(
    registry: TestRegistry, resident: str, kind: str, on: str, **more: Any
) -> httpx.Response:
    """Note a fact; `household` and `corrects` by id."""
    body = {"kind": kind, "on": on}
    for name, member in (("household", "householdId"), ("corrects", "corrects")):
        if name in more:
            body[member] = more.pop(name)
    return await ask(registry, "POST", f"/v1/residents/{resident}/facts", json=body, **more)
