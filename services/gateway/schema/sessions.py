"""Signing in, and who is signed in."""

from collections.abc import Awaitable, Mapping
from enum import StrEnum
from typing import Annotated, TypeAlias

import strawberry

from services.gateway.clients import Body
from services.gateway.errors import BadUserInput, Declined
from services.gateway.schema.context import Info
from services.gateway.schema.failures import UserError
from services.gateway.schema.values import (
    Json,
    LocalText,
    local_text,
    member,
    number,
    optional_text,
    text,
)
from services.gateway.schema.words import word

LONGEST_CODE = 2048


@strawberry.enum
class ActorKind(StrEnum):
    """The classes of people and programs that act here."""

    CITIZEN = "citizen"
    OFFICER = "officer"
    PARTNER = "partner"
    SERVICE = "service"
    OPERATOR = "operator"


@strawberry.type
class Office:
    """An authority's counter."""

    id: strawberry.ID

    @strawberry.field
    async def name(self, info: Info) -> LocalText | None:
        """Its name, as the registry publishes it."""
        office = await info.context.loaders.offices.load(str(self.id))
        return None if office is None else local_text(office.get("name"))


@strawberry.type
class SignedIn:
    """Who has just signed in; the name is masked."""

    kind: ActorKind
    id: strawberry.ID
    name: str | None
    offices: list[Office]


@strawberry.type
class Viewer:
    """Who is signed in, by the token of this request."""

    kind: ActorKind
    id: strawberry.ID
    division: str | None
    roles: list[str]
    offices: list[Office]


@strawberry.type
class Session:
    """Tokens of a signed-in person. The refresh token works once."""

    access_token: str
    refresh_token: str
    expires_in: int = strawberry.field(description="Seconds the access token lives.")
    actor: SignedIn | None


@strawberry.type
class SignInRefused(UserError):
    """Nobody was recognised: the code is wrong, was used, or is over; or so is the session."""


@strawberry.type
class BindingNeeded(UserError):
    """The account is good and nobody's yet: `bindAccount` with this ticket, within minutes."""

    binding_ticket: str


@strawberry.input
class SignInInput:
    """A provider's one-time code."""

    provider: str = strawberry.field(description="Who vouches, e.g. `DEVELOPMENT`.")
    code: str
    state: str | None = strawberry.field(
        default=None, description="What `beginSignIn` gave, at providers with a page of their own."
    )


@strawberry.input
class RefreshSessionInput:
    """The refresh token of the session that is to go on."""

    refresh_token: str


SignInResult: TypeAlias = Annotated[
    Session | SignInRefused | BindingNeeded, strawberry.union("SignInResult")
]
RefreshSessionResult: TypeAlias = Annotated[
    Session | SignInRefused, strawberry.union("RefreshSessionResult")
]


@strawberry.type
class SessionQuery:
    """What a signed-in person can ask about themselves."""

    @strawberry.field
    async def viewer(self, info: Info) -> Viewer | None:
        """Who is signed in."""
        actor = await info.context.actor()
        return Viewer(
            kind=word(ActorKind, actor.kind),
            id=strawberry.ID(actor.id),
            division=actor.division,
            roles=sorted(actor.roles),
            offices=[Office(id=strawberry.ID(office)) for office in sorted(actor.offices)],
        )


@strawberry.type
class SessionMutation:
    """How a session begins and goes on."""

    @strawberry.mutation
    async def sign_in(self, info: Info, input: SignInInput) -> SignInResult:
        """Exchange a provider's one-time code for a session."""
        code, provider = bounded(input.code), bounded(input.provider)
        state = None if input.state is None else bounded(input.state)
        language = info.context.language
        try:
            return session_of(await info.context.registry.sign_in(provider, code, state))
        except Declined as declined:
            if declined.code != "BINDING_NEEDED":
                return refusal(declined, path="code", language=language)
            return BindingNeeded(
                code=declined.code,
                message=declined.message(language),
                path=["input", "code"],
                binding_ticket=text(declined.problem, "bindingTicket"),
            )

    @strawberry.mutation
    async def refresh_session(self, info: Info, input: RefreshSessionInput) -> RefreshSessionResult:
        """Exchange a refresh token for the next session; the old token ends."""
        asked = info.context.registry.refresh(bounded(input.refresh_token))
        return await _session(asked, path="refreshToken", language=info.context.language)


async def _session(asked: Awaitable[Body], *, path: str, language: str) -> Session | SignInRefused:
    try:
        return session_of(await asked)
    except Declined as declined:
        return refusal(declined, path=path, language=language)


def refusal(declined: Declined, *, path: str, language: str) -> SignInRefused:
    """What a screen is told of a refusal.

    Raises:
        Declined: Too many tries: that is nothing a user can mend in a form.
    """
    if declined.http_status == 429:
        raise declined
    return SignInRefused(
        code=declined.code, message=declined.message(language), path=["input", path]
    )


def session_of(body: Json) -> Session:
    """A session as the registry tells it."""
    actor = member(body, "actor")
    return Session(
        access_token=text(body, "accessToken"),
        refresh_token=text(body, "refreshToken"),
        expires_in=number(body, "expiresIn"),
        actor=_signed_in(actor) if actor else None,
    )


def _signed_in(body: Json) -> SignedIn:
    offices = body.get("offices") or []
    return SignedIn(
        kind=word(ActorKind, body.get("kind")),
        id=strawberry.ID(text(body, "id")),
        name=optional_text(body, "name"),
        offices=[Office(id=strawberry.ID(_office_id(each))) for each in offices],
    )


def _office_id(office: object) -> str:
    return text(office, "id") if isinstance(office, Mapping) else str(office)


def bounded(given: str) -> str:
    """A text of a length worth passing on.

    Raises:
        BadUserInput: It is empty or endless.
    """
    if not 1 <= len(given) <= LONGEST_CODE:
        raise BadUserInput(f"1 to {LONGEST_CODE} characters")
    return given
