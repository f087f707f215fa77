"""The catalogue as files, and the residents of the development seed as forms describe them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CATALOGUE = Path(__file__).parents[2] / "catalogue"
XIHU = "330106000000"
VILLAGE = "330106109201"


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


def synthetic_id_no(serial: str, born: str = "20170601") -> str:
    """A synthetic resident ID number of Xihu, for a person who is not in the seed."""
    head = f"330106{born}{serial}"
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(head))
    return head + "10X98765432"[total % 11]


def applicant_as(key: str, relation: str) -> dict[str, Any]:
    return person(key) | {"relation": relation}


def named(key: str) -> dict[str, Any]:
    """Name and number of a resident, for somebody the application is about."""
    return {name: resident(key)[name] for name in ("name", "id_no")}


def member(key: str, relation: str, role: str = "CORESIDENT", **changes: Any) -> dict[str, Any]:
    return {**named(key), "relation": relation, "role": role} | changes


def circumstance(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "member": number,
        "labour_capacity": "FULL",
        "employment": "UNEMPLOYED",
        "disabled": False,
        "seriously_ill": False,
        "studying": False,
    } | changes


def authorisation(key: str) -> dict[str, Any]:
    signer = resident(key)
    return {
        "signer_name": signer["name"],
        "signer_id_no": signer["id_no"],
        "agreed": True,
        "signed_on": "2026-11-20",
    }


def household() -> dict[str, Any]:
    """Chen lives with sun, who is old and disabled, on small wages and a deposit."""
    return {
        "members": [member("chen", "SELF"), member("sun", "PARENT")],
        "circumstances": [
            circumstance(1, employment="FLEXIBLE"),
            circumstance(2, labour_capacity="NONE", employment="RETIRED", disabled=True),
        ],
        "incomes": [
            {
                "member": 1,
                "category": "WAGE",
                "period_from": "2026-05-01",
                "period_to": "2026-10-31",
                "gross_fen": 720_000,
            }
        ],
        "assets": [{"member": 2, "kind": "DEPOSIT", "value_fen": 500_000}],
        "authorisations": [authorisation("chen"), authorisation("sun")],
    }


def medical_bill() -> dict[str, Any]:
    return {
        "member": 2,
        "kind": "MEDICAL",
        "period_from": "2025-11-01",
        "period_to": "2026-10-31",
        "gross_fen": 6_000_000,
        "reimbursed_fen": 2_000_000,
    }


def resident_with(id_no: str) -> str:
    """The key of the resident who has a number."""
    everybody = read_catalogue("places/residents.yaml")["residents"]
    return next(each["key"] for each in everybody if each["id_no"] == id_no)
