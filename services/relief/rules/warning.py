"""红黄蓝: what a household's figures say; each signal is a work order, never a decision."""

from services.relief.model.review import MonthlyFigures, Signal, WarningParameters


def signals(
    figures: MonthlyFigures, *, something_happened: bool, parameters: WarningParameters
) -> tuple[Signal, ...]:
    """Every signal of the figures, the gravest first; the first is the colour shown.

    Args:
        figures: Three-month means, so that one odd month raises no alarm.
        something_happened: Somebody lost a job, died or was imprisoned.
        parameters: The place's thresholds.

    Source:
        国办发〔2023〕39号 三(四) (monitor, classify, dispose); local rules (colours, thresholds).
    """
    drop = figures.income_base.fen * (100 - parameters.income_drop)
    is_red = something_happened or (
        figures.income_base.fen > 0 and figures.income_now.fen * 100 <= drop
    )
    rise = figures.expense_base.fen * (100 + parameters.expense_rise)
    share = figures.income_now.fen * parameters.expense_share_of_income
    spent = figures.expense_now.fen * 100
    found = {Signal.RED: is_red, Signal.YELLOW: spent >= rise and spent >= share}
    return tuple(signal for signal, holds in found.items() if holds) or (Signal.BLUE,)
