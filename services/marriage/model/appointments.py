"""Appointments at a marriage registry: the rules of a place, and what somebody missed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MissedKind(StrEnum):
    """What counts against somebody who books."""

    NO_SHOW = "NO_SHOW"
    """爽约: nobody came."""
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A line of the ledger; it is only ever added to."""

    kind: MissedKind
    on: date
    """The day of the slot missed, or of the cancellation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BanRule:
    """How much, within how long, bars for how long; all numbers of a rule must be reached."""

    within_days: int
    barred_days: int
    no_shows: int = 0
    cancellations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRules:
    """The pack of a place, in force from a day on."""

    least_days_ahead: int
    most_days_ahead: int
    cancel_days_ahead: int
    bans: tuple[BanRule, ...]
