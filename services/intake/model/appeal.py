"""A case about a decision: who contests it, who reviews it, and what comes of that (复议)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from services.intake.model.names import ApplicationId, OfficeId

AppealId = NewType("AppealId", UUID)


class AppealStage(StrEnum):
    """Where an appeal is."""

    FILED = "filed"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not-accepted"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class AppealOutcome(StrEnum):
    """What becomes of the decision that was contested."""

    UPHELD = "upheld"
    """维持: the decision stands."""
    CHANGED = "changed"
    """变更: the review puts another in its place; the old one stays on file as it was."""
    SENT_BACK = "sent-back"
    """撤销重作: it falls, and its office has to decide anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One appeal, linked to the case whose decision it contests."""

    id: AppealId
    application_id: ApplicationId
    matter: str
    stage: AppealStage
    division: str
    appellant: str
    grounds_sealed: bytes
    excluded: tuple[str, ...]
    """Whoever had a hand in the decision: none of them reviews it."""
    excluded_offices: tuple[OfficeId, ...]
    known_at: datetime
    """When the decision became known: the day it was delivered, else the day it was made."""
    filed_at: datetime
    accepted_at: datetime | None = None
    reviewer: str | None = None
    outcome: AppealOutcome | None = None
    reasons_sealed: bytes | None = None
    closed_at: datetime | None = None
    version: int = 1
