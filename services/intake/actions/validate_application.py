"""Look an application over before it is handed in: everything at once, and nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.intake.actions.desk import Desk
from services.intake.actions.hand_in import HandedIn, require_own_files
from services.intake.errors import (
    FileNotFound,
    GrantRequired,
    MaterialTwice,
    NotYourself,
    OfficeNotFound,
    OpenApplicationExists,
)
from services.intake.model import GrantId, ServiceItem
from services.intake.model.readiness import Lack, LackKind, Place, Readiness
from services.intake.ports import Grants
from services.intake.rules.office import division_chain
from services.intake.rules.parameters import local_parameters
from services.intake.rules.paths import subject_path, text_at
from services.intake.rules.readiness import lack_of, readiness
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.identifiers import InvalidIdentifier


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateApplication:
    """The question: what would stand in the way of this application?"""

    actor: Actor
    item_code: str
    form: Mapping[str, Any]
    materials: Sequence[HandedIn]
    on_behalf_of: GrantId | None


async def validate_application(
    command: ValidateApplication,
    *,
    transaction: Transactions[Store],
    desk: Desk,
    grants: Grants,
) -> tuple[int, Readiness]:
    """Everything that stands in the way, by the newest version of the item, and which that is.

    Raises:
        ItemNotFound: There is no such item.
    """
    async with transaction(is_reading=True) as store:
        item, version = await desk.catalogue.newest_item(store, command.item_code)
        place = await _place(store, item, command.form, desk=desk)
        found = readiness(
            item,
            form=command.form,
            provided=[each.key for each in command.materials],
            place=place,
            expressions=desk.catalogue.expressions,
            today=desk.clock.today(),
        )
        others = [*await _files(store, command), *await _open_case(store, item, command, desk=desk)]
    others += await _person(item, command, desk=desk, grants=grants)
    return version, replace(found, lacks=(*found.lacks, *others))


async def _place(store: Store, item: ServiceItem, form: Mapping[str, Any], *, desk: Desk) -> Place:
    """The offices and numbers of the place the form names; none if it names none."""
    division = text_at(form, item.division) or ""
    try:
        chain = division_chain(division)
    except OfficeNotFound:
        return Place()
    offices, published = await store.list_offices(chain), await store.newest_parameters()
    params = local_parameters(published, division=division, on=desk.clock.today())
    return Place(offices=offices, params=params)


async def _files(store: Store, command: ValidateApplication) -> list[Lack]:
    try:
        await require_own_files(store, command.actor, command.materials)
    except FileNotFound as refusal:
        return [lack_of(LackKind.MATERIAL, refusal)]
    except MaterialTwice:
        pass  # The rules have told it, with the material's key.
    return []


async def _open_case(
    store: Store, item: ServiceItem, command: ValidateApplication, *, desk: Desk
) -> list[Lack]:
    """Only of the caller's own: of others nobody is told here that they have applied."""
    subject = _index(text_at(command.form, subject_path(item)), desk=desk)
    if subject is None or subject != command.actor.person_index:
        return []
    if not await store.has_open_application(subject, item.code):
        return []
    return [lack_of(LackKind.APPLICATION, OpenApplicationExists())]


async def _person(
    item: ServiceItem, command: ValidateApplication, *, desk: Desk, grants: Grants
) -> list[Lack]:
    applicant = _index(text_at(command.form, item.applicant.id_no), desk=desk)
    if applicant is None:
        return []  # Told as a mistake of the form.
    if command.on_behalf_of is None:
        is_own = applicant == command.actor.person_index
        return [] if is_own else [lack_of(LackKind.PERSON, NotYourself())]
    allowed = await grants.allows(
        command.on_behalf_of,
        agent=command.actor.id,
        principal_index=applicant,
        item_code=item.code,
    )
    return [] if allowed else [lack_of(LackKind.PERSON, GrantRequired())]


def _index(id_number: str | None, *, desk: Desk) -> str | None:
    """The blind index of a number; None where there is none, or none that can be one."""
    try:
        return None if not id_number else desk.index.of(id_number)
    except InvalidIdentifier:
        return None
