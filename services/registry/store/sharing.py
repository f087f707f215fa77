"""Statements about enquiries to other departments."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Row, text

from services.registry.errors.sharing import EnquiryNotFound
from services.registry.model import PersonIndex, PublicationKind
from services.registry.model.sharing import (
    AnsweredEnquiry,
    Enquiry,
    EnquiryId,
    SharedFact,
    SharingStatus,
    Subject,
    SupplierAnswer,
    SupplierHealth,
)
from services.registry.rules.sharing import joined_status
from services.registry.store.publications import PublicationStore
from shared.sealing import RecordKey

_COLUMNS = """
    e.id, e.fact, e.fact_version, e.application_id, e.item, e.purpose, e.basis, e.asked_by,
    e.person_index, e.consent, e.asked_at, e.usable_until, e.keep_until, e.data_key,
    e.subject_sealed
"""
_ADD = text("""
    INSERT INTO enquiry (id, fact, fact_version, application_id, item, purpose, basis, asked_by,
                         person_index, consent, asked_at, usable_until, keep_until,
                         subject_sealed, data_key)
    VALUES (:id, :fact, :fact_version, :application_id, :item, :purpose, :basis, :asked_by,
            :person, :consent, :asked_at, :usable_until, :keep_until, :subject, :data_key)
""")
_ADD_PENDING = text("""
    INSERT INTO enquiry_answer (enquiry_id, supplier, status)
    SELECT :id, supplier, 'PENDING' FROM unnest(CAST(:suppliers AS text[])) AS supplier
""")
# Who asked stands in the statement: another service's enquiry is one that does not exist.
_OWN = text(f"SELECT {_COLUMNS} FROM enquiry e WHERE e.id = :id AND e.asked_by = :asked_by")
_OF_CASE = text(f"""
    SELECT {_COLUMNS} FROM enquiry e
    WHERE e.application_id = :application_id AND e.asked_by = :asked_by
    ORDER BY e.id LIMIT :limit
""")
_LOCK = text(f"SELECT {_COLUMNS} FROM enquiry e WHERE e.id = :id FOR UPDATE")
_ANSWERS = text("""
    SELECT enquiry_id, supplier, status, reason, as_of, fetched_at, payload_sealed
    FROM enquiry_answer WHERE enquiry_id = ANY(:ids) ORDER BY enquiry_id, supplier
""")
_ANSWER = text("""
    UPDATE enquiry_answer
    SET status = :status, reason = :reason, as_of = :as_of, fetched_at = :fetched_at,
        payload_sealed = :payload
    WHERE enquiry_id = :id AND supplier = :supplier AND status = 'PENDING'
    RETURNING true
""")
_ERASE = text("""
    WITH over AS (
        SELECT id FROM enquiry WHERE usable_until < :today AND data_key IS NOT NULL
        LIMIT 500 FOR UPDATE SKIP LOCKED
    ), emptied AS (
        UPDATE enquiry_answer SET payload_sealed = NULL FROM over WHERE enquiry_id = over.id
    )
    UPDATE enquiry SET data_key = NULL, subject_sealed = NULL FROM over
    WHERE enquiry.id = over.id
    RETURNING enquiry.id, enquiry.application_id
""")
_FORGET = text("""
    DELETE FROM enquiry WHERE id IN (
        SELECT id FROM enquiry WHERE keep_until < :today LIMIT 500 FOR UPDATE SKIP LOCKED)
    RETURNING id
""")
_HEALTH = text("""
    SELECT supplier,
           count(*) FILTER (WHERE status = 'PENDING') AS pending,
           min(e.asked_at) FILTER (WHERE status = 'PENDING') AS oldest_pending,
           max(fetched_at) AS last_answer,
           count(*) FILTER (WHERE status = 'UNAVAILABLE' AND fetched_at >= :since) AS failed
    FROM enquiry_answer JOIN enquiry e ON e.id = enquiry_id
    WHERE status = 'PENDING' OR fetched_at >= :since
    GROUP BY supplier ORDER BY supplier
