"""The catalogue as files, and a lawful form for each of its items, filled in by seed residents."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CATALOGUE = Path(__file__).parents[2] / "catalogue"


@cache
def read_catalogue(name: str) -> Any:
    """One file of the catalogue, such as `items/JZ201.yaml`; not to be changed by a test."""
    return yaml.safe_load((CATALOGUE / name).read_text(encoding="utf-8"))


def item_definition(code: str) -> Mapping[str, Any]:
    return read_catalogue(f"items/{code}.yaml")


def item_codes() -> list[str]:
    return sorted(path.stem for path in (CATALOGUE / "items").glob("*.yaml"))


def resident(key: str) -> Mapping[str, Any]:
    return next(
        each for each in read_catalogue("places/residents.yaml")["residents"] if each["key"] == key
    )


def person(key: str) -> dict[str, Any]:
    """Name, number and phone of a resident, as forms want them."""
    return {name: resident(key)[name] for name in ("name", "id_no", "phone")}


def account(key: str) -> dict[str, Any]:
    return {"holder_name": resident(key)["name"], **resident(key)["account"]}


def jz201_form(**changes: Any) -> dict[str, Any]:
    """Emergency relief of 3,000 yuan asked for by chen: the township decides."""
    return {
        "applicant": person("chen"),
        "type": "EMERGENCY",
        "event": {"kind": "FIRE", "occurred_at": "2026-11-20T21:30:00+08:00"},
        "place_division": "330106109201",
        "household_size": 3,
        "requested_amount_fen": 300_000,
        "payment_form": "CASH",
        "narrative": "厨房起火，家中暂时无法居住，需要临时安置。",
        "account": account("chen"),
        "commitment": True,
    } | changes


def hy601_form(**changes: Any) -> dict[str, Any]:
    """Liu and wang want to marry at the registry of Xihu."""
    party = {"nationality": "CHN", "stated_marital_status": "UNMARRIED"}
    declaration = {"no_spouse": True, "no_kinship": True, "voluntary": True}
    return {
        "applicant": person("liu") | party,
        "partner": person("wang") | party,
        "declarations": {"applicant": dict(declaration), "partner": dict(declaration)},
        "registry_division": "330106000000",
        "planned_on": "2026-11-23",
    } | changes


def bnd02_form(**changes: Any) -> dict[str, Any]:
    """Zhao applies after the father's death, the housing fund included."""
    deceased = resident("zhao_father")
    return {
        "applicant": person("zhao") | {"relation": "CHILD"},
        "deceased": {"name": deceased["name"], "id_no": deceased["id_no"]},
        "death": {
            "date": "2026-11-19",
            "place_division": "330106109201",
            "certificate_no": deceased["id_no"],
            "kind": "NORMAL",
        },
        "account": account("zhao"),
        "funeral": {"preferred_on": "2026-11-24", "farewell": True, "ashes": "STORED"},
        "matters": ["housing_fund"],
        "commitment": True,
    } | changes


def form_of(code: str) -> dict[str, Any]:
    """The sample form of an item."""
    return {"JZ201": jz201_form, "HY601": hy601_form, "BND-02": bnd02_form}[code]()
