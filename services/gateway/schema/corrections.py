"""What the applicant is asked to correct: one notice a round, from all departments at once."""

from datetime import date, datetime

import strawberry

from services.gateway.schema.values import (
    Json,
    LocalText,
    day,
    instant,
    local_text,
    member,
    number,
    optional_text,
    rows,
    text,
)


@strawberry.type
class CorrectionItem:
    """One thing to be corrected, and who asks for it."""

    task: str
    task_title: LocalText
    by: str
    pointer: str | None = strawberry.field(description="JSON pointer of a field of the form.")
    material: str | None = strawberry.field(description="Key of a material.")
    message: str


@strawberry.type
class Correction:
    """The notice that waits for the applicant's answer: everything, at once."""

    round: int
    phase: str = strawberry.field(description="Before the application is accepted, or in review.")
    issued_at: datetime | None
    due_on: date | None
    items: list[CorrectionItem]


def correction_of(body: Json) -> Correction | None:
    """The open notice of a case, if there is one."""
    notice = member(body, "correction")
    if not notice:
        return None
    return Correction(
        round=number(notice, "round"),
        phase=text(notice, "phase"),
        issued_at=instant(notice, "issuedAt"),
        due_on=day(notice, "dueOn"),
        items=[_item_of(row) for row in rows(notice, "items")],
    )


def _item_of(body: Json) -> CorrectionItem:
    return CorrectionItem(
        task=text(body, "task"),
        task_title=local_text(body.get("taskTitle")),
        by=text(body, "by"),
        pointer=optional_text(body, "pointer"),
        material=optional_text(body, "material"),
        message=text(body, "message"),
    )
