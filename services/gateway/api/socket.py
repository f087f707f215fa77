"""GraphQL over WebSocket (`graphql-transport-ws`), strict about what comes in."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)
from strawberry.subscriptions.protocols.graphql_transport_ws.types import (
    Message,
    SubscribeMessage,
)

from services.gateway.errors import RequestUnreadable
from services.gateway.schema.context import Connection
from services.gateway.schema.documents import Documents
from services.gateway.schema.telling import extensions_of, told_of
from shared.errors import CivilError
from shared.telemetry import logger

LONGEST_ID = 128


class HasDocuments(Protocol):
    """A door that knows the screens' documents."""

    documents: Documents


class SocketHandler(BaseGraphQLTransportWSHandler[Connection, None]):
    """Takes trusted documents by their hash, and closes on what is no message."""

    async def handle_message(self, message: Message) -> None:
        """Carry out one message of the client."""
        if not _is_message(message):
            await self.handle_invalid_message("Invalid message")
            return
        await super().handle_message(message)

    async def handle_subscribe(self, message: SubscribeMessage) -> None:
        """Begin an operation; its document may be named instead of written out."""
        if not self.connection_acknowledged:
            await super().handle_subscribe(message)
            return
        payload = cast(dict[str, Any], message["payload"])
        try:
            query = cast(HasDocuments, self.view).documents.text_of(payload)
            if not query:
                raise RequestUnreadable("there is no `query`")
        except CivilError as refusal:
            await self._refuse(message["id"], refusal)
            return
        found = cast(Any, {**payload, "query": query})
        await super().handle_subscribe({"id": message["id"], "type": "subscribe", "payload": found})

    async def handle_task_exception(self, error: Exception) -> None:
        """Log a bug by its kind: its words may repeat a document."""
        logger("graphql").error("graphql.socket_failed", error=type(error).__name__)

    async def _refuse(self, operation: str, refusal: CivilError) -> None:
        told = told_of(refusal, self.context.language)
        error = cast(Any, {"message": told.message, "extensions": extensions_of(told)})
        await self.send_message({"id": operation, "type": "error", "payload": [error]})


def _is_message(message: object) -> bool:
    """Whether every part of a message has the type that the protocol gives it."""
    if not isinstance(message, Mapping) or not isinstance(message.get("type"), str):
        return False
    if message["type"] not in ("subscribe", "complete"):
        return True
    operation = message.get("id")
    if not isinstance(operation, str) or not 1 <= len(operation) <= LONGEST_ID:
        return False
    return message["type"] == "complete" or _is_request(message.get("payload"))


def _is_request(payload: object) -> bool:
    return (
        isinstance(payload, Mapping)
        and isinstance(payload.get("variables"), Mapping | None)
        and isinstance(payload.get("extensions"), Mapping | None)
        and isinstance(payload.get("operationName"), str | None)
    )
