"""Who may see and do what at the window; whoever may not is answered as if there were nothing."""

from uuid import UUID

from services.intake.errors import ApplicationNotFound, TaskClaimedByAnother, TaskNotFound
from services.intake.model import HandlerKind, TaskState
from services.intake.model.kept import Case, CaseTask
from services.intake.model.standing import Standing
from services.intake.store.inbox import InboxScope
from shared.auth import Actor, ActorKind

NOBODY = UUID(int=0)

_HANDLERS = {
    ActorKind.OFFICER: HandlerKind.OFFICER,
    ActorKind.PARTNER: HandlerKind.PARTNER,
    ActorKind.SERVICE: HandlerKind.SERVICE,
}


def inbox_scope(actor: Actor) -> InboxScope:
    """Whose tasks an actor sees: their offices', or their system's; otherwise none."""
    handler = _HANDLERS.get(actor.kind)
    if handler is None:
        return InboxScope(offices=(NOBODY,))
    if handler is HandlerKind.OFFICER:
        return InboxScope(offices=tuple(UUID(office) for office in sorted(actor.offices)))
    return InboxScope(kind=str(handler), system=actor.system or "")


def may_handle(actor: Actor, task: CaseTask) -> bool:
    """Whether a task lies with this actor."""
    if task.handler.kind is not _HANDLERS.get(actor.kind):
        return False
    if task.handler.kind is HandlerKind.OFFICER:
        return str(task.office_id) in actor.offices
    return task.handler.system == actor.system


def require_answerer(actor: Actor, task: CaseTask) -> None:
    """Refuse whoever may not answer a task.

    Raises:
        TaskNotFound: It lies with somebody else, or waits: it is not there for them.
        TaskClaimedByAnother: A colleague is at it.
    """
    if not may_handle(actor, task) or task.state is TaskState.WAITING:
        raise TaskNotFound
    if task.state is TaskState.CLAIMED and task.claimed_by != actor.subject:
        raise TaskClaimedByAnother


def require_reader(actor: Actor, case: Case, standing: Standing | None = None) -> None:
    """Refuse whoever may not read a whole case.

    The applicant, or an agent of theirs, reads it all; an officer reads a case that lies,
    or lay, with an office of theirs.

    Raises:
        ApplicationNotFound: It is not there for them.
    """
    if _is_theirs(actor, case, standing):
        return
    if actor.kind is ActorKind.OFFICER and any(
        may_handle(actor, task) and task.opened_at is not None for task in case.tasks
    ):
        return
    raise ApplicationNotFound


def require_owner(actor: Actor, case: Case, standing: Standing | None = None) -> None:
    """Refuse whoever has no standing on the citizen's side of a case.

    Raises:
        ApplicationNotFound: It is not theirs.
    """
    if not _is_theirs(actor, case, standing):
        raise ApplicationNotFound


def _is_theirs(actor: Actor, case: Case, standing: Standing | None) -> bool:
    """Without a standing, only who applied for themselves: a grant has to be asked about."""
    if standing is not None:
        return standing.application_id == case.id and standing.subject == actor.subject
    return case.submitted_by == actor.subject and case.on_behalf_grant is None
