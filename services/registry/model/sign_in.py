"""The things of signing in: factors of officers, attempts, rates."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Method(StrEnum):
    """How somebody proved who they are; the words of `amr` (RFC 8176) where it has one."""

    PASSWORD = "pwd"
    ONE_TIME_CODE = "otp"
    RECOVERY_CODE = "rec"
    """One of the codes kept on paper; RFC 8176 has no word for it."""
    PROVIDER = "fed"
    """Another identity provider vouched for it; RFC 8176 has no word for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerCredential:
    """What an officer knows and what an officer has."""

    officer: str
    password_hash: str = field(repr=False)
    totp_secret: str = field(repr=False)
    """Base32, as authenticator apps take it."""
    confirmed_at: datetime | None = None
    """When a first code proved that the app has the secret; before, it opens nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """Failures in a row for one account from one device."""

    account: str
    device: str
    """Hex hash of a known device's token; empty for every unknown device together."""
    failures: int = 0
    blocked_until: datetime | None = None
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often one caller may knock at a door: in a burst, and on average."""

    times: int
    window: timedelta

    @property
    def step(self) -> timedelta:
        """What one knock costs."""
        return self.window / self.times


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rates of the doors that hand out tokens."""

    address: Rate
    """Of one network address; many people can share one."""
    client: Rate
    """Of one program at the token door."""
    session: Rate
    """Of one session's refreshes."""
