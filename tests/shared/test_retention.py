"""How long is personal data kept, and what is a schedule that nobody may use?"""

from datetime import date

import pytest

from services.funeral.rules import retention as funeral
from services.marriage.rules import retention as marriage
from services.relief.rules import retention as relief
from shared.retention import (
    Keeping,
    RetentionInvalid,
    closed_by,
    keeping_on,
    parse_keeping,
    read_keepings,
)
from tests.support.seed import CATALOGUE

ENTRY = {
    "service": "marriage",
    "record": "marriage_party",
    "effective_from": date(2006, 1, 1),
    "years": 100,
    "source": "婚姻登记档案管理办法 (2006) 第13条",
    "illustrative": False,
}


def keeping(years: int, since: date = date(2020, 1, 1)) -> Keeping:
    return Keeping(
        record="file", effective_from=since, years=years, source="示例", illustrative=True
    )


@pytest.mark.parametrize(
    ("years", "today", "last"),
    [
        (100, date(2126, 11, 22), date(2026, 11, 21)),
        (100, date(2126, 11, 23), date(2026, 11, 22)),
        (1, date(2029, 3, 1), date(2028, 2, 29)),
        (1, date(2032, 2, 29), date(2031, 2, 27)),
        (4, date(2032, 2, 29), date(2028, 2, 28)),
        (1, date(2027, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_record_is_kept_through_the_day_on_which_its_years_are_full(years, today, last):
    assert closed_by(keeping(years), today=today) == last


def test_the_newest_entry_in_force_counts_and_without_one_a_record_is_kept():
    listed = [keeping(10), keeping(30, date(2027, 1, 1))]
    assert keeping_on(listed, "file", today=date(2026, 12, 31)) == listed[0]
    assert keeping_on(listed, "file", today=date(2027, 1, 1)) == listed[1]
    assert keeping_on(listed, "file", today=date(2019, 12, 31)) is None
    assert keeping_on(listed, "other", today=date(2026, 12, 31)) is None


@pytest.mark.parametrize("rules", [marriage, relief, funeral])
def test_the_schedule_of_the_catalogue_names_every_kind_of_record(rules):
    service = rules.__name__.split(".")[1]
    keepings = read_keepings(CATALOGUE, service=service, least=rules.LEAST_YEARS)
    assert {each.record for each in keepings} == set(rules.LEAST_YEARS)
    # What is not from a law says that it is made up.
    assert all(each.illustrative == ("示例" in each.source) for each in keepings)


def test_the_archive_of_a_marriage_is_kept_for_a_hundred_years_at_least():
    assert parse_keeping(ENTRY, least=marriage.LEAST_YEARS).years == 100
    with pytest.raises(RetentionInvalid, match="marriage_party"):
        parse_keeping(ENTRY | {"years": 99}, least=marriage.LEAST_YEARS)


@pytest.mark.parametrize(
    "change",
    [
        {"years": "100"},
        {"years": -1},
        {"source": " "},
        {"record": "somebody"},
        {"effective_from": "2006"},
        {"illustrative": None},
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused_at_start(change):
    with pytest.raises(RetentionInvalid):
        parse_keeping(ENTRY | change, least=marriage.LEAST_YEARS)
