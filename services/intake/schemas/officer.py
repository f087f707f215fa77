"""What officers send and see of their own work: hand-overs, delegations, absences, relations."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.model.officer import (
    Absence,
    Delegation,
    Period,
    ReassignReason,
    RecusalReason,
    Relation,
    RelationKind,
)
from services.intake.schemas.wire import Id, Words
from shared.schemas import Body, View


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _reassign_reason(value: object) -> object:
    return ReassignReason(value) if isinstance(value, str) else value


def _recusal_reason(value: object) -> object:
    return RecusalReason(value) if isinstance(value, str) else value


def _relation_kind(value: object) -> object:
    return RelationKind(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
OfficerId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
"""The registry's id of an officer."""


class ReassignBody(Body):
    """To whom a task goes, and why."""

    to: OfficerId
    reason: Annotated[ReassignReason, BeforeValidator(_reassign_reason)]
    note: Words = ""


class RecuseBody(Body):
    """Why an officer steps back."""

    reason: Annotated[RecusalReason, BeforeValidator(_recusal_reason)]


class RecusedView(View):
    """Where the task lies now."""

    moved_to: UUID | None
    """The office above; null when a colleague of the same office can take it."""


class PeriodBody(Body):
    """Days from one to another, both included."""

    starts_on: Day
    ends_on: Day

    def period(self) -> Period:
        """As the model says it."""
        return Period(starts_on=self.starts_on, ends_on=self.ends_on)


class DelegateBody(PeriodBody):
    """To whom, and in which office."""

    office_id: Id
    to: OfficerId


class DelegationView(View):
    """Work handed from one officer to another."""

    id: UUID
    office_id: UUID
    principal: str
    delegate: str
    starts_on: date
    ends_on: date
    revoked: bool


class DelegationListView(View):
    """What an officer gave and was given."""

    items: list[DelegationView]


class AbsenceView(View):
    """Days on which the caller is away."""

    id: UUID
    starts_on: date
    ends_on: date
    ended: bool


class AbsenceListView(View):
    """The caller's absences."""

    items: list[AbsenceView]


class RelationBody(Body):
    """Somebody near to the caller, or the caller."""

    kind: Annotated[RelationKind, BeforeValidator(_relation_kind)]
    id_no: Annotated[str, Field(pattern=r"^[0-9]{17}[0-9Xx]$")]


class RelationView(View):
    """What somebody is to the caller; never who."""

    id: UUID
    kind: RelationKind
    declared_on: date


class RelationListView(View):
    """What the caller has declared."""

    items: list[RelationView]


def delegation_view(delegation: Delegation) -> DelegationView:
    """A delegation as either side sees it."""
    return DelegationView(
        id=delegation.id,
        office_id=delegation.office_id,
        principal=delegation.principal.removeprefix("officer:"),
        delegate=delegation.delegate.removeprefix("officer:"),
        starts_on=delegation.period.starts_on,
        ends_on=delegation.period.ends_on,
        revoked=delegation.revoked_on is not None,
    )


def absence_view(absence: Absence) -> AbsenceView:
    """An absence as the officer sees it."""
    return AbsenceView(
        id=absence.id,
        starts_on=absence.period.starts_on,
        ends_on=absence.period.ends_on,
        ended=absence.ended_on is not None,
    )


def relation_view(relation: Relation) -> RelationView:
    """A declaration as the officer sees it."""
    return RelationView.model_validate(relation)
