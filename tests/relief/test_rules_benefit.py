"""What may happen to a benefit, and when does it act?"""

from datetime import date
from itertools import product

import pytest

from services.relief.errors import BenefitTransitionIllegal, GraceTooLong
from services.relief.model import BenefitStatus, BenefitTrigger, Month
from services.relief.rules.benefit import TRANSITIONS, last_grace_month, next_status
from services.relief.rules.months import effective_month

ALLOWED = """
PENDING_START EFFECTIVE_MONTH_BEGINS ACTIVE
PENDING_START AMOUNT_CHANGED PENDING_START
PENDING_START STOPPED TERMINATED
ACTIVE AMOUNT_CHANGED ACTIVE
ACTIVE IMPEDIMENT SUSPENDED
ACTIVE EARNS_TOO_MUCH GRACE
ACTIVE STOPPED TERMINATED
ACTIVE COMPLETED TERMINATED
SUSPENDED CURED ACTIVE
SUSPENDED AMOUNT_CHANGED SUSPENDED
SUSPENDED STOPPED TERMINATED
GRACE AMOUNT_CHANGED GRACE
GRACE INCOME_FALLS_AGAIN ACTIVE
GRACE GRACE_ENDS TERMINATED
GRACE STOPPED TERMINATED
TERMINATED REINSTATED ACTIVE
"""


def test_the_table_of_transitions_is_this_one():
    written = {
        (BenefitStatus(status), BenefitTrigger(trigger)): BenefitStatus(after)
        for status, trigger, after in (line.split() for line in ALLOWED.split("\n") if line)
    }
    assert written == TRANSITIONS


@pytest.mark.parametrize(("status", "trigger"), list(product(BenefitStatus, BenefitTrigger)))
def test_whatever_is_not_in_the_table_is_illegal(status, trigger):
    if (status, trigger) in TRANSITIONS:
        assert next_status(status, trigger) is TRANSITIONS[status, trigger]
        return
    with pytest.raises(BenefitTransitionIllegal):
        next_status(status, trigger)


def test_a_benefit_is_paid_from_the_month_after_the_decision():
    assert effective_month(date(2026, 7, 10)) == Month(2026, 8)
    assert effective_month(date(2026, 12, 31)) == Month(2027, 1)


def test_a_benefit_granted_without_application_may_begin_the_same_month():
    assert effective_month(date(2026, 7, 10), same_month=True) == Month(2026, 7)


def test_six_months_of_grace_after_september_end_with_march():
    assert last_grace_month(date(2026, 9, 22), allowed=6) == Month(2027, 3)


def test_twelve_months_of_grace_need_a_rule_set_that_says_so():
    with pytest.raises(GraceTooLong):
        last_grace_month(date(2026, 9, 22), months=12, allowed=6)
    assert last_grace_month(date(2026, 9, 22), months=12, allowed=12) == Month(2027, 9)


def test_months_are_counted_across_years():
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert Month.parse("2026-03") == Month(2026, 3)
    assert str(Month(2026, 3)) == "2026-03"
