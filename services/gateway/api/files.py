"""Files go up by REST: one part, passed on to the window, named by its id afterwards."""

from typing import Any

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from services.gateway.clients import Caller, IntakeClient, Upload
from services.gateway.errors import Declined, FileTooLarge, OneFileOnly
from shared.problems import MEDIA_TYPE

MAX_FILE_BYTES = 5 * 1024 * 1024
UPLOAD_TYPES = {"/files": ("multipart/form-data", 6 * 1024 * 1024)}
"""The body may be a little larger than the file: it carries the part's headers as well."""

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


def files_router(intake: httpx.AsyncClient) -> APIRouter:
    """The door for files."""
    router = APIRouter(tags=["files"])

    @router.post("/files", status_code=201, openapi_extra=_BODY)
    async def upload(request: Request) -> JSONResponse:
        """Hand in one file of at most 5 MB; the answer names its id."""
        file = await _only_file(request)
        window = IntakeClient(intake, Caller.of(request.headers.get("authorization")))
        try:
            kept = await window.upload(file, key=request.headers.get("idempotency-key"))
        except Declined as declined:
            return JSONResponse(
                dict(declined.problem), status_code=declined.http_status, media_type=MEDIA_TYPE
            )
        return JSONResponse(dict(kept), status_code=201)

    return router


async def _only_file(request: Request) -> Upload:
    async with request.form(max_files=2, max_fields=2) as form:
        parts = form.multi_items()
        if len(parts) != 1:
            raise OneFileOnly
        name, part = parts[0]
        if name != "file" or not isinstance(part, UploadFile):
            raise OneFileOnly
        content = await part.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise FileTooLarge
        media_type = part.content_type or "application/octet-stream"
        return Upload(name=part.filename or "file", media_type=media_type, content=content)
