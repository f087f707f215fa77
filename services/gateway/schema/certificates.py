"""A citizen's own electronic certificates: what each is worth now, its page, its credential."""

from datetime import date, datetime
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from services.gateway.errors import BadUserInput
from services.gateway.schema.context import Info
from services.gateway.schema.ids import CERTIFICATE, Node, read_uuid, to_global_id
from services.gateway.schema.pages import DEFAULT_PAGE, PageInfo, page_of, page_request
from services.gateway.schema.values import (
    Json,
    LocalText,
    day,
    identity,
    instant,
    local_text,
    number,
    optional_text,
    rows,
    text,
)


@strawberry.type
class CertificateLine:
    """One line of a certificate, as it stands on the paper."""

    key: str
    title: LocalText
    text: str


@strawberry.type
class CertificateUse:
    """That somebody asked what a certificate is worth, and what it was worth then."""

    at: datetime | None
    by: str = strawberry.field(description="`public:qr`, `public:form`, or a department's system.")
    purpose: str
    status: str


@strawberry.type
class Certificate(Node):
    """An electronic certificate (电子证照) in its holder's hands, in its newest version."""

    identifier: str = strawberry.field(description="The national identifier (证照标识).")
    type: str
    title: LocalText
    number: str
    issuer: LocalText
    version: int
    status: str = strawberry.field(
        description="`VALID`, `NOT_YET_VALID`, `SUPERSEDED`, `EXPIRED`, `CANCELLED`, `REVOKED` "
        "or `WITHDRAWN`, at the moment of this answer."
    )
    status_words: LocalText
    issued_at: datetime | None
    valid_from: date | None
    valid_until: date | None
    ended_at: datetime | None
    end_reason: str | None
    lines: list[CertificateLine]
    pdf_path: str = strawberry.field(
        description="Where this gateway gives the page out, with the holder's own token."
    )
    own_id: strawberry.Private[UUID]

    @strawberry.field
    async def credential(self, info: Info, holder_key: JSON | None = None) -> str:
        """The certificate as SD-JWT: the holder shows of it what they choose.

        With the public JWK of a P-256 key it is bound to that key.
        """
        if holder_key is not None and not isinstance(holder_key, dict):
            raise BadUserInput("`holderKey` is a JSON Web Key")
        taken = await info.context.registry.take_credential(self.own_id, holder_key)
        return text(taken, "credential")

    @strawberry.field
    async def uses(self, info: Info) -> list[CertificateUse]:
        """Who asked about the certificate, newest first."""
        told = await info.context.registry.list_certificate_uses(self.own_id)
        return [
            CertificateUse(
                at=instant(row, "at"),
                by=text(row, "by"),
                purpose=text(row, "purpose"),
                status=text(row, "status"),
            )
            for row in rows(told, "items")
        ]


@strawberry.type
class CertificateEdge:
    """A certificate in a list (Relay)."""

    cursor: str
    node: Certificate


@strawberry.type
class CertificateConnection:
    """A page of a citizen's certificates, newest first (Relay)."""

    edges: list[CertificateEdge]
    page_info: PageInfo
    total_count: int


@strawberry.type
class CertificateQuery:
    """What a citizen can ask about their certificates."""

    @strawberry.field
    async def my_certificates(
        self, info: Info, first: int = DEFAULT_PAGE, after: str | None = None
    ) -> CertificateConnection:
        """The certificates the caller holds, newest first."""
        request = page_request("certificates", first, after)
        body = await info.context.registry.list_certificates(
            limit=request.limit, cursor=request.cursor
        )
        page = page_of(request, body)
        return CertificateConnection(
            edges=[
                CertificateEdge(cursor=cursor, node=certificate_of(row))
                for cursor, row in page.rows
            ],
            page_info=page.info,
            total_count=page.total,
        )

    @strawberry.field
    async def certificate(self, info: Info, id: strawberry.ID) -> Certificate | None:
        """One certificate the caller holds."""
        own = read_uuid(id, CERTIFICATE)
        return certificate_of(await info.context.registry.get_certificate(own))


def certificate_of(body: Json) -> Certificate:
    """A certificate as the registry shows it to its holder."""
    own = identity(body)
    return Certificate(
        id=to_global_id(CERTIFICATE, own),
        own_id=own,
        identifier=text(body, "identifier"),
        type=text(body, "type"),
        title=local_text(body.get("title")),
        number=text(body, "number"),
        issuer=local_text(body.get("issuer")),
        version=number(body, "version"),
        status=text(body, "status"),
        status_words=local_text(body.get("statusWords")),
        issued_at=instant(body, "issuedAt"),
        valid_from=day(body, "validFrom"),
        valid_until=day(body, "validUntil"),
        ended_at=instant(body, "endedAt"),
        end_reason=optional_text(body, "endReason"),
        lines=[
            CertificateLine(
                key=text(row, "key"), title=local_text(row.get("title")), text=text(row, "text")
            )
            for row in rows(body, "lines")
        ],
        pdf_path=f"/certificates/{own}/pdf",
    )
