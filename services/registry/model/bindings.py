"""The things of signing in through others: accounts, bindings, and how sure one is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from services.registry.model import PersonId

BindingId = NewType("BindingId", UUID)


class Assurance(StrEnum):
    """How sure it is that an account is a certain person's."""

    REAL_NAME = "REAL_NAME"
    """The provider confirmed name and number of the account's holder (实名)."""
    REAL_PERSON = "REAL_PERSON"
    """It also compared the holder's face with the register's photograph (实人)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedPerson:
    """Who an account's holder is, as the provider itself vouches for it."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    assurance: Assurance


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalAccount:
    """An account at a provider; whose it is, a binding says.

    Args:
        subject: The provider's name for the account: an openid, a user id.
        certified: Filled by providers that vouch for the person with every sign-in.
    """

    provider: str
    subject: str = field(repr=False)
    certified: CertifiedPerson | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSignIn:
    """What a sign-in began with and must end with (PKCE, nonce)."""

    provider: str
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An account that stands for a resident."""

    id: BindingId
    provider: str
    resident: PersonId
    assurance: Assurance
    bound_at: datetime
    unbound_at: datetime | None = None
