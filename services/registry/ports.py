"""What the registry needs from others, whoever provides it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol, runtime_checkable
from uuid import UUID

from services.registry.model import Identity, PersonIndex
from services.registry.model.bindings import Assurance, ExternalAccount, PendingSignIn
from services.registry.model.certificates import Outcome
from services.registry.model.sharing import Enquiry, Subject
from services.registry.rules.certificate_words import Paper


class SignInProvider(Protocol):
    """Someone who can tell who a person at the other end is."""

    @property
    def name(self) -> str:
        """As it stands in sessions and journals: `DEVELOPMENT`, `WECHAT` …"""

    async def identify(
        self, code: str, pending: PendingSignIn | None, /
    ) -> Identity | ExternalAccount | None:
        """Whom or which account a one-time code stands for; None when it stands for nobody.

        Args:
            pending: What the sign-in began with, at providers where it begins with us.

        Raises:
            Unavailable: The provider did not answer, which says nothing about the person.
        """


class Owners(Protocol):
    """The services that know whose marriage or benefit an event is about."""

    async def parties_of(self, marriage: UUID) -> Sequence[PersonIndex]:
        """The two people of a marriage.

        Raises:
            Unavailable: The marriage registry did not answer.
        """

    async def people_of(self, benefit: UUID) -> Mapping[PersonIndex, date | None]:
        """Whom a benefit is for, and when those who left did.

        Raises:
            Unavailable: Relief did not answer.
        """


class Suppliers(Protocol):
    """The other departments' doors for data sharing."""

    def is_connected(self, supplier: str) -> bool:
        """Whether this installation knows where the supplier's door is."""

    async def ask(
        self, supplier: str, enquiry: Enquiry, subject: Subject, *, request_id: str
    ) -> object:
        """The decoded body of a supplier's answer, whatever it says.

        Raises:
            Unavailable: It did not answer, or with anything but success.
        """


class OutcomeWindow(Protocol):
    """Someone who knows what a concluded matter ended in."""

    async def matter_outcome(self, matter_id: UUID, paths: Sequence[str]) -> Outcome | None:
        """The document, and the form fields at these paths; None while it is not concluded.

        Raises:
            Unavailable: The window did not answer.
        """


class PaperPrinter(Protocol):
    """Someone who sets a certificate as a page to print."""

    def printed(self, paper: Paper) -> bytes:
        """The page as PDF; the same paper gives the same bytes."""


@runtime_checkable
class RealNameChecker(SignInProvider, Protocol):
    """A provider that can be asked whether an account's holder is a certain person."""

    @property
    def assurance(self) -> Assurance:
        """How sure its yes is."""

    async def is_held_by(self, subject: str, *, name: str, id_number: str, code: str) -> bool:
        """Whether the account is registered in this name and number.

        Args:
            code: The person's consent to being asked about, given to the provider.

        Raises:
            Unavailable: The provider did not answer, which is not a no.
        """


@runtime_checkable
class RedirectingProvider(SignInProvider, Protocol):
    """A provider whose sign-in begins with an address of its own (OpenID Connect)."""

    def address(self, pending: PendingSignIn, *, state: str) -> str:
        """Where the person's browser goes to sign in."""
