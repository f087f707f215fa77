"""A case as screens show it: the application, its matters, and who was asked what."""

from collections.abc import Mapping
from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from services.gateway.schema.context import Info
from services.gateway.schema.corrections import Correction, correction_of
from services.gateway.schema.ids import (
    APPLICATION,
    TASK,
    Node,
    read_uuid,
    to_global_id,
    uuid_of,
)
from services.gateway.schema.particulars import (
    Applicant,
    ItemReference,
    LegalClock,
    MissingMaterial,
    OutcomeDocument,
    TimelineEntry,
    applicant_of,
    clock_of,
    document_of,
    item_of,
    missing_of,
    timeline_of,
)
from services.gateway.schema.values import (
    Json,
    LocalText,
    flag,
    identity,
    instant,
    json_object,
    local_text,
    local_texts,
    member,
    number,
    optional_local_text,
    optional_text,
    rows,
    text,
    texts,
)
from services.gateway.schema.words import (
    FINAL_STAGES,
    HELD,
    Channel,
    HandlerKind,
    MatterStatus,
    Outcome,
    Stage,
    TaskState,
    Verdict,
    optional_word,
    word,
)


@strawberry.type
class Ground:
    """One reason for an outcome: what which task answered."""

    task: str = strawberry.field(description="`<matter key>.<task key>`.")
    verdict: Verdict | None = strawberry.field(
        description="None: it could not be asked, because what it needs was not approved."
    )


@strawberry.type
class EarlierAnswer:
    """What a task that this one needs has answered."""

    task: str
    title: LocalText
    verdict: Verdict | None
    opinion: str | None
    facts: JSON


@strawberry.type
class Disclosure:
    """The part of the form, and the facts, that whoever answers a task may see."""

    fields: JSON
    params: JSON
    facts: JSON
    answers: list[EarlierAnswer]


@strawberry.type
class Task(Node):
    """An approval task (审批任务): who holds it, until when, and what was answered."""

    key: str
    title: LocalText
    round: int = strawberry.field(description="Counts up each time the task is asked again.")
    handler_kind: HandlerKind
    handler: str = strawberry.field(description="`officer`, `partner:<system>`, `service:<name>`.")
    handler_name: LocalText | None
    office_name: str | None
    state: TaskState
    verdict: Verdict | None
    opinion: str | None
    conditions: list[str]
    facts: JSON = strawberry.field(description="What was found; it names nobody.")
    cancel_reason: str | None = strawberry.field(description="Why nobody need answer any more.")
    opened_at: datetime | None
    claimed_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    due_provisional: bool = strawberry.field(
        description="The calendar up to the due date is not published yet; the date may move."
    )
    due_explanation: list[LocalText] = strawberry.field(
        description="How the due date follows, in steps."
    )
    waiting_for: list[LocalText] = strawberry.field(description="What must be answered first.")
    claimed_by_me: bool
    application_id: strawberry.ID | None
    application_number: str | None
    item_code: str | None
    item_title: LocalText | None
    matter: str | None = strawberry.field(description="Key of the matter it belongs to.")
    summary: JSON = strawberry.field(description="Facts of the form that name nobody.")

    @strawberry.field
    async def application(self, info: Info) -> "Application | None":
        """The case the task belongs to; asked for once, however many tasks of it are shown."""
        if self.application_id is None:
            return None
        application_id = read_uuid(self.application_id, APPLICATION)
        return application_of(await info.context.loaders.applications.load(application_id))

    @strawberry.field
    async def disclosure(self, info: Info) -> Disclosure | None:
        """What whoever answers the task may see; the reading is journalled."""
        body = await info.context.loaders.disclosures.load(read_uuid(self.id, TASK))
        return Disclosure(
            fields=json_object(body, "fields"),
            params=json_object(body, "params"),
            facts=json_object(body, "facts"),
            answers=[_earlier_of(row) for row in rows(body, "answers")],
        )


@strawberry.type
class Matter:
    """A part of an application that is decided on its own."""

    id: strawberry.ID
    key: str
    title: LocalText
    status: MatterStatus
    outcome: Outcome | None
    grounds: list[Ground]
    conditions: list[str]
    document: OutcomeDocument | None
    failure: LocalText | None = strawberry.field(
        description="Why the granted matter could not be made real; a person looks into it."
    )
    tasks: list[Task]


@strawberry.type
class Application(Node):
    """One citizen's request for one service item, and everything that came of it."""

    uuid: str = strawberry.field(description="Its id over REST, in events and in traces.")
    number: str = strawberry.field(description="The public number (办件编号).")
    item: ItemReference
    stage: Stage
    outcome: Outcome | None
    channel: Channel | None
    division: str
    submitted_at: datetime | None
    accepted_at: datetime | None
    decided_at: datetime | None
    concluded_at: datetime | None
    version: int
    is_final: bool = strawberry.field(description="Nothing more will happen to it.")
    applicant: Applicant | None
    clocks: list[LegalClock]
    missing_materials: list[MissingMaterial]
    correction: Correction | None = strawberry.field(
        description="What the applicant is asked to correct now; nothing, most of the time."
    )
    remedy: str | None = strawberry.field(
        description="Where a refusal to accept can be contested, and until when."
    )
    matters: list[Matter]
    timeline: list[TimelineEntry]

    @strawberry.field
    def documents(self) -> list[OutcomeDocument]:
        """Every certificate and paper the case has led to so far."""
        return [matter.document for matter in self.matters if matter.document is not None]

    @strawberry.field
    def waiting_on(self) -> list[Task]:
        """Who holds the case now: the tasks that somebody has to answer."""
        return [task for matter in self.matters for task in matter.tasks if task.state in HELD]


