"""Which URL does what with versions of items and the open cases that stand under them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from services.intake.actions.move_case import MoveCase, MoveCases, move_case, preview_moves
from services.intake.actions.read_notice import read_notice
from services.intake.actions.withdraw_version import (
    WithdrawVersion,
    list_versions,
    withdraw_version,
)
from services.intake.api.wiring import AtCounter, Cursor, Limit, Operator, uuid_of
from services.intake.model import ApplicationId
from services.intake.schemas import read_cursor
from services.intake.schemas.version import (
    CaseMovesView,
    CaseMoveView,
    MoveBody,
    NoticeView,
    VersionsView,
    VersionView,
    WithdrawVersionBody,
    move_view,
    notice_view,
)
from services.intake.schemas.wire import make_cursor
from shared.auth import Actor, ActorKind
from shared.web import CurrentRequestKey, only

router = APIRouter()

ItemCode = Annotated[str, Path(pattern=r"^[A-Z0-9-]{3,16}$")]
Version = Annotated[int, Path(ge=1, le=32_000)]
Numbered = Annotated[int, Query(ge=1, le=32_000)]
Authority = Annotated[Actor, Depends(only(ActorKind.OFFICER, ActorKind.OPERATOR))]
"""Who may move a case: an operator, or an officer of the office that leads it."""


@router.get("/items/{code}/versions", tags=["versions"])
async def get_versions(code: ItemCode, _actor: Authority, counter: AtCounter) -> VersionsView:
    """Every version of an item the window knows, with its hash and its withdrawal."""
    found = await list_versions(code, transaction=counter.transaction)
    return VersionsView(items=[VersionView.model_validate(each) for each in found])


@router.get("/items/{code}/changes", tags=["versions"])
async def get_changes(
    code: ItemCode, before: Numbered, after: Numbered, _actor: Authority, counter: AtCounter
) -> NoticeView:
    """What one version changes against another, as a notice in both languages."""
    found = await read_notice(
        code, before, after, transaction=counter.transaction, desk=counter.desk
    )
    return notice_view(tuple(found))


@router.post("/items/{code}/versions/{version}:withdraw", tags=["versions"])
async def withdraw_item_version(
    code: ItemCode,
    version: Version,
    body: WithdrawVersionBody,
    actor: Operator,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> VersionsView:
    """Take no new applications under a version; open cases go on."""
    command = WithdrawVersion(
        actor=actor, code=code, version=version, reason=body.reason, request=key
    )
    await withdraw_version(command, transaction=counter.transaction, desk=counter.desk)
    found = await list_versions(code, transaction=counter.transaction)
    return VersionsView(items=[VersionView.model_validate(each) for each in found])


@router.get("/items/{code}/versions/{version}/moves", tags=["versions"])
async def get_moves(
    code: ItemCode,
    version: Version,
    actor: Operator,
    counter: AtCounter,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> CaseMovesView:
    """What a move to this version would change in each open case; nothing is moved."""
    command = MoveCases(
        actor=actor,
        code=code,
        version=version,
        reason="版本迁移预览",
        after=uuid_of(read_cursor(cursor, parts=1)[0]) if cursor else None,
        limit=limit + 1,
    )
    found = await preview_moves(command, transaction=counter.transaction, desk=counter.desk)
    shown = found[:limit]
    more = make_cursor(str(shown[-1].application_id)) if len(found) > limit else None
    return CaseMovesView(items=[move_view(each) for each in shown], next_cursor=more)


@router.post("/applications/{application_id}:move", tags=["versions"])
async def move_application(
    application_id: UUID,
    body: MoveBody,
    actor: Authority,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> CaseMoveView:
    """Let a case go on under another version; answered departments keep their verdict."""
    command = MoveCase(
        actor=actor,
        application_id=ApplicationId(application_id),
        version=body.version,
        reason=body.reason,
        request=key,
    )
    moved = await move_case(command, transaction=counter.transaction, desk=counter.desk)
    return move_view(moved)
