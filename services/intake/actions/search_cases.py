"""Look for cases among those one may see, count them, and take a list of them along."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.actions.authorise import NOBODY
from services.intake.actions.desk import Desk
from services.intake.errors.search import ExportTooLarge, NoOffice, PurposeRequired, RangeInvalid
from services.intake.model import ServiceItem
from services.intake.model.search import CaseFilter, FoundCase, FoundLine, Purpose
from services.intake.rules.paths import text_at
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.masking import mask_id_number, mask_name

MOST_COUNTED = 1000
"""A list says "more than a thousand" rather than count a district."""

MOST_EXPORTED = 5000
CHUNK = 250
"""Rows of an export that are read and opened at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCases:
    """The question: which cases of my offices are like this?"""

    actor: Actor
    wanted: CaseFilter
    limit: int
    before: UUID | None = None
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of cases, and how many there are."""

    lines: Sequence[FoundLine]
    has_more: bool
    total: int
    """At most `MOST_COUNTED`."""
    is_total_exact: bool


async def search_cases(
    question: SearchCases, *, transaction: Transactions[Store], desk: Desk
) -> Found:
    """A page of the cases an officer may read that are like what they look for.

    The policy is one text, shared by list, count and export, and says what reading a single
    case says. The look is journalled: which filters, for what, and how many it showed.

    Raises:
        NoOffice: They work in no office.
        PurposeRequired: A person is looked for, and no purpose given.
        RangeInvalid: The range of due dates ends before it starts.
    """
    _check(question.wanted, question.purpose)
    offices = _offices(question.actor, question.wanted)
    async with transaction() as store:
        found = await store.search_cases(
            question.wanted, offices=offices, before=question.before, limit=question.limit + 1
        )
        total = await store.count_cases(question.wanted, offices=offices, limit=MOST_COUNTED + 1)
        lines = await _masked(store, found[: question.limit], desk=desk)
        await _note(store, question.actor, "search", question.wanted, question.purpose, len(lines))
    return Found(
        lines=lines,
        has_more=len(found) > question.limit,
        total=min(total, MOST_COUNTED),
        is_total_exact=total <= MOST_COUNTED,
    )


async def export_cases(
    actor: Actor,
    wanted: CaseFilter,
    purpose: Purpose,
    *,
    transaction: Transactions[Store],
    desk: Desk,
) -> AsyncIterator[FoundLine]:
    """Every case an officer may read that is like what they look for, newest first.

    It is journalled, with its purpose and its size, before the first row leaves. Rows are
    read in chunks with a transaction each: a slow reader holds no connection.

    Raises:
        NoOffice: They work in no office.
        ExportTooLarge: There are more than one export takes.
        RangeInvalid: The range of due dates ends before it starts.
    """
    _check(wanted, purpose)
    offices = _offices(actor, wanted)
    async with transaction() as store:
        total = await store.count_cases(wanted, offices=offices, limit=MOST_EXPORTED + 1)
        if total > MOST_EXPORTED:
            raise ExportTooLarge(MOST_EXPORTED)
        await _note(store, actor, "export", wanted, purpose, total)
    return _chunks(wanted, offices, transaction=transaction, desk=desk)


async def _chunks(
    wanted: CaseFilter,
    offices: Sequence[UUID],
    *,
    transaction: Transactions[Store],
    desk: Desk,
) -> AsyncIterator[FoundLine]:
    before: UUID | None = None
    sent = 0
    while sent < MOST_EXPORTED:
        async with transaction() as store:
            found = await store.search_cases(wanted, offices=offices, before=before, limit=CHUNK)
            lines = await _masked(store, found, desk=desk)
        for line in lines:
            yield line
        sent += len(lines)
        if len(found) < CHUNK:
            return
        before = found[-1].id


def _check(wanted: CaseFilter, purpose: Purpose | None) -> None:
    if wanted.is_about_a_person and purpose is None:
        raise PurposeRequired
    if (
        wanted.due_from is not None
        and wanted.due_until is not None
        and wanted.due_until <= wanted.due_from
    ):
        raise RangeInvalid


def _offices(actor: Actor, wanted: CaseFilter) -> list[UUID]:
    """The offices that look: the actor's, or the one of them that is asked for."""
    own = [UUID(office) for office in sorted(actor.offices)]
    if not own:
        raise NoOffice
    if wanted.office_id is not None:
        own = [office for office in own if office == wanted.office_id]
    return own or [NOBODY]


async def _masked(store: Store, found: Sequence[FoundCase], *, desk: Desk) -> list[FoundLine]:
    return [
        _line(case, await desk.catalogue.item(store, case.item_code, case.item_version), desk=desk)
        for case in found
    ]


def _line(case: FoundCase, item: ServiceItem, *, desk: Desk) -> FoundLine:
    form = desk.open_sealed_form(case.id, case.form_sealed)
    return FoundLine(
        case=case,
        name=mask_name(text_at(form, item.applicant.name) or ""),
        id_no=mask_id_number(text_at(form, item.applicant.id_no) or ""),
    )


async def _note(
    store: Store,
    actor: Actor,
    act: str,
    wanted: CaseFilter,
    purpose: Purpose | None,
    rows: int,
) -> None:
    await store.write_journal(
        JournalEntry(
            stream=actor.subject,
            actor=actor.subject,
            act=act,
            target="applications",
            reason=str(purpose or ""),
            facts={"by": wanted.named(), "rows": rows, "masked": True},
        )
    )