@strawberry.type
class ApplicationSummary:
    """A row in a citizen's list; `application(id:)` shows the whole case."""

    id: strawberry.ID
    number: str
    item_code: str
    item_title: LocalText
    stage: Stage
    outcome: Outcome | None
    submitted_at: datetime | None
    concluded_at: datetime | None


def application_of(body: Json) -> Application:
    """Read a whole case.

    Raises:
        Unavailable: It cannot be a case.
    """
    application_id = identity(body)
    stage = word(Stage, body.get("stage"))
    return Application(
        id=to_global_id(APPLICATION, application_id),
        uuid=str(application_id),
        number=text(body, "number"),
        item=item_of(member(body, "item")),
        stage=stage,
        outcome=optional_word(Outcome, body.get("outcome")),
        channel=optional_word(Channel, body.get("channel")),
        division=text(body, "division"),
        submitted_at=instant(body, "submittedAt"),
        accepted_at=instant(body, "acceptedAt"),
        decided_at=instant(body, "decidedAt"),
        concluded_at=instant(body, "concludedAt"),
        version=number(body, "version"),
        is_final=stage in FINAL_STAGES,
        applicant=applicant_of(body),
        clocks=[clock_of(row) for row in rows(body, "clocks")],
        missing_materials=[missing_of(row) for row in rows(body, "missingMaterials")],
        correction=correction_of(body),
        remedy=optional_text(body, "remedy"),
        matters=[_matter_of(row, body) for row in rows(body, "matters")],
        timeline=timeline_of(body),
    )


def summary_of(body: Json) -> ApplicationSummary:
    """Read a row of a list of applications.

    Raises:
        Unavailable: It cannot be one.
    """
    item = _item_of_row(body)
    return ApplicationSummary(
        id=to_global_id(APPLICATION, identity(body)),
        number=text(body, "number"),
        item_code=text(item, "code"),
        item_title=local_text(item.get("title")),
        stage=word(Stage, body.get("stage")),
        outcome=optional_word(Outcome, body.get("outcome")),
        submitted_at=instant(body, "submittedAt"),
        concluded_at=instant(body, "concludedAt"),
    )


def task_of(body: Json, *, matter: str | None = None, case: Json | None = None) -> Task:
    """Read an approval task.

    Args:
        matter: Key of its matter, when it is read as a part of one.
        case: The case it is read as a part of.

    Raises:
        Unavailable: It cannot be a task.
    """
    within = case if case is not None else body
    application_id = within.get("id") if case is not None else body.get("applicationId")
    handler = text(body, "handler")
    return Task(
        id=to_global_id(TASK, identity(body)),
        key=text(body, "key") or text(body, "task"),
        title=local_text(body.get("title")),
        round=number(body, "round"),
        handler_kind=word(HandlerKind, handler.partition(":")[0]),
        handler=handler,
        handler_name=optional_local_text(body.get("handlerName")),
        office_name=optional_text(body, "officeName"),
        state=word(TaskState, body.get("state")),
        verdict=optional_word(Verdict, body.get("verdict")),
        opinion=optional_text(body, "opinion"),
        conditions=texts(body, "conditions"),
        facts=json_object(body, "facts"),
        cancel_reason=optional_text(body, "cancelReason"),
        opened_at=instant(body, "openedAt"),
        claimed_at=instant(body, "claimedAt"),
        closed_at=instant(body, "closedAt"),
        due_at=instant(body, "dueAt"),
        due_provisional=flag(body, "dueProvisional"),
        due_explanation=local_texts(body.get("dueExplanation")),
        waiting_for=local_texts(body.get("waitingFor")),
        claimed_by_me=flag(body, "claimedByMe"),
        application_id=(
            to_global_id(APPLICATION, uuid_of(application_id)) if application_id else None
        ),
        application_number=optional_text(within, "number" if case else "applicationNumber"),
        item_code=optional_text(_item_of_row(within), "code"),
        item_title=optional_local_text(_item_of_row(within).get("title")),
        matter=matter or _matter_key(body),
        summary=json_object(within, "summary"),
    )


def _matter_of(body: Json, case: Json) -> Matter:
    key = text(body, "key")
    document = body.get("document")
    return Matter(
        id=strawberry.ID(text(body, "id")),
        key=key,
        title=local_text(body.get("title")),
        status=word(MatterStatus, body.get("status")),
        outcome=optional_word(Outcome, body.get("outcome")),
        grounds=[_ground_of(row) for row in rows(body, "grounds")],
        conditions=texts(body, "conditions"),
        document=document_of(document) if isinstance(document, Mapping) else None,
        failure=optional_local_text(body.get("failure")),
        tasks=[task_of(row, matter=key, case=case) for row in rows(body, "tasks")],
    )


def _item_of_row(body: Json) -> Json:
    """A row names its item either as a whole case does, or flat."""
    if isinstance(body.get("item"), Mapping):
        return member(body, "item")
    return {"code": body.get("itemCode"), "title": body.get("itemTitle")}


def _matter_key(body: Json) -> str | None:
    matter = body.get("matter")
    return text(matter, "key") if isinstance(matter, Mapping) else optional_text(body, "matter")


def _ground_of(body: Json) -> Ground:
    return Ground(task=text(body, "task"), verdict=optional_word(Verdict, body.get("verdict")))


def _earlier_of(body: Json) -> EarlierAnswer:
    return EarlierAnswer(
        task=text(body, "task"),
        title=local_text(body.get("title")),
        verdict=optional_word(Verdict, body.get("verdict")),
        opinion=optional_text(body, "opinion"),
        facts=json_object(body, "facts"),
    )
