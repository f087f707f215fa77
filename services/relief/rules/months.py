"""The months of a benefit."""

from datetime import date

from services.relief.model import Month


def effective_month(decided_on: date, *, same_month: bool = False) -> Month:
    """The first month a decision is paid for: the month after it.

    Args:
        same_month: A benefit that local rules grant without application may begin at once.

    Source:
        Interim Measures for Social Assistance (社会救助暂行办法, 2019 text), art. 12;
        民发〔2021〕57号 on the month after confirmation.
    """
    month = Month.of(decided_on)
    return month if same_month else month.plus(1)
