"""Show appeals: to who filed them, and to reviewers of the division; looks are journalled."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.actions.appeal_decision import (
    grounds_place,
    reasons_place,
    require_appellant,
    require_review_room,
)
from services.intake.actions.desk import Desk
from services.intake.actions.read_clocks import division_range
from services.intake.actions.standing import take_standing
from services.intake.model import ApplicationId
from services.intake.model.appeal import Appeal, AppealId
from services.intake.ports import Grants
from services.intake.rules.appeal import REVIEW, review_deadline
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor, ActorKind
from shared.calendar import Deadline
from shared.database import Transactions
from shared.identifiers import DivisionCode
from shared.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealReading:
    """One appeal for one reader."""

    appeal: Appeal
    grounds: str
    reasons: str | None
    deadline: Deadline | None


async def read_appeal(
    actor: Actor,
    appeal_id: AppealId,
    *,
    transaction: Transactions[Store],
    desk: Desk,
    grants: Grants,
) -> AppealReading:
    """An appeal with its grounds and the reasons of its review.

    Raises:
        AppealNotFound: There is none, or it is not theirs.
    """
    async with transaction() as store:
        appeal = await store.get_appeal(appeal_id)
    if actor.kind is ActorKind.CITIZEN:
        await require_appellant(actor, appeal, transaction=transaction, grants=grants)
    else:
        require_review_room(actor, appeal)
    async with transaction() as store:
        calendar = await desk.catalogue.calendar(store)
        if actor.kind is ActorKind.OFFICER:
            look = JournalEntry(
                stream=stream_of(appeal.application_id),
                actor=actor.subject,
                act="read",
                target=f"appeal:{appeal.id}",
                reason="办理复议",
            )
            await store.write_journal(look)
    grounds = desk.cipher.open(appeal.grounds_sealed, place=grounds_place(appeal.id))
    reasons = None
    if appeal.reasons_sealed is not None:
        reasons = desk.cipher.open(appeal.reasons_sealed, place=reasons_place(appeal.id)).decode()
    return AppealReading(
        appeal=appeal,
        grounds=grounds.decode(),
        reasons=reasons,
        deadline=review_deadline(appeal, calendar=calendar),
    )


async def list_case_appeals(
    actor: Actor,
    application_id: ApplicationId,
    *,
    transaction: Transactions[Store],
    grants: Grants,
) -> Sequence[Appeal]:
    """The appeals against a case of one's own.

    Raises:
        ApplicationNotFound: It is not theirs.
    """
    await take_standing(actor, application_id, transaction=transaction, grants=grants)
    async with transaction() as store:
        return await store.list_appeals_of_case(application_id)


async def list_appeals(
    actor: Actor, *, before: UUID | None, limit: int, transaction: Transactions[Store]
) -> Sequence[Appeal]:
    """Appeals of a reviewer's division; none for who reviews nothing."""
    if REVIEW not in actor.roles or not actor.division:
        return ()
    divisions = division_range(DivisionCode.parse(actor.division))
    async with transaction() as store:
        return await store.list_appeals(divisions, before=before, limit=limit)
