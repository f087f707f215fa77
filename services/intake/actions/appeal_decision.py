"""Contest a decision, and review it by others than those who made it (复议)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake import events
from services.intake.actions.desk import Desk
from services.intake.actions.read_clocks import division_range
from services.intake.actions.standing import take_standing
from services.intake.errors import ApplicationNotFound, MatterNotFound
from services.intake.errors.appeal import AppealNotFound
from services.intake.model import ApplicationId
from services.intake.model.appeal import Appeal, AppealId, AppealOutcome, AppealStage
from services.intake.model.kept import Case, CaseMatter
from services.intake.ports import Grants
from services.intake.rules.appeal import (
    REVIEW,
    require_contestable,
    require_in_time,
    require_independent,
    require_reviewer,
    require_stage,
)
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor, ActorKind
from shared.database import Transactions
from shared.identifiers import DivisionCode
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDecision:
    """The command: somebody does not accept how a matter was decided."""

    actor: Actor
    application_id: ApplicationId
    matter: str
    grounds: str
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAppeal:
    """The command: a reviewer takes an appeal on, turns it away, or decides it."""

    actor: Actor
    appeal_id: AppealId
    stage: AppealStage
    outcome: AppealOutcome | None
    reasons: str
    request: RequestKey


async def appeal_decision(
    command: AppealDecision, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> AppealId:
    """File an appeal beside the case; of two at once, one is kept, and the case is not touched.

    Raises:
        ApplicationNotFound: It is not theirs.
        MatterNotFound: The case has no such matter.
        NothingToAppeal: Nothing was decided.
        AppealTooLate: The sixty days since its delivery are over.
        AppealExists: It is contested already, or has been reviewed.
    """
    await take_standing(
        command.actor, command.application_id, transaction=transaction, grants=grants
    )
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return AppealId(UUID(earlier.body["appealId"]))
        case = await store.get_case(command.application_id)
        appeal = await _appeal(store, case, command, desk=desk)
        await store.add_appeal(appeal)
        await _announce(store, case, appeal, by=command.actor, act="appeal")
        await store.remember_answer(command.request, status=201, body={"appealId": str(appeal.id)})
    return appeal.id


async def review_appeal(
    command: ReviewAppeal, *, transaction: Transactions[Store], desk: Desk
) -> None:
    """Accept, turn away or decide an appeal; what it contests stays on file as it was.

    Raises:
        AppealNotFound: It is not theirs to see.
        AppealActNotAllowed: It is at another stage.
        ReviewerNotIndependent: They, or their office, had a hand in the decision.
        NotTheReviewer: Another has taken it on.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return
        appeal = await store.lock_appeal(command.appeal_id)
        require_review_room(command.actor, appeal)
        subject = command.actor.subject
        require_independent(appeal, subject=subject, offices=command.actor.offices)
        is_decision = command.stage is AppealStage.DECIDED
        require_stage(appeal, AppealStage.ACCEPTED if is_decision else AppealStage.FILED)
        if is_decision:
            require_reviewer(appeal, subject=subject)
        after = _reviewed(appeal, command, desk=desk)
        await store.replace_appeal(after)
        case = await store.get_case(appeal.application_id)
        await _announce(store, case, after, by=command.actor, act=f"appeal-{after.stage}")
        await store.remember_answer(command.request, status=200, body={"appealId": str(appeal.id)})


async def withdraw_appeal(
    actor: Actor,
    appeal_id: AppealId,
    request: RequestKey,
    *,
    transaction: Transactions[Store],
    desk: Desk,
    grants: Grants,
) -> None:
    """Take an appeal back before it is decided.

    Raises:
        AppealNotFound: It is not theirs.
        AppealActNotAllowed: It is decided.
    """
    async with transaction() as store:
        found = await store.get_appeal(appeal_id)
    await require_appellant(actor, found, transaction=transaction, grants=grants)
    async with transaction() as store:
        earlier = await store.claim_key(request)
        if earlier is not None:
            return
        appeal = await store.lock_appeal(appeal_id)
        require_stage(appeal, AppealStage.FILED, AppealStage.ACCEPTED)
        after = replace(
            appeal,
            stage=AppealStage.WITHDRAWN,
            closed_at=desk.clock.now(),
            version=appeal.version + 1,
        )
        await store.replace_appeal(after)
        case = await store.get_case(appeal.application_id)
        await _announce(store, case, after, by=actor, act="appeal-withdrawn")
        await store.remember_answer(request, status=200, body={"appealId": str(appeal.id)})


