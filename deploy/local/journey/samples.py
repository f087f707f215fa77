"""The sample applications: who of the development seed asks for what, and who answers how."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

VILLAGE = "330106109201"
COUNTY = "330106000000"

OFFICERS = ("lin", "he", "zhou", "xu")

OPINIONS: Mapping[str, str] = {
    "fact_check": "经核查，困难情况属实。",
    "home_visit": "已入户走访，家庭情况与申报一致。",
    "township_decision": "经审核，符合临时救助条件，同意救助。",
    "county_decision": "经审核，符合临时救助条件，同意救助。",
    "registrar_inquiry": "已当面询问双方，均自愿结婚，符合登记条件。",
}
OPINION = "经审核，同意。"

Form = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One application that somebody of the seed can hand in, once in a lifetime."""

    item_code: str
    applicant: str
    form: Form
    papers: Mapping[str, bool]
    """Material key to whether a file goes with it; without one it is a signed commitment."""


class Residents:
    """The made-up people of the seed, as their forms name them."""

    def __init__(self, folder: Path) -> None:
        text = (folder / "places" / "residents.yaml").read_text(encoding="utf-8")
        self._people = {each["key"]: each for each in yaml.safe_load(text)["residents"]}

    def person(self, key: str) -> Form:
        """Name and number."""
        return {name: self._people[key][name] for name in ("name", "id_no")}

    def reachable(self, key: str) -> Form:
        """Name, number and phone."""
        return self.person(key) | {"phone": self._people[key]["phone"]}

    def account(self, key: str) -> Form | None:
        """The bank account, if the seed gives one."""
        account = self._people[key].get("account")
        return {"holder_name": self._people[key]["name"], **account} if account else None


def samples(catalogue: Path, *, today: date) -> Mapping[str, list[Sample]]:
    """For each item, the applications that can be handed in, the first to be tried first.

    A run on the data of earlier runs takes the next: who is married cannot marry again, and
    the dead stay dead. When the list is used up there is nobody left to apply.
    """
    residents = Residents(catalogue)
    kinds: tuple[Callable[[Residents, date], Iterator[Sample]], ...] = (
        _temporary_relief,
        _marriages,
        _deaths,
    )
    found: dict[str, list[Sample]] = {}
    for kind in kinds:
        for sample in kind(residents, today):
            found.setdefault(sample.item_code, []).append(sample)
    return found


def _temporary_relief(residents: Residents, today: date) -> Iterator[Sample]:
    """Amounts above and below what a township may decide itself."""
    for key, amount_fen in (
        ("chen", 400_000),
        ("fang", 300_000),
        ("ye", 500_000),
        ("tan", 200_000),
        ("gu", 450_000),
    ):
        account = residents.account(key)
        form: Form = {
            "applicant": residents.reachable(key),
            "type": "EMERGENCY",
            "event": {
                "kind": "FIRE",
                "occurred_at": f"{today - timedelta(days=1)}T21:30:00+08:00",
            },
            "place_division": VILLAGE,
            "household_size": 3,
            "requested_amount_fen": amount_fen,
            "payment_form": "CASH",
            "narrative": "厨房起火，家中暂时无法居住，需要临时安置和生活用品。",
            "commitment": True,
        } | ({"account": account} if account else {})
        yield Sample(
            item_code="JZ201",
            applicant=key,
            form=form,
            papers={"identity_card": True, "event_proof": True},
        )


def _marriages(residents: Residents, today: date) -> Iterator[Sample]:
    party = {"nationality": "CHN", "stated_marital_status": "UNMARRIED"}
    declaration = {"no_spouse": True, "no_kinship": True, "voluntary": True}
    for one, other in (("liu", "wang"), ("chen", "gu"), ("ye", "fang")):
        yield Sample(
            item_code="HY601",
            applicant=one,
            form={
                "applicant": residents.reachable(one) | party,
                "partner": residents.reachable(other) | party,
                "declarations": {"applicant": declaration, "partner": declaration},
                "registry_division": COUNTY,
                "planned_on": str(today + timedelta(days=1)),
            },
            papers={"photograph": True},
        )


def _deaths(residents: Residents, today: date) -> Iterator[Sample]:
    for applicant, deceased, relation in (
        ("zhao", "zhao_father", "CHILD"),
        ("zhao", "sun", "CHILD"),
        ("chen", "hu", "OTHER"),
    ):
        number = residents.person(deceased)["id_no"]
        yield Sample(
            item_code="BND-02",
            applicant=applicant,
            form={
                "applicant": residents.reachable(applicant) | {"relation": relation},
                "deceased": residents.person(deceased),
                "death": {
                    "date": str(today - timedelta(days=3)),
                    "place_division": VILLAGE,
                    "certificate_no": number,
                    "kind": "NORMAL",
                },
                "account": residents.account(applicant),
                "funeral": {
                    "preferred_on": str(today + timedelta(days=2)),
                    "farewell": True,
                    "ashes": "STORED",
                },
                "matters": ["housing_fund", "driving_licence"],
                "commitment": True,
            },
            papers={
                "death_certificate": True,
                "kinship_proof": False,
                "inheritance_proof": True,
            },
        )
