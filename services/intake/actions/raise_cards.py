"""Look at the clocks whose time has come, and raise the cards that are due, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.intake import events
from services.intake.actions.desk import DEFAULT_LIMIT, Desk, due_date
from services.intake.model import ApplicationId, OfficeId, TaskId
from services.intake.model.clock import (
    CardDue,
    ClockReading,
    RunningClock,
    SupervisionCard,
    Watched,
)
from services.intake.model.kept import ClockEntry, DueDate
from services.intake.rules.clock import clocks_of_item, read_clock
from services.intake.rules.supervision import card_schedule, cards_due, lead_office, next_look
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.calendar import WorkingCalendar
from shared.database import Transactions
from shared.errors import Unavailable
from shared.failpoints import Failpoints
from shared.ids import derived_id
from shared.journal import JournalEntry
from shared.telemetry import logger

BATCH = 100
"""Most tasks, and most cases, that one transaction looks at."""

SETTLED_AFTER = timedelta(seconds=30)
"""What has just opened is left in peace: most questions between systems are answered sooner."""

PLATFORM = "service:intake"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What one look at a case or a task found."""

    watched: Watched
    cards: tuple[SupervisionCard, ...]
    next_at: datetime | None
    due: DueDate | None = None
    """The task's due date, if the calendar or a pause has moved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What all looks of one batch share."""

    now: datetime
    calendar: WorkingCalendar
    ledgers: Mapping[ApplicationId, Sequence[ClockEntry]]
    leads: Mapping[ApplicationId, OfficeId | None]


async def raise_cards(
    *,
    transaction: Transactions[Store],
    desk: Desk,
    failpoints: Failpoints,
    limit: int = BATCH,
) -> int:
    """Look at one batch of clocks; any number of clock processes may do this at once.

    Rows another process looks at are skipped, and a card that was raised before is not raised
    again. Card, event, journal line and next look are one transaction: a crash leaves either
    all of them or none, and then the look is still due.

    Returns:
        How many cases and tasks were looked at; none while the database is away.
    """
    try:
        async with transaction() as store:
            looked = await _look(store, desk=desk, limit=limit)
            failpoints.reach("cards.before_commit")
        failpoints.reach("cards.after_commit")
    except Unavailable:
        logger("clock").warning("clock.waiting")
        return 0
    return looked


async def _look(store: Store, *, desk: Desk, limit: int) -> int:
    now = desk.clock.now()
    when = {"now": now, "settled": now - SETTLED_AFTER}
    tasks = await store.lock_tasks_to_look_at(**when, limit=limit)
    cases = await store.lock_cases_to_look_at(**when, limit=limit)
    if not tasks and not cases:
        return 0
    known = await _known(store, [*tasks, *cases], now=now, desk=desk)
    looks = [_look_at_task(task, known) for task in tasks]
    for case in cases:
        item = await desk.catalogue.item(store, case.case.item_code, case.case.item_version)
        clocks = clocks_of_item(item, accepted_at=case.started_at)
        looks.append(_look_at_case(case, clocks, known))
    await _raise(store, [(look.watched, card) for look in looks for card in look.cards])
    await store.replace_due_dates(
        (TaskId(look.watched.task_id), look.due)
        for look in looks
        if look.watched.task_id is not None and look.due is not None
    )
    await _note_moved(store, looks)
    await store.set_next_looks([(look.watched, look.next_at) for look in looks])
    return len(looks)


async def _note_moved(store: Store, looks: Sequence[_Look]) -> None:
    """A due date that the calendar moved is an act: before, after, and by which calendar."""
    for look in looks:
        watched, due = look.watched, look.due
        if due is None or due.due_at is None or watched.due_at is None:
            continue
        await store.write_journal(
            JournalEntry(
                stream=stream_of(watched.case.application_id),
                actor=PLATFORM,
                act="move-due-date",
                target=f"task:{watched.ref}",
                facts={
                    "before": watched.due_at.isoformat(),
                    "after": due.due_at.isoformat(),
                    "calendar": due.explanation.get("calendar"),
                },
            )
        )


async def _known(store: Store, watched: Sequence[Watched], *, now: datetime, desk: Desk) -> _Known:
    ids = sorted({each.case.application_id for each in watched})
    candidates = await store.list_lead_candidates(ids)
    return _Known(
        now=now,
        calendar=await desk.catalogue.calendar(store),
        ledgers=await store.list_ledgers(ids),
        leads={each: lead_office(candidates.get(each, ())) for each in ids},
    )


def _look_at_task(task: Watched, known: _Known) -> _Look:
    clock = RunningClock(
        name=str(task.ref), limit=task.limit or DEFAULT_LIMIT, started_at=task.started_at
    )
    reading, cards, next_at = _read(task, clock, known)
    moved = reading.deadline.due_at != task.due_at
    return _Look(
        watched=task,
        cards=cards,
        next_at=next_at,
        due=due_date(reading.deadline, source=clock.limit.source) if moved else None,
    )


def _look_at_case(case: Watched, clocks: Sequence[RunningClock], known: _Known) -> _Look:
    read = [_read(case, clock, known) for clock in clocks]
    following = [next_at for _, _, next_at in read if next_at is not None]
    return _Look(
        watched=case,
        cards=tuple(card for _, cards, _ in read for card in cards),
        next_at=min(following, default=None),
    )


def _read(
    watched: Watched, clock: RunningClock, known: _Known
) -> tuple[ClockReading, tuple[SupervisionCard, ...], datetime | None]:
    entries = known.ledgers.get(watched.case.application_id, ())
    reading = read_clock(clock, entries, at=known.now, calendar=known.calendar)
    schedule = card_schedule(reading, known.calendar)
    cards = tuple(_card(watched, reading, due, known) for due in cards_due(schedule, at=known.now))
    return reading, cards, next_look(schedule, reading, at=known.now)


def _card(watched: Watched, reading: ClockReading, due: CardDue, known: _Known) -> SupervisionCard:
    case = watched.case
    name = (str(case.application_id), reading.name, str(watched.round), str(due.level))
    return SupervisionCard(
        id=derived_id("card", *name),
        application_id=case.application_id,
        task_id=watched.task_id,
        clock=reading.name,
        level=due.level,
        round=watched.round,
        since=due.at,
        raised_at=known.now,
        due_at=reading.deadline.due_at,
        office_id=watched.office_id or known.leads[case.application_id],
        handler=str(watched.handler) if watched.handler else None,
        division=case.division,
    )


async def _raise(store: Store, found: Sequence[tuple[Watched, SupervisionCard]]) -> None:
    added = await store.add_cards([card for _, card in found])
    for watched, card in found:
        if card.id not in added:
            continue
        await store.publish(events.card_raised(watched.case, card))
        target = f"task:{watched.ref}" if watched.ref else f"application:{card.application_id}"
        await store.write_journal(
            JournalEntry(
                stream=stream_of(card.application_id),
                actor=PLATFORM,
                act="raise-card",
                target=target,
                facts={"level": str(card.level), "clock": card.clock, "round": card.round},
            )
        )
