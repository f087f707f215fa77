"""The people behind simulated accounts, and the codes they hand out."""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.residents import Resident

CODE_SECONDS = 300.0


class SignInFault(StrEnum):
    """The ways in which sign-in providers fail."""

    UNAVAILABLE = "unavailable"
    """Answers 503."""
    SLOW = "slow"
    """Takes longer than anybody waits."""
    BUSY = "busy"
    """Says, politely and with status 200, that it has no time."""
    GARBAGE = "garbage"
    """Answers a page of HTML."""
    WRONG_PERSON = "wrong-person"
    """Answers about somebody else."""
    FORGED = "forged"
    """Signs with a key that is not its own."""


@dataclass(slots=True)
class Issued:
    """A code as the provider remembers it."""

    account: str
    purpose: str
    until: float
    is_used: bool = False
    said: Mapping[str, str] = field(default_factory=dict)
    """What the request said that made it: challenge, nonce, address."""


class CodeUnknown(Exception):
    """There is no such code, or it is over."""


class CodeUsed(Exception):
    """The code was used before."""


@dataclass(slots=True)
class Accounts:
    """One provider's people, codes and troubles.

    Args:
        people: Account name to resident; everybody in the seed has an account.
    """

    provider: str
    people: Mapping[str, Resident]
    now: Callable[[], float] = time.monotonic
    codes: dict[str, Issued] = field(default_factory=dict)
    faults: dict[SignInFault, int] = field(default_factory=dict)

    def subject(self, account: str) -> str:
        """The provider's own name for an account; says nothing about the person."""
        digest = hashlib.sha256(f"{self.provider}:{account}".encode()).hexdigest()
        return f"sim{digest[:25]}"

    def account_of(self, subject: str) -> str | None:
        """The account with such a name."""
        return next((each for each in self.people if self.subject(each) == subject), None)

    def tap(self, account: str, purpose: str, **said: str) -> str:
        """The person agrees: a code for one purpose, good once.

        Raises:
            KeyError: Nobody has such an account.
        """
        if account not in self.people:
            raise KeyError(account)
        code = secrets.token_hex(16)
        self.codes[code] = Issued(account, purpose, self.now() + CODE_SECONDS, said=said)
        return code

    def use(self, code: str, purpose: str) -> Issued:
        """What a code stands for; it is used up.

        Raises:
            CodeUnknown: There is none such for this purpose, or it is over.
            CodeUsed: It was used before.
        """
        issued = self.codes.get(code)
        if issued is None or issued.purpose != purpose or issued.until < self.now():
            raise CodeUnknown
        if issued.is_used:
            raise CodeUsed
        issued.is_used = True
        return issued

    def strikes(self, fault: SignInFault) -> bool:
        """Whether a fault strikes now; each time uses up one of its times."""
        left = self.faults.get(fault, 0)
        if left > 1:
            self.faults[fault] = left - 1
        else:
            self.faults.pop(fault, None)
        return left > 0
