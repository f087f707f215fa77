"""The page of a certificate comes down by REST, from the registry, for its holder only."""

from uuid import UUID

import httpx
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.clients import Caller, RegistryClient
from services.gateway.errors import Declined
from shared.problems import MEDIA_TYPE

PDF = "application/pdf"


def certificates_router(registry: httpx.AsyncClient) -> APIRouter:
    """The door for pages."""
    router = APIRouter(tags=["certificates"])

    @router.get("/certificates/{certificate_id}/pdf", response_class=Response)
    async def print_certificate(certificate_id: UUID, request: Request) -> Response:
        """The newest version of a certificate as PDF, with the holder's own token."""
        client = RegistryClient(registry, Caller.of(request.headers.get("authorization")))
        try:
            page = await client.print_certificate(certificate_id)
        except Declined as declined:
            return JSONResponse(
                dict(declined.problem), status_code=declined.http_status, media_type=MEDIA_TYPE
            )
        attached = {"Content-Disposition": 'attachment; filename="certificate.pdf"'}
        return Response(page, media_type=PDF, headers=attached)

    return router
