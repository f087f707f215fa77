"""Temporary relief (临时救助): who decides, how much, what may be skipped, what came before.

Not here: the emergency clock (`emergency`), and payments (`payments`).
"""

from collections.abc import Iterable
from datetime import date

from services.relief.errors import GrantAboveAsked, GrantAboveLevel, NothingAsked
from services.relief.model import (
    Appraisal,
    EarlierRelief,
    EventKind,
    ExcessRoute,
    Level,
    PersonIndex,
    ReliefType,
    Step,
    TemporaryReliefParameters,
)
from shared.answers import CheckAnswer, TaskVerdict
from shared.calendar.deadlines import months_after
from shared.money import Money

_ORDINARY_STEPS = (
    Step.DECLARATION_CHECK,
    Step.HOME_VISIT,
    Step.APPRAISAL,
    Step.PUBLIC_NOTICE,
)
_KNOWN_HOUSEHOLD_STEPS = (Step.EXPENDITURE_CHECK, Step.PUBLIC_NOTICE)


def deciding_level(amount: Money, *, parameters: TemporaryReliefParameters) -> Level:
    """Who decides on an amount: the township up to its limit, the county above.

    Source:
        Interim Measures for Social Assistance (社会救助暂行办法, Order 649, 2019 text),
        art. 48 (small amounts may be delegated to the township); 民发〔2018〕23号 二(二).
    """
    within = amount <= parameters.township_limit
    return Level.TOWNSHIP if within else Level.COUNTY


def appraise(asked: Money, *, parameters: TemporaryReliefParameters) -> Appraisal:
    """Say how much of what is asked one case may be granted, and what is left over.

    What lies above the cap is not cut in silence: it is shown, with the ways on which it may
    still be asked for.

    Raises:
        NothingAsked: The amount is zero or negative.

    Source:
        民发〔2018〕23号 二(三) (local standard and cap); Opinions on reform of the relief
        system (2020), art. 15 (一事一议 above it); 国发〔2014〕47号 (referral to charity).
    """
    if asked <= Money(0):
        raise NothingAsked
    granted = min(asked, parameters.case_cap)
    excess = asked - granted
    return Appraisal(
        asked=asked,
        granted=granted,
        cap=parameters.case_cap,
        level=deciding_level(asked, parameters=parameters),
        excess=excess,
        excess_routes=tuple(ExcessRoute) if excess else (),
    )


def confirm_grant(
    appraisal: Appraisal,
    granted: Money,
    *,
    by: Level,
    parameters: TemporaryReliefParameters,
) -> Appraisal:
    """Take over the amount the deciding officer wrote, if it is theirs to grant.

    Raises:
        GrantAboveAsked: It is above what was asked or above the cap.
        GrantAboveLevel: A township wrote more than its limit.
        NothingAsked: It is zero or negative; that would be a refusal.

    Source:
        民发〔2018〕23号 二(二), 二(三).
    """
    if granted <= Money(0):
        raise NothingAsked
    if granted > appraisal.granted:
        raise GrantAboveAsked
    if by is Level.TOWNSHIP and granted > parameters.township_limit:
        raise GrantAboveLevel
    return Appraisal(
        asked=appraisal.asked,
        granted=granted,
        cap=appraisal.cap,
        level=by,
        excess=appraisal.excess,
        excess_routes=appraisal.excess_routes,
    )


def required_steps(kind: ReliefType, *, is_known_household: bool) -> tuple[Step, ...]:
    """Steps that must be taken before the decision; none may hold up an emergency.

    Args:
        is_known_household: The household already receives 低保 or 特困, or is on file as a
            low-income one; then mainly the expenditure is verified.

    Source:
        民发〔2018〕23号 二(二) (emergency: check, appraisal and publicity may be skipped);
        Interim Measures for Social Assistance (社会救助暂行办法, 2019 text), art. 48.
    """
    if kind is ReliefType.EMERGENCY:
        return ()
    return _KNOWN_HOUSEHOLD_STEPS if is_known_household else _ORDINARY_STEPS


def duplicates(
    earlier: Iterable[EarlierRelief],
    *,
    event_kind: EventKind,
    household: frozenset[PersonIndex],
    on: date,
    parameters: TemporaryReliefParameters,
) -> tuple[EarlierRelief, ...]:
    """Relief the household was granted for the same kind of event within the last months.

    The same household is one that shares a member. A hit is an opinion for the officer who
    decides, not a decision: follow-up relief (跟进救助) is lawful.

    Source:
        House rule: window in months is a local parameter (three by default); Opinions on
        reform of the relief system (2020), art. 15 (follow-up relief).
    """
    since = months_after(on, -parameters.duplicate_months)
    return tuple(
        one
        for one in earlier
        if one.event_kind is event_kind
        and since <= one.granted_on <= on
        and one.household & household
    )


def duplicate_answer(
    found: tuple[EarlierRelief, ...], *, parameters: TemporaryReliefParameters
) -> CheckAnswer:
    """Answer the duplicate check. "Refuse" is this check's opinion; a person decides.

    Source:
        民发〔2018〕23号 二(三) (no second payment for the same cause); House rule: a duplicate
        is flagged and must be answered for, never decided by a program.
    """
    if not found:
        return CheckAnswer(
            verdict=TaskVerdict.APPROVE,
            opinion=f"近{parameters.duplicate_months}个月内无同一事由的临时救助。",
            facts={"duplicates": 0},
        )
    latest = max(one.granted_on for one in found)
    return CheckAnswer(
        verdict=TaskVerdict.REFUSE,
        opinion=(
            f"该家庭近{parameters.duplicate_months}个月内因同一事由已获临时救助{len(found)}次，"
            "再次救助须在审批意见中说明理由。"
        ),
        facts={"duplicates": len(found), "lastGrantedOn": latest.isoformat()},
    )


def decision_text(appraisal: Appraisal) -> str:
    """The amounts as the notice states them: asked, granted, cap, and where the rest may go.

    Source:
        Interim Measures for Social Assistance (社会救助暂行办法, 2019 text), art. 11(3)
        (reasons in writing), by analogy; 民发〔2018〕23号 二(三).
    """
    text = (
        f"申请金额{appraisal.asked}元，批准金额{appraisal.granted}元，"
        f"单次救助上限{appraisal.cap}元。"
    )
    if not appraisal.is_capped:
        return text
    return (
        f"{text}超出上限的{appraisal.excess}元，可提请县级困难群众基本生活保障工作协调机制"
        "“一事一议”，或转介慈善救助。"
    )
