"""One decision, one or several dated payments (一次审批、分阶段救助)."""

from collections.abc import Sequence
from datetime import date

from services.relief.errors import InstalmentsDoNotAddUp
from services.relief.model import PaymentLine
from shared.money import Money, Rounding


def instalments(granted: Money, *, due_on: Sequence[date]) -> tuple[PaymentLine, ...]:
    """Split a grant into equal dated lines; what does not divide goes with the first.

    Raises:
        InstalmentsDoNotAddUp: There is no date, or the dates are not in order.

    Source:
        Opinions on reform of the relief system (2020), art. 15: one approval, relief in stages.
    """
    if not due_on or list(due_on) != sorted(set(due_on)):
        raise InstalmentsDoNotAddUp
    count = len(due_on)
    share = granted.portion(1, count, Rounding.DOWN)
    rest = granted - share.times(count)
    amounts = [share + rest, *[share] * (count - 1)]
    return planned(granted, list(zip(due_on, amounts, strict=True)))


def planned(granted: Money, plan: Sequence[tuple[date, Money]]) -> tuple[PaymentLine, ...]:
    """Dated lines as the decision wrote them, numbered from 1.

    Raises:
        InstalmentsDoNotAddUp: They are not together exactly the grant, or one is not positive.

    Source:
        Opinions on reform of the relief system (2020), art. 15; House rule: the lines of a
        decision add up to it.
    """
    total = Money.sum(amount for _, amount in plan)
    if not plan or total != granted or any(amount <= Money(0) for _, amount in plan):
        raise InstalmentsDoNotAddUp
    return tuple(
        PaymentLine(period=str(number), due_on=day, amount=amount)
        for number, (day, amount) in enumerate(plan, start=1)
    )
