"""GraphQL over HTTP as its specification wants it, on strawberry's router."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from cross_web import AsyncHTTPRequestAdapter, HTTPException
from fastapi import Request, Response
from starlette.websockets import WebSocket
from strawberry.exceptions import ConnectionRejectionError, MissingQueryError
from strawberry.fastapi import GraphQLRouter
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET, UnsetType

from services.gateway.api.negotiation import EVENTS, GRAPHQL, JSON, media_type
from services.gateway.api.socket import SocketHandler
from services.gateway.errors import NotAcceptable, OperationNotAllowed, RequestUnreadable
from services.gateway.schema import GatewaySchema
from services.gateway.schema.context import Connection, Wiring, preferred_language
from services.gateway.schema.documents import Documents
from services.gateway.schema.telling import BAD_USER_INPUT, extensions_of, is_told, tell, told_of
from shared.errors import CivilError, Unavailable
from shared.strictness import MAX_BODY_BYTES, NotStrictJson, strict_json

REFUSED_STATUS = 400
"""Of a request that was not carried out. A later draft of the specification says 422."""

INIT_SECONDS = 10
MAX_OPERATIONS_PER_SOCKET = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one door is used."""

    path: str
    protocol: str
    """How subscriptions travel: by WebSocket or as an event stream."""
    allowed_origins: Sequence[str]
    """Origins of pages that may open a WebSocket."""
    operation_seconds: float
    """How long one query or mutation may take."""


