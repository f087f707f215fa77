"""What every act on a loop shares: who has which hand in it, its clock, and how it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.intake import events
from services.intake.actions.desk import Desk
from services.intake.actions.read_clocks import SUPERVISION, division_range
from services.intake.actions.standing import take_standing
from services.intake.errors import ApplicationNotFound
from services.intake.errors.redress import RedressNotFound
from services.intake.model.redress import Hand, Redress, RedressKind, RedressStage, RedressStep
from services.intake.ports import Grants
from services.intake.rules.clock import read_clock
from services.intake.rules.parameters import local_parameters
from services.intake.rules.redress import clock_of
from services.intake.rules.supervision import card_schedule, next_look
from services.intake.store import Store
from shared.auth import Actor, ActorKind
from shared.clock import local_date
from shared.database import Transactions
from shared.identifiers import DivisionCode
from shared.journal import JournalEntry
from shared.store import JobRequest

TELL_HOTLINE = "tell-hotline"
TOLD = frozenset({RedressStage.ANSWERED, RedressStage.CLOSED, RedressStage.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is written down of one act."""

    name: str
    hand: Hand
    by: str
    note: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def hands_in(actor: Actor, redress: Redress) -> frozenset[Hand]:
    """Which hands an officer or a partner has in a loop; a citizen's standing is asked apart.

    Who works in the office that is complained of is not its supervisor. A loop without an
    office lies with the supervisor altogether.
    """
    if actor.kind is ActorKind.PARTNER:
        return frozenset({Hand.REPORTER} if actor.system == redress.system else ())
    if actor.kind is not ActorKind.OFFICER:
        return frozenset()
    if redress.office_id is not None and str(redress.office_id) in actor.offices:
        return frozenset({Hand.OFFICE})
    if SUPERVISION not in actor.roles or not actor.division:
        return frozenset()
    lowest, highest = division_range(DivisionCode.parse(actor.division))
    if not lowest <= redress.division <= highest:
        return frozenset()
    alone = redress.office_id is None
    return frozenset({Hand.SUPERVISOR, Hand.OFFICE} if alone else {Hand.SUPERVISOR})


async def require_hands(
    actor: Actor, redress: Redress, *, transaction: Transactions[Store], grants: Grants
) -> frozenset[Hand]:
    """Which hands somebody has in a loop.

    Raises:
        RedressNotFound: None: it is not there for them.
    """
    if actor.kind is ActorKind.CITIZEN:
        await _require_reporter(actor, redress, transaction=transaction, grants=grants)
        return frozenset({Hand.REPORTER})
    hands = hands_in(actor, redress)
    if not hands:
        raise RedressNotFound
    return hands


async def _require_reporter(
    actor: Actor, redress: Redress, *, transaction: Transactions[Store], grants: Grants
) -> None:
    if redress.application_id is None or redress.kind is RedressKind.HOTLINE:
        if redress.reporter != actor.subject:
            raise RedressNotFound
        return
    try:
        await take_standing(actor, redress.application_id, transaction=transaction, grants=grants)
    except ApplicationNotFound:
        raise RedressNotFound from None


async def pack_of(store: Store, redress: Redress) -> Mapping[str, object]:
    """The lengths in force where and when a loop was opened."""
    return local_parameters(
        await store.newest_parameters(),
        division=redress.division,
        on=local_date(redress.opened_at),
    )


async def clocked(store: Store, redress: Redress, *, desk: Desk) -> tuple[Redress, datetime | None]:
    """A loop with its due date, and when its clock is to be looked at first."""
    clock = clock_of(redress, pack=await pack_of(store, redress))
    if clock is None:
        return replace(redress, due_at=None), None
    calendar = await desk.catalogue.calendar(store)
    now = desk.clock.now()
    reading = read_clock(clock, (), at=now, calendar=calendar)
    schedule = card_schedule(reading, calendar)
    passed = any(card.at <= now for card in schedule)
    look = now if passed else next_look(schedule, reading, at=now)
    return replace(redress, due_at=reading.deadline.due_at), look


async def write_act(store: Store, redress: Redress, act: Act, *, desk: Desk) -> None:
    """Append the act to the loop's history, journal it and tell others where it stands.

    Args:
        redress: As it stands after the act; its version numbers the act.
    """
    note = None
    if act.note:
        place = note_place(redress.id, redress.version)
        note = desk.cipher.seal(act.note.encode(), place=place)
    step = RedressStep(
        seq=redress.version,
        act=act.name,
        stage=redress.stage,
        hand=act.hand,
        by=act.by,
        at=desk.clock.now(),
        note_sealed=note,
        facts=act.facts,
    )
    await store.add_redress_step(redress.id, step)
    await store.write_journal(
        JournalEntry(
            stream=f"redress:{redress.id}",
            actor=act.by,
            act=act.name,
            target=f"redress:{redress.id}",
            facts={"stage": str(redress.stage), "kind": str(redress.kind), **act.facts},
        )
    )
    await store.publish(events.redress_moved(redress, act=act.name))
    if redress.system is not None and redress.stage in TOLD:
        await store.enqueue(_telling(redress, at=desk.clock.now()))


def note_place(redress_id: UUID, seq: int) -> str:
    """Where the words of an act belong; sealed for it, they open nowhere else."""
    return f"redress_step.note:{redress_id}:{seq}"


def text_place(redress_id: UUID) -> str:
    """Where the words of a complaint belong."""
    return f"redress.text:{redress_id}"


def _telling(redress: Redress, *, at: datetime) -> JobRequest:
    return JobRequest(
        kind=TELL_HOTLINE,
        key=f"{redress.id}:{redress.version}",
        payload={
            "redressId": str(redress.id),
            "system": redress.system,
            "stage": str(redress.stage),
            "externalNumber": redress.external_number,
            "at": at.isoformat(),
        },
    )
