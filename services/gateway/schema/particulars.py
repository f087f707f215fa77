"""Particulars of a case that stand by themselves: its item, applicant, clocks and papers."""

from collections.abc import Mapping
from datetime import date, datetime

import strawberry
from strawberry.scalars import JSON

from services.gateway.schema.values import (
    Json,
    LocalText,
    day,
    flag,
    instant,
    json_object,
    local_text,
    local_texts,
    number,
    optional_local_text,
    optional_text,
    rows,
    text,
)


@strawberry.type
class ItemReference:
    """The service item of an application, in the version it was submitted under."""

    code: str
    version: int
    title: LocalText


@strawberry.type
class Applicant:
    """Who applied; masked unless the caller may see more."""

    name: str | None
    id_no: str | None
    phone: str | None


@strawberry.type
class LegalClock:
    """A time limit that runs for the whole case: the promise, or the statute."""

    name: str = strawberry.field(description="`promised` or `statutory`.")
    due_at: datetime | None
    last_day: date | None = strawberry.field(description="The last day on which it can be kept.")
    provisional: bool = strawberry.field(
        description="The calendar up to there is not published yet; the date may move."
    )
    source: str | None = strawberry.field(description="The rule that sets the limit.")
    explanation: list[LocalText] = strawberry.field(description="How the date follows, in steps.")


@strawberry.type
class MissingMaterial:
    """A paper that is still to be handed in."""

    key: str
    title: LocalText
    due_on: date | None


@strawberry.type
class OutcomeDocument:
    """The certificate or paper that a granted matter ended in."""

    kind: str
    title: LocalText
    number: str | None
    facts: JSON


@strawberry.type
class TimelineEntry:
    """One act on the case."""

    at: datetime
    act: str
    title: LocalText
    by: LocalText | None


def item_of(body: Json) -> ItemReference:
    """Which version of which item."""
    return ItemReference(
        code=text(body, "code"),
        version=number(body, "version"),
        title=local_text(body.get("title")),
    )


def applicant_of(body: Json) -> Applicant | None:
    """Who applied, as far as the caller may see it."""
    applicant = body.get("applicant")
    if not isinstance(applicant, Mapping):
        return None
    return Applicant(
        name=optional_text(applicant, "name"),
        id_no=optional_text(applicant, "idNo"),
        phone=optional_text(applicant, "phone"),
    )


def clock_of(body: Json) -> LegalClock:
    """A time limit of the case."""
    return LegalClock(
        name=text(body, "name"),
        due_at=instant(body, "dueAt"),
        last_day=day(body, "lastDay"),
        provisional=flag(body, "provisional"),
        source=optional_text(body, "source"),
        explanation=local_texts(body.get("explanation")),
    )


def missing_of(body: Json) -> MissingMaterial:
    """A paper still to be handed in."""
    return MissingMaterial(
        key=text(body, "key"), title=local_text(body.get("title")), due_on=day(body, "dueOn")
    )


def document_of(body: Json) -> OutcomeDocument:
    """What a matter ended in."""
    return OutcomeDocument(
        kind=text(body, "kind"),
        title=local_text(body.get("title")),
        number=optional_text(body, "number"),
        facts=json_object(body, "facts"),
    )


def timeline_of(case: Json) -> list[TimelineEntry]:
    """What happened to a case, in order."""
    return [
        TimelineEntry(
            at=at,
            act=text(row, "act"),
            title=local_text(row.get("title")),
            by=optional_local_text(row.get("by")),
        )
        for row in rows(case, "timeline")
        if (at := instant(row, "at")) is not None
    ]
