"""Every SQL statement of relief."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import MetaData, Row, text

from services.relief.errors import BenefitNotFound
from services.relief.model import (
    AmountVersion,
    Appraisal,
    Beneficiary,
    Benefit,
    BenefitId,
    BenefitKind,
    BenefitStatus,
    DeathConsequence,
    EarlierRelief,
    EventKind,
    ExcessRoute,
    Level,
    Month,
    PaymentLine,
    PaymentStatus,
    PersonIndex,
    Recovery,
    StopReason,
)
from services.relief.tables import relief_tables
from shared.department_store import DepartmentStore
from shared.money import Money
from shared.visibility import IN_DIVISION, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPerson:
    """A beneficiary's personal data as it is kept: sealed for this one row."""

    data_key: bytes = field(repr=False)
    id_number: bytes = field(repr=False)
    name: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAccount:
    """Where a benefit is paid to, as it is kept: sealed for this one row."""

    data_key: bytes = field(repr=False)
    account: bytes = field(repr=False)


_EARLIER = text("""
    SELECT b.event_kind, b.decided_on, array_agg(every.person_index) AS household
    FROM beneficiary mine
    JOIN benefit b ON b.id = mine.benefit_id
    JOIN beneficiary every ON every.benefit_id = b.id
    WHERE mine.person_index = :person AND b.kind = 'TEMPORARY_RELIEF'
      AND b.event_kind IS NOT NULL
    GROUP BY b.id, b.event_kind, b.decided_on
""")
_NEXT_NOTICE = text("""
    INSERT INTO notice_counter (office, year, last_serial) VALUES (:office, :year, 1)
    ON CONFLICT (office, year) DO UPDATE SET last_serial = notice_counter.last_serial + 1
    RETURNING last_serial
""")
_ADD_BENEFIT = text("""
    INSERT INTO benefit (id, kind, status, division, decided_on, application_id, matter_id,
                         notice_number, event_kind, asked_fen, granted_fen, cap_fen, level,
                         data_key, account_sealed)
    VALUES (:id, :kind, :status, :division, :decided_on, :application_id, :matter_id,
            :notice_number, :event_kind, :asked_fen, :granted_fen, :cap_fen, :level,
            :data_key, :account_sealed)
    ON CONFLICT (id) DO NOTHING
    RETURNING true
""")
_ADD_BENEFICIARY = text("""
    INSERT INTO beneficiary (benefit_id, person_index, is_head, addition_fen, kind, in_force,
                             data_key, id_number_sealed, name_sealed)
    VALUES (:benefit_id, :person, :is_head, :addition_fen, :kind, :in_force,
            :data_key, :id_number, :name)
""")
_ADD_AMOUNT = text("""
    INSERT INTO amount_version (benefit_id, from_month, base_fen, additions_fen)
    VALUES (:benefit_id, :from_month, :base_fen, :additions_fen)
    ON CONFLICT (benefit_id, from_month)
    DO UPDATE SET base_fen = excluded.base_fen, additions_fen = excluded.additions_fen
""")
_ADD_LINES = text("""
    INSERT INTO payment_line (benefit_id, period, due_on, amount_fen, status)
    SELECT :benefit_id, * FROM unnest(CAST(:periods AS text[]), CAST(:due_on AS date[]),
                                      CAST(:amounts AS bigint[]), CAST(:statuses AS text[]))
""")
_BENEFIT_COLUMNS = """
    b.id, b.kind, b.status, b.division, b.decided_on, b.application_id, b.matter_id,
    b.notice_number, b.event_kind, b.asked_fen, b.granted_fen, b.cap_fen, b.level,
    b.stops_from, b.stop_reason, b.recovery, b.review_due_on
"""
_VISIBLE = f"""
    (:everything OR {IN_DIVISION} OR EXISTS (
        SELECT 1 FROM beneficiary own
        WHERE own.benefit_id = b.id AND own.person_index = :person))
"""
_GET_BENEFIT = text(f"SELECT {_BENEFIT_COLUMNS} FROM benefit b WHERE b.id = :id AND {_VISIBLE}")
_LIST_OF_APPLICATION = text(f"""
    SELECT {_BENEFIT_COLUMNS} FROM benefit b
    WHERE b.application_id = :application_id AND {_VISIBLE}
    ORDER BY b.id LIMIT 100
""")
_LOCK_OF_PERSON = text(f"""
    SELECT {_BENEFIT_COLUMNS} FROM benefit b
    WHERE b.id IN (
        SELECT benefit_id FROM beneficiary WHERE person_index = :person AND left_on IS NULL)
    ORDER BY b.id
    FOR UPDATE
""")
_BENEFICIARIES = text("""
    SELECT benefit_id, person_index, is_head, addition_fen, left_on
    FROM beneficiary WHERE benefit_id = ANY(:ids) ORDER BY is_head DESC, person_index
""")
_AMOUNTS = text("""
    SELECT benefit_id, from_month, base_fen, additions_fen
    FROM amount_version WHERE benefit_id = ANY(:ids) ORDER BY from_month
""")
_LINES = text("""
    SELECT benefit_id, period, due_on, amount_fen, status
    FROM payment_line WHERE benefit_id = ANY(:ids) ORDER BY due_on, period
""")
_OVERPAID = text("""
    SELECT COALESCE(sum(amount_fen), 0) FROM overpayment WHERE benefit_id = :benefit_id
""")
_LEAVE = text("""
    UPDATE beneficiary SET left_on = :left_on, in_force = false
    WHERE benefit_id = :benefit_id AND person_index = :person
""")
_REPLACE_BENEFIT = text("""
    UPDATE benefit SET status = :status, stops_from = :stops_from, stop_reason = :stop_reason,
                       recovery = :recovery, review_due_on = :review_due_on
    WHERE id = :id
""")
_WITHHOLD = text("""
    UPDATE payment_line SET status = 'WITHHELD'
    WHERE benefit_id = :benefit_id AND period = ANY(:periods) AND status = 'PENDING'
""")
_ADD_OVERPAYMENTS = text("""
    INSERT INTO overpayment (benefit_id, period, amount_fen, application_id, found_on)
    SELECT :benefit_id, p, a, :application_id, :found_on
    FROM unnest(CAST(:periods AS date[]), CAST(:amounts AS bigint[])) AS found (p, a)
    ON CONFLICT (benefit_id, period) DO NOTHING
""")
_DESTROY_KEYS = {
    "benefit": text("""
        UPDATE benefit SET data_key = NULL FROM (
            SELECT id FROM benefit
            WHERE data_key IS NOT NULL AND status = 'TERMINATED' AND recovery <> 'RECOVERING'
              AND GREATEST(decided_on, stops_from) <= :closed_by
            LIMIT 500 FOR UPDATE SKIP LOCKED) over
        WHERE benefit.id = over.id RETURNING benefit.id
    """),
    "beneficiary": text("""
        UPDATE beneficiary SET data_key = NULL FROM (
            SELECT p.benefit_id, p.person_index
            FROM beneficiary p JOIN benefit b ON b.id = p.benefit_id
            WHERE p.data_key IS NOT NULL
              AND b.status = 'TERMINATED' AND b.recovery <> 'RECOVERING'
              AND GREATEST(b.decided_on, b.stops_from) <= :closed_by
            LIMIT 500 FOR UPDATE OF p SKIP LOCKED) over
        WHERE beneficiary.benefit_id = over.benefit_id
          AND beneficiary.person_index = over.person_index
        RETURNING beneficiary.benefit_id AS id
    """),
}
"""A benefit closes when it has stopped, and nothing is asked back any more."""


