"""Rate a service once, change the rating once, and rate again what was put right (好差评)."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.intake import events
from services.intake.actions.desk import Desk
from services.intake.actions.open_redress import open_loop
from services.intake.actions.redress_desk import Act
from services.intake.actions.standing import take_standing
from services.intake.actions.step_redress import move_loop, moved
from services.intake.errors import MatterNotFound
from services.intake.errors.redress import (
    AlreadyRated,
    RatingFinal,
    RatingNotFound,
    RedressActNotAllowed,
)
from services.intake.model import ApplicationId, HandlerKind, OfficeId
from services.intake.model.kept import Case
from services.intake.model.rating import Rating, Satisfaction
from services.intake.model.redress import (
    Hand,
    RatingId,
    Redress,
    RedressAct,
    RedressId,
    RedressKind,
    RedressStage,
)
from services.intake.ports import Grants
from services.intake.rules.rating import is_bad, require_editable, require_rateable
from services.intake.rules.redress import next_step
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey

ANONYMOUS = "citizen:anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateMatter:
    """The command: what somebody thinks of the service they got."""

    actor: Actor
    application_id: ApplicationId
    matter: str
    satisfaction: Satisfaction
    remark: str | None
    is_anonymous: bool
    request: RequestKey


async def rate_matter(
    command: RateMatter, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> RatingId:
    """Keep a rating; a bad one opens the loop that puts things right.

    Who gave an anonymous rating stands nowhere: not in its row, its journal or its events.

    Raises:
        ApplicationNotFound: It is not theirs.
        MatterNotFound: The case has no such matter.
        MatterNotRateable: It is not over yet.
        AlreadyRated: This service has a rating; of two at once, one is kept.
    """
    await take_standing(
        command.actor, command.application_id, transaction=transaction, grants=grants
    )
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return RatingId(UUID(earlier.body["ratingId"]))
        case = await store.get_case(command.application_id)
        rating = _rating(case, command, desk=desk)
        await store.add_rating(rating)
        await _announce(store, rating, command, act="rate")
        if is_bad(rating.satisfaction):
            await _open_redress(store, rating, command, desk=desk)
        await store.remember_answer(command.request, status=201, body={"ratingId": str(rating.id)})
    return rating.id


async def change_rating(
    command: RateMatter, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> RatingId:
    """Change a rating once, within seven days; after it was put right, say so once more.

    A rating that turns bad opens the loop; one that turns good ends it only while nobody has
    taken it up. What is said after the loop has ended stands beside the first word.

    Raises:
        ApplicationNotFound: It is not theirs.
        RatingNotFound: There is none to change.
        RatingFinal: It was changed before, or it is too late.
    """
    await take_standing(
        command.actor, command.application_id, transaction=transaction, grants=grants
    )
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        rating = await store.lock_rating(command.application_id, command.matter)
        if rating is None:
            raise RatingNotFound
        if earlier is not None:
            return rating.id
        redress = await store.lock_redress_of_rating(rating.id)
        if redress is not None and redress.stage is RedressStage.CLOSED:
            await _rate_again(store, rating, redress, command, desk=desk)
        else:
            await _edit(store, rating, redress, command, desk=desk)
        await store.remember_answer(command.request, status=200, body={"ratingId": str(rating.id)})
    return rating.id


async def _edit(
    store: Store, rating: Rating, redress: Redress | None, command: RateMatter, *, desk: Desk
) -> None:
    now = desk.clock.now()
    require_editable(rated_at=rating.rated_at, edited_at=rating.edited_at, at=now)
    changed = replace(rating, satisfaction=command.satisfaction, edited_at=now)
    remark = _sealed_remark(rating.id, command.remark, desk=desk)
    await store.edit_rating(rating.id, command.satisfaction, remark=remark, at=now)
    await _announce(store, changed, command, act="change-rating")
    if is_bad(command.satisfaction) and redress is None:
        await _open_redress(store, changed, command, desk=desk)
    elif redress is not None and not is_bad(command.satisfaction):
        await _retract(store, redress, desk=desk)


async def _retract(store: Store, redress: Redress, *, desk: Desk) -> None:
    try:
        step = next_step(
            redress, RedressAct.RETRACT, hands=frozenset({Hand.PLATFORM}), has_note=False
        )
    except RedressActNotAllowed:
        # Somebody is at work on it already: it is mended and answered all the same.
        return
    after = moved(redress, step, at=desk.clock.now())
    act = Act(name=str(RedressAct.RETRACT), hand=Hand.PLATFORM, by="service:intake")
    await move_loop(store, after, act, desk=desk)


async def _rate_again(
    store: Store, rating: Rating, redress: Redress, command: RateMatter, *, desk: Desk
) -> None:
    if rating.rerated is not None:
        raise RatingFinal
    await store.rerate(rating.id, command.satisfaction, at=desk.clock.now())
    await _announce(
        store, replace(rating, satisfaction=command.satisfaction), command, act="rate-again"
    )


def _rating(case: Case, command: RateMatter, *, desk: Desk) -> Rating:
    matter = next((each for each in case.matters if each.key == command.matter), None)
    if matter is None:
        raise MatterNotFound
    require_rateable(matter.status)
    # Not derived from the case: who knows the case could find its anonymous rating.
    rating_id = RatingId(new_id())
    return Rating(
        id=rating_id,
        application_id=case.id,
        matter=matter.key,
        item_code=case.item_code,
        office_id=office_of(case, matter.key),
        division=case.division,
        satisfaction=command.satisfaction,
        is_anonymous=command.is_anonymous,
        remark_sealed=_sealed_remark(rating_id, command.remark, desk=desk),
        rated_at=desk.clock.now(),
    )


def office_of(case: Case, matter: str) -> OfficeId | None:
    """The office that answered for the matter last; else one of the case's, if any did."""
    offices = [
        task
        for task in case.tasks
        if task.handler.kind is HandlerKind.OFFICER and task.office_id is not None
    ]
    own = [task for task in offices if task.ref.matter == matter]
    found = [*offices, *own][-1:]
    return found[0].office_id if found else None


def _sealed_remark(rating_id: RatingId, remark: str | None, *, desk: Desk) -> bytes | None:
    if not remark:
        return None
    return desk.cipher.seal(remark.encode(), place=f"rating.remark:{rating_id}")


async def _announce(store: Store, rating: Rating, command: RateMatter, *, act: str) -> None:
    # Not in the case's journal: its readers at the office are the ones who were rated.
    await store.write_journal(
        JournalEntry(
            stream=f"rating:{rating.id}",
            actor=ANONYMOUS if rating.is_anonymous else command.actor.subject,
            act=act,
            target=f"rating:{rating.id}",
            facts={"satisfaction": int(rating.satisfaction)},
        )
    )
    await store.publish(events.rating_given(rating))


async def _open_redress(store: Store, rating: Rating, command: RateMatter, *, desk: Desk) -> None:
    if rating.redress_id is not None:
        raise AlreadyRated
    now = desk.clock.now()
    who = ANONYMOUS if rating.is_anonymous else command.actor.subject
    redress = Redress(
        id=RedressId(new_id()),
        kind=RedressKind.BAD_RATING,
        stage=RedressStage.OPEN,
        division=rating.division,
        office_id=rating.office_id,
        is_anonymous=rating.is_anonymous,
        application_id=rating.application_id,
        rating_id=rating.id,
        reporter=None if rating.is_anonymous else who,
        item_code=rating.item_code,
        opened_at=now,
        round_at=now,
        entered_at=now,
    )
    await open_loop(store, redress, command.remark, by=who, hand=Hand.REPORTER, desk=desk)
