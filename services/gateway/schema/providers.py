"""Signing in over a provider's page or with two factors, and binding an account to a person."""

from typing import Annotated, TypeAlias

import strawberry

from services.gateway.errors import Declined
from services.gateway.schema.context import Info
from services.gateway.schema.sessions import Session, SignInRefused, bounded, refusal, session_of
from services.gateway.schema.values import number, text


@strawberry.type
class SignInBegun:
    """Where the person goes to sign in, and what the front end keeps until they come back."""

    address: str
    state: str


@strawberry.type
class OfficerSession:
    """A session of an officer, and what makes this device known the next time."""

    session: Session
    device_token: str


@strawberry.type
class FreshToken:
    """An access token that says the second factor was shown just now."""

    access_token: str
    expires_in: int = strawberry.field(description="Seconds the access token lives.")


@strawberry.input
class BindAccountInput:
    """Who the account's holder is, and their consent to asking the provider."""

    binding_ticket: str
    name: str
    id_number: str
    code: str


@strawberry.input
class OfficerSignInInput:
    """What an officer knows and has: exactly one of the two kinds of code."""

    officer: str
    password: str
    code: str | None = None
    recovery_code: str | None = None
    device_token: str | None = None


BeginSignInResult: TypeAlias = Annotated[
    SignInBegun | SignInRefused, strawberry.union("BeginSignInResult")
]
BindAccountResult: TypeAlias = Annotated[
    Session | SignInRefused, strawberry.union("BindAccountResult")
]
OfficerSignInResult: TypeAlias = Annotated[
    OfficerSession | SignInRefused, strawberry.union("OfficerSignInResult")
]
StepUpResult: TypeAlias = Annotated[FreshToken | SignInRefused, strawberry.union("StepUpResult")]


@strawberry.type
class ProviderMutation:
    """The ways in that take more than one step."""

    @strawberry.mutation
    async def begin_sign_in(self, info: Info, provider: str) -> BeginSignInResult:
        """Begin a sign-in on a provider's own page; it ends with `signIn` and the state."""
        try:
            begun = await info.context.registry.begin_sign_in(bounded(provider))
        except Declined as declined:
            return refusal(declined, path="provider", language=info.context.language)
        return SignInBegun(address=text(begun, "address"), state=text(begun, "state"))

    @strawberry.mutation
    async def bind_account(self, info: Info, input: BindAccountInput) -> BindAccountResult:
        """Bind a provider's account to the person whose it is, and sign them in."""
        asked = {
            "bindingTicket": bounded(input.binding_ticket),
            "name": bounded(input.name),
            "idNo": bounded(input.id_number),
            "code": bounded(input.code),
        }
        try:
            return session_of(await info.context.registry.bind_account(asked))
        except Declined as declined:
            return refusal(declined, path="name", language=info.context.language)

    @strawberry.mutation
    async def sign_in_officer(self, info: Info, input: OfficerSignInInput) -> OfficerSignInResult:
        """Sign in as an officer, with a password and a code."""
        given = {
            "officer": input.officer,
            "password": input.password,
            "code": input.code,
            "recoveryCode": input.recovery_code,
            "deviceToken": input.device_token,
        }
        asked = {name: bounded(value) for name, value in given.items() if value is not None}
        try:
            body = await info.context.registry.sign_in_officer(asked)
        except Declined as declined:
            return refusal(declined, path="code", language=info.context.language)
        return OfficerSession(session=session_of(body), device_token=text(body, "deviceToken"))

    @strawberry.mutation
    async def step_up(self, info: Info, code: str) -> StepUpResult:
        """Show the second factor again, before an act that wants it fresh."""
        try:
            body = await info.context.registry.step_up(bounded(code))
        except Declined as declined:
            return refusal(declined, path="code", language=info.context.language)
        return FreshToken(
            access_token=text(body, "accessToken"), expires_in=number(body, "expiresIn")
        )
