"""Which URL does what with looking for cases: a page of them, or a file."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.intake.actions.search_cases import SearchCases, export_cases, search_cases
from services.intake.api.wiring import AtCounter, OnlyOfficer, uuid_of
from services.intake.model.search import FoundLine
from services.intake.rules.export import BOM, csv_line
from services.intake.schemas import read_cursor
from services.intake.schemas.search import (
    EXPORT_COLUMNS,
    ExportBody,
    FoundPageView,
    SearchBody,
    export_cells,
    found_view,
)

router = APIRouter()

CSV = "text/csv; charset=utf-8"


@router.post("/applications:search", tags=["search"])
async def search(body: SearchBody, actor: OnlyOfficer, counter: AtCounter) -> FoundPageView:
    """The cases of the caller's offices that are like this, newest first, applicants masked."""
    question = SearchCases(
        actor=actor,
        wanted=body.wanted(counter.desk.index),
        limit=body.limit,
        before=uuid_of(read_cursor(body.cursor, parts=1)[0]) if body.cursor else None,
        purpose=body.purpose,
    )
    found = await search_cases(question, transaction=counter.transaction, desk=counter.desk)
    shown = [found_view(line) for line in found.lines]
    return FoundPageView(
        items=shown,
        next_cursor=shown[-1].cursor if found.has_more else None,
        total=found.total,
        is_total_exact=found.is_total_exact,
    )


@router.post(
    "/applications:export",
    tags=["search"],
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export(body: ExportBody, actor: OnlyOfficer, counter: AtCounter) -> StreamingResponse:
    """The same cases as a file for a spreadsheet; journalled with its purpose."""
    lines = await export_cases(
        actor,
        body.wanted(counter.desk.index),
        body.purpose,
        transaction=counter.transaction,
        desk=counter.desk,
    )
    headers = {"Content-Disposition": 'attachment; filename="applications.csv"'}
    return StreamingResponse(_csv(lines), media_type=CSV, headers=headers)


async def _csv(lines: AsyncIterator[FoundLine]) -> AsyncIterator[str]:
    yield BOM + csv_line(EXPORT_COLUMNS)
    async for line in lines:
        yield csv_line(export_cells(line))
