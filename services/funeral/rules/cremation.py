"""The gate before a cremation. What is burnt cannot be examined again.

Not here: payment; a cremation does not wait for money.
"""

from services.funeral.errors import CremationBarred
from services.funeral.model import CremationBar, CremationPapers


def cremation_bars(papers: CremationPapers) -> tuple[CremationBar, ...]:
    """Everything that stands in the way of a cremation; empty if it may take place.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), art. 28 (death certificate
        and cremation confirmation); Regulation on Prevention and Handling of Medical Disputes
        (医疗纠纷预防和处理条例), art. 26 (autopsy).
    """
    bars = {
        CremationBar.NO_DEATH_CERTIFICATE: not papers.has_death_certificate,
        CremationBar.NO_CONFIRMATION: not papers.is_confirmation_signed,
        CremationBar.ON_HOLD: bool(papers.holds),
    }
    return tuple(bar for bar, stands in bars.items() if stands)


def ensure_may_cremate(papers: CremationPapers) -> None:
    """Let a cremation through the gate, or say everything that bars it.

    Raises:
        CremationBarred: With every bar and every reason of a hold.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), art. 28.
    """
    bars = cremation_bars(papers)
    if bars:
        raise CremationBarred(
            bars=[bar.value for bar in bars],
            holds=sorted(reason.value for reason in papers.holds),
        )
