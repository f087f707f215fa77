"""The window's closed sets of words, as the schema tells them."""

from enum import StrEnum
from typing import TypeVar

import strawberry

from shared.errors import Unavailable

W = TypeVar("W", bound=StrEnum)


@strawberry.enum
class Channel(StrEnum):
    """Where an application came in."""

    WECHAT = "WECHAT"
    APP = "APP"
    WINDOW = "WINDOW"
    WEB = "WEB"


@strawberry.enum
class Stage(StrEnum):
    """Where in the procedure an application is (环节)."""

    SUBMITTED = "submitted"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    IN_REVIEW = "in-review"
    DECIDED = "decided"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not-accepted"


FINAL_STAGES = frozenset({Stage.CONCLUDED, Stage.WITHDRAWN, Stage.NOT_ACCEPTED})
"""Nothing happens to an application after these."""


@strawberry.enum
class MatterStatus(StrEnum):
    """How far one department's part of an application is."""

    WAITING = "waiting"
    IN_REVIEW = "in-review"
    CORRECTING = "correcting"
    DECIDED = "decided"
    CONCLUDED = "concluded"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    NOT_ACCEPTED = "not-accepted"


@strawberry.enum
class TaskState(StrEnum):
    """Where an approval task is."""

    WAITING = "waiting"
    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


HELD = frozenset({TaskState.OPEN, TaskState.CLAIMED})
"""Somebody has to answer."""


@strawberry.enum
class InboxState(StrEnum):
    """Which approval tasks an inbox shows."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


@strawberry.enum
class Verdict(StrEnum):
    """What a department can answer."""

    APPROVE = "approve"
    REFUSE = "refuse"
    CONDITIONAL = "conditional"
    NEEDS_CORRECTION = "needs-correction"
    NOT_APPLICABLE = "not-applicable"


@strawberry.enum
class Outcome(StrEnum):
    """What was decided about a matter, or about the whole application."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly-granted"
    REFUSED = "refused"
    NOT_APPLICABLE = "not-applicable"


@strawberry.enum
class HandlerKind(StrEnum):
    """Who answers an approval task."""

    OFFICER = "officer"
    PARTNER = "partner"
    SERVICE = "service"


def word(kind: type[W], value: object) -> W:
    """A word of a closed set.

    Raises:
        Unavailable: The service uses a word that this schema does not have.
    """
    try:
        return kind(str(value))
    except ValueError:
        raise Unavailable from None


def optional_word(kind: type[W], value: object) -> W | None:
    """A word of a closed set, or none."""
    return None if value is None else word(kind, value)
