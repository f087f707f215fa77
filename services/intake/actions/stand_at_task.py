"""May this officer work on this task now, and on whose behalf? Asked by every act on a task."""

from services.intake.actions.authorise import may_handle, require_answerer
from services.intake.actions.desk import Desk
from services.intake.errors import TaskClaimedByAnother
from services.intake.errors.officers import ConflictOfInterest, OfficerAbsent
from services.intake.model import ACCEPTANCE_TASK, TaskState
from services.intake.model.kept import Case, CaseTask
from services.intake.rules.conflict import conflict_of, persons_in
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor, ActorKind
from shared.journal import JournalEntry


async def stand_at_task(
    store: Store, case: Case, task: CaseTask, actor: Actor, *, desk: Desk
) -> str | None:
    """Refuse whoever may not answer a task now.

    Returns:
        Whose delegated work it is (`officer:<id>`), or None when it is the actor's own.

    Raises:
        TaskNotFound: It lies with somebody else, or waits: it is not there for them.
        TaskClaimedByAnother: A colleague is at it, and has not handed it to the actor.
        ConflictOfInterest: They must keep away from it.
    """
    if actor.kind is not ActorKind.OFFICER or not may_handle(actor, task):
        require_answerer(actor, task)
        return None
    principal = await principal_of(store, task, actor.subject, desk=desk)
    if principal is None:
        require_answerer(actor, task)
    await require_impartial(store, case, task, actor, desk=desk)
    return principal


async def principal_of(store: Store, task: CaseTask, officer: str, *, desk: Desk) -> str | None:
    """Whose work a task is, if it was handed to this officer; None if it is their own or free.

    Raises:
        TaskClaimedByAnother: A colleague is at it, and no delegation of theirs is in force.
    """
    holder = task.claimed_by
    if task.state is not TaskState.CLAIMED or holder is None or holder == officer:
        return None
    if task.office_id is None:
        raise TaskClaimedByAnother
    is_delegated = await store.holds_delegation(
        principal=holder, delegate=officer, office_id=task.office_id, today=desk.clock.today()
    )
    if not is_delegated:
        raise TaskClaimedByAnother
    return holder


async def require_impartial(
    store: Store,
    case: Case,
    task: CaseTask,
    actor: Actor,
    *,
    desk: Desk,
    may_be_away: bool = True,
) -> None:
    """Refuse an officer with an interest in the case; other actors are machines.

    Args:
        may_be_away: Whether the officer may do this on a day of absence.

    Raises:
        ConflictOfInterest: It is their own case, a relative's, or one they entered.
        OfficerAbsent: They are away today.
    """
    if actor.kind is ActorKind.OFFICER:
        own = frozenset({actor.person_index} if actor.person_index else ())
        await require_clear(
            store, case, task, actor.subject, own=own, desk=desk, may_be_away=may_be_away
        )


async def require_clear(  # noqa: PLR0913 - the officer may be another than the actor
    store: Store,
    case: Case,
    task: CaseTask,
    officer: str,
    *,
    desk: Desk,
    own: frozenset[str] = frozenset(),
    may_be_away: bool = True,
) -> None:
    """The same for an officer by name.

    The form is opened only for officers about whom something is known: for everybody else
    there is nothing to compare.

    Raises:
        ConflictOfInterest: They must keep away from the task.
        OfficerAbsent: They are away today.
    """
    standing = await store.get_officer_standing(
        officer, application_id=case.id, task_id=task.id, today=desk.clock.today()
    )
    if standing.is_absent and not may_be_away:
        raise OfficerAbsent
    persons: frozenset[str] = frozenset()
    if own | standing.own | standing.relatives:
        form = desk.open_form(case)
        persons = frozenset(
            desk.index.of(number) for number in persons_in(form, today=desk.clock.today())
        )
    if own & persons:
        raise ConflictOfInterest("own-case")
    conflict = conflict_of(standing, persons=persons, is_acceptance=task.ref == ACCEPTANCE_TASK)
    if conflict is not None:
        raise ConflictOfInterest(str(conflict))


async def note_on_behalf(
    store: Store, case: Case, task: CaseTask, principal: str | None, *, actor: Actor
) -> None:
    """Record with the verdict, and in the journal, whose delegated work it was."""
    if principal is None:
        return
    await store.note_on_behalf(task, principal)
    await store.write_journal(
        JournalEntry(
            stream=stream_of(case.id),
            actor=actor.subject,
            act="answer-on-behalf",
            target=f"task:{task.ref}",
            facts={"onBehalfOf": principal, "round": task.round},
        )
    )
