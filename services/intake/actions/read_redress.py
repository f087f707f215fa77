"""Show loops to whoever has a hand in them: never who complained, to those who answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.actions.authorise import NOBODY
from services.intake.actions.desk import Desk
from services.intake.actions.read_clocks import SUPERVISION, division_range
from services.intake.actions.redress_desk import note_place, require_hands, text_place
from services.intake.model.redress import Hand, Redress, RedressCard, RedressId, RedressStep
from services.intake.ports import Grants
from services.intake.rules.redress import LOOPS
from services.intake.store import Store
from services.intake.store.redress import RedressScope
from shared.auth import Actor, ActorKind
from shared.database import Transactions
from shared.identifiers import DivisionCode
from shared.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class RedressReading:
    """One loop for one reader."""

    redress: Redress
    text: str | None
    steps: Sequence[tuple[RedressStep, str | None]]
    cards: Sequence[RedressCard]
    allowed: Sequence[str]
    """What the reader may do now."""
    shows_case: bool
    """Whether the reader is told which case it is about."""


async def read_redress(
    actor: Actor,
    redress_id: RedressId,
    *,
    transaction: Transactions[Store],
    desk: Desk,
    grants: Grants,
) -> RedressReading:
    """A loop with its words and its steps; an authority's look at them is journalled.

    Raises:
        RedressNotFound: There is none, or it is not theirs.
    """
    async with transaction() as store:
        redress = await store.get_redress(redress_id)
    hands = await require_hands(actor, redress, transaction=transaction, grants=grants)
    async with transaction() as store:
        redress = await store.get_redress(redress_id)
        steps = await store.list_redress_steps(redress_id)
        cards = await store.list_redress_cards(redress_id)
        if actor.kind is ActorKind.OFFICER:
            await store.write_journal(_look(actor, redress))
    return RedressReading(
        redress=redress,
        text=_text(redress, desk=desk),
        steps=[(step, _note(redress, step, desk=desk)) for step in steps],
        cards=cards,
        allowed=_allowed(redress, hands),
        shows_case=Hand.REPORTER in hands or not redress.is_anonymous,
    )


async def list_redress(
    actor: Actor,
    *,
    only_open: bool,
    before: UUID | None,
    limit: int,
    transaction: Transactions[Store],
) -> Sequence[Redress]:
    """Loops of one's office, division or system, or one's own complaints; newest first."""
    async with transaction() as store:
        return await store.list_redress(
            scope_of(actor), only_open=only_open, before=before, limit=limit
        )


def scope_of(actor: Actor) -> RedressScope:
    """Which loops an actor is listed."""
    if actor.kind is ActorKind.CITIZEN:
        return RedressScope(reporter=actor.subject)
    if actor.kind is ActorKind.PARTNER:
        return RedressScope(system=actor.system)
    offices = tuple(UUID(each) for each in sorted(actor.offices)) or (NOBODY,)
    if SUPERVISION in actor.roles and actor.division:
        divisions = division_range(DivisionCode.parse(actor.division))
        return RedressScope(offices=offices, divisions=divisions)
    return RedressScope(offices=offices)


def _allowed(redress: Redress, hands: frozenset[Hand]) -> Sequence[str]:
    steps = LOOPS[redress.kind].get(redress.stage, {})
    return [str(act) for act, step in steps.items() if hands & step.hands]


def _look(actor: Actor, redress: Redress) -> JournalEntry:
    return JournalEntry(
        stream=f"redress:{redress.id}",
        actor=actor.subject,
        act="read",
        target=f"redress:{redress.id}",
        reason="办理诉求或整改",
    )


def _text(redress: Redress, *, desk: Desk) -> str | None:
    if redress.text_sealed is None:
        return None
    return desk.cipher.open(redress.text_sealed, place=text_place(redress.id)).decode()


def _note(redress: Redress, step: RedressStep, *, desk: Desk) -> str | None:
    if step.note_sealed is None:
        return None
    return desk.cipher.open(step.note_sealed, place=note_place(redress.id, step.seq)).decode()