def kept_tables() -> MetaData:
    """What this service keeps, for operators' commands that go over all of it."""
    return relief_tables()


class Store(DepartmentStore):
    """What relief keeps, in one transaction."""

    destroying = _DESTROY_KEYS

    async def list_earlier_relief(self, person: PersonIndex) -> list[EarlierRelief]:
        """Temporary relief that a person's household was ever granted here."""
        rows = await self.connection.execute(_EARLIER, {"person": person})
        return [
            EarlierRelief(
                event_kind=EventKind(row.event_kind),
                granted_on=row.decided_on,
                household=frozenset(PersonIndex(each) for each in row.household),
            )
            for row in rows
        ]

    async def next_notice_serial(self, *, office: str, year: int) -> int:
        """Take the next notice number of an office; given back if the transaction fails."""
        taken = await self.connection.execute(_NEXT_NOTICE, {"office": office, "year": year})
        return int(taken.scalar_one())

    async def add_benefit(
        self,
        benefit: Benefit,
        *,
        people: Mapping[PersonIndex, SealedPerson],
        account: SealedAccount | None = None,
    ) -> bool:
        """Write a benefit with its people, amounts and lines; False if it was there already."""
        added = await self.connection.execute(_ADD_BENEFIT, _benefit_values(benefit, account))
        if added.scalar_one_or_none() is None:
            return False
        for one in benefit.beneficiaries:
            sealed = people[one.person]
            await self.connection.execute(
                _ADD_BENEFICIARY,
                {
                    "benefit_id": benefit.id,
                    "person": one.person,
                    "is_head": one.is_head,
                    "addition_fen": one.addition.fen,
                    "kind": benefit.kind.value,
                    "in_force": benefit.status is not BenefitStatus.TERMINATED,
                    "data_key": sealed.data_key,
                    "id_number": sealed.id_number,
                    "name": sealed.name,
                },
            )
        for version in benefit.amounts:
            await self.add_amount(benefit.id, version)
        await self._add_lines(benefit)
        return True

    async def add_amount(self, benefit_id: BenefitId, version: AmountVersion) -> None:
        """Write what is paid from a month on."""
        await self.connection.execute(
            _ADD_AMOUNT,
            {
                "benefit_id": benefit_id,
                "from_month": version.from_month.first_day,
                "base_fen": version.base.fen,
                "additions_fen": version.additions.fen,
            },
        )

    async def get_benefit(self, benefit_id: UUID, *, visible: Visibility) -> Benefit:
        """A benefit the asker may see.

        Raises:
            BenefitNotFound: There is none, or it is not theirs to see.
        """
        rows = await self.connection.execute(
            _GET_BENEFIT, {"id": benefit_id, **visible.as_parameters()}
        )
        found = await self._with_parts(rows.all())
        if not found:
            raise BenefitNotFound
        return found[0]

    async def list_benefits_of_application(
        self, application_id: UUID, *, visible: Visibility
    ) -> list[Benefit]:
        """Benefits an application led to, as far as the asker may see them."""
        rows = await self.connection.execute(
            _LIST_OF_APPLICATION, {"application_id": application_id, **visible.as_parameters()}
        )
        return await self._with_parts(rows.all())

    async def lock_benefits_of(self, person: PersonIndex) -> list[Benefit]:
        """Every benefit a person is part of, locked, in one order for everybody."""
        rows = await self.connection.execute(_LOCK_OF_PERSON, {"person": person})
        return await self._with_parts(rows.all())

    async def total_overpaid(self, benefit_id: BenefitId) -> Money:
        """All that was found to be paid too much on a benefit."""
        total = await self.connection.execute(_OVERPAID, {"benefit_id": benefit_id})
        return Money(int(total.scalar_one()))

    async def write_death(
        self,
        changed: Benefit,
        consequence: DeathConsequence,
        *,
        deceased: PersonIndex,
        died_on: date,
        application_id: UUID,
        found_on: date,
    ) -> None:
        """Write what the death of a beneficiary did to a benefit."""
        await self.connection.execute(
            _LEAVE, {"benefit_id": changed.id, "person": deceased, "left_on": died_on}
        )
        await self.connection.execute(_REPLACE_BENEFIT, _changed_values(changed))
        await self.connection.execute(
            _WITHHOLD, {"benefit_id": changed.id, "periods": list(consequence.withheld)}
        )
        for version in consequence.amounts:
            await self.add_amount(changed.id, version)
        await self.connection.execute(
            _ADD_OVERPAYMENTS,
            {
                "benefit_id": changed.id,
                "application_id": application_id,
                "found_on": found_on,
                "periods": [month.period.first_day for month in consequence.overpaid],
                "amounts": [month.amount.fen for month in consequence.overpaid],
            },
        )

    async def _add_lines(self, benefit: Benefit) -> None:
        await self.connection.execute(
            _ADD_LINES,
            {
                "benefit_id": benefit.id,
                "periods": [line.period for line in benefit.lines],
                "due_on": [line.due_on for line in benefit.lines],
                "amounts": [line.amount.fen for line in benefit.lines],
                "statuses": [line.status.value for line in benefit.lines],
            },
        )

    async def _with_parts(self, rows: Sequence[Row[Any]]) -> list[Benefit]:
        if not rows:
            return []
        ids = {"ids": [row.id for row in rows]}
        people = (await self.connection.execute(_BENEFICIARIES, ids)).all()
        amounts = (await self.connection.execute(_AMOUNTS, ids)).all()
        lines = (await self.connection.execute(_LINES, ids)).all()
        return [
            _benefit(
                row,
                people=[one for one in people if one.benefit_id == row.id],
                amounts=[one for one in amounts if one.benefit_id == row.id],
                lines=[one for one in lines if one.benefit_id == row.id],
            )
            for row in rows
        ]


