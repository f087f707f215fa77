"""Bodies of managing officers."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registry.model import Officer
from services.registry.schemas.sign_in import OFFICER_ID
from shared.masking import mask_name
from shared.schemas import Body, SafeText, View

DIVISION = r"^[0-9]{12}$"
OFFICE = r"^[0-9a-f-]{36}$"
ROLE = r"^[a-z][a-z-]{1,39}$"


class AssignmentBody(Body):
    """Where an officer works, and as what."""

    division: str = Field(pattern=DIVISION)
    offices: list[Annotated[str, Field(pattern=OFFICE)]] = Field(max_length=20)
    roles: list[Annotated[str, Field(pattern=ROLE)]] = Field(max_length=20)


class OfficerRequest(Body):
    """A new officer."""

    id: str = Field(pattern=OFFICER_ID)
    name: SafeText = Field(min_length=1, max_length=50)
    assignment: AssignmentBody


class ReasonBody(Body):
    """Why; it stands in the journal."""

    reason: SafeText = Field(min_length=2, max_length=200)


class ManagedOfficerView(View):
    """An officer, as administrators see them in an answer."""

    id: str
    division: str
    offices: list[str]
    roles: list[str]
    is_active: bool
    pending_change_id: UUID | None = None
    """A change that waits for another administrator."""


class NamedOfficerView(ManagedOfficerView):
    """An officer in a list, with the name masked."""

    name: str


class ManagedOfficerPage(View):
    """Officers in the order of their ids."""

    items: list[NamedOfficerView]
    next_cursor: str | None

    @classmethod
    def of(cls, found: Sequence[Officer], *, limit: int) -> "ManagedOfficerPage":
        """From up to `limit` officers; a full page may have another behind it."""
        return cls(
            items=[
                NamedOfficerView(
                    id=each.id,
                    name=mask_name(each.name),
                    division=each.division,
                    offices=sorted(each.offices),
                    roles=sorted(each.roles),
                    is_active=each.is_active,
                )
                for each in found
            ],
            next_cursor=found[-1].id if len(found) == limit else None,
        )


class InvitationView(View):
    """What is given to an officer by hand; shown this once."""

    invitation: str
