"""Look at the loops whose time has come, and raise the cards that are due, each once."""

from services.intake import events
from services.intake.actions.desk import Desk
from services.intake.actions.redress_desk import pack_of
from services.intake.model.redress import Redress, RedressCard
from services.intake.rules.clock import read_clock
from services.intake.rules.redress import clock_of
from services.intake.rules.supervision import card_schedule, cards_due, next_look
from services.intake.store import Store
from shared.database import Transactions
from shared.errors import Unavailable
from shared.journal import JournalEntry
from shared.telemetry import logger

BATCH = 100
"""Most loops that one transaction looks at."""


async def watch_redress(*, transaction: Transactions[Store], desk: Desk, limit: int = BATCH) -> int:
    """Look at one batch of loops; any number of clock processes may do this at once.

    Overdue is a card for the unit, never a stage: the loop stays where it is.

    Returns:
        How many were looked at; none while the database is away.
    """
    try:
        async with transaction() as store:
            due = await store.lock_redress_to_look_at(now=desk.clock.now(), limit=limit)
            for redress in due:
                await _look(store, redress, desk=desk)
    except Unavailable:
        logger("clock").warning("clock.waiting")
        return 0
    return len(due)


async def _look(store: Store, redress: Redress, *, desk: Desk) -> None:
    clock = clock_of(redress, pack=await pack_of(store, redress))
    if clock is None:
        await store.look_at_redress_again(redress.id, at=None)
        return
    now, calendar = desk.clock.now(), await desk.catalogue.calendar(store)
    reading = read_clock(clock, (), at=now, calendar=calendar)
    schedule = card_schedule(reading, calendar)
    for due in cards_due(schedule, at=now):
        card = RedressCard(
            redress_id=redress.id,
            stage=redress.stage,
            round=redress.round,
            level=str(due.level),
            due_at=reading.deadline.due_at,
            raised_at=now,
        )
        if await store.add_redress_card(card):
            await _announce(store, redress, card)
    await store.look_at_redress_again(redress.id, at=next_look(schedule, reading, at=now))


async def _announce(store: Store, redress: Redress, card: RedressCard) -> None:
    await store.publish(events.redress_card_raised(redress, card))
    await store.write_journal(
        JournalEntry(
            stream=f"redress:{redress.id}",
            actor="service:intake",
            act="raise-card",
            target=f"redress:{redress.id}",
            facts={"level": card.level, "stage": str(card.stage), "round": card.round},
        )
    )
