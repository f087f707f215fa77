"""Whom the gateway asks: the window (intake) and the registry, in the caller's name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from services.gateway.errors import Declined
from shared.errors import Unavailable

Body = Mapping[str, Any]

BEARER = re.compile(r"[Bb]earer [A-Za-z0-9\-._~+/]{1,8192}=*")
_UNAVAILABLE = (408, 425, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on its way to the window."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Caller:
    """In whose name a call is made: the bearer token as it came, or none."""

    authorization: str | None = None
    address: str | None = None
    """Where the call comes from, as this server believes it; told to the registry only."""

    @classmethod
    def of(cls, authorization: object, *, address: str | None = None) -> "Caller":
        """The caller of an `Authorization` value; one that is no bearer token is nobody."""
        if isinstance(authorization, str) and BEARER.fullmatch(authorization):
            return cls(authorization, address)
        return cls(address=address)

    def address_header(self) -> dict[str, str]:
        """Whose knock it is: without this, all the world's sign-ins would be the gateway's."""
        return {"X-Forwarded-For": self.address} if self.address else {}

    def headers(self, key: str | None = None) -> dict[str, str]:
        """What goes along with a call: the token, and the idempotency key as it was given."""
        headers = {"Authorization": self.authorization} if self.authorization else {}
        return {**headers, "Idempotency-Key": key} if key is not None else headers


class IntakeClient:
    """The window's REST, asked in one caller's name."""

    def __init__(self, http: httpx.AsyncClient, caller: Caller) -> None:
        self._http = http
        self._caller = caller

    async def submit(self, command: Body, *, key: str) -> Body:
        """Hand in an application."""
        return await self._post("/v1/applications", command, key=key)

    async def withdraw(self, application_id: UUID, reason: str, *, key: str) -> Body:
        """Withdraw an application."""
        path = f"/v1/applications/{application_id}:withdraw"
        return await self._post(path, {"reason": reason}, key=key)

    async def correct(self, application_id: UUID, command: Body, *, key: str) -> Body:
        """Answer a correction notice."""
        return await self._post(f"/v1/applications/{application_id}:correct", command, key=key)

    async def act_on_case(self, application_id: UUID, act: str, command: Body, *, key: str) -> Body:
        """Rate, contest or have delivered what was decided in a case."""
        return await self._post(f"/v1/applications/{application_id}:{act}", command, key=key)

    async def list_invitations(self) -> Body:
        """The caller's own services that may be rated."""
        return await self._get("/v1/rating-invitations")

    async def complain(self, command: Body, *, key: str) -> Body:
        """File a complaint."""
        return await self._post("/v1/complaints", command, key=key)

    async def get_redress(self, redress_id: UUID) -> Body:
        """A complaint, or the rectification of a bad rating."""
        return await self._get(f"/v1/redress/{redress_id}")

    async def step_redress(self, redress_id: UUID, command: Body, *, key: str) -> Body:
        """Take a step in one."""
        return await self._post(f"/v1/redress/{redress_id}:step", command, key=key)

    async def look_over(self, command: Body) -> Body:
        """Everything that would stand in the way of an application; nothing is written."""
        headers, path = self._caller.headers(), "/v1/applications:validate"
        return await _answer(self._http, "POST", path, headers=headers, json=command)

    async def list_drafts(self) -> Body:
        """The caller's own drafts."""
        return await self._get("/v1/drafts")

    async def get_draft(self, code: str) -> Body:
        """The caller's own draft for an item."""
        return await self._get(f"/v1/drafts/{code}")

    async def act_on_draft(
        self, code: str, act: str, command: Body, *, version: int, key: str
    ) -> Body:
        """Save, discard or hand in the draft for an item, as it was last read."""
        headers = {**self._caller.headers(key), "If-Match": f'"{version}"'}
        path = f"/v1/drafts/{code}:{act}"
        return await _answer(self._http, "POST", path, headers=headers, json=command)

    async def get_application(self, application_id: UUID) -> Body:
        """A whole case."""
        return await self._get(f"/v1/applications/{application_id}")

    async def find_application(self, number: str) -> Body:
        """A whole case, by its public number."""
        return await self._get(f"/v1/applications/by-number/{number}")

    async def list_applications(self, *, limit: int, cursor: str | None) -> Body:
        """A page of the caller's own applications."""
        return await self._get("/v1/applications", limit=limit, cursor=cursor)

    async def list_tasks(self, *, state: str, limit: int, cursor: str | None) -> Body:
        """A page of the tasks of the caller's offices, with the inbox's counts."""
        return await self._get("/v1/tasks", state=state, limit=limit, cursor=cursor)

    async def get_task(self, task_id: UUID) -> Body:
        """One approval task."""
        return await self._get(f"/v1/tasks/{task_id}")

    async def get_disclosure(self, task_id: UUID) -> Body:
        """What a task discloses to whoever answers it; the window journals the reading."""
        return await self._get(f"/v1/tasks/{task_id}/disclosure")

    async def act_on_task(self, task_id: UUID, act: str, command: Body, *, key: str) -> Body:
        """Claim, release or answer a task."""
        return await self._post(f"/v1/tasks/{task_id}:{act}", command, key=key)

    async def search_cases(self, question: Body) -> Body:
        """A page of cases; a body and not a query, because it may say whom is meant."""
        headers = self._caller.headers()
        path = "/v1/applications:search"
        return await _answer(self._http, "POST", path, headers=headers, json=question)

    async def work_in_bulk(self, command: Body, *, key: str) -> Body:
        """One act on many tasks."""
        return await self._post("/v1/tasks:bulk", command, key=key)

    async def list_delegations(self) -> Body:
        """What the caller gave and was given."""
        return await self._get("/v1/delegations")

    async def delegate(self, command: Body, *, key: str) -> Body:
        """Hand one's own work to a colleague."""
        return await self._post("/v1/delegations", command, key=key)

    async def revoke_delegation(self, delegation_id: UUID, *, key: str) -> Body:
        """End a delegation."""
        return await self._post(f"/v1/delegations/{delegation_id}:revoke", {}, key=key)

    async def upload(self, file: Upload, *, key: str | None) -> Body:
        """Hand in a file; the answer names its id."""
        part = (file.name, file.content, file.media_type)
        headers = self._caller.headers(key)
        return await _answer(self._http, "POST", "/v1/files", headers=headers, files={"file": part})

    async def _get(self, path: str, **params: str | int | None) -> Body:
        given = {name: value for name, value in params.items() if value is not None}
        headers = self._caller.headers()
        return await _answer(self._http, "GET", path, headers=headers, params=given)

    async def _post(self, path: str, body: Body, *, key: str) -> Body:
        headers = self._caller.headers(key)
        return await _answer(self._http, "POST", path, headers=headers, json=body)