def _benefit_values(benefit: Benefit, account: SealedAccount | None) -> dict[str, object]:
    appraisal = benefit.appraisal
    return {
        "id": benefit.id,
        "kind": benefit.kind.value,
        "status": benefit.status.value,
        "division": benefit.division,
        "decided_on": benefit.decided_on,
        "application_id": benefit.application_id,
        "matter_id": benefit.matter_id,
        "notice_number": benefit.notice_number,
        "event_kind": benefit.event_kind.value if benefit.event_kind else None,
        "asked_fen": appraisal.asked.fen if appraisal else None,
        "granted_fen": appraisal.granted.fen if appraisal else None,
        "cap_fen": appraisal.cap.fen if appraisal else None,
        "level": appraisal.level.value if appraisal else None,
        "data_key": account.data_key if account else None,
        "account_sealed": account.account if account else None,
    }


def _changed_values(benefit: Benefit) -> dict[str, object]:
    return {
        "id": benefit.id,
        "status": benefit.status.value,
        "stops_from": benefit.stops_from.first_day if benefit.stops_from else None,
        "stop_reason": benefit.stop_reason.value if benefit.stop_reason else None,
        "recovery": benefit.recovery.value,
        "review_due_on": benefit.review_due_on,
    }


def _benefit(
    row: Row[Any],
    *,
    people: Sequence[Row[Any]],
    amounts: Sequence[Row[Any]],
    lines: Sequence[Row[Any]],
) -> Benefit:
    return Benefit(
        id=BenefitId(row.id),
        kind=BenefitKind(row.kind),
        status=BenefitStatus(row.status),
        division=row.division,
        decided_on=row.decided_on,
        beneficiaries=tuple(_beneficiary(one) for one in people),
        amounts=tuple(_amount(one) for one in amounts),
        lines=tuple(_line(one) for one in lines),
        application_id=row.application_id,
        matter_id=row.matter_id,
        event_kind=EventKind(row.event_kind) if row.event_kind else None,
        appraisal=_appraisal(row),
        notice_number=row.notice_number,
        stops_from=Month.of(row.stops_from) if row.stops_from else None,
        stop_reason=StopReason(row.stop_reason) if row.stop_reason else None,
        recovery=Recovery(row.recovery),
        review_due_on=row.review_due_on,
    )


def _appraisal(row: Row[Any]) -> Appraisal | None:
    if row.granted_fen is None:
        return None
    asked, cap = Money(row.asked_fen), Money(row.cap_fen)
    excess = max(asked - cap, Money(0))
    return Appraisal(
        asked=asked,
        granted=Money(row.granted_fen),
        cap=cap,
        level=Level(row.level),
        excess=excess,
        excess_routes=tuple(ExcessRoute) if excess else (),
    )


def _beneficiary(row: Row[Any]) -> Beneficiary:
    return Beneficiary(
        person=PersonIndex(row.person_index),
        is_head=row.is_head,
        addition=Money(row.addition_fen),
        left_on=row.left_on,
    )


def _amount(row: Row[Any]) -> AmountVersion:
    return AmountVersion(
        from_month=Month.of(row.from_month),
        base=Money(row.base_fen),
        additions=Money(row.additions_fen),
    )


def _line(row: Row[Any]) -> PaymentLine:
    return PaymentLine(
        period=row.period,
        due_on=row.due_on,
        amount=Money(row.amount_fen),
        status=PaymentStatus(row.status),
    )
