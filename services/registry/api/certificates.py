"""Doors of certificates: for their holders, for departments, for the officers who keep them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import JSONResponse

from services.registry.actions import read_certificates as reading
from services.registry.actions.end_certificate import EndCertificate, end_certificate
from services.registry.actions.keep_certificate_keys import list_certificate_keys
from services.registry.actions.publish_status_list import (
    describe_credential_type,
    publish_status_list,
)
from services.registry.actions.reissue_certificate import ReissueCertificate, reissue_certificate
from services.registry.actions.verify_certificate import verify_for_partner
from services.registry.api.wiring import Wired
from services.registry.model.certificates import CertificateId
from services.registry.rules.credential import CREDENTIAL_TYPE, STATUS_LIST_TYPE
from services.registry.rules.status_list import TOKEN_SECONDS
from services.registry.schemas.certificates import (
    CertificatePage,
    CertificateState,
    CertificateView,
    CredentialRequest,
    CredentialView,
    EndRequest,
    ReissueRequest,
    UseList,
    UseView,
    VerificationView,
    VerifyRequest,
    state_shown,
)
from shared.auth import Actor, ActorKind
from shared.web import CurrentRequestKey, only, open_to_all

Citizen = Annotated[Actor, Depends(only(ActorKind.CITIZEN))]
Asker = Annotated[Actor, Depends(only(ActorKind.PARTNER, ActorKind.SERVICE))]
Officer = Annotated[Actor, Depends(only(ActorKind.OFFICER))]

PDF = "application/pdf"
STATUS_LIST = f"application/{STATUS_LIST_TYPE}"
KEYS_CACHED = "public, max-age=300"
LIST_CACHED = f"public, max-age={TOKEN_SECONDS // 5}"
TYPE_CODE = r"^[a-z][a-z-]{2,60}$"


def routes() -> APIRouter:
    """Certificates, credentials, keys and status lists."""
    router = APIRouter(tags=["certificates"])
    for path, door, options in _DOORS:
        router.add_api_route(path, door, **options)
    return router


async def list_certificates(
    citizen: Citizen,
    wired: Wired,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: UUID | None = None,
) -> CertificatePage:
    """The certificates the caller holds, newest first, with what each is worth now."""
    page = await reading.list_own_certificates(
        citizen, before=cursor, limit=limit, transaction=wired.transaction, clock=wired.clock
    )
    return CertificatePage.of(page)


async def show_certificate(certificate_id: UUID, citizen: Citizen, wired: Wired) -> CertificateView:
    """One certificate the caller holds."""
    held = await reading.read_own_certificate(
        citizen,
        CertificateId(certificate_id),
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return CertificateView.of(held)


async def print_certificate(certificate_id: UUID, citizen: Citizen, wired: Wired) -> Response:
    """The newest version as one page of PDF, for its holder only."""
    page = await reading.print_own_certificate(
        citizen,
        CertificateId(certificate_id),
        printer=wired.printer,
        public_url=wired.public_url,
        transaction=wired.transaction,
    )
    attached = {"Content-Disposition": 'attachment; filename="certificate.pdf"'}
    return Response(page, media_type=PDF, headers=attached)


async def list_certificate_uses(certificate_id: UUID, citizen: Citizen, wired: Wired) -> UseList:
    """Who asked about the caller's certificate, when, and for what."""
    uses = await reading.list_uses(
        citizen, CertificateId(certificate_id), transaction=wired.transaction
    )
    return UseList(items=[UseView.of(each) for each in uses])


