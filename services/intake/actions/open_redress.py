"""Open a loop: a citizen complains, the hotline hands in a work order, an inspection finds."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from services.intake.actions.desk import Desk
from services.intake.actions.read_clocks import SUPERVISION, division_range
from services.intake.actions.redress_desk import Act, clocked, text_place, write_act
from services.intake.actions.standing import take_standing
from services.intake.errors import ApplicationNotFound, OfficeNotFound
from services.intake.errors.redress import NotYourHand
from services.intake.model import ApplicationId, OfficeId
from services.intake.model.redress import (
    Category,
    Hand,
    Redress,
    RedressId,
    RedressKind,
    RedressStage,
)
from services.intake.ports import Grants
from services.intake.rules.office import division_chain
from services.intake.rules.supervision import lead_office
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.identifiers import DivisionCode
from shared.ids import new_id
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class FileComplaint:
    """The command: somebody wants to be heard, about a case of theirs or about a place."""

    actor: Actor
    category: Category
    text: str
    application_id: ApplicationId | None
    division: str | None
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWorkOrder:
    """The command: the hotline hands on what somebody called about (12345 工单)."""

    actor: Actor
    external_number: str
    category: Category
    text: str
    is_urgent: bool
    is_complex: bool
    application_number: str | None
    division: str | None
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInspection:
    """The command: an inspection found something an office must mend."""

    actor: Actor
    office_id: OfficeId
    division: str
    text: str
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a loop belongs."""

    division: str
    office_id: OfficeId | None
    application_id: ApplicationId | None = None
    item_code: str | None = None


async def file_complaint(
    command: FileComplaint, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> RedressId:
    """Take a citizen's complaint in; about a case, it goes to the office that leads it.

    Raises:
        ApplicationNotFound: The case is not theirs.
        OfficeNotFound: Neither a case nor a division is named.
    """
    if command.application_id is not None:
        await take_standing(
            command.actor, command.application_id, transaction=transaction, grants=grants
        )
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return _opened(earlier)
        place = await _place(store, command.application_id, command.division)
        order = _order(RedressKind.COMPLAINT, place, command.category, desk=desk)
        redress = replace(order, reporter=command.actor.subject)
        return await _open(store, redress, command.text, command.actor, command.request, desk=desk)


async def take_work_order(
    command: TakeWorkOrder, *, transaction: Transactions[Store], desk: Desk
) -> RedressId:
    """Take a work order of the hotline in, beside the case it speaks of.

    The caller's own phone number stays with the hotline: it calls back.

    Raises:
        ApplicationNotFound: There is no case with the number it names.
        OfficeNotFound: Neither a case nor a division is named.
        WorkOrderKnown: The number was handed in before.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return _opened(earlier)
        application_id = None
        if command.application_number is not None:
            application_id = await store.find_application_id(command.application_number)
            if application_id is None:
                raise ApplicationNotFound
        place = await _place(store, application_id, command.division)
        redress = replace(
            _order(RedressKind.HOTLINE, place, command.category, desk=desk),
            is_urgent=command.is_urgent,
            is_complex=command.is_complex,
            system=command.actor.system,
            external_number=command.external_number,
        )
        return await _open(store, redress, command.text, command.actor, command.request, desk=desk)


async def report_inspection(
    command: ReportInspection, *, transaction: Transactions[Store], desk: Desk
) -> RedressId:
    """Open the rectification of something an inspection found.

    Raises:
        NotYourHand: Only a supervisor of the division reports, and not on an office of theirs.
        OfficeNotFound: The office does not serve that place.
    """
    require_inspector(command.actor, command.division, command.office_id)
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return _opened(earlier)
        offices = await store.list_offices(division_chain(command.division))
        _require_known(command.office_id, {office.id for office in offices}, command.division)
        now = desk.clock.now()
        redress = Redress(
            id=RedressId(new_id()),
            kind=RedressKind.INSPECTION,
            stage=RedressStage.FOUND,
            division=command.division,
            office_id=command.office_id,
            opened_at=now,
            round_at=now,
            entered_at=now,
        )
        return await _open(store, redress, command.text, command.actor, command.request, desk=desk)


def require_inspector(actor: Actor, division: str, office: OfficeId) -> None:
    """Refuse whoever does not supervise a place, or works where the finding is.

    Raises:
        NotYourHand: It is for another to report.
    """
    if SUPERVISION not in actor.roles or not actor.division or str(office) in actor.offices:
        raise NotYourHand
    lowest, highest = division_range(DivisionCode.parse(actor.division))
    if not lowest <= division <= highest:
        raise NotYourHand


def _require_known(office: OfficeId, known: Collection[OfficeId], division: str) -> None:
    if office not in known:
        raise OfficeNotFound(function="", level="", division=division)


async def _place(
    store: Store, application_id: ApplicationId | None, division: str | None
) -> _Place:
    """The case's own place and lead office; else the place that is named, to be dispatched."""
    if application_id is not None:
        case = await store.get_case(application_id)
        leads = await store.list_lead_candidates([case.id])
        return _Place(
            division=case.division,
            office_id=lead_office(leads.get(case.id, ())),
            application_id=case.id,
            item_code=case.item_code,
        )
    if division is None or not await store.list_offices(division_chain(division)):
        raise OfficeNotFound(function="", level="", division=division or "")
    return _Place(division=division, office_id=None)


def _order(kind: RedressKind, place: _Place, category: Category, *, desk: Desk) -> Redress:
    now = desk.clock.now()
    known = place.office_id is not None
    return Redress(
        id=RedressId(new_id()),
        kind=kind,
        stage=RedressStage.DISPATCHED if known else RedressStage.RECEIVED,
        division=place.division,
        office_id=place.office_id,
        category=category,
        application_id=place.application_id,
        item_code=place.item_code,
        opened_at=now,
        round_at=now,
        entered_at=now,
    )


async def _open(
    store: Store, redress: Redress, text: str, actor: Actor, request: RequestKey, *, desk: Desk
) -> RedressId:
    await open_loop(store, redress, text, by=actor.subject, hand=_hand(redress), desk=desk)
    await store.remember_answer(request, status=201, body={"redressId": str(redress.id)})
    return redress.id


def _hand(redress: Redress) -> Hand:
    return Hand.SUPERVISOR if redress.kind is RedressKind.INSPECTION else Hand.REPORTER


async def open_loop(
    store: Store, redress: Redress, text: str | None, *, by: str, hand: Hand, desk: Desk
) -> None:
    """Write a new loop with its first due date and its first act."""
    if text:
        sealed = desk.cipher.seal(text.encode(), place=text_place(redress.id))
        redress = replace(redress, text_sealed=sealed)
    redress, look = await clocked(store, redress, desk=desk)
    await store.add_redress(redress, next_look_at=look)
    await write_act(store, redress, Act(name="open", hand=hand, by=by), desk=desk)


def _opened(earlier: StoredAnswer) -> RedressId:
    return RedressId(UUID(earlier.body["redressId"]))
