"""Doors of identity: keys, tokens, sessions. All are open to callers who have no token yet."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from services.registry.actions.authenticate_client import Assertion, Secret
from services.registry.actions.issue_token import IssueToken, issue_token
from services.registry.actions.limit_rate import limit_rate
from services.registry.actions.list_published_keys import list_published_keys
from services.registry.actions.refresh_session import end_session, refresh_session
from services.registry.actions.sign_in import SignIn, sign_in
from services.registry.api.limits import limited
from services.registry.api.wiring import Wired
from services.registry.errors import TokenRequestMalformed
from services.registry.schemas import (
    RefreshRequest,
    SignInRequest,
    SignInResponse,
    TokenForm,
    TokenResponse,
)
from shared.web import open_to_all

TOKEN_PATH = "/v1/token"
FORM = "application/x-www-form-urlencoded"
FORM_BYTES = 16 * 1024
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
KEYS_CACHED = "public, max-age=300"


def routes() -> APIRouter:
    """Keys, tokens, sessions."""
    router = APIRouter(tags=["identity"], dependencies=[Depends(open_to_all())])
    router.add_api_route("/.well-known/jwks.json", show_keys, methods=["GET"])
    slow = [Depends(limited)]
    router.add_api_route(TOKEN_PATH, give_token, methods=["POST"], dependencies=slow)
    router.add_api_route("/v1/sign-in", begin_session, methods=["POST"], dependencies=slow)
    router.add_api_route("/v1/token:refresh", continue_session, methods=["POST"], dependencies=slow)
    router.add_api_route("/v1/token:revoke", leave_session, methods=["POST"], status_code=204)
    return router


async def show_keys(wired: Wired, response: Response) -> dict[str, Any]:
    """The keys that sign our tokens, as a JSON Web Key Set."""
    response.headers["Cache-Control"] = KEYS_CACHED
    keys = await list_published_keys(transaction=wired.transaction, clock=wired.clock)
    return dict(keys)


async def each_once(request: Request) -> None:
    """Refuse a form that says something twice: readers would not agree on which counts.

    Raises:
        TokenRequestMalformed: A parameter is repeated (RFC 6749 section 3.2).
    """
    names = [name for name, _ in (await request.form()).multi_items()]
    if len(set(names)) != len(names):
        raise TokenRequestMalformed


async def give_token(
    form: Annotated[TokenForm, Form()], wired: Wired, _once: Annotated[None, Depends(each_once)]
) -> TokenResponse:
    """An access token for a program, good at one service (client credentials)."""
    token = await issue_token(
        IssueToken(proof=_proof(form), audience=form.audience),
        transaction=wired.transaction,
        clock=wired.clock,
        issuing=wired.issuing,
        limit=partial(
            limit_rate,
            "client",
            rate=wired.rates.client,
            transaction=wired.transaction,
            clock=wired.clock,
            index=wired.index,
        ),
    )
    return TokenResponse(access_token=token.value, expires_in=token.expires_in_seconds)


async def begin_session(body: SignInRequest, wired: Wired) -> SignInResponse:
    """Sign in with the one-time code of a provider.

    There is no idempotency key: an answer with tokens in it is not kept anywhere. A repeat
    begins another session.
    """
    signed_in = await sign_in(
        SignIn(provider=body.provider, code=body.code, state=body.state),
        providers=wired.providers,
        transaction=wired.transaction,
        clock=wired.clock,
        index=wired.index,
        life_seconds=wired.issuing.life_seconds,
    )
    return SignInResponse.of(signed_in)


async def continue_session(body: RefreshRequest, wired: Wired) -> SignInResponse:
    """Exchange a refresh token for the next pair; each is good once."""
    signed_in = await refresh_session(
        body.refresh_token,
        transaction=wired.transaction,
        clock=wired.clock,
        life_seconds=wired.issuing.life_seconds,
        rate=wired.rates.session,
    )
    return SignInResponse.of(signed_in)


async def leave_session(body: RefreshRequest, wired: Wired) -> None:
    """Sign out. The answer is the same whether or not the token was known."""
    await end_session(body.refresh_token, transaction=wired.transaction, clock=wired.clock)


def _proof(form: TokenForm) -> Secret | Assertion:
    if form.grant_type != "client_credentials":
        raise TokenRequestMalformed("unsupported_grant_type")
    if form.client_assertion is not None and form.client_secret is None:
        if form.client_assertion_type != ASSERTION_TYPE:
            raise TokenRequestMalformed
        return Assertion(jwt=form.client_assertion, client_id=form.client_id)
    if form.client_secret is not None and form.client_id and form.client_assertion is None:
        return Secret(client_id=form.client_id, secret=form.client_secret)
    raise TokenRequestMalformed
