"""Whether a decision may be contested, by when, and who may review it."""

from collections.abc import Collection
from datetime import datetime

from services.intake.errors.appeal import (
    AppealActNotAllowed,
    AppealTooLate,
    NothingToAppeal,
    NotTheReviewer,
    ReviewerNotIndependent,
)
from services.intake.model import Limit, MatterStatus, Outcome
from services.intake.model.appeal import Appeal, AppealStage
from shared.calendar import Deadline, Unit, WorkingCalendar, due

FILING_LIMIT = Limit(length=60, unit=Unit.CIVIL_DAY, source="行政复议法 第20条")
ACCEPTANCE_LIMIT = Limit(length=5, unit=Unit.WORKING_DAY, source="行政复议法 第30条")
REVIEW_LIMIT = Limit(length=60, unit=Unit.CIVIL_DAY, source="行政复议法 第62条")
REVIEW = "review"
"""The role of an officer who reviews decisions."""


def require_contestable(status: MatterStatus, outcome: Outcome | None) -> None:
    """Refuse an appeal where nothing was decided.

    Raises:
        NothingToAppeal: The matter is open, was withdrawn, or did not apply.

    Source:
        行政复议法 (2023) art. 20; 社会救助暂行办法 art. 65; 民发〔2021〕57号 art. 38: decisions,
        and refusals to accept, are open to review.
    """
    decided = outcome is not None and outcome is not Outcome.NOT_APPLICABLE
    if not decided and status is not MatterStatus.NOT_ACCEPTED:
        raise NothingToAppeal


def filing_deadline(known_at: datetime, *, calendar: WorkingCalendar) -> Deadline:
    """The last day on which a decision can be contested.

    Args:
        known_at: When the decision became known: its delivery. That day is not counted.

    Source:
        行政复议法 (2023) art. 20: sixty days from the day one knew, or should have known, of the
        act; a last day that is a rest day moves on (民法典 art. 203, by analogy).
    """
    return due(known_at, FILING_LIMIT.duration, calendar)


def require_in_time(
    known_at: datetime, *, is_delivered: bool, at: datetime, calendar: WorkingCalendar
) -> None:
    """Refuse an appeal that comes too late; what was not delivered runs no period.

    Raises:
        AppealTooLate: Sixty days have passed since the delivery.

    Source:
        行政复议法 (2023) art. 20.
    """
    if is_delivered and at >= filing_deadline(known_at, calendar=calendar).due_at:
        raise AppealTooLate


def review_deadline(appeal: Appeal, *, calendar: WorkingCalendar) -> Deadline | None:
    """By when the appeal must be accepted, or decided; None once it is over.

    Source:
        行政复议法 (2023) art. 30 (five days to accept), art. 62 (sixty days to decide): from
        memory, check before go-live.
    """
    if appeal.stage is AppealStage.FILED:
        return due(appeal.filed_at, ACCEPTANCE_LIMIT.duration, calendar)
    if appeal.stage is AppealStage.ACCEPTED and appeal.accepted_at is not None:
        return due(appeal.accepted_at, REVIEW_LIMIT.duration, calendar)
    return None


def require_independent(appeal: Appeal, *, subject: str, offices: Collection[str]) -> None:
    """Refuse a reviewer who had a hand in the decision, or works in an office that had.

    Args:
        subject: `officer:<id>` of who wants to review.
        offices: Ids of the offices they work for.

    Raises:
        ReviewerNotIndependent: They, or their office, took part.

    Source:
        行政复议法 (2023): another authority reviews than the one that decided; house rule for
        persons: nobody reviews their own decision.
    """
    own = {str(each) for each in appeal.excluded_offices} & set(offices)
    if subject in appeal.excluded or own:
        raise ReviewerNotIndependent


def require_stage(appeal: Appeal, *stages: AppealStage) -> None:
    """Refuse an act at any other stage.

    Raises:
        AppealActNotAllowed: The appeal is elsewhere.

    Source:
        House rule: filed, accepted or not, decided; withdrawn at any time before.
    """
    if appeal.stage not in stages:
        raise AppealActNotAllowed(stage=str(appeal.stage))


def require_reviewer(appeal: Appeal, *, subject: str) -> None:
    """Refuse a decision by another than who took the appeal on.

    Raises:
        NotTheReviewer: It is another's.

    Source:
        House rule: who accepts an appeal decides it.
    """
    if appeal.reviewer != subject:
        raise NotTheReviewer
