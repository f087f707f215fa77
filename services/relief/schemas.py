"""What relief shows over HTTP."""

from datetime import date
from uuid import UUID

from services.relief.actions.read_benefits import BenefitFile
from services.relief.model import AmountVersion, Appraisal, Benefit, PaymentLine
from services.relief.rules.temporary import decision_text
from shared.schemas import View


class AppraisalView(View):
    """Asked, granted and cap side by side."""

    asked_fen: int
    granted_fen: int
    cap_fen: int
    excess_fen: int
    excess_routes: list[str]
    level: str
    text: str

    @classmethod
    def of(cls, appraisal: Appraisal) -> "AppraisalView":
        """Show an appraisal."""
        return cls(
            asked_fen=appraisal.asked.fen,
            granted_fen=appraisal.granted.fen,
            cap_fen=appraisal.cap.fen,
            excess_fen=appraisal.excess.fen,
            excess_routes=[route.value for route in appraisal.excess_routes],
            level=appraisal.level.value,
            text=decision_text(appraisal),
        )


class AmountView(View):
    """What is paid from a month on."""

    from_month: str
    base_fen: int
    additions_fen: int

    @classmethod
    def of(cls, version: AmountVersion) -> "AmountView":
        """Show an amount version."""
        return cls(
            from_month=str(version.from_month),
            base_fen=version.base.fen,
            additions_fen=version.additions.fen,
        )


class PaymentView(View):
    """One dated payment."""

    period: str
    due_on: date
    amount_fen: int
    status: str

    @classmethod
    def of(cls, line: PaymentLine) -> "PaymentView":
        """Show a payment line."""
        return cls(
            period=line.period,
            due_on=line.due_on,
            amount_fen=line.amount.fen,
            status=line.status.value,
        )


class BenefitView(View):
    """A benefit without its people: who they are is shown by the case, masked."""

    id: UUID
    kind: str
    status: str
    division: str
    decided_on: date
    application_id: UUID | None
    notice_number: str | None
    appraisal: AppraisalView | None
    amounts: list[AmountView]
    payments: list[PaymentView]
    beneficiaries: int
    stops_from: str | None
    stop_reason: str | None
    recovery: str
    overpaid_fen: int
    review_due_on: date | None

    @classmethod
    def of(cls, file: BenefitFile) -> "BenefitView":
        """Show a benefit."""
        benefit = file.benefit
        return cls(
            id=benefit.id,
            kind=benefit.kind.value,
            status=benefit.status.value,
            division=benefit.division,
            decided_on=benefit.decided_on,
            application_id=benefit.application_id,
            notice_number=benefit.notice_number,
            appraisal=AppraisalView.of(benefit.appraisal) if benefit.appraisal else None,
            amounts=[AmountView.of(each) for each in benefit.amounts],
            payments=[PaymentView.of(each) for each in benefit.lines],
            beneficiaries=len(benefit.living),
            stops_from=str(benefit.stops_from) if benefit.stops_from else None,
            stop_reason=benefit.stop_reason.value if benefit.stop_reason else None,
            recovery=benefit.recovery.value,
            overpaid_fen=file.overpaid.fen,
            review_due_on=benefit.review_due_on,
        )


class PersonView(View):
    """One person of a benefit as a blind index: only the register can tell who it is."""

    person: str
    left_on: date | None


class PeopleView(View):
    """Whom a benefit is for."""

    people: list[PersonView]

    @classmethod
    def of(cls, benefit: Benefit) -> "PeopleView":
        """Show the hashes of a benefit's people, those who left included."""
        return cls(
            people=[
                PersonView(person=each.person, left_on=each.left_on)
                for each in benefit.beneficiaries
            ]
        )


class BenefitList(View):
    """The benefits an application led to."""

    items: list[BenefitView]
