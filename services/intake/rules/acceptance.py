"""Which office accepts, and what follows when it does not; when silence accepts is not here."""

from collections.abc import Iterator

from services.intake.errors import RemedyRequired
from services.intake.model import (
    Act,
    Answer,
    ApplicationState,
    Cancellation,
    CancelReason,
    Changes,
    HandlerKind,
    MatterStatus,
    OfficeQuery,
    ServiceItem,
    StatusChange,
    TaskRef,
    TaskState,
    Text,
    Verdict,
)
from services.intake.rules.stage import next_stage
from shared.identifiers import DivisionLevel

ACCEPTANCE_TITLE = Text(zh="受理审查", en="Acceptance")

ACCEPTANCE_VERDICTS = (Verdict.APPROVE, Verdict.REFUSE, Verdict.NEEDS_CORRECTION)
"""What can be said about acceptance: accept, refuse to, or tell what must be corrected."""


def acceptance_query(item: ServiceItem) -> OfficeQuery | None:
    """Which office accepts applications of an item; None where the item does not say.

    What the item names comes first; then the township office among its officers' tasks, for
    applications are handed in near home; then whichever office its first officer works in.

    Source:
        行政许可法 art. 26 (one organ accepts for all); 社会救助暂行办法 arts 9, 11 (the
        township receives and examines).
    """
    if item.acceptance_office is not None:
        return item.acceptance_office
    offices = list(_officers_offices(item))
    near = [office for office in offices if office.level is DivisionLevel.TOWNSHIP]
    return next(iter(near or offices), None)


def check_remedy(answer: Answer) -> None:
    """Refuse an answer about acceptance whose remedy does not go with its verdict.

    Raises:
        RemedyRequired: A refusal names no remedy, or something else names one.

    Source:
        行政许可法 art. 32(2), art. 38 (a refusal is in writing, with reasons and remedies).
    """
    named = bool((answer.remedy or "").strip())
    if named != (answer.verdict is Verdict.REFUSE):
        raise RemedyRequired


def check_no_remedy(answer: Answer) -> None:
    """Refuse a department's answer that names a remedy: its refusal decides nothing yet.

    Raises:
        RemedyRequired: It names one.

    Source:
        House rule, after 行政许可法 art. 38: the remedy is told with the decision.
    """
    if answer.remedy is not None:
        raise RemedyRequired


def refuse_acceptance(state: ApplicationState) -> Changes:
    """What a refusal to accept ends: everything, for nobody has been asked yet.

    Raises:
        ActNotAllowed: The application does not wait for acceptance.

    Source:
        行政许可法 art. 32(2) (不予受理).
    """
    stage = next_stage(state.stage, Act.REFUSE_ACCEPTANCE)
    return Changes(
        cancel=tuple(
            Cancellation(task=TaskRef(matter.key, task.key), reason=CancelReason.NOT_ACCEPTED)
            for matter in state.matters
            for task in matter.tasks
            if task.state is TaskState.WAITING
        ),
        statuses=tuple(
            StatusChange(matter=matter.key, status=MatterStatus.NOT_ACCEPTED)
            for matter in state.matters
        ),
        stage=stage,
    )


def _officers_offices(item: ServiceItem) -> Iterator[OfficeQuery]:
    for matter in item.matters:
        for task in matter.tasks:
            if task.handler.kind is HandlerKind.OFFICER and task.office is not None:
                yield task.office
