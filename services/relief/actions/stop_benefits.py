"""Stop, or reduce, what a deceased drew; record what was paid too much."""

from dataclasses import dataclass, replace
from datetime import date

from services.relief.events import benefit_changed, benefit_stopped
from services.relief.model import (
    Benefit,
    BenefitTrigger,
    DeathConsequence,
    PersonIndex,
    Recovery,
    StopReason,
)
from services.relief.rules.benefit import next_status
from services.relief.rules.death import (
    consequence_of_death,
    is_drawn_by,
    rewritten,
    total_overpaid,
)
from services.relief.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import MatterRequest
from shared.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class StopBenefits:
    """The death of a beneficiary, as the certificate dates it."""

    matter: MatterRequest
    deceased: PersonIndex
    died_on: date


async def stop_benefits(
    command: StopBenefits, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Apply a death to every benefit the deceased was part of, once per matter."""
    async with transaction() as store:
        if not await store.claim_matter(command.matter):
            return
        for benefit in await store.lock_benefits_of(command.deceased):
            if is_drawn_by(benefit, command.deceased):
                await _apply(command, benefit, store=store, today=clock.today())
        await store.tell_performed("relief", command.matter)


async def _apply(command: StopBenefits, benefit: Benefit, *, store: Store, today: date) -> None:
    consequence = consequence_of_death(benefit, deceased=command.deceased, died_on=command.died_on)
    overpaid = total_overpaid(consequence)
    changed = _changed(benefit, consequence, overpaid)
    application_id = command.matter.application_id
    await store.write_death(
        changed,
        consequence,
        deceased=command.deceased,
        died_on=command.died_on,
        application_id=application_id,
        found_on=today,
    )
    tell = benefit_stopped if consequence.ends_benefit else benefit_changed
    await store.publish(tell(changed, overpaid=overpaid, application_id=application_id))


def _changed(benefit: Benefit, consequence: DeathConsequence, overpaid: Money) -> Benefit:
    recovery = Recovery.RECOVERING if overpaid else benefit.recovery
    if consequence.ends_benefit:
        return replace(
            benefit,
            status=next_status(benefit.status, BenefitTrigger.STOPPED),
            stops_from=consequence.stops_from,
            stop_reason=StopReason.DEATH,
            recovery=recovery,
        )
    return replace(
        benefit,
        status=next_status(benefit.status, BenefitTrigger.AMOUNT_CHANGED),
        amounts=rewritten(benefit.amounts, consequence.amounts),
        recovery=recovery,
        review_due_on=consequence.review_due_on,
    )
