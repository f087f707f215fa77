"""What the registry's actions are given: made once by `app`, passed on by the edges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.registry.actions.issue_token import Issuing
from services.registry.model.sign_in import Rates
from services.registry.ports import (
    PaperPrinter,
    RealNameChecker,
    RedirectingProvider,
    SignInProvider,
)
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.sealing import BlindIndex

RegistryTransactions = Transactions[Store]
"""What actions are given to open their transaction with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The registry's parts, joined."""

    transaction: RegistryTransactions
    clock: Clock
    index: BlindIndex
    issuing: Issuing
    providers: Mapping[str, SignInProvider]
    """Sign-in providers of this installation, by name."""
    printer: PaperPrinter
    public_url: str
    """Where people outside reach the registry; stands in QR codes and credentials."""
    checkers: Mapping[str, RealNameChecker] = field(default_factory=dict)
    """Those of them that can be asked for a real name."""
    redirecting: Mapping[str, RedirectingProvider] = field(default_factory=dict)
    """Those of them whose sign-in begins on a page of their own."""
    rates: Rates
    breached: frozenset[str] = frozenset()
    """Passwords this installation knows to be lost, in lower case."""
