"""Take in papers that an application was accepted without (容缺后补)."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake import events
from services.intake.actions.authorise import require_owner
from services.intake.actions.desk import Desk
from services.intake.actions.hand_in import HandedIn, kept_material, require_own_files
from services.intake.errors.material import MaterialNotAwaited
from services.intake.model import Act, ApplicationId
from services.intake.model.standing import Standing
from services.intake.rules.stage import next_stage
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer
from shared.telemetry import mark_application


@dataclass(frozen=True, slots=True, kw_only=True)
class HandInLater:
    """The command: the applicant brings papers that were still to come."""

    actor: Actor
    application_id: ApplicationId
    materials: Sequence[HandedIn]
    request: RequestKey
    standing: Standing | None = None
    """Where somebody acts for another, or had another act for them."""


async def hand_in_later(
    command: HandInLater, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Take the papers in, all or none; a paper that comes late is taken, and known to be late.

    Returns:
        The answer an earlier identical request got, or None if this one took effect.

    Raises:
        ApplicationNotFound: It is not theirs.
        ActNotAllowed: The application is decided or over.
        MaterialNotAwaited: A paper is not among those still to come.
        MaterialTwice: One paper was handed in twice.
        FileNotFound: A file is not there, or not the actor's.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        case = await store.lock_case(command.application_id)
        mark_application(case.id)
        require_owner(command.actor, case, command.standing)
        next_stage(case.stage, Act.HAND_IN)
        known = {each.key: each for each in await store.list_materials(case.id)}
        awaited = {key: each for key, each in known.items() if each.status == "deferred"}
        strange = [each.key for each in command.materials if each.key not in awaited]
        if strange:
            raise MaterialNotAwaited(key for key in strange if key in known)
        await require_own_files(store, command.actor, command.materials)
        brought = [kept_material(each, awaited[each.key].title) for each in command.materials]
        await store.replace_materials(case.id, brought)
        await store.touch_application(case)
        today = desk.clock.today()
        dates = [awaited[each.key].due_on for each in command.materials]
        late = any(date is not None and date < today for date in dates)
        keys = [each.key for each in command.materials]
        await store.write_journal(
            JournalEntry(
                stream=stream_of(case.id),
                actor=command.actor.subject,
                act="hand-in-later",
                target=f"application:{case.id}",
                facts={"materials": keys, "late": late},
            )
        )
        await store.publish(events.materials_handed_in(case.ref, materials=keys, late=late))
        body = {"applicationId": str(case.id)}
        await store.remember_answer(command.request, status=200, body=body)
    return None
