"""Builders of relief: one lawful default per noun."""

from datetime import UTC, date, datetime
from uuid import uuid4

from services.relief.model import (
    AmountVersion,
    Beneficiary,
    Benefit,
    BenefitId,
    BenefitKind,
    BenefitStatus,
    EarlierRelief,
    EmergencyProgress,
    EventKind,
    Month,
    PaymentLine,
    PaymentStatus,
    PersonIndex,
    TemporaryReliefParameters,
)
from shared.department import MatterRequest
from shared.money import Money
from tests.support.departments import matter_request

MONTHLY_STANDARD = Money.of_yuan(900)
HEAD = PersonIndex("head")
SURVIVOR = PersonIndex("survivor")
FIRE_REPORTED = datetime(2026, 9, 24, 14, 30, tzinfo=UTC)
"""Thursday 22:30 in Shanghai, the evening before the Mid-Autumn holiday."""


CHEN = "330106198803120011"
"""A man who does not exist."""
ACCOUNT = {"holder_name": "陈示例", "bank": "示例银行", "number": "6228480019880312004"}
PARAMS = {
    "temporary_relief_township_limit_fen": 360_000,
    "temporary_relief_case_cap_fen": 900_000,
}


def grant_matter(
    asked_fen: int = 200_000, *, event_kind: str = "ILLNESS", **changed: object
) -> MatterRequest:
    """A grant of temporary relief that the window decided."""
    fields = {
        "applicant": {"name": "陈示例", "id_no": CHEN},
        "type": "EMERGENCY",
        "event": {"kind": event_kind, "occurred_at": "2026-11-21T20:00:00+08:00"},
        "place_division": "330106109000",
        "household_size": 1,
        "requested_amount_fen": asked_fen,
        "payment_form": "CASH",
        "account": ACCOUNT,
    }
    return matter_request("grant-temporary-relief", fields, **{"params": PARAMS, **changed})


def parameters(**changed: object) -> TemporaryReliefParameters:
    """The numbers of the model city: township 4 standards, case cap 10."""
    values = {
        "township_limit": MONTHLY_STANDARD.times(4),
        "case_cap": MONTHLY_STANDARD.times(10),
        **changed,
    }
    return TemporaryReliefParameters(**values)


def progress(**changed: object) -> EmergencyProgress:
    return EmergencyProgress(**{"reported_at": FIRE_REPORTED, **changed})


def earlier_relief(**changed: object) -> EarlierRelief:
    values = {
        "event_kind": EventKind.ILLNESS,
        "granted_on": date(2026, 9, 1),
        "household": frozenset({HEAD}),
        **changed,
    }
    return EarlierRelief(**values)


def beneficiary(person: PersonIndex = HEAD, **changed: object) -> Beneficiary:
    values = {"person": person, "is_head": person == HEAD, "addition": Money(0), **changed}
    return Beneficiary(**values)


def paid(*months: str, yuan: int = 900) -> tuple[PaymentLine, ...]:
    """Monthly lines that were paid on the tenth."""
    return tuple(_line(month, yuan, PaymentStatus.PAID) for month in months)


def pending(*months: str, yuan: int = 900) -> tuple[PaymentLine, ...]:
    return tuple(_line(month, yuan, PaymentStatus.PENDING) for month in months)


def benefit(**changed: object) -> Benefit:
    """低保 of one person, 900 yuan a month since January."""
    values = {
        "id": BenefitId(uuid4()),
        "kind": BenefitKind.MINIMUM_LIVING,
        "status": BenefitStatus.ACTIVE,
        "division": "330106109000",
        "decided_on": date(2025, 12, 10),
        "beneficiaries": (beneficiary(),),
        "amounts": (
            AmountVersion(from_month=Month(2026, 1), base=MONTHLY_STANDARD, additions=Money(0)),
        ),
        **changed,
    }
    return Benefit(**values)


def household_of_two(*, base: int, addition: int, **changed: object) -> Benefit:
    """A head and a survivor, each with a category addition of their own (yuan)."""
    own = Money.of_yuan(addition)
    values = {
        "beneficiaries": (beneficiary(HEAD, addition=own), beneficiary(SURVIVOR, addition=own)),
        "amounts": (
            AmountVersion(
                from_month=Month(2026, 1), base=Money.of_yuan(base), additions=own.times(2)
            ),
        ),
        **changed,
    }
    return benefit(**values)


def _line(month: str, yuan: int, status: PaymentStatus) -> PaymentLine:
    due_on = Month.parse(month).first_day.replace(day=10)
    return PaymentLine(period=month, due_on=due_on, amount=Money.of_yuan(yuan), status=status)
