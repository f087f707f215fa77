"""What officers look for, and the lists and files they get."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.intake.model import Channel, Outcome, Stage
from services.intake.model.search import CaseFilter, FoundLine, Purpose
from services.intake.schemas.officer import Day
from services.intake.schemas.wire import Code, Id, TextView, make_cursor
from shared.clock import SHANGHAI
from shared.schemas import Body, Instant, SafeText, View
from shared.sealing import BlindIndex


def _stage(value: object) -> object:
    return Stage(value) if isinstance(value, str) else value


def _purpose(value: object) -> object:
    return Purpose(value) if isinstance(value, str) else value


class FilterBody(Body):
    """What cases must be like. It is a body and not a query: no person stands in an address."""

    number: Annotated[str, Field(pattern=r"^[0-9A-Z]{8,40}$")] | None = None
    applicant_id_no: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{5,40}$")] | None = None
    """Of the applicant, or of whom it is about; the whole number."""
    applicant_name: Annotated[SafeText, Field(min_length=1, max_length=100)] | None = None
    """The whole name; parts of names are not looked for."""
    item_code: Code | None = None
    stages: Annotated[
        list[Annotated[Stage, BeforeValidator(_stage)]], Field(max_length=8, default_factory=list)
    ]
    office_id: Id | None = None
    due_from: Day | None = None
    due_to: Day | None = None
    """The last day of the range."""

    def wanted(self, index: BlindIndex) -> CaseFilter:
        """As the model says it: whom is meant becomes a blind index here, and stays one."""
        return CaseFilter(
            number=self.number,
            person_index=index.of(self.applicant_id_no) if self.applicant_id_no else None,
            name_index=index.of_name(self.applicant_name) if self.applicant_name else None,
            item_code=self.item_code,
            stages=tuple(self.stages),
            office_id=self.office_id,
            due_from=_midnight(self.due_from),
            due_until=_midnight(self.due_to + timedelta(days=1)) if self.due_to else None,
        )


class SearchBody(FilterBody):
    """A page of cases."""

    purpose: Annotated[Purpose, BeforeValidator(_purpose)] | None = None
    """Needed where a person is looked for."""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(max_length=400)] | None = None


class ExportBody(FilterBody):
    """A file of cases."""

    purpose: Annotated[Purpose, BeforeValidator(_purpose)]


class FoundCaseView(View):
    """A case in a list; its applicant is masked."""

    id: UUID
    number: str
    item_code: str
    item_title: TextView
    division: str
    channel: Channel
    stage: Stage
    outcome: Outcome | None
    submitted_at: Instant
    concluded_at: Instant | None
    due_at: Instant | None
    applicant_name: str
    applicant_id_no: str
    cursor: str


class FoundPageView(View):
    """A page of cases, newest first."""

    items: list[FoundCaseView]
    next_cursor: str | None
    total: int
    is_total_exact: bool
    """False: there are more than `total`, and nobody counted further."""


EXPORT_COLUMNS = (
    "申请编号",
    "事项编码",
    "事项名称",
    "行政区划",
    "渠道",
    "环节",
    "决定",
    "提交时间",
    "办结时间",
    "本机构最近期限",
    "申请人（脱敏）",
    "证件号码（脱敏）",
)


def found_view(line: FoundLine) -> FoundCaseView:
    """A case as a list shows it."""
    case = line.case
    return FoundCaseView(
        id=case.id,
        number=case.number,
        item_code=case.item_code,
        item_title=TextView.model_validate(case.item_title),
        division=case.division,
        channel=case.channel,
        stage=case.stage,
        outcome=case.outcome,
        submitted_at=case.submitted_at,
        concluded_at=case.concluded_at,
        due_at=case.due_at,
        applicant_name=line.name,
        applicant_id_no=line.id_no,
        cursor=make_cursor(str(case.id)),
    )


def export_cells(line: FoundLine) -> Sequence[str]:
    """A case as a row of a file."""
    case = line.case
    return (
        case.number,
        case.item_code,
        case.item_title.zh,
        case.division,
        str(case.channel),
        str(case.stage),
        str(case.outcome or ""),
        _local(case.submitted_at),
        _local(case.concluded_at),
        _local(case.due_at),
        line.name,
        line.id_no,
    )


def _local(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=SHANGHAI).astimezone(UTC)
