"""Which URL does what with files and the journal."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import JSONResponse

from services.intake.actions.store_file import (
    MAX_FILE_BYTES,
    FileTooLarge,
    StoreFile,
    as_answer,
    store_file,
)
from services.intake.api.wiring import AtCounter, Operator, Reader
from services.intake.schemas import (
    FileView,
    JournalCheckView,
    journal_check_view,
)
from shared.store import StoredAnswer
from shared.verifying import verify_journal
from shared.web import CurrentRequestKey

router = APIRouter()


@router.post("/files", status_code=201, tags=["files"])
async def upload(
    file: Annotated[UploadFile, File()],
    actor: Reader,
    key: CurrentRequestKey,
    counter: AtCounter,
) -> JSONResponse:
    """Hand in one file, to be named in an application by whoever handed it in."""
    content = await file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge
    command = StoreFile(actor=actor, name=file.filename or "", content=content, request=key)
    kept = await store_file(command, transaction=counter.transaction, desk=counter.desk)
    body: dict[str, Any] = kept.body if isinstance(kept, StoredAnswer) else as_answer(kept)
    view = FileView.model_validate(
        {
            "id": UUID(str(body["id"])),
            "media_type": body["mediaType"],
            "size": body["size"],
            "sha256": body["sha256"],
        }
    )
    return JSONResponse(view.as_json(), status_code=201)


@router.get("/journal:verify", tags=["journal"])
async def get_journal_check(_actor: Operator, counter: AtCounter) -> JournalCheckView:
    """Follow every chain of the journal; names the first row that breaks one."""
    return journal_check_view(await verify_journal(transaction=counter.transaction))
