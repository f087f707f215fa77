"""What may be asked of other departments, and what an answer amounts to."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from jsonschema import Draft202012Validator

from services.registry.model.sharing import (
    AskRefusal,
    SharedFact,
    SharingStatus,
    SupplierAnswer,
)

YEARS_KEPT = 3

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def refusal_to_ask(
    fact: SharedFact, *, service: str, item: str, consent: str | None
) -> AskRefusal | None:
    """Why a service may not ask for a fact in a case of an item; None if it may.

    Source:
        个人信息保护法 (2021) arts. 6, 13(3), 29: only for the stated duty, separately
        authorised where the duty alone is not enough; 政务数据共享条例 (令809, 2025): shared data
        serves only the purpose it was shared for.
    """
    if service not in fact.services:
        return AskRefusal.NOT_FOR_THIS_SERVICE
    if item not in fact.items:
        return AskRefusal.NOT_FOR_THIS_ITEM
    if fact.consent and not consent:
        return AskRefusal.CONSENT_MISSING
    return None


def keep_record_until(asked_on: date) -> date:
    """The last day on which the record of an enquiry is kept.

    Source:
        网络数据安全管理条例 (2025) art. 12: records of providing personal data, three years.
    """
    day = 28 if (asked_on.month, asked_on.day) == (2, 29) else asked_on.day
    return asked_on.replace(year=asked_on.year + YEARS_KEPT, day=day)


def answer_usable_until(fact: SharedFact, asked_on: date) -> date:
    """The last day on which an answer may be used; after it, it is erased.

    Source:
        个人信息保护法 (2021) art. 19: the shortest time the purpose needs.
    """
    return asked_on + timedelta(days=fact.valid_days)


def read_answer(
    fact: SharedFact, supplier: str, raw: object, *, request_id: str, at: datetime
) -> SupplierAnswer:
    """What a supplier's answer says; what cannot be read says nothing, least of all "no".

    Only a plain statement that the person is unknown counts as not found: a wrong address, an
    empty page or another request's answer does not. Fields the fact does not name are not
    taken in: an answer that has some is read without them only if the rest fits.

    Args:
        raw: The decoded body of a successful answer.
        request_id: The request it must answer.
        at: When it was fetched.

    Source:
        relief.md 1.12: `OK | NOT_FOUND | UNAVAILABLE | CONFLICT`, unavailable is not not-found.
    """
    unreadable = SupplierAnswer(
        supplier=supplier,
        status=SharingStatus.UNAVAILABLE,
        reason="unreadable",
        fetched_at=at,
    )
    if not isinstance(raw, Mapping) or raw.get("requestId") != request_id:
        return unreadable
    as_of = _day(raw.get("asOf"))
    if as_of is None or as_of > at.date() + timedelta(days=1):
        return unreadable
    if raw.get("found") is False:
        status, reason, payload = SharingStatus.NOT_FOUND, "", None
    elif raw.get("found") is not True or not isinstance(raw.get("nameMatches"), bool):
        return unreadable
    elif not raw["nameMatches"]:
        status, reason, payload = SharingStatus.CONFLICT, "other-name", None
    else:
        payload = _allowed(fact, raw.get("data"))
        if payload is None:
            return unreadable
        status, reason = SharingStatus.OK, ""
    return SupplierAnswer(
        supplier=supplier,
        status=status,
        reason=reason,
        as_of=as_of,
        fetched_at=at,
        payload=payload,
    )


def joined_status(fact: SharedFact, answers: Sequence[SupplierAnswer]) -> SharingStatus:
    """What all suppliers of a fact together amount to.

    A contradiction outweighs everything. One who knows is enough where the others do not
    hold the person, but not where another did not answer and must agree.

    Source:
        relief.md 1.12; marriage-funeral-onewindow.md 1.4: a source that does not answer is
        waited for, never read as its answer.
    """
    told = {answer.status for answer in answers}
    if SharingStatus.CONFLICT in told or _contradict(fact, answers):
        return SharingStatus.CONFLICT
    if SharingStatus.PENDING in told:
        return SharingStatus.PENDING
    if SharingStatus.UNAVAILABLE in told:
        return SharingStatus.UNAVAILABLE
    return SharingStatus.OK if SharingStatus.OK in told else SharingStatus.NOT_FOUND


def _contradict(fact: SharedFact, answers: Sequence[SupplierAnswer]) -> bool:
    said = [answer.payload for answer in answers if answer.payload is not None]
    return any(len({str(each.get(name)) for each in said}) > 1 for name in fact.agree_on)


def _allowed(fact: SharedFact, data: object) -> Mapping[str, Any] | None:
    """The fields the fact names, if they fit; None if they do not."""
    if not isinstance(data, Mapping):
        return None
    named = {name: data[name] for name in fact.answer["properties"] if name in data}
    checker = Draft202012Validator(fact.answer, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return named if checker.is_valid(named) else None


def _day(value: object) -> date | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