""")


class SharingStore(PublicationStore):
    """What was asked of other departments, and what they said."""

    async def list_shared_facts(self) -> Sequence[SharedFact]:
        """The newest version of every fact of the sharing catalogue."""
        found = await self.list_newest(PublicationKind.SHARED_FACT)
        return [_fact(each.content, each.version) for each in found]

    async def get_shared_fact(self, code: str, version: int) -> SharedFact:
        """A fact as it stood when it was asked for."""
        rows = await self.connection.execute(
            text("""
                SELECT content FROM publication
                WHERE kind = 'SHARED_FACT' AND key = :key AND version = :version
            """),
            {"key": code, "version": version},
        )
        return _fact(rows.scalar_one(), version)

    async def add_enquiry(
        self, enquiry: Enquiry, subject: Subject, *, suppliers: Iterable[str]
    ) -> None:
        """Keep a question; each supplier's answer is awaited from now on."""
        key = self._cipher.new_record_key(_record(enquiry.id))
        sealed = key.seal(
            orjson.dumps([subject.name, subject.id_number]), place=_subject_place(enquiry.id)
        )
        await self.connection.execute(
            _ADD,
            {
                "id": enquiry.id,
                "fact": enquiry.fact,
                "fact_version": enquiry.fact_version,
                "application_id": enquiry.application_id,
                "item": enquiry.item,
                "purpose": enquiry.purpose,
                "basis": enquiry.basis,
                "asked_by": enquiry.asked_by,
                "person": enquiry.person,
                "consent": enquiry.consent,
                "asked_at": enquiry.asked_at,
                "usable_until": enquiry.usable_until,
                "keep_until": enquiry.keep_until,
                "subject": sealed,
                "data_key": key.wrapped,
            },
        )
        await self.connection.execute(
            _ADD_PENDING, {"id": enquiry.id, "suppliers": list(suppliers)}
        )

    async def get_enquiry(self, enquiry: EnquiryId, *, asked_by: str) -> AnsweredEnquiry:
        """An enquiry with everything it was answered.

        Raises:
            EnquiryNotFound: There is none, or another service asked it.
        """
        rows = await self.connection.execute(_OWN, {"id": enquiry, "asked_by": asked_by})
        found = await self._with_answers(rows.all())
        if not found:
            raise EnquiryNotFound
        return found[0]

    async def list_enquiries(
        self, application_id: object, *, asked_by: str, limit: int
    ) -> Sequence[AnsweredEnquiry]:
        """What a service asked in one case, oldest first."""
        rows = await self.connection.execute(
            _OF_CASE, {"application_id": application_id, "asked_by": asked_by, "limit": limit}
        )
        return await self._with_answers(rows.all())

    async def lock_enquiry(self, enquiry: EnquiryId) -> tuple[AnsweredEnquiry, Subject | None]:
        """An enquiry and whom it is about; nobody once that is erased.

        Raises:
            EnquiryNotFound: It is no longer kept.
        """
        rows = (await self.connection.execute(_LOCK, {"id": enquiry})).all()
        if not rows:
            raise EnquiryNotFound
        found = await self._with_answers(rows)
        return found[0], self._subject(rows[0])

    async def add_answer(self, enquiry: EnquiryId, answer: SupplierAnswer) -> bool:
        """Keep what a supplier said; False if it has been said already.

        The enquiry must be locked.
        """
        payload = None
        if answer.payload is not None:
            rows = (await self.connection.execute(_LOCK, {"id": enquiry})).all()
            key = self._cipher.record_key(rows[0].data_key, _record(enquiry))
            payload = key.seal(
                orjson.dumps(answer.payload), place=_payload_place(enquiry, answer.supplier)
            )
        kept = await self.connection.execute(
            _ANSWER,
            {
                "id": enquiry,
                "supplier": answer.supplier,
                "status": answer.status.value,
                "reason": answer.reason,
                "as_of": answer.as_of,
                "fetched_at": answer.fetched_at,
                "payload": payload,
            },
        )
        return kept.scalar_one_or_none() is not None

    async def erase_answers(self, *, today: date) -> Sequence[tuple[EnquiryId, object]]:
        """Destroy the keys of what may no longer be used; the enquiries' and cases' ids."""
        rows = await self.connection.execute(_ERASE, {"today": today})
        return [(EnquiryId(row.id), row.application_id) for row in rows]

    async def forget_enquiries(self, *, today: date) -> int:
        """Delete records whose time of keeping is over; how many."""
        return len((await self.connection.execute(_FORGET, {"today": today})).all())

    async def list_supplier_health(self, *, since: datetime) -> Sequence[SupplierHealth]:
        """How each supplier that was asked lately has been answering."""
        rows = await self.connection.execute(_HEALTH, {"since": since})
        return [
            SupplierHealth(
                supplier=row.supplier,
                pending=row.pending,
                oldest_pending=row.oldest_pending,
                last_answer=row.last_answer,
                unavailable_today=row.failed,
            )
            for row in rows
        ]

    async def _with_answers(self, rows: Sequence[Row[Any]]) -> list[AnsweredEnquiry]:
        answers = await self.connection.execute(_ANSWERS, {"ids": [row.id for row in rows]})
        of: dict[object, list[Row[Any]]] = {}
        for answer in answers:
            of.setdefault(answer.enquiry_id, []).append(answer)
        found, facts = [], {}
        for row in rows:
            key = None
            if row.data_key is not None:
                key = self._cipher.record_key(row.data_key, _record(EnquiryId(row.id)))
            told = [_answer(each, key) for each in of.get(row.id, ())]
            asked = (row.fact, row.fact_version)
            if asked not in facts:
                facts[asked] = await self.get_shared_fact(*asked)
            status = joined_status(facts[asked], told)
            found.append(AnsweredEnquiry(enquiry=_enquiry(row), status=status, answers=told))
        return found

    def _subject(self, row: Row[Any]) -> Subject | None:
        if row.data_key is None or row.subject_sealed is None:
            return None
        key = self._cipher.record_key(row.data_key, _record(EnquiryId(row.id)))
        plain = key.open(row.subject_sealed, place=_subject_place(EnquiryId(row.id)))
        name, id_number = orjson.loads(plain)
        return Subject(name=name, id_number=id_number)


