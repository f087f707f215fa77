"""Put the made-up residents' benefits into an empty development register; repeatable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.relief.model import (
    AmountVersion,
    Appraisal,
    Beneficiary,
    Benefit,
    BenefitId,
    BenefitKind,
    BenefitStatus,
    EventKind,
    Level,
    Month,
    PaymentLine,
    PaymentStatus,
    PersonIndex,
)
from services.relief.store import SealedPerson, Store
from shared.database import Transactions
from shared.ids import derived_id
from shared.money import Money
from shared.residents import Resident
from shared.sealing import BlindIndex, FieldCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The residents by key, and how their numbers are indexed and sealed."""

    residents: Mapping[str, Resident]
    index: BlindIndex
    cipher: FieldCipher

    def person(self, key: str) -> PersonIndex:
        """The index of a resident."""
        return PersonIndex(self.index.of(self.residents[key].id_number))

    def sealed(self, benefit_id: BenefitId, keys: Iterable[str]) -> dict[PersonIndex, SealedPerson]:
        """The residents' personal data, sealed for their rows of one benefit."""
        people: dict[PersonIndex, SealedPerson] = {}
        for key in keys:
            resident, person = self.residents[key], self.person(key)
            row = f"{benefit_id}:{person}"
            sealing = self.cipher.new_record_key(f"beneficiary:{row}")
            people[person] = SealedPerson(
                data_key=sealing.wrapped,
                id_number=sealing.seal(
                    resident.id_number.encode(), place=f"beneficiary.id_number:{row}"
                ),
                name=sealing.seal(resident.name.encode(), place=f"beneficiary.name:{row}"),
            )
        return people


async def seed_development(seed: Seed, *, transaction: Transactions[Store]) -> None:
    """Add what is not there yet."""
    async with transaction() as store:
        for resident in seed.residents.values():
            facts = resident.facts.get("relief", {})
            for number, each in enumerate(facts.get("benefits", ())):
                benefit = _monthly(seed, resident, each, number)
                people = seed.sealed(benefit.id, each["household"])
                await store.add_benefit(benefit, people=people)
            for number, each in enumerate(facts.get("temporary_relief", ())):
                benefit = _temporary(seed, resident, each, number)
                people = seed.sealed(benefit.id, each["household"])
                await store.add_benefit(benefit, people=people)


def _monthly(seed: Seed, resident: Resident, facts: Mapping[str, Any], number: int) -> Benefit:
    first = Month.parse(facts["effective_month"])
    amount = Money(facts["monthly_fen"])
    return Benefit(
        id=_id(resident, "benefit", number),
        kind=BenefitKind(facts["kind"]),
        status=BenefitStatus(facts["status"]),
        division=resident.division,
        decided_on=first.plus(-1).first_day,
        beneficiaries=_household(seed, resident, facts),
        amounts=(AmountVersion(from_month=first, base=amount, additions=Money(0)),),
        lines=_paid(first, Month.parse(facts["paid_through"]), amount),
    )


def _temporary(seed: Seed, resident: Resident, facts: Mapping[str, Any], number: int) -> Benefit:
    amount, granted_on = Money(facts["amount_fen"]), _date(facts["granted_on"])
    return Benefit(
        id=_id(resident, "temporary", number),
        kind=BenefitKind.TEMPORARY_RELIEF,
        status=BenefitStatus.TERMINATED,
        division=resident.division,
        decided_on=granted_on,
        beneficiaries=_household(seed, resident, facts),
        lines=(
            PaymentLine(period="1", due_on=granted_on, amount=amount, status=PaymentStatus.PAID),
        ),
        event_kind=EventKind(facts["event_kind"]),
        appraisal=Appraisal(
            asked=amount,
            granted=amount,
            cap=amount,
            level=Level.TOWNSHIP,
            excess=Money(0),
            excess_routes=(),
        ),
    )


def _id(resident: Resident, kind: str, number: int) -> BenefitId:
    return BenefitId(derived_id("relief.seed", resident.key, kind, str(number)))


def _household(seed: Seed, resident: Resident, facts: Mapping[str, Any]) -> tuple[Beneficiary, ...]:
    return tuple(
        Beneficiary(person=seed.person(key), is_head=key == resident.key, addition=Money(0))
        for key in facts["household"]
    )


def _paid(first: Month, last: Month, amount: Money) -> tuple[PaymentLine, ...]:
    lines = []
    month = first
    while month <= last:
        lines.append(
            PaymentLine(
                period=str(month),
                due_on=month.first_day.replace(day=10),
                amount=amount,
                status=PaymentStatus.PAID,
            )
        )
        month = month.plus(1)
    return tuple(lines)


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
