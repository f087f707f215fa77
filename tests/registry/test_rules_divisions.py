"""What does an old code of a division stand for today?"""

from datetime import date

import pytest

from services.registry.clients.catalogue import read_catalogue
from services.registry.rules.divisions import succession
from tests.support.registry import CATALOGUE

CHANGES = read_catalogue(CATALOGUE).division_changes
TODAY = date(2026, 11, 22)


def codes(code: str, *, written_on: date, as_of: date = TODAY) -> list[str]:
    padded = code.ljust(12, "0")
    found = succession(padded, CHANGES, written_on=written_on, as_of=as_of)
    return [each[:6] for each in found.codes]


@pytest.mark.parametrize(
    ("code", "written_on", "expected"),
    [
        ("330106", date(2000, 1, 1), ["330106"]),
        ("330103", date(2020, 1, 1), ["330105"]),
        ("330183", date(2010, 1, 1), ["330111"]),
        ("330104", date(2020, 1, 1), ["330102", "330114"]),
        ("330110", date(2020, 1, 1), ["330110", "330113"]),
        ("330110", date(2022, 1, 1), ["330110"]),
        ("331021", date(2016, 1, 1), ["331083"]),
    ],
    ids=["never changed", "merged", "renamed", "split", "same digits, less land", "new", "to city"],
)
def test_an_old_code_leads_to_what_took_over(code, written_on, expected):
    assert codes(code, written_on=written_on) == expected


def test_a_change_counts_from_its_day():
    before, on = date(2021, 4, 8), date(2021, 4, 9)
    assert codes("330103", written_on=date(2020, 1, 1), as_of=before) == ["330103"]
    assert codes("330103", written_on=date(2020, 1, 1), as_of=on) == ["330105"]


def test_a_lower_division_of_a_county_that_changed_is_only_known_by_its_county():
    found = succession("330103005000", CHANGES, written_on=date(2020, 1, 1), as_of=TODAY)
    assert (found.codes, found.is_exact) == (["330105000000"], False)


def test_a_lower_division_of_a_county_that_did_not_change_stays_itself():
    found = succession("330106109201", CHANGES, written_on=date(2020, 1, 1), as_of=TODAY)
    assert (found.codes, found.is_exact) == (["330106109201"], True)


def test_every_way_ends_at_a_division_there_is():
    catalogue = read_catalogue(CATALOGUE)
    known = {each.code for each in catalogue.divisions}
    for change in CHANGES:
        found = succession(change.code, CHANGES, written_on=date(2000, 1, 1), as_of=TODAY)
        assert set(found.codes) <= known, change


def test_the_province_has_all_its_cities_and_counties():
    levels = [each.level for each in read_catalogue(CATALOGUE).divisions]
    assert (levels.count("city"), levels.count("county")) == (11, 90)
