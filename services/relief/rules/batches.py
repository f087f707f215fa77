"""Batches of payments: what came back is paid again on a line of its own, once."""

from collections.abc import Sequence

from services.relief.model.review import BatchLine, BatchTotals, LineState
from shared.money import Money


def batch_totals(lines: Sequence[BatchLine]) -> BatchTotals:
    """How much of a batch was paid, came back, and is still on its way.

    Source:
        House rule, after the payment of 惠民惠农 subsidies by card: settled, returned and in
        flight are together the whole, and no line is edited.
    """

    def total(*states: LineState) -> Money:
        return Money.sum(line.amount for line in lines if line.state in states)

    returned = total(LineState.RETURNED)
    return BatchTotals(
        settled=total(LineState.PAID),
        returned=returned,
        in_flight=total(LineState.SENT),
        is_partial=bool(returned),
    )


def reissued(
    returned: Sequence[BatchLine], *, corrected: Sequence[str], issued: Sequence[BatchLine]
) -> tuple[BatchLine, ...]:
    """New lines for what came back and was verified anew; asking again adds nothing.

    Args:
        returned: Lines of the batch that came back.
        corrected: Keys of those whose account has been put right; the others are withheld.
        issued: Lines of re-issue batches that are there already.

    Source:
        House rule: a returned line is followed by another, never changed.
    """
    done = {line.reissue_of for line in issued}
    return tuple(
        BatchLine(
            key=f"{line.key}-again",
            amount=line.amount,
            state=LineState.SENT if line.key in corrected else LineState.WITHHELD,
            reissue_of=line.key,
        )
        for line in returned
        if line.state is LineState.RETURNED and line.key not in done
    )
