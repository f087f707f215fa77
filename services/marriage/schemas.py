"""What the marriage registry shows over HTTP."""

from datetime import date
from uuid import UUID

from services.marriage.model import Marriage
from shared.schemas import View


class MarriageView(View):
    """A marriage without its people: who they are is shown by the case, masked."""

    id: UUID
    certificate_number: str
    division: str
    registered_on: date
    status: str
    application_id: UUID | None
    ended_on: date | None
    end_cause: str | None

    @classmethod
    def of(cls, marriage: Marriage) -> "MarriageView":
        """Show a marriage."""
        return cls(
            id=marriage.id,
            certificate_number=marriage.certificate_number,
            division=marriage.division,
            registered_on=marriage.registered_on,
            status=marriage.status.value,
            application_id=marriage.application_id,
            ended_on=marriage.ended_on,
            end_cause=marriage.end_cause.value if marriage.end_cause else None,
        )


class PartiesView(View):
    """The two people of a marriage as blind indexes: only the register can tell who they are."""

    parties: list[str]

    @classmethod
    def of(cls, marriage: Marriage) -> "PartiesView":
        """Show the hashes of a marriage's parties."""
        return cls(parties=list(marriage.parties))


class MarriageList(View):
    """The marriages an application led to."""

    items: list[MarriageView]