class GraphQLDoor(GraphQLRouter[Connection, None]):
    """One path that takes GraphQL: queries and mutations, or an event stream.

    Args:
        documents: Finds the documents that requests name.
        way: Where the door is, and how it is used.
    """

    graphql_transport_ws_handler_class = SocketHandler

    def __init__(
        self,
        schema: GatewaySchema,
        wiring: Wiring,
        documents: Documents,
        way: Way,
    ) -> None:
        async def connection() -> Connection:
            return Connection(wiring)

        super().__init__(
            schema,
            path=way.path,
            graphql_ide=None,
            context_getter=connection,
            subscription_protocols=(way.protocol,),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=MAX_OPERATIONS_PER_SOCKET,
            allowed_origins=way.allowed_origins,
            include_in_schema=False,
        )
        self.documents = documents
        self._streams = way.protocol == GRAPHQL_SSE_PROTOCOL
        self._offered = (EVENTS,) if self._streams else (JSON, GRAPHQL)
        self._operation_seconds = way.operation_seconds

    async def run(  # type: ignore[override]
        self,
        request: Request | WebSocket,
        context: Any = UNSET,  # noqa: ANN401 - a connection; unset in strawberry's own calls
        root_value: None = None,
    ) -> Response | WebSocket:
        """Answer one request; whatever cannot be carried out is refused in GraphQL's own form."""
        if isinstance(request, WebSocket):
            return await super().run(request, context, root_value)
        try:
            return await super().run(request, context, root_value)
        except CivilError as refusal:
            return self._refusal(request, refusal)
        except HTTPException:
            return self._refusal(request, RequestUnreadable())

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        """Never: a GET is a query."""
        return False

    async def get_sub_response(self, request: Request) -> Response:
        """Settle the media type of the answer before anything is carried out."""
        response = await super().get_sub_response(request)
        response.media_type = media_type(request.headers.get("accept"), offered=self._offered)
        return response

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        """Read the request and find its document.

        Raises:
            RequestUnreadable: It is no GraphQL request, or several.
        """
        given = await _parameters(request)
        operation_name = given.get("operationName")
        if not isinstance(operation_name, str | None):
            raise RequestUnreadable("`operationName` is a string")
        query = self.documents.text_of(given)
        if not query:
            raise RequestUnreadable("there is no `query`")
        return GraphQLRequestData(
            query=query,
            variables=_mapping(given, "variables"),
            operation_name=operation_name,
            extensions=_mapping(given, "extensions"),
            protocol="sse" if self._streams else "http",
        )

    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Connection,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Carry out a query or, by POST, a mutation, for as long as it may take.

        Raises:
            OperationNotAllowed: A mutation came by GET.
            RequestUnreadable: There is no such operation in the document, or it is a stream.
            Unavailable: It took too long; whether a mutation took effect is not known.
        """
        allowed = {OperationType.QUERY}
        if request_adapter.method == "POST":
            allowed.add(OperationType.MUTATION)
        try:
            async with asyncio.timeout(self._operation_seconds):
                return await self.schema.execute(
                    request_data.query,
                    root_value=root_value,
                    variable_values=request_data.variables,
                    context_value=context,
                    operation_name=request_data.operation_name,
                    allowed_operation_types=allowed,
                    operation_extensions=request_data.extensions,
                )
        except TimeoutError:
            raise Unavailable("it took too long") from None
        except InvalidOperationTypeError as refused:
            if refused.operation_type is OperationType.MUTATION:
                raise OperationNotAllowed from None
            raise RequestUnreadable("a subscription needs a stream") from None
        except (CannotGetOperationTypeError, MissingQueryError):
            raise RequestUnreadable("there is no such operation") from None

    async def process_result(self, request: Request, result: Any) -> GraphQLHTTPResponse:  # noqa: ANN401
        """The answer as JSON values; one that was never carried out has no `data`."""
        if result.errors:
            language = preferred_language(request.headers.get("accept-language"))
            result.errors = [
                each if is_told(each) else tell(each, language) for each in result.errors
            ]
        answer = await super().process_result(request, result)
        if _was_refused(result):
            answer.pop("data", None)
        return answer

    def create_response(
        self,
        response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse],
        sub_response: Response,
    ) -> Response:
        """The HTTP answer: 400 for a refused request, unless the caller only takes plain JSON."""
        refused = sub_response.media_type == GRAPHQL and "data" not in response_data
        return Response(
            self.encode_json(response_data),
            status_code=REFUSED_STATUS if refused else 200,
            media_type=f"{sub_response.media_type}; charset=utf-8",
        )

    def encode_json(self, data: object) -> str:
        """JSON as text: over a WebSocket, bytes would travel as a binary frame."""
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """A WebSocket's message, read as strictly as a body.

        Raises:
            JSONDecodeError: It is too large, or not JSON that every reader would read alike.
        """
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        try:
            if len(raw) > MAX_BODY_BYTES:
                raise NotStrictJson
            return strict_json(raw)
        except NotStrictJson:
            raise json.JSONDecodeError("not acceptable", "", 0) from None

    async def on_ws_connect(self, context: Connection) -> UnsetType:
        """Take a WebSocket only from somebody who brings a token with `connection_init`.

        Raises:
            ConnectionRejectionError: There is none. Whether it is good, the window will say.
        """
        if context.caller.authorization is None:
            raise ConnectionRejectionError
        return UnsetType()

    def _refusal(self, request: Request, refusal: CivilError) -> Response:
        language = preferred_language(request.headers.get("accept-language"))
        told = told_of(refusal, language)
        body = {"errors": [{"message": told.message, "extensions": extensions_of(told)}]}
        response = Response(
            self.encode_json(body),
            status_code=refusal.status,
            media_type=f"{_refusal_type(request)}; charset=utf-8",
        )
        if isinstance(refusal, OperationNotAllowed):
            response.headers["Allow"] = "POST"
        if isinstance(refusal, Unavailable):
            response.headers["Retry-After"] = "2"
        return response


async def _parameters(request: AsyncHTTPRequestAdapter) -> Mapping[str, Any]:
    if request.method == "GET":
        given: dict[str, Any] = dict(request.query_params)
        for name in ("variables", "extensions"):
            if given.get(name):
                given[name] = strict_json(str(given[name]).encode("utf-8", "surrogatepass"))
        return given
    try:
        body = orjson.loads(await request.get_body())
    except orjson.JSONDecodeError:
        raise RequestUnreadable("the body is a JSON object") from None
    if not isinstance(body, dict):
        raise RequestUnreadable("one operation a request: the body is a JSON object")
    return body


def _mapping(given: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = given.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, dict):
        raise RequestUnreadable(f"`{name}` is an object")
    return value


def _was_refused(result: ExecutionResult) -> bool:
    """Whether nothing was carried out: the document, a variable or an argument is no good."""
    return (
        result.data is None
        and bool(result.errors)
        and all(
            error.path is None or (error.extensions or {}).get("code") == BAD_USER_INPUT
            for error in result.errors or ()
        )
    )


def _refusal_type(request: Request) -> str:
    try:
        return media_type(request.headers.get("accept"), offered=(JSON, GRAPHQL))
    except NotAcceptable:
        return JSON
