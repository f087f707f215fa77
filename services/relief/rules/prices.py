"""When prices rise: the subsidy beside relief (物价联动); the standard itself is not here."""

from datetime import date

from services.relief.model.review import PriceParameters
from shared.calendar import Deadline, Duration, Unit, WorkingCalendar, due
from shared.money import Money, Rounding

PAID_WITHIN = Duration(20, Unit.WORKING_DAY)


def price_subsidy(
    standard: Money, *, consumer: int, food: int, heads: int, parameters: PriceParameters
) -> Money:
    """What a household gets for a month of dearer prices; nothing below both thresholds.

    The index that was triggered is applied to the standard; if both were, the higher one. The
    amount of one person is rounded to whole yuan. It is relief, and no income.

    Args:
        standard: Minimum living standard per person and month.
        consumer: Rise of consumer prices against a year ago, per mille.
        food: Rise of food prices, per mille.
        heads: Persons the subsidy is paid for.
        parameters: The thresholds in force.

    Source:
        发改价格〔2021〕1553号 (3.5 % and 6 %); local rules (rounding, least amount).
    """
    triggered = [
        index
        for index, threshold in (
            (consumer, parameters.consumer_per_mille),
            (food, parameters.food_per_mille),
        )
        if index >= threshold
    ]
    if not triggered:
        return Money(0)
    each = standard.portion(max(triggered), 100_000, Rounding.HALF_UP).times(100)
    return max(each, parameters.least).times(heads)


def payment_deadline(released_on: date, *, calendar: WorkingCalendar) -> Deadline:
    """By when it must have been paid.

    Source:
        Notice on the linkage of relief to prices (2016): within twenty working days of the
        release of the index.
    """
    return due(released_on, PAID_WITHIN, calendar)