class RegistryClient:
    """The registry's REST: sessions, service items, offices, certificates."""

    def __init__(self, http: httpx.AsyncClient, caller: Caller) -> None:
        self._http = http
        self._caller = caller

    async def sign_in(self, provider: str, code: str, state: str | None) -> Body:
        """Exchange a provider's one-time code for a session of ours."""
        begun = {} if state is None else {"state": state}
        return await self._post("/v1/sign-in", {"provider": provider, "code": code, **begun})

    async def begin_sign_in(self, provider: str) -> Body:
        """Begin a sign-in on a provider's own page."""
        return await self._post("/v1/sign-in:begin", {"provider": provider})

    async def bind_account(self, asked: Body) -> Body:
        """Bind an account to the person whose it is."""
        return await self._post("/v1/bindings", asked)

    async def sign_in_officer(self, asked: Body) -> Body:
        """Exchange an officer's two factors for a session of ours."""
        return await self._post("/v1/officers:sign-in", asked)

    async def step_up(self, code: str) -> Body:
        """Exchange the second factor for a fresh access token."""
        headers = self._caller.headers()
        path = "/v1/session:step-up"
        return await _answer(self._http, "POST", path, headers=headers, json={"code": code})

    async def refresh(self, refresh_token: str) -> Body:
        """Exchange a refresh token for the next session; the old token ends."""
        return await self._post("/v1/token:refresh", {"refreshToken": refresh_token})

    async def list_items(self) -> list[Body]:
        """The published service items."""
        return rows_of(await self._get("/v1/items"))

    async def get_item(self, code: str) -> Body:
        """One published service item."""
        return await self._get(f"/v1/items/{code}")

    async def list_offices(self, *, cursor: str | None) -> Body:
        """A page of the published offices, by id."""
        return await self._get("/v1/offices", cursor=cursor)

    async def list_service_objects(self, **asked: str | int | None) -> Body:
        """A page of the residents of a division who are something."""
        return await self._look("/v1/service-objects", asked)

    async def get_resident(self, resident: UUID, **asked: str | int | None) -> Body:
        """A resident, on a day, as known at an instant."""
        return await self._look(f"/v1/residents/{resident}", asked)

    async def find_resident(self, id_number: str, *, purpose: str) -> Body:
        """Whoever has or had a number; it goes in the body, never in the address."""
        headers, params = self._caller.headers(), {"purpose": purpose}
        body, path = {"idNo": id_number}, "/v1/residents:find"
        return await _answer(self._http, "POST", path, headers=headers, params=params, json=body)

    async def _look(self, path: str, asked: Mapping[str, str | int | None]) -> Body:
        params = {name: value for name, value in asked.items() if value is not None}
        headers = self._caller.headers()
        return await _answer(self._http, "GET", path, headers=headers, params=params)

    async def list_certificates(self, *, limit: int, cursor: str | None) -> Body:
        """A page of the certificates the caller holds."""
        return await self._get("/v1/certificates", limit=limit, cursor=cursor)

    async def get_certificate(self, certificate_id: UUID) -> Body:
        """One certificate the caller holds."""
        return await self._get(f"/v1/certificates/{certificate_id}")

    async def list_certificate_uses(self, certificate_id: UUID) -> Body:
        """Who asked about the caller's certificate."""
        return await self._get(f"/v1/certificates/{certificate_id}/uses")

    async def take_credential(self, certificate_id: UUID, holder_key: Body | None) -> Body:
        """The caller's certificate as a verifiable credential."""
        path, headers = f"/v1/certificates/{certificate_id}:credential", self._caller.headers()
        body = {"holderKey": holder_key}
        return await _answer(self._http, "POST", path, headers=headers, json=body)

    async def print_certificate(self, certificate_id: UUID) -> bytes:
        """The caller's certificate as PDF.

        Raises:
            Declined: It is not the caller's, or nobody is signed in.
            Unavailable: The registry did not answer with a page.
        """
        path, headers = f"/v1/certificates/{certificate_id}/pdf", self._caller.headers()
        try:
            response = await self._http.get(path, headers=headers)
        except httpx.HTTPError:
            raise Unavailable from None
        if response.headers.get("content-type") == "application/pdf":
            return response.content
        if response.status_code in _UNAVAILABLE or response.status_code < 400:
            raise Unavailable
        raise Declined(response.status_code, response.json())

    async def _get(self, path: str, **params: str | int | None) -> Body:
        given = {name: value for name, value in params.items() if value is not None}
        headers = self._caller.headers()
        return await _answer(self._http, "GET", path, headers=headers, params=given)

    async def _post(self, path: str, body: Body) -> Body:
        headers = self._caller.address_header()
        return await _answer(self._http, "POST", path, headers=headers, json=body)


async def _answer(
    http: httpx.AsyncClient,
    method: str,
    path: str,
    **request: Any,  # noqa: ANN401
) -> Body:
    """Ask, and read a JSON object.

    Raises:
        Declined: The service refused; its problem document is inside.
        Unavailable: It did not answer, or answered what nobody can read.
    """
    try:
        response = await http.request(method, path, **request)
        body = response.json() if response.content else {}
    except (httpx.HTTPError, ValueError):
        raise Unavailable from None
    if isinstance(body, list):
        body = {"items": body}
    if response.status_code in _UNAVAILABLE or not isinstance(body, dict):
        raise Unavailable
    if response.status_code >= 400:
        raise Declined(response.status_code, body)
    return body


def rows_of(body: Body) -> list[Body]:
    """The rows of a page."""
    rows = body.get("items", [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
