"""Enter an application at the window, for a citizen who stands there with their document."""

from dataclasses import dataclass, replace
from typing import Any

from services.intake.actions.authorise import NOBODY
from services.intake.actions.desk import Desk
from services.intake.actions.submit_application import SubmitApplication, submit_application
from services.intake.errors.officers import ConflictOfInterest, NotAColleague
from services.intake.model import ApplicationId, Channel, OfficeId, TaskId
from services.intake.model.officer import IdentityCheck
from services.intake.ports import Grants
from services.intake.rules.conflict import conflict_of, persons_in
from services.intake.rules.paths import text_at
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions, joined
from shared.journal import JournalEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterApplication:
    """The command: the citizen is here, I have checked who they are, and this is their wish."""

    submission: SubmitApplication
    """As the citizen would send it; its actor is the officer."""
    office_id: OfficeId
    identity_check: IdentityCheck


async def enter_application(
    command: EnterApplication, *, transaction: Transactions[Store], desk: Desk, grants: Grants
) -> ApplicationId:
    """Take an application in as if the citizen had sent it, and keep who entered it.

    It is the citizen's case: they follow, correct and withdraw it with their own sign-in. The
    officer vouches for the identity, and from then on confirms nothing in it. Application,
    entry and both journal lines are one transaction.

    Raises:
        NotAColleague: The officer does not work in the office.
        ConflictOfInterest: It is their own application, or a relative's.
        CivilError: Whatever a submission is refused with.
    """
    officer = command.submission.actor
    if str(command.office_id) not in officer.offices:
        raise NotAColleague
    async with transaction() as store:
        inner = joined(Store, store.connection)
        index = await _applicant(store, command.submission, desk=desk)
        await _require_stranger(store, command, desk=desk)
        taken = await submit_application(
            replace(
                command.submission,
                actor=replace(officer, person_index=index),
                channel=Channel.WINDOW,
                on_behalf_of=None,
            ),
            transaction=inner,
            desk=desk,
            grants=grants,
        )
        application_id = taken.application_id
        if taken.is_repeat:
            return application_id
        await store.add_window_entry(
            application_id,
            office_id=command.office_id,
            entered_by=officer.subject,
            identity_check=command.identity_check,
            principal_index=index,
            at=desk.clock.now(),
        )
        await _note(store, application_id, command, officer)
        # What the joined transactions published is this one's to tell the relay of.
        store.has_published = store.has_enqueued = True
    return application_id


async def _applicant(store: Store, submission: SubmitApplication, *, desk: Desk) -> str:
    item, _version = await desk.catalogue.newest_item(store, submission.item_code)
    return desk.index.of(text_at(submission.form, item.applicant.id_no) or "")


async def _require_stranger(store: Store, command: EnterApplication, *, desk: Desk) -> None:
    officer = command.submission.actor
    standing = await store.get_officer_standing(
        officer.subject,
        application_id=ApplicationId(NOBODY),
        task_id=TaskId(NOBODY),
        today=desk.clock.today(),
    )
    form: dict[str, Any] = dict(command.submission.form)
    numbers = persons_in(form, today=desk.clock.today())
    persons = frozenset(desk.index.of(number) for number in numbers)
    conflict = conflict_of(standing, persons=persons, is_acceptance=True)
    if conflict is not None:
        raise ConflictOfInterest(str(conflict))


async def _note(
    store: Store, application_id: ApplicationId, command: EnterApplication, officer: Actor
) -> None:
    await store.write_journal(
        JournalEntry(
            stream=stream_of(application_id),
            actor=officer.subject,
            act="enter",
            target=f"application:{application_id}",
            reason="窗口受理，已核验本人身份",
            facts={
                "office": str(command.office_id),
                "identityCheck": str(command.identity_check),
            },
        )
    )
