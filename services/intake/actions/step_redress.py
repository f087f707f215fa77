"""Take the next step in a loop: sign, mend, answer, contest, call back, review."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.actions.desk import Desk
from services.intake.actions.redress_desk import Act, clocked, pack_of, require_hands, write_act
from services.intake.errors import OfficeNotFound
from services.intake.model import OfficeId
from services.intake.model.redress import (
    Hand,
    Redress,
    RedressAct,
    RedressId,
    RedressOutcome,
    RedressStage,
)
from services.intake.ports import Grants
from services.intake.rules.office import division_chain
from services.intake.rules.redress import (
    Step,
    next_step,
    require_extension,
    require_office,
    require_timely,
)
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRedress:
    """The command: one act in one loop."""

    actor: Actor
    redress_id: RedressId
    act: RedressAct
    note: str | None
    office_id: OfficeId | None
    days: int | None
    request: RequestKey


async def step_redress(
    command: StepRedress, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> StoredAnswer | None:
    """Do one act; of two that race, the second finds the stage the first has led to.

    Raises:
        RedressNotFound: It is not theirs.
        RedressActNotAllowed: The stage does not allow it.
        NotYourHand: It lies with somebody else.
        NoteRequired: It needs words.
        OfficeRequired: A dispatch names nobody.
        OfficeNotFound: The office does not serve that place.
        ContestTooLate: The time to contest is over.
        ReturnTooLate: The time to return is over.
        RedressExtensionNotAllowed: It was extended, or is asked for too much.
    """
    async with transaction() as store:
        found = await store.get_redress(command.redress_id)
    hands = await require_hands(command.actor, found, transaction=transaction, grants=grants)
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        redress = await store.lock_redress(command.redress_id)
        note = (command.note or "").strip()
        step = next_step(redress, command.act, hands=hands, has_note=bool(note))
        calendar = await desk.catalogue.calendar(store)
        pack = await pack_of(store, redress)
        now = desk.clock.now()
        require_timely(redress, command.act, at=now, calendar=calendar, pack=pack)
        days = None
        if command.act is RedressAct.ASK_EXTENSION:
            days = require_extension(redress, command.days, pack=pack)
        if command.act is RedressAct.DISPATCH:
            await _require_office(store, redress, command)
        after = _after(redress, step, command, days=days, at=now)
        [hand, *_] = sorted(hands & step.hands, key=list(Hand).index)
        act = Act(name=str(command.act), hand=hand, by=_by(command.actor, redress), note=note)
        await move_loop(store, after, act, desk=desk)
        await store.remember_answer(
            command.request, status=200, body={"redressId": str(redress.id)}
        )
    return None


async def move_loop(store: Store, after: Redress, act: Act, *, desk: Desk) -> None:
    """Write where a loop stands after an act, and the act."""
    after, look = await clocked(store, after, desk=desk)
    await store.replace_redress(after, next_look_at=look)
    if after.outcome is RedressOutcome.EXCLUDED and after.rating_id is not None:
        await store.exclude_rating(after.rating_id)
    await write_act(store, after, act, desk=desk)


def moved(redress: Redress, step: Step, *, at: datetime) -> Redress:
    """A loop after a step."""
    is_closed = step.to is RedressStage.CLOSED
    return replace(
        redress,
        stage=step.to,
        entered_at=at,
        round=redress.round + step.starts_round,
        round_at=at if step.starts_round else redress.round_at,
        outcome=step.outcome,
        closed_at=at if is_closed else None,
        version=redress.version + 1,
    )


async def _require_office(store: Store, redress: Redress, command: StepRedress) -> None:
    require_office(command.act, command.office_id)
    offices = await store.list_offices(division_chain(redress.division))
    if command.office_id not in {office.id for office in offices}:
        raise OfficeNotFound(function="", level="", division=redress.division)


def _after(
    redress: Redress, step: Step, command: StepRedress, *, days: int | None, at: datetime
) -> Redress:
    after = moved(redress, step, at=at)
    match command.act:
        case RedressAct.DISPATCH:
            return replace(after, office_id=command.office_id)
        case RedressAct.CONTEST:
            return replace(after, contested_at=at)
        case RedressAct.ASK_EXTENSION:
            return replace(after, extension_asked=days)
        case RedressAct.GRANT_EXTENSION:
            return replace(after, extended_days=redress.extension_asked or 0)
    return after


def _by(actor: Actor, redress: Redress) -> str:
    """Who acts; an anonymous rater stays so."""
    is_rater = redress.is_anonymous and actor.person_index is not None
    return "citizen:anonymous" if is_rater else actor.subject
