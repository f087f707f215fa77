"""What happens when a catalogue is published?"""

import asyncio
import copy
from dataclasses import replace

import pytest

from services.registry.actions.publish_catalogue import publish_catalogue
from services.registry.clients.catalogue import read_catalogue
from services.registry.errors import CatalogueInvalid
from services.registry.model import Catalogue
from shared.calendar import calendar_from_data
from tests.support.registry import TestRegistry, registry_settings


async def publish(registry: TestRegistry, catalogue: Catalogue):
    return await publish_catalogue(
        catalogue, transaction=registry.transaction, clock=registry.clock, actor="operator:test"
    )


def with_changed_item(catalogue: Catalogue, **changes) -> Catalogue:
    """The catalogue with its first item changed."""
    first, *others = copy.deepcopy(list(catalogue.items))
    return replace(catalogue, items=[{**first, **changes}, *others])


async def test_an_unchanged_catalogue_publishes_nothing(registry, catalogue):
    before = await registry.events()
    assert await publish(registry, catalogue) == []
    assert await registry.events() == before


async def test_every_item_is_told_whole(quiet_registry, catalogue):
    told = {e["key"]: e["data"] for e in await quiet_registry.events("%.item-published.v1")}
    assert {"BND-02", "HY601", "JZ201"} <= set(told)
    for item in catalogue.items:
        data = told[item["code"]]
        assert (data["code"], data["version"]) == (item["code"], 1)
        assert data["definition"]["matters"] == item["matters"]
        assert len(data["hash"]) == 64


async def test_the_calendar_that_is_told_can_be_counted_on(quiet_registry):
    (told,) = await quiet_registry.events("%calendar-published.v1")
    calendar = calendar_from_data(told["data"]["calendar"])
    assert told["data"]["version"] == 1
    assert not calendar.is_working(calendar.published_from)


async def test_the_parameters_are_told_with_place_and_day(quiet_registry):
    (told,) = await quiet_registry.events("%parameters-published.v1")
    for each in told["data"]["parameters"]:
        assert {"division", "effective_from", "values", "illustrative"} <= set(each)


async def test_an_office_keeps_its_id_and_is_told_with_what_it_does(quiet_registry):
    told = [e["data"] for e in await quiet_registry.events("%office-published.v1")]
    marriage = [each for each in told if "marriage-registry" in each["functions"]]
    assert [each["level"] for each in marriage] == ["county"]
    assert all(each["officeId"] for each in told)


async def test_offices_and_parameters_come_before_the_items_that_need_them(quiet_registry):
    types = [e["type"].split(".")[2] for e in await quiet_registry.events("%-published.v1")]
    order = (
        "office-published",
        "parameters-published",
        "calendar-published",
        "shared-fact-published",
        "item-published",
        "certificate-type-published",
    )
    assert types == sorted(types, key=order.index)


async def test_a_changed_item_becomes_the_next_version_and_the_old_one_stays(registry, catalogue):
    changed = with_changed_item(catalogue, title={"zh": "新名", "en": "New"})
    (publication,) = await publish(registry, changed)
    assert publication.version == 2
    code = publication.key
    for version, title in ((1, None), (2, "新名")):
        answer = await registry.http.get(f"/v1/items/{code}/versions/{version}")
        assert (answer.json()["definition"]["title"]["zh"] == "新名") is (title is not None)
    assert (await registry.http.get(f"/v1/items/{code}")).json()["version"] == 2


async def test_going_back_is_a_third_version(registry, catalogue):
    await publish(registry, with_changed_item(catalogue, title={"zh": "新名", "en": "New"}))
    (publication,) = await publish(registry, catalogue)
    assert publication.version == 3


async def test_one_fault_and_nothing_is_published(registry, catalogue):
    before = await registry.events()
    broken = with_changed_item(catalogue, division="nowhere")
    with pytest.raises(CatalogueInvalid) as refused:
        await publish(registry, broken)
    assert "no field nowhere" in refused.value.facts["faults"][0]
    assert await registry.events() == before


async def test_an_item_outside_its_schema_is_refused(registry, catalogue):
    broken = with_changed_item(catalogue, colour="red")
    with pytest.raises(CatalogueInvalid):
        await publish(registry, broken)


async def test_what_is_absent_stays_published(registry, catalogue):
    assert await publish(registry, replace(catalogue, items=catalogue.items[:1])) == []
    assert len((await registry.http.get("/v1/items")).json()["items"]) == len(catalogue.items)


async def test_two_copies_that_publish_at_once_publish_once(database, clock, catalogue):
    settings = registry_settings(database.url("registry"))
    copies = [TestRegistry(settings, clock, catalogue) for _ in range(2)]
    published = await asyncio.gather(*(publish(each, catalogue) for each in copies))
    events = await copies[0].events()
    assert sorted(map(len, published)) == [0, len(events)]
    assert len({(e["type"], e["key"]) for e in events}) == len(events)
    for each in copies:
        await each.close()


async def test_two_copies_that_start_at_once_are_both_ready(database, clock, catalogue):
    settings = registry_settings(database.url("registry"))
    copies = [TestRegistry(settings, clock, catalogue) for _ in range(2)]
    await asyncio.gather(*(each.prepare() for each in copies))
    keys = await copies[0].rows("SELECT status FROM signing_key ORDER BY status")
    assert [key["status"] for key in keys] == ["CURRENT", "NEXT"]
    for each in copies:
        assert await each.service_token()
        await each.close()


async def test_a_reader_from_nothing_gets_what_the_events_said(quiet_registry):
    page, seen = {"items": [None], "after": 0}, []
    while page["items"]:
        answer = await quiet_registry.http.get(
            "/v1/publications", params={"after": page["after"], "limit": 3}
        )
        page = answer.json()
        seen += page["items"]
    told = await quiet_registry.events("%-published.v1")
    assert [(e["id"], e["type"], e["data"]) for e in seen] == [
        (str(e["id"]), e["type"], e["data"]) for e in told
    ]


async def test_publication_is_journalled(quiet_registry):
    acts = await quiet_registry.rows(
        "SELECT act, target, actor FROM journal WHERE stream = 'catalogue'"
    )
    assert {"act": "publish", "target": "item:JZ201", "actor": "service:registry"} in acts


def a_catalogue_with(folder, text):
    (folder / "items").mkdir()
    (folder / "items" / "X.yaml").write_text(text, encoding="utf-8")
    (folder / "item.schema.json").write_text("{}")
    return folder


@pytest.mark.parametrize(
    "text",
    [
        "code: A\ncode: B\n",
        "- a list\n",
        "a: [",
        "on: 1\n",
        "!!python/object/apply:os.system ['x']",
    ],
    ids=["a key twice", "no mapping", "no YAML", "a key that is no text", "code"],
)
def test_a_file_that_two_readers_would_read_differently_is_refused(tmp_path, text):
    with pytest.raises(CatalogueInvalid):
        read_catalogue(a_catalogue_with(tmp_path, text))


def test_a_folder_without_a_schema_is_no_catalogue(tmp_path):
    with pytest.raises(CatalogueInvalid):
        read_catalogue(tmp_path)
