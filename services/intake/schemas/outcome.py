"""What a concluded matter ended in, as the registry is shown it."""

from typing import Any
from uuid import UUID

from services.intake.actions.disclose_outcome import OutcomeDisclosure
from shared.schemas import View


class OutcomeView(View):
    """A document and the fields its certificate shows."""

    application_id: UUID
    matter_id: UUID
    matter: str
    item_code: str
    division: str
    kind: str
    number: str | None
    facts: dict[str, Any]
    fields: dict[str, Any]


def outcome_view(disclosure: OutcomeDisclosure) -> OutcomeView:
    """A document as the service that made the matter real told it."""
    document = disclosure.document
    number, facts = document.get("number"), document.get("facts")
    return OutcomeView(
        application_id=disclosure.case.id,
        matter_id=disclosure.matter.id,
        matter=disclosure.matter.key,
        item_code=disclosure.case.item_code,
        division=disclosure.case.division,
        kind=str(document.get("kind") or disclosure.matter.document_kind or ""),
        number=str(number) if number else None,
        facts=facts if isinstance(facts, dict) else {},
        fields=dict(disclosure.fields),
    )
