"""Bodies of sign-in over a provider's page, and of bindings."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field

from services.registry.actions.begin_sign_in import Begun
from services.registry.model.bindings import Binding
from shared.schemas import Body, Instant, SafeText, View

PROVIDER = r"^[A-Z_]{1,40}$"
TOKEN = r"^[A-Za-z0-9_-]{20,128}$"


class SignInBeginning(Body):
    """The provider on whose page a person signs in."""

    provider: str = Field(pattern=PROVIDER)


class SignInBegun(View):
    """Where the person goes, and what the front end keeps until they come back."""

    address: str
    state: str

    @classmethod
    def of(cls, begun: Begun) -> "SignInBegun":
        """From what the action gave."""
        return cls(address=begun.address, state=begun.state)


class BindingRequest(Body):
    """Who the account's holder is, and their consent to asking the provider."""

    binding_ticket: str = Field(pattern=TOKEN)
    name: SafeText = Field(min_length=1, max_length=50)
    id_no: str = Field(min_length=15, max_length=40)
    code: str = Field(min_length=1, max_length=512)


class BindingView(View):
    """An account the caller can sign in with."""

    id: UUID
    provider: str
    assurance: str
    bound_at: Instant


class BindingList(View):
    """The accounts the caller can sign in with."""

    items: list[BindingView]

    @classmethod
    def of(cls, bindings: Sequence[Binding]) -> "BindingList":
        """From the model; the account's own name is not kept, so it cannot be shown."""
        return cls(items=[BindingView.model_validate(each) for each in bindings])
