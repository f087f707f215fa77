"""What does the door of divisions tell of codes that changed?"""

import pytest


async def follow(registry, code: str, **params: str):
    return await registry.http.get(f"/v1/divisions/{code}/succession", params=params)


async def test_an_old_code_leads_to_what_took_over_with_every_change_on_the_way(quiet_registry):
    told = (await follow(quiet_registry, "330104000000", writtenOn="2020-01-01")).json()
    assert told["codes"] == ["330102000000", "330114000000"]
    assert [(each["name"], each["kind"]) for each in told["changes"]] == [("江干区", "split")]


async def test_the_day_asked_about_counts(quiet_registry):
    told = (await follow(quiet_registry, "330103000000", asOf="2021-04-08")).json()
    assert (told["codes"], told["isExact"]) == (["330103000000"], True)


async def test_all_counties_of_a_city_are_there(quiet_registry):
    city = (await quiet_registry.http.get("/v1/divisions/330100000000")).json()
    assert len(city["below"]) == 13


@pytest.mark.parametrize(
    ("code", "params"),
    [("3301", {}), ("000000000000", {}), ("330103000000", {"asOf": "yesterday"})],
)
async def test_what_is_no_code_or_no_day_is_refused(quiet_registry, code, params):
    assert (await follow(quiet_registry, code, **params)).status_code == 422
