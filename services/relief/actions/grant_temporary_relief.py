"""Make a decided grant of temporary relief real: the benefit, its payment line, its notice."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from services.relief.events import benefit_granted
from services.relief.model import (
    Appraisal,
    Beneficiary,
    Benefit,
    BenefitId,
    BenefitKind,
    BenefitStatus,
    EventKind,
    Level,
    PersonIndex,
    TemporaryReliefParameters,
)
from services.relief.rules import payments, temporary
from services.relief.rules.notices import notice_number
from services.relief.store import SealedAccount, SealedPerson, Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import MatterRequest
from shared.errors import CivilError
from shared.ids import derived_id
from shared.money import Money
from shared.sealing import FieldCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantTemporaryRelief:
    """What the window decided, and for whom."""

    matter: MatterRequest
    person: PersonIndex
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    account: dict[str, Any] | None = field(repr=False)
    event_kind: EventKind
    asked: Money
    granted: Money | None
    """The amount the deciding officer wrote; None: what the rules allow of what was asked."""
    decided_by: Level | None
    parameters: TemporaryReliefParameters

    @property
    def benefit_id(self) -> BenefitId:
        """One per matter, however often the matter arrives."""
        return BenefitId(derived_id("relief.benefit", str(self.matter.matter_id)))


async def grant_temporary_relief(
    command: GrantTemporaryRelief,
    *,
    transaction: Transactions[Store],
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """Grant once per matter; an amount nobody may grant is told as a failure, never cut."""
    matter = command.matter
    async with transaction() as store:
        if not await store.claim_matter(matter):
            return
        try:
            appraisal = _appraise(command)
        except CivilError as refusal:
            await store.tell_failed("relief", matter, reason=refusal.code)
            return
        benefit = await _numbered(command, appraisal, store=store, today=clock.today())
        await store.add_benefit(
            benefit,
            people={command.person: _sealed_person(command, cipher)},
            account=_sealed_account(command, cipher),
        )
        await store.publish(benefit_granted(benefit))
        await store.tell_performed("relief", matter, document=_notice(benefit, appraisal))


async def _numbered(
    command: GrantTemporaryRelief, appraisal: Appraisal, *, store: Store, today: date
) -> Benefit:
    matter = command.matter
    office = matter.division[:6]
    serial = await store.next_notice_serial(office=office, year=today.year)
    return Benefit(
        id=command.benefit_id,
        kind=BenefitKind.TEMPORARY_RELIEF,
        status=BenefitStatus.ACTIVE,
        division=matter.division,
        decided_on=today,
        beneficiaries=(Beneficiary(person=command.person, is_head=True, addition=Money(0)),),
        lines=payments.instalments(appraisal.granted, due_on=[today]),
        application_id=matter.application_id,
        matter_id=matter.matter_id,
        event_kind=command.event_kind,
        appraisal=appraisal,
        notice_number=notice_number(office=office, on=today, serial=serial),
    )


def _appraise(command: GrantTemporaryRelief) -> Appraisal:
    appraisal = temporary.appraise(command.asked, parameters=command.parameters)
    return temporary.confirm_grant(
        appraisal,
        command.granted or appraisal.granted,
        by=command.decided_by or appraisal.level,
        parameters=command.parameters,
    )


def _sealed_person(command: GrantTemporaryRelief, cipher: FieldCipher) -> SealedPerson:
    row = f"{command.benefit_id}:{command.person}"
    key = cipher.new_record_key(f"beneficiary:{row}")
    return SealedPerson(
        data_key=key.wrapped,
        id_number=key.seal(command.id_number.encode(), place=f"beneficiary.id_number:{row}"),
        name=key.seal(command.name.encode(), place=f"beneficiary.name:{row}"),
    )


def _sealed_account(command: GrantTemporaryRelief, cipher: FieldCipher) -> SealedAccount | None:
    if command.account is None:
        return None
    key = cipher.new_record_key(f"benefit:{command.benefit_id}")
    place = f"benefit.account:{command.benefit_id}"
    return SealedAccount(
        data_key=key.wrapped, account=key.seal(orjson.dumps(command.account), place=place)
    )


def _notice(benefit: Benefit, appraisal: Appraisal) -> dict[str, object]:
    """临时救助审批通知书: the amounts stand side by side, so that nothing is cut in silence."""
    return {
        "kind": "temporary-relief-decision",
        "number": benefit.notice_number,
        "facts": {
            "benefitId": str(benefit.id),
            "decidedOn": benefit.decided_on.isoformat(),
            "level": appraisal.level.value,
            "askedFen": appraisal.asked.fen,
            "grantedFen": appraisal.granted.fen,
            "capFen": appraisal.cap.fen,
            "excessFen": appraisal.excess.fen,
            "text": temporary.decision_text(appraisal),
        },
    }
