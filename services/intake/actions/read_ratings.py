"""What may be rated, and how offices and items were rated."""

from collections.abc import Sequence
from datetime import timedelta

from services.intake.actions.desk import Desk
from services.intake.actions.read_clocks import SUPERVISION, division_range
from services.intake.model.rating import Invitation, RatingSummary
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.identifiers import DivisionCode


async def list_invitations(
    actor: Actor, *, transaction: Transactions[Store], desk: Desk
) -> Sequence[Invitation]:
    """Services of one's own that are over and not rated; after a funeral, not at once."""
    async with transaction() as store:
        return await store.list_invitations(actor.subject, actor.person_index, now=desk.clock.now())


async def summarise_ratings(
    actor: Actor, *, by: str, days: int, transaction: Transactions[Store], desk: Desk
) -> Sequence[RatingSummary]:
    """How offices, or items, of a supervisor's division were rated, the worst first.

    Who supervises no place compares nothing: of few ratings one could tell who gave them.
    """
    if SUPERVISION not in actor.roles or not actor.division:
        return ()
    divisions = division_range(DivisionCode.parse(actor.division))
    since = desk.clock.now() - timedelta(days=days)
    async with transaction() as store:
        return await store.summarise_ratings(by, divisions, since=since)
