"""Who is an object of which service, in whatever order it was heard?"""

import itertools
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.registry.model import PersonIndex
from services.registry.model.objects import Category, ObjectAct, ObjectFact
from services.registry.rules.objects import category_of, periods, told_count
from services.relief.model import BenefitKind
from shared.ids import new_id

BENEFIT, ENTRY = UUID(int=1), UUID(int=2)


def a_fact(act: str, on: str, *, reference: UUID = BENEFIT, **changes) -> ObjectFact:
    given = {
        "id": new_id(),
        "person": PersonIndex("a" * 64),
        "category": Category.MINIMUM_LIVING,
        "act": ObjectAct(act),
        "on": date.fromisoformat(on),
        "source": "civil.relief.benefit",
        "reference": reference,
        "recorded_at": datetime(2026, 11, 22, tzinfo=UTC),
        **changes,
    }
    return ObjectFact(**given)


def shown(*facts: ObjectFact) -> list[tuple[str, str | None]]:
    found = [
        (each.period.since.isoformat(), each.period.until and each.period.until.isoformat())
        for each in periods(facts)
    ]
    return sorted(found)


def test_every_order_ends_in_the_same_periods_and_a_repeat_is_nothing():
    facts = [
        a_fact("BEGIN", "2024-03-01"),
        a_fact("END", "2025-01-01"),
        a_fact("BEGIN", "2025-06-01"),
        a_fact("BEGIN", "2024-05-01", reference=ENTRY),
    ]
    expected = [("2024-03-01", "2025-01-01"), ("2024-05-01", None), ("2025-06-01", None)]
    for order in itertools.permutations(facts):
        assert shown(*order, order[0]) == expected


def test_an_end_without_a_beginning_waits():
    assert shown(a_fact("END", "2025-01-01")) == []


def test_what_ends_on_its_first_day_never_was():
    assert shown(a_fact("BEGIN", "2025-01-01"), a_fact("END", "2025-01-01")) == []


def test_one_source_does_not_end_what_another_said():
    facts = (a_fact("BEGIN", "2024-01-01"), a_fact("END", "2025-01-01", reference=ENTRY))
    assert shown(*facts) == [("2024-01-01", None)]


@pytest.mark.parametrize("kind", [each for each in BenefitKind if "TEMPORARY" not in each])
def test_every_lasting_benefit_makes_somebody_something(kind):
    assert category_of(kind.value) is not None


def test_help_that_is_given_once_makes_nobody_anything():
    assert category_of(BenefitKind.TEMPORARY_RELIEF.value) is None


@pytest.mark.law("个人信息保护法", 51)
@pytest.mark.parametrize(
    ("count", "told"), [(0, None), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (112, 110)]
)
def test_small_numbers_are_not_told_and_others_are_rounded(count, told):
    assert told_count(count) == told
