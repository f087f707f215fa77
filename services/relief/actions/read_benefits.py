"""Read benefits; reading a citizen's file is an act, and is journalled."""

from dataclasses import dataclass
from uuid import UUID

from services.relief.model import Benefit
from services.relief.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.errors import Forbidden
from shared.journal import JournalEntry
from shared.money import Money
from shared.visibility import Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitFile:
    """A benefit and what was found to be paid too much on it."""

    benefit: Benefit
    overpaid: Money


async def read_benefit(
    benefit_id: UUID, *, actor: Actor, transaction: Transactions[Store]
) -> BenefitFile:
    """One benefit the actor may see.

    Raises:
        BenefitNotFound: There is none, or it is not theirs to see.
    """
    async with transaction() as store:
        benefit = await store.get_benefit(benefit_id, visible=Visibility.of(actor))
        return await _opened(benefit, actor=actor, store=store)


async def read_people(
    benefit_id: UUID, *, actor: Actor, transaction: Transactions[Store]
) -> Benefit:
    """Whom a benefit is for, for the service objects base and for nobody else.

    Raises:
        Forbidden: Another service asks.
        BenefitNotFound: There is none.
    """
    if actor.system != "registry":
        raise Forbidden
    async with transaction() as store:
        benefit = await store.get_benefit(benefit_id, visible=Visibility.of(actor))
        await store.write_journal(
            JournalEntry(
                stream=f"benefit:{benefit.id}",
                actor=actor.subject,
                act="read-people",
                target=f"benefit:{benefit.id}",
                reason="服务对象基础库更新",
            )
        )
        return benefit


async def list_benefits(
    application_id: UUID, *, actor: Actor, transaction: Transactions[Store]
) -> list[BenefitFile]:
    """The benefits an application led to, as far as the actor may see them."""
    async with transaction() as store:
        benefits = await store.list_benefits_of_application(
            application_id, visible=Visibility.of(actor)
        )
        return [await _opened(each, actor=actor, store=store) for each in benefits]


async def _opened(benefit: Benefit, *, actor: Actor, store: Store) -> BenefitFile:
    await store.write_journal(
        JournalEntry(
            stream=f"benefit:{benefit.id}",
            actor=actor.subject,
            act="read-benefit",
            target=f"benefit:{benefit.id}",
            reason="社会救助经办或本人查询",
        )
    )
    return BenefitFile(benefit=benefit, overpaid=await store.total_overpaid(benefit.id))
