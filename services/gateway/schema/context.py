"""What a resolver can reach: the clients in the caller's name, the loaders, the language."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import UUID

import httpx
import strawberry
from opentelemetry import trace
from strawberry.fastapi import BaseContext

from services.gateway.clients import Caller, IntakeClient, RegistryClient
from services.gateway.loaders import Loaders, loaders_of
from shared.auth import Actor, TokenVerifier
from shared.errors import Unauthenticated
from shared.telemetry import APPLICATION_ID, mark_application

LANGUAGES = ("zh", "en")


class Watch(Protocol):
    """One screen's watch on one case."""

    def changes(self) -> AsyncIterator[Mapping[str, str]]:
        """Yields the trace headers of what happened, or none, each time the case may differ."""
        ...


class Progress(Protocol):
    """Tells screens when something happens to a case."""

    def watch(self, application_id: UUID) -> AbstractContextManager[Watch]:
        """Watch a case from now on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """What all operations of a process share."""

    intake: httpx.AsyncClient
    registry: httpx.AsyncClient
    verifier: TokenVerifier
    progress: Progress


class Connection(BaseContext):
    """One HTTP request or one WebSocket: where its caller and its language stand.

    Over a WebSocket they come with `connection_init`: browsers cannot set headers there.
    """

    def __init__(self, wiring: Wiring) -> None:
        super().__init__()
        self.wiring = wiring
        self.server_span = trace.get_current_span()

    @property
    def caller(self) -> Caller:
        """In whose name the operations of this connection are carried out."""
        client = self.request.client if self.request is not None else None
        return Caller.of(self._stated("authorization"), address=client.host if client else None)

    @property
    def language(self) -> str:
        """`zh` or `en`, as the caller prefers."""
        return preferred_language(self._stated("accept-language", "acceptLanguage"))

    def _stated(self, header: str, parameter: str | None = None) -> str | None:
        params = self.connection_params
        if isinstance(params, Mapping):
            stated = params.get(parameter or header)
            if isinstance(stated, str):
                return stated
        return self.request.headers.get(header) if self.request is not None else None


class Context:
    """What the resolvers of one operation share."""

    def __init__(self, connection: Connection) -> None:
        wiring, caller = connection.wiring, connection.caller
        self.intake = IntakeClient(wiring.intake, caller)
        self.registry = RegistryClient(wiring.registry, caller)
        self.loaders: Loaders = loaders_of(self.intake, self.registry)
        self.progress = wiring.progress
        self.language = connection.language
        self._caller = caller
        self._verifier = wiring.verifier
        self._server_span = connection.server_span

    async def actor(self) -> Actor:
        """Who is signed in; verified here, because nobody else is asked.

        Raises:
            Unauthenticated: There is no token, or not one to believe.
        """
        if self._caller.authorization is None:
            raise Unauthenticated
        return await self._verifier.verify(self._caller.authorization.partition(" ")[2])

    def mark(self, application_id: UUID) -> None:
        """Put the case on the operation's spans, and on the request's around them."""
        if self._server_span.is_recording():
            self._server_span.set_attribute(APPLICATION_ID, str(application_id))
        mark_application(application_id)


Info: TypeAlias = strawberry.Info[Context, None]


def preferred_language(accepted: str | None) -> str:
    """The language an `Accept-Language` header prefers among ours; Chinese if it names neither."""
    best, weight = LANGUAGES[0], 0.0
    for part in (accepted or "")[:200].split(","):
        name, _, quality = part.strip().lower().partition(";q=")
        language = name[:2]
        if language in LANGUAGES and _quality(quality) > weight:
            best, weight = language, _quality(quality)
    return best


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
