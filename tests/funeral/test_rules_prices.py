"""What may a family be charged?"""

import pytest

from services.funeral.errors import (
    ExemptionAlreadyGranted,
    NotOnThePriceList,
    NotSigned,
    PackageDearerThanItsItems,
    PriceOutOfRange,
)
from services.funeral.rules.prices import bill, ensure_not_exempted, quote, without
from shared.money import Money
from tests.support.funeral import PRICES, line, package_lines, price_list

REGULATION = "殡葬管理条例"
LIST = price_list()


def yuan(amount: int) -> Money:
    return Money.of_yuan(amount)


@pytest.mark.law(REGULATION, 43)
def test_a_package_dearer_than_its_items_is_rejected():
    with pytest.raises(PackageDearerThanItsItems):
        quote(package_lines(), price_list=LIST, package_price=yuan(1_280))


def test_a_package_at_the_price_of_its_items_may_be_offered():
    assert quote(package_lines(), price_list=LIST, package_price=yuan(1_180)).total == yuan(1_180)


@pytest.mark.law(REGULATION, 43)
def test_the_family_may_take_the_farewell_hall_out_of_the_package():
    offer = quote(package_lines(), price_list=LIST, package_price=yuan(1_180))
    assert without(offer, "HALL").total == yuan(980)


def test_a_package_loses_its_discount_when_something_is_taken_out():
    offer = quote(package_lines(), price_list=LIST, package_price=yuan(1_000))
    assert without(offer, "HALL").total == yuan(980)


@pytest.mark.law(REGULATION, 43)
def test_what_was_not_signed_is_not_billed_until_it_is():
    signed = quote(package_lines(), price_list=LIST)
    with pytest.raises(NotSigned):
        bill([*package_lines(), line("FLOWERS")], signed=signed, price_list=LIST)

    signed_again = quote([*package_lines(), line("FLOWERS")], price_list=LIST)
    charged = bill([*package_lines(), line("FLOWERS")], signed=signed_again, price_list=LIST)
    assert charged.payable == yuan(1_780)


@pytest.mark.law(REGULATION, 50)
def test_what_is_not_on_the_list_is_never_billed_signed_or_not():
    signed = quote(package_lines(), price_list=LIST)
    with pytest.raises(NotOnThePriceList):
        bill([line("RITUAL", yuan=600)], signed=signed, price_list=LIST)


def test_a_basic_service_has_one_price_and_others_a_range():
    with pytest.raises(PriceOutOfRange):
        quote([line("CREMATION", yuan=381)], price_list=LIST)
    with pytest.raises(PriceOutOfRange):
        quote([line("FLOWERS", yuan=801)], price_list=LIST)


@pytest.mark.parametrize("dearer", [line("FLOWERS", yuan=700), line("FLOWERS", quantity=2)])
def test_dearer_or_more_than_signed_needs_a_new_signature(dearer):
    signed = quote([line("FLOWERS")], price_list=LIST)
    with pytest.raises(NotSigned):
        bill([dearer], signed=signed, price_list=LIST)


def test_the_exemption_of_the_four_basic_services_leaves_nothing_to_pay():
    signed = quote(package_lines(), price_list=LIST)
    charged = bill(
        package_lines(), signed=signed, price_list=LIST, exempted_codes=frozenset(PRICES)
    )
    assert charged.payable == Money(0)


def test_a_discount_and_an_exemption_never_make_the_bill_negative():
    signed = quote(package_lines(), price_list=LIST, package_price=yuan(1_000))
    charged = bill(
        package_lines(), signed=signed, price_list=LIST, exempted_codes=frozenset(PRICES)
    )
    assert charged.payable == Money(0)


def test_a_whole_package_is_billed_at_its_price():
    signed = quote(package_lines(), price_list=LIST, package_price=yuan(1_000))
    assert bill(package_lines(), signed=signed, price_list=LIST).payable == yuan(1_000)


def test_a_second_exemption_for_the_same_service_is_refused_and_named():
    with pytest.raises(ExemptionAlreadyGranted) as refusal:
        ensure_not_exempted(PRICES, already=frozenset({"CREMATION"}))
    assert refusal.value.facts["codes"] == ["CREMATION"]
    ensure_not_exempted(PRICES, already=frozenset())
