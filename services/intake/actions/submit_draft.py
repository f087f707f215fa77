"""Hand a draft in: it becomes an application, and ends, in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.actions.desk import Desk
from services.intake.actions.hand_in import HandedIn
from services.intake.actions.save_draft import open_draft
from services.intake.actions.submit_application import (
    SubmitApplication,
    Taken,
    submit_application,
)
from services.intake.errors.draft import DraftNotFound
from services.intake.model import ApplicationId, Channel, GrantId
from services.intake.model.draft import DraftRef
from services.intake.ports import Grants
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.errors import StaleVersion
from shared.store import RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitDraft:
    """The command: what has been filled in is complete."""

    actor: Actor
    item_code: str
    version: int
    channel: Channel
    on_behalf_of: GrantId | None
    request: RequestKey


async def submit_draft(
    command: SubmitDraft, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> Taken:
    """Submit the caller's draft for an item; if it is refused, the draft stays as it is.

    Raises:
        DraftNotFound: They have none for this item.
        StaleVersion: It was saved elsewhere since they read it.
        CivilError: As `submit_application`.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            repeated = ApplicationId(UUID(earlier.body["applicationId"]))
            return Taken(application_id=repeated, is_repeat=True)
        draft = await store.find_draft(
            command.actor.subject, command.item_code, at=desk.clock.now()
        )
    if draft is None:
        raise DraftNotFound
    if draft.line.version != command.version:
        raise StaleVersion
    content = open_draft(draft, desk=desk)
    submission = SubmitApplication(
        actor=command.actor,
        item_code=command.item_code,
        form=content.form,
        materials=[HandedIn(key=each.key, file_id=each.file_id) for each in content.materials],
        channel=command.channel,
        on_behalf_of=command.on_behalf_of,
        request=command.request,
        draft=DraftRef(id=draft.line.id, version=draft.line.version),
    )
    return await submit_application(submission, transaction=transaction, desk=desk, grants=grants)
