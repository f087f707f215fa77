"""A simulated province's unified identity: an OpenID provider that wants PKCE."""

import base64
import hashlib
import secrets
import time
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.simulated.sign_in.accounts import Accounts, CodeUnknown, CodeUsed, SignInFault

LOGIN = "authorize"
FORGED_KEY = "forged"


class Province:
    """One registered client's view of a province.

    Args:
        issuer: The provider's own address.
        levels: Accounts whose holder the province does not know as well as others (2: real name).
    """

    def __init__(
        self,
        accounts: Accounts,
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
    ) -> None:
        self.accounts = accounts
        self.issuer = issuer
        self.client_id = client_id
        self.client_secret = client_secret
        self.redirect_uri = redirect_uri
        self.levels: dict[str, int] = {}
        self.tokens: dict[str, str] = {}
        self.key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)

    def routes(self) -> APIRouter:
        """Authorisation, token, person, keys."""
        router = APIRouter()
        router.add_api_route("/authorize", self.authorize, methods=["GET"])
        router.add_api_route("/token", self.token, methods=["POST"])
        router.add_api_route("/userinfo", self.userinfo, methods=["GET"])
        router.add_api_route("/jwks", self.keys, methods=["GET"])
        return router

    async def authorize(  # noqa: PLR0913 - the names are the standard's
        self,
        client_id: str,
        redirect_uri: str,
        state: str,
        nonce: str,
        code_challenge: str,
        code_challenge_method: str,
        account: str = "chen",
    ) -> Response:
        """Send the person back with a code; `account` says who sits at the browser."""
        known = (client_id, redirect_uri) == (self.client_id, self.redirect_uri)
        if not known or code_challenge_method != "S256" or account not in self.accounts.people:
            return JSONResponse({"error": "invalid_request"}, status_code=400)
        code = self.accounts.tap(account, LOGIN, nonce=nonce, challenge=code_challenge)
        return RedirectResponse(f"{redirect_uri}?code={code}&state={state}", status_code=302)

    async def token(
        self,
        grant_type: Annotated[str, Form()],
        code: Annotated[str, Form()],
        redirect_uri: Annotated[str, Form()],
        code_verifier: Annotated[str, Form()],
        authorization: Annotated[str, Header()] = "",
    ) -> JSONResponse:
        """Tokens for a code, if whoever brings it also has the verifier."""
        proof = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if authorization != f"Basic {proof}":
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        digest = hashlib.sha256(code_verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        try:
            issued = self.accounts.use(code, LOGIN)
        except (CodeUnknown, CodeUsed):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        is_same = (issued.said["challenge"], self.redirect_uri) == (challenge, redirect_uri)
        if grant_type != "authorization_code" or not is_same:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        token = secrets.token_urlsafe(32)
        self.tokens[token] = issued.account
        id_token = self._id_token(issued.account, issued.said["nonce"])
        return JSONResponse(
            {"access_token": token, "token_type": "Bearer", "expires_in": 600, "id_token": id_token}
        )

    async def userinfo(self, authorization: Annotated[str, Header()] = "") -> JSONResponse:
        """The person of an access token."""
        account = self.tokens.get(authorization.removeprefix("Bearer "))
        if account is None:
            return JSONResponse({"error": "invalid_token"}, status_code=401)
        if self.accounts.strikes(SignInFault.WRONG_PERSON):
            account = next(each for each in self.accounts.people if each != account)
        person = self.accounts.people[account]
        return JSONResponse(
            {
                "sub": self.accounts.subject(account),
                "name": person.name,
                "id_number": person.id_number,
                "auth_level": self.levels.get(account, 3),
                "simulated": True,
            }
        )

    async def keys(self) -> dict[str, Any]:
        """The key that signs ID tokens."""
        return {"keys": [self.key.as_dict(private=False)]}

    def _id_token(self, account: str, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": self.accounts.subject(account),
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
        }
        key = self.key
        if self.accounts.strikes(SignInFault.FORGED):
            key = ECKey.generate_key("P-256")
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, key)