def _record(enquiry: EnquiryId) -> str:
    return f"enquiry:{enquiry}"


def _subject_place(enquiry: EnquiryId) -> str:
    return f"enquiry.subject:{enquiry}"


def _payload_place(enquiry: EnquiryId, supplier: str) -> str:
    return f"enquiry_answer.payload:{enquiry}:{supplier}"


def _fact(content: Any, version: int) -> SharedFact:  # noqa: ANN401 - published JSON
    return SharedFact(
        code=content["code"],
        version=version,
        title=content["title"],
        suppliers=tuple(content["suppliers"]),
        services=frozenset(content["services"]),
        items=frozenset(content["items"]),
        basis=content["basis"],
        consent=content["consent"],
        valid_days=content["valid_days"],
        agree_on=tuple(content.get("agree_on", ())),
        answer=content["answer"],
    )


def _enquiry(row: Row[Any]) -> Enquiry:
    return Enquiry(
        id=EnquiryId(row.id),
        fact=row.fact,
        fact_version=row.fact_version,
        application_id=row.application_id,
        item=row.item,
        purpose=row.purpose,
        basis=row.basis,
        asked_by=row.asked_by,
        person=PersonIndex(row.person_index),
        consent=row.consent,
        asked_at=row.asked_at,
        usable_until=row.usable_until,
        keep_until=row.keep_until,
    )


def _answer(row: Row[Any], key: RecordKey | None) -> SupplierAnswer:
    payload = None
    if row.payload_sealed is not None and key is not None:
        place = _payload_place(EnquiryId(row.enquiry_id), row.supplier)
        payload = orjson.loads(key.open(row.payload_sealed, place=place))
    return SupplierAnswer(
        supplier=row.supplier,
        status=SharingStatus(row.status),
        reason=row.reason,
        as_of=row.as_of,
        fetched_at=row.fetched_at,
        payload=payload,
        erased=row.status == SharingStatus.OK and payload is None,
    )
