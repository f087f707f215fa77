"""Is every amount exact, and read and written as people do?"""

from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import LARGEST_FEN, Money, Rounding

AMOUNTS = st.integers(-(10**12), 10**12).map(Money)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.3", 1230),
        ("12.34", 1234),
        ("1,234.50", 123450),
        ("1,234,567", 123456700),
        ("¥1234.50", 123450),
        ("￥8", 800),
        (" 900元 ", 90000),
        ("-0.05", -5),
        ("-¥3", -300),
    ],
)
def test_yuan_are_read_as_people_write_them(text, fen):
    assert Money.parse(text) == Money(fen)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "元",
        "1.234",
        "1,23",
        "12,34.5",
        "1e3",
        "NaN",
        "1.",
        ".5",
        "--1",
        "１２",
        "٣",
        "1 2",
        "9" * 17,
    ],
)
def test_anything_else_is_not_an_amount(text):
    with pytest.raises(ValueError):
        Money.parse(text)


@given(AMOUNTS)
def test_what_is_written_is_read_back(amount):
    assert Money.parse(str(amount)) == amount
    assert Money.parse(amount.yuan) == amount


def test_amounts_are_written_with_two_decimals():
    assert str(Money(123456789)) == "1,234,567.89"
    assert Money(123456789).yuan == "1234567.89"
    assert str(Money(-5)) == "-0.05"


@pytest.mark.parametrize("amount", [1.0, 1.5, True, "1", None])
def test_only_whole_numbers_make_money(amount):
    with pytest.raises(TypeError):
        Money(amount)
    with pytest.raises(TypeError):
        Money(1).times(amount)
    with pytest.raises(TypeError):
        Money.of_yuan(amount)


def test_money_is_not_added_to_bare_numbers():
    with pytest.raises(TypeError):
        Money(1) + 1
    with pytest.raises(TypeError):
        Money(1) - 1


def test_an_amount_json_cannot_carry_is_refused():
    assert Money(LARGEST_FEN).fen == 9_007_199_254_740_991
    with pytest.raises(ValueError):
        Money(LARGEST_FEN) + Money(1)


def test_money_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        Money(1).fen = 2


@given(st.lists(AMOUNTS, max_size=20))
def test_a_sum_loses_no_fen(amounts):
    assert Money.sum(amounts).fen == sum(amount.fen for amount in amounts)


@given(AMOUNTS, AMOUNTS)
def test_adding_and_taking_away_return_to_the_start(one, other):
    assert one + other - other == one
    assert -(one - other) == other - one
    assert (one < other) == (one.fen < other.fen)


def test_nothing_is_false_and_any_amount_true():
    assert not Money(0)
    assert Money(-1)


@given(AMOUNTS, st.integers(-1000, 1000), st.integers(1, 1000), st.sampled_from(Rounding))
def test_a_portion_is_rounded_once_and_the_named_way(amount, numerator, denominator, rounding):
    exact = Fraction(amount.fen * numerator, denominator)
    got = amount.portion(numerator, denominator, rounding).fen
    if rounding is Rounding.UP:
        assert got - 1 < exact <= got
    elif rounding is Rounding.DOWN:
        assert got <= exact < got + 1
    else:
        assert -Fraction(1, 2) <= exact - got < Fraction(1, 2)


def test_price_linkage_rounds_a_half_to_the_larger_yuan():
    per_person = Money.of_yuan(900).portion(64, 1000, Rounding.DOWN)
    assert per_person == Money(5760)
    assert per_person.to_whole_yuan(Rounding.HALF_UP) == Money.of_yuan(58)


def test_a_fraction_of_a_fen_is_rounded_up_to_a_whole_yuan_when_the_rule_says_so():
    yearly = Money.parse("32399.90")
    shortfall = Money.of_yuan(900).times(3) - yearly.portion(1, 12, Rounding.DOWN)
    assert shortfall == Money(1)
    assert shortfall.to_whole_yuan(Rounding.UP) == Money.of_yuan(1)


@pytest.mark.parametrize("denominator", [0, -1, 2.0])
def test_a_portion_needs_a_positive_whole_denominator(denominator):
    with pytest.raises(ValueError):
        Money(1).portion(1, denominator, Rounding.UP)