async def require_appellant(
    actor: Actor, appeal: Appeal, *, transaction: Transactions[Store], grants: Grants
) -> None:
    """Refuse whoever has no standing in the case that is contested.

    Raises:
        AppealNotFound: It is not theirs.
    """
    try:
        await take_standing(actor, appeal.application_id, transaction=transaction, grants=grants)
    except ApplicationNotFound:
        raise AppealNotFound from None


def require_review_room(actor: Actor, appeal: Appeal) -> None:
    """Refuse whoever does not review decisions of that division.

    Raises:
        AppealNotFound: It is not there for them.
    """
    if actor.kind is not ActorKind.OFFICER or REVIEW not in actor.roles or not actor.division:
        raise AppealNotFound
    lowest, highest = division_range(DivisionCode.parse(actor.division))
    if not lowest <= appeal.division <= highest:
        raise AppealNotFound


async def _appeal(store: Store, case: Case, command: AppealDecision, *, desk: Desk) -> Appeal:
    matter = next((each for each in case.matters if each.key == command.matter), None)
    if matter is None:
        raise MatterNotFound
    require_contestable(matter.status, matter.outcome)
    delivered_at = await store.find_delivered_at(case.id, matter.key)
    now = desk.clock.now()
    known_at = delivered_at or _decided_at(case, matter) or now
    calendar = await desk.catalogue.calendar(store)
    require_in_time(known_at, is_delivered=delivered_at is not None, at=now, calendar=calendar)
    people, offices = await store.list_deciders(case.id, matter.key)
    appeal_id = AppealId(new_id())
    place = grounds_place(appeal_id)
    return Appeal(
        id=appeal_id,
        application_id=case.id,
        matter=matter.key,
        stage=AppealStage.FILED,
        division=case.division,
        appellant=command.actor.subject,
        grounds_sealed=desk.cipher.seal(command.grounds.encode(), place=place),
        excluded=people,
        excluded_offices=offices,
        known_at=known_at,
        filed_at=now,
    )


def _decided_at(case: Case, matter: CaseMatter) -> datetime | None:
    return matter.decided_at or case.decided_at


def _reviewed(appeal: Appeal, command: ReviewAppeal, *, desk: Desk) -> Appeal:
    now = desk.clock.now()
    after = replace(
        appeal,
        stage=command.stage,
        reviewer=command.actor.subject,
        version=appeal.version + 1,
    )
    if command.stage is AppealStage.ACCEPTED:
        return replace(after, accepted_at=now)
    reasons = desk.cipher.seal(command.reasons.encode(), place=reasons_place(appeal.id))
    return replace(after, outcome=command.outcome, reasons_sealed=reasons, closed_at=now)


async def _announce(store: Store, case: Case, appeal: Appeal, *, by: Actor, act: str) -> None:
    """The case is told in its journal and by an event; nothing of it is changed."""
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=by.subject,
            act=act,
            target=f"appeal:{appeal.id}",
            facts={
                "matter": appeal.matter,
                "stage": str(appeal.stage),
                "outcome": None if appeal.outcome is None else str(appeal.outcome),
            },
        )
    )
    await store.publish(events.appeal_moved(case.ref, appeal))


def grounds_place(appeal_id: AppealId) -> str:
    """Where the grounds of an appeal belong."""
    return f"appeal.grounds:{appeal_id}"


def reasons_place(appeal_id: AppealId) -> str:
    """Where the reasons of a review belong."""
    return f"appeal.reasons:{appeal_id}"
