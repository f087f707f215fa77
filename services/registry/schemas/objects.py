"""What the bodies of the service objects base look like; names and numbers go out masked."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.registry.actions.read_objects import ObjectCounts
from services.registry.model.objects import Category, ObjectPerson
from services.registry.schemas import LegalDate
from services.registry.schemas.residents import ObjectView
from services.registry.schemas.words import CATEGORY_TITLES
from shared.masking import mask_id_number, mask_name
from shared.schemas import Body, View

Entered = Annotated[Category, Field(strict=False)]


class ObjectRequest(Body):
    """What a resident is, from a day on."""

    category: Entered
    since: LegalDate


class ObjectEnd(Body):
    """The first day on which an entry holds no longer."""

    on: LegalDate


class ObjectPersonView(View):
    """A resident with everything they are."""

    id: UUID
    name: str
    """Masked."""
    id_no: str
    """Masked."""
    division: str
    objects: list[ObjectView]

    @classmethod
    def of(cls, person: ObjectPerson) -> "ObjectPersonView":
        """Show a person; nothing of name or number as it is."""
        return cls(
            id=person.resident.id,
            name=mask_name(person.resident.name),
            id_no=mask_id_number(person.resident.id_number),
            division=person.division,
            objects=[ObjectView.of(each) for each in person.objects],
        )


class ObjectPage(View):
    """A page of residents who are something."""

    items: list[ObjectPersonView]
    after: UUID | None
    """Where the next page begins; None: this was the last."""


class CountView(View):
    """How many are something."""

    category: str
    title: dict[str, str]
    count: int | None
    """None: fewer than may be told."""


class CountsView(View):
    """How many in a division are what."""

    division: str
    is_exact: bool
    """Otherwise rounded, and small numbers are not told."""
    items: list[CountView]

    @classmethod
    def of(cls, counts: ObjectCounts) -> "CountsView":
        """Show counts."""
        return cls(
            division=counts.division,
            is_exact=counts.is_exact,
            items=[
                CountView(category=each.value, title=dict(CATEGORY_TITLES[each]), count=count)
                for each, count in counts.counts.items()
            ],
        )
