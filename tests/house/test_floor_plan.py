"""Are the rooms of all services the same, so that who knows one service knows all?"""

from pathlib import Path

import pytest

from docs.floor_plan import ROOMS, has_room
from docs.sources import ROOT, SERVICES, modules_of

KNOWN = {name for name, _question in ROOMS} | {"__init__"}

EVERYWHERE = {"__init__", "__main__", "app", "settings", "api", "consumers", "errors", "migrations"}
WHERE_RECORDS_ARE = {"model", "rules", "events", "tables", "store", "actions", "schemas"}

NOWHERE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "lib"}
"""Names that say nothing about what stands in a file."""


def rooms_of(service: str) -> set[str]:
    folder = ROOT / "services" / service
    entries = (path for path in folder.iterdir() if not path.name.startswith("__pycache__"))
    return {path.stem for path in entries if path.is_dir() or path.suffix == ".py"}


def keeps_records(service: str) -> bool:
    return has_room(service, "tables")


def test_every_folder_of_services_is_a_service_of_the_plan() -> None:
    folders = {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}

    assert folders == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_no_room_that_is_not_in_the_plan(service: str) -> None:
    assert rooms_of(service) - KNOWN == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_rooms_every_service_has(service: str) -> None:
    wanted = EVERYWHERE | (WHERE_RECORDS_ARE if keeps_records(service) else set())

    assert wanted - rooms_of(service) == set()


def test_only_the_gateway_keeps_no_records() -> None:
    assert [service for service in SERVICES if not keeps_records(service)] == ["gateway"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_at_its_door_what_it_is_for(service: str) -> None:
    (door,) = (
        each
        for each in modules_of(f"services/{service}")
        if each.path.name == "__init__.py" and each.path.parent.name == service
    )

    assert "Nouns" in door.doc
    assert "hears" in door.doc or "Topics heard" in door.doc


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_own_folder_of_tests(service: str) -> None:
    assert list((ROOT / "tests" / service).glob("test_*.py"))


@pytest.mark.parametrize("service", [each for each in SERVICES if keeps_records(each)])
def test_the_rules_of_a_service_have_tests_without_a_database(service: str) -> None:
    assert list((ROOT / "tests" / service).glob("test_rules*.py"))


def test_no_file_has_a_name_that_says_nothing() -> None:
    paths = (module.path for module in modules_of("services", "shared", "deploy", "docs", "tests"))

    assert [path for path in paths if NOWHERE & {path.stem, *folders_of(path)}] == []


def folders_of(path: Path) -> set[str]:
    return set(path.relative_to(ROOT).parts[:-1])
