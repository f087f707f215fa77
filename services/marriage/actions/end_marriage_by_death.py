"""End the marriage of somebody who died; the survivor is widowed from that day."""

from dataclasses import dataclass
from datetime import date

from services.marriage.errors import DeathBeforeMarriage
from services.marriage.events import marriage_ended
from services.marriage.model import PersonIndex
from services.marriage.rules.ending import end_by_death
from services.marriage.store import Store
from shared.database import Transactions
from shared.department import MatterRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMarriageByDeath:
    """The death of a spouse, as the certificate dates it."""

    matter: MatterRequest
    deceased: PersonIndex
    died_on: date


async def end_marriage_by_death(
    command: EndMarriageByDeath, *, transaction: Transactions[Store]
) -> None:
    """Apply a death to the marriage in force, once per matter; without one nothing is to do."""
    async with transaction() as store:
        if not await store.claim_matter(command.matter):
            return
        marriage = await store.lock_marriage_in_force(command.deceased)
        if marriage is not None:
            try:
                over = end_by_death(marriage, died_on=command.died_on)
            except DeathBeforeMarriage as contradiction:
                await store.tell_failed("marriage", command.matter, reason=contradiction.code)
                return
            await store.end_marriage(over)
            await store.publish(marriage_ended(over, application_id=command.matter.application_id))
        await store.tell_performed("marriage", command.matter)