async def take_credential(
    certificate_id: UUID, body: CredentialRequest, citizen: Citizen, wired: Wired
) -> CredentialView:
    """The certificate as a verifiable credential with selective disclosure.

    There is no idempotency key: an answer with a person's data in it is not kept anywhere.
    A repeat gives another credential of the same certificate.
    """
    credential = await reading.take_credential(
        citizen,
        CertificateId(certificate_id),
        holder_key=body.holder_key,
        public_url=wired.public_url,
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return CredentialView(format=CREDENTIAL_TYPE, credential=credential)


async def verify_certificate(body: VerifyRequest, asker: Asker, wired: Wired) -> VerificationView:
    """What a certificate is, or was, worth; a question that is journalled with its purpose."""
    found = await verify_for_partner(
        body.identifier,
        partner=asker,
        purpose=body.purpose,
        at=body.at,
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return VerificationView.of(found)


async def end(
    certificate_id: UUID,
    body: EndRequest,
    officer: Officer,
    key: CurrentRequestKey,
    wired: Wired,
) -> JSONResponse:
    """Cancel, revoke or withdraw a certificate of the caller's own office; nothing undoes it."""
    answer = await end_certificate(
        EndCertificate(
            officer=officer,
            request=key,
            certificate=CertificateId(certificate_id),
            kind=body.end_kind,
            reason=body.reason,
            note=body.note,
        ),
        shown=state_shown,
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return JSONResponse(answer.body, status_code=answer.status)


async def reissue(
    certificate_id: UUID,
    body: ReissueRequest,
    officer: Officer,
    key: CurrentRequestKey,
    wired: Wired,
) -> JSONResponse:
    """Put a certificate of the caller's own office right by issuing its next version."""
    answer = await reissue_certificate(
        ReissueCertificate(
            officer=officer,
            request=key,
            certificate=CertificateId(certificate_id),
            corrections=body.corrections,
            reason=body.reason,
        ),
        shown=state_shown,
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return JSONResponse(answer.body, status_code=answer.status)


async def show_certificate_keys(wired: Wired, response: Response) -> dict[str, Any]:
    """Every key that ever signed a certificate, as a JSON Web Key Set."""
    response.headers["Cache-Control"] = KEYS_CACHED
    return dict(await list_certificate_keys(transaction=wired.transaction))


async def show_credential_issuer(wired: Wired, response: Response) -> dict[str, Any]:
    """Who issues the credentials, and where the keys are (SD-JWT VC issuer metadata)."""
    response.headers["Cache-Control"] = KEYS_CACHED
    keys = f"{wired.public_url}/.well-known/certificate-keys.json"
    return {"issuer": wired.public_url, "jwks_uri": keys}


async def show_status_list(number: Annotated[int, Path(ge=0, le=2**20)], wired: Wired) -> Response:
    """Which credentials are over: a compressed bit string in a signed token."""
    token = await publish_status_list(
        number, public_url=wired.public_url, transaction=wired.transaction, clock=wired.clock
    )
    return Response(token, media_type=STATUS_LIST, headers={"Cache-Control": LIST_CACHED})


async def show_certificate_type(
    code: Annotated[str, Path(pattern=TYPE_CODE)], wired: Wired, response: Response
) -> dict[str, Any]:
    """A type of certificate as wallets and verifiers read it (SD-JWT VC type metadata)."""
    response.headers["Cache-Control"] = KEYS_CACHED
    found = await describe_credential_type(
        code, public_url=wired.public_url, transaction=wired.transaction
    )
    return dict(found)


def _binary(media_type: str) -> dict[int | str, dict[str, Any]]:
    """How the document describes an answer that is not JSON."""
    schema = {"type": "string", "contentMediaType": media_type}
    return {200: {"content": {media_type: {"schema": schema}}, "description": "As it is."}}


_GET, _POST = {"methods": ["GET"]}, {"methods": ["POST"]}
_PUBLIC = {**_GET, "dependencies": [Depends(open_to_all())]}
_ONE = "/v1/certificates/{certificate_id}"
_DOORS: tuple[tuple[str, Any, dict[str, Any]], ...] = (
    ("/v1/certificates", list_certificates, _GET),
    ("/v1/certificates:verify", verify_certificate, _POST),
    (_ONE, show_certificate, _GET),
    (
        f"{_ONE}/pdf",
        print_certificate,
        {**_GET, "response_class": Response, "responses": _binary(PDF)},
    ),
    (f"{_ONE}/uses", list_certificate_uses, _GET),
    (f"{_ONE}:credential", take_credential, _POST),
    (f"{_ONE}:end", end, {**_POST, "name": "end_certificate", "response_model": CertificateState}),
    (
        f"{_ONE}:reissue",
        reissue,
        {**_POST, "name": "reissue_certificate", "response_model": CertificateState},
    ),
    ("/.well-known/certificate-keys.json", show_certificate_keys, _PUBLIC),
    ("/.well-known/jwt-vc-issuer", show_credential_issuer, _PUBLIC),
    (
        "/v1/status-lists/{number}",
        show_status_list,
        {**_PUBLIC, "response_class": Response, "responses": _binary(STATUS_LIST)},
    ),
    ("/v1/certificate-types/{code}", show_certificate_type, _PUBLIC),
)
