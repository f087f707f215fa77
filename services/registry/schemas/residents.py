"""What the bodies of residents and households look like; names and numbers go out masked."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.registry.model.files import HouseholdFile, ResidentFile
from services.registry.model.households import Member, Period
from services.registry.model.objects import ServiceObject
from services.registry.model.residents import Entry, LifeEvent, LifeFact
from services.registry.schemas import Id, LegalDate
from services.registry.schemas.words import CATEGORY_TITLES
from shared.masking import mask_id_number, mask_name
from shared.schemas import Body, Instant, SafeText, View

DIVISION = r"^[0-9]{12}$"

Division = Annotated[str, Field(pattern=DIVISION)]
Name = Annotated[SafeText, Field(min_length=1, max_length=100)]
Number = Annotated[SafeText, Field(min_length=1, max_length=64)]
Address = Annotated[SafeText, Field(min_length=1, max_length=300)]
Entered = Annotated[Entry, Field(strict=False)]


class HouseholdRequest(Body):
    """Where a household is, from a day on."""

    division: Division
    address: Address
    since: LegalDate


class ResidentRequest(Body):
    """Somebody who becomes known: born into a household, or moved in."""

    name: Name
    id_no: Number
    household_id: Id
    by_birth: bool = False
    on: LegalDate


class ResidentQuestion(Body):
    """Whose number is this? The number stands in the body, never in a URL."""

    id_no: Number


class FactRequest(Body):
    """What happened to a resident, or the correction of what was noted."""

    kind: Entered
    on: LegalDate
    household_id: Id | None = None
    corrects: Id | None = None

    @model_validator(mode="after")
    def _complete(self) -> "FactRequest":
        """Whoever arrives arrives somewhere; what never was is some fact that was noted."""
        arrives = self.kind in (Entry.BIRTH, Entry.MOVE_IN)
        if arrives != (self.household_id is not None):
            raise PydanticCustomError("household", "A birth or a move in names its household")
        if self.kind is Entry.VOID and self.corrects is None:
            raise PydanticCustomError("corrects", "Names the fact that never was")
        return self


class IdentityRequest(Body):
    """Another number, another name, or both, from a day on."""

    on: LegalDate
    id_no: Number | None = None
    name: Name | None = None


class Reference(View):
    """The id of what was written."""

    id: UUID


class PeriodView(View):
    """Days from `since` to the day before `until`."""

    since: date
    until: date | None

    @classmethod
    def of(cls, period: Period) -> "PeriodView":
        """Show a period."""
        return cls(since=period.since, until=period.until)


class ObjectView(View):
    """What a person is to the services, and by whose word."""

    category: str
    title: dict[str, str]
    source: str
    reference: UUID
    period: PeriodView

    @classmethod
    def of(cls, each: ServiceObject) -> "ObjectView":
        """Show one entry."""
        return cls(
            category=each.category.value,
            title=dict(CATEGORY_TITLES[each.category]),
            source=each.source,
            reference=each.reference,
            period=PeriodView.of(each.period),
        )


class FactView(View):
    """What happened in a life, as it stood at the instant asked about."""

    id: UUID
    kind: str
    on: date
    household_id: UUID | None
    source: str
    corrects: UUID | None
    recorded_at: Instant

    @classmethod
    def of(cls, fact: LifeFact) -> "FactView":
        """Show a fact; the marriage it may be about is the marriage registry's to show."""
        is_stay = fact.kind in (LifeEvent.BIRTH, LifeEvent.MOVE_IN)
        return cls(
            id=fact.id,
            kind=fact.kind.value,
            on=fact.on,
            household_id=fact.subject if is_stay else None,
            source=fact.source,
            corrects=fact.corrects,
            recorded_at=fact.recorded_at,
        )


class ResidentView(View):
    """A resident on a day, as known at an instant."""

    id: UUID
    name: str
    """Masked."""
    id_no: str
    """Masked."""
    former_numbers: list[str]
    """Masked."""
    aliases: list[str]
    """Masked."""
    status: str
    died_on: date | None
    civil_status: str
    division: str
    household_id: UUID | None
    objects: list[ObjectView]
    facts: list[FactView]
    on: date
    known_at: Instant

    @classmethod
    def of(cls, file: ResidentFile) -> "ResidentView":
        """Show a resident; nothing of name or number as it is."""
        resident = file.resident
        return cls(
            id=resident.id,
            name=mask_name(resident.name),
            id_no=mask_id_number(resident.id_number),
            former_numbers=[mask_id_number(each.id_number) for each in file.former_numbers],
            aliases=[mask_name(each.name) for each in file.aliases],
            status=resident.status.value,
            died_on=file.died_on,
            civil_status=file.civil_status.value,
            division=file.home.division,
            household_id=file.household,
            objects=[ObjectView.of(each) for each in file.objects],
            facts=[FactView.of(each) for each in file.facts],
            on=file.as_of.on,
            known_at=file.as_of.known_at,
        )


class MemberView(View):
    """A member of a household."""

    id: UUID
    name: str
    """Masked."""
    id_no: str
    """Masked."""
    period: PeriodView

    @classmethod
    def of(cls, member: Member) -> "MemberView":
        """Show a member; nothing of name or number as it is."""
        return cls(
            id=member.resident.id,
            name=mask_name(member.resident.name),
            id_no=mask_id_number(member.resident.id_number),
            period=PeriodView.of(member.period),
        )


class HouseholdView(View):
    """A household on a day, as known at an instant; its address is not shown."""

    id: UUID
    division: str | None
    members: list[MemberView]
    on: date
    known_at: Instant

    @classmethod
    def of(cls, file: HouseholdFile) -> "HouseholdView":
        """Show a household."""
        return cls(
            id=file.id,
            division=file.place.division if file.place else None,
            members=[MemberView.of(each) for each in file.members],
            on=file.as_of.on,
            known_at=file.as_of.known_at,
        )
