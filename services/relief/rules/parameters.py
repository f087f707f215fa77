"""The local numbers of an assessment, read from the published parameters of a place and day."""

from collections.abc import Mapping

from services.relief.model.assessment import (
    AssessmentParameters,
    ExpenditureKind,
    RigidParameters,
    SupportParameters,
)
from services.relief.model.review import PriceParameters, WarningParameters
from shared.money import Money, Rounding

Published = Mapping[str, object]


def assessment_parameters(published: Published) -> AssessmentParameters:
    """The numbers of the assessment of income and property.

    Raises:
        KeyError: The place has not published one of them; nothing is assumed.
        TypeError: One of them is not what it should be.

    Source:
        社会救助暂行办法 (2019) art. 10 (standards are set locally).
    """
    return AssessmentParameters(
        standard=_money(published, "minimum_living_standard_fen"),
        edge_percent=_number(published, "edge_multiplier_percent"),
        window_months=_number(published, "income_window_months"),
        employment_cost_percent=_number(published, "employment_cost_percent"),
        asset_months=_number(published, "financial_assets_months"),
        addition=_money(published, "category_addition_fen"),
        rounding=Rounding(str(published["minimum_living_rounding"])),
    )


def rigid_parameters(published: Published) -> RigidParameters:
    """The numbers for households overwhelmed by expenditure.

    Raises:
        KeyError: The place has not published one of them.
        TypeError: One of them is not what it should be.

    Source:
        刚性支出困难家庭认定办法 (2025) art. 4 (set locally).
    """
    kinds = published["rigid_expenditure_kinds"]
    if not isinstance(kinds, list):
        raise TypeError("rigid_expenditure_kinds is a list")
    return RigidParameters(
        ratio_percent=_number(published, "rigid_ratio_percent"),
        disposable_income=_money(published, "disposable_income_last_year_fen"),
        kinds=frozenset(ExpenditureKind(kind) for kind in kinds),
    )


def support_parameters(published: Published) -> SupportParameters:
    """The amounts for persons in extreme difficulty.

    Raises:
        KeyError: The place has not published one of them.
        TypeError: One of them is not what it should be.

    Source:
        民发〔2021〕43号 art. 20 (set locally).
    """
    return SupportParameters(
        basic=_money(published, "support_basic_fen"),
        care_capable=_money(published, "support_care_capable_fen"),
        care_partly_lost=_money(published, "support_care_partly_lost_fen"),
        care_fully_lost=_money(published, "support_care_fully_lost_fen"),
    )


def price_parameters(published: Published) -> PriceParameters:
    """The thresholds of the linkage to prices.

    Raises:
        KeyError: The place has not published one of them.
        TypeError: One of them is not what it should be.

    Source:
        发改价格〔2021〕1553号 (a place may lower the thresholds, not raise them).
    """
    return PriceParameters(
        consumer_per_mille=_number(published, "price_consumer_per_mille"),
        food_per_mille=_number(published, "price_food_per_mille"),
        least=_money(published, "price_subsidy_least_fen"),
    )


def warning_parameters(published: Published) -> WarningParameters:
    """The thresholds of red and yellow.

    Raises:
        KeyError: The place has not published one of them.
        TypeError: One of them is not what it should be.

    Source:
        House rule: thresholds are local, dated numbers.
    """
    return WarningParameters(
        income_drop=_number(published, "warning_income_drop_percent"),
        expense_rise=_number(published, "warning_expense_rise_percent"),
        expense_share_of_income=_number(published, "warning_expense_share_percent"),
    )


def _number(published: Published, name: str) -> int:
    value = published[name]
    if type(value) is not int:
        raise TypeError(f"{name} is a whole number")
    return value


def _money(published: Published, name: str) -> Money:
    return Money(_number(published, name))
