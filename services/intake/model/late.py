"""Answers that came when they could no longer count, and what the lead office made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.intake.model.item import Verdict
from services.intake.model.names import ApplicationId, TaskId, TaskRef


class LateCause(StrEnum):
    """Why an answer could no longer count when it came."""

    MATTER_DECIDED = "matter-decided"
    NEED_NOT_APPROVED = "need-not-approved"
    APPLICATION_WITHDRAWN = "application-withdrawn"
    ROUND_SUPERSEDED = "round-superseded"
    """The department has been asked again since, about corrected papers."""
    NOT_ASKED_ANY_MORE = "not-asked-any-more"
    """The case goes on without this question."""


class LateEffect(StrEnum):
    """What the lead office made of a late answer."""

    NO_EFFECT = "no-effect"
    REOPENED = "reopened"
    """Departments were asked again; the late answer itself never counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAnswer:
    """An answer that was kept because it came too late to count."""

    id: UUID
    application_id: ApplicationId
    task_id: TaskId
    ref: TaskRef
    round: int
    """The round it answers."""
    cause: LateCause
    verdict: Verdict
    given_by: str
    received_at: datetime
    opinion_sealed: bytes | None = None
    conditions: tuple[str, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    effect: LateEffect | None = None
    """None: nobody has looked at it yet."""
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    reason_sealed: bytes | None = None
