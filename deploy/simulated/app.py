"""The doors of all simulated departments, in one process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from opentelemetry import context as otel_context
from pydantic import Field
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from deploy.simulated.faults import FaultKind, faults_of, parse_faults
from deploy.simulated.findings import DEPARTMENTS
from deploy.simulated.partner import Asked, Pace, PartnerSystem
from deploy.simulated.settings import SimulatedSettings
from deploy.simulated.shared_data import sharing_doors, sharing_routes
from deploy.simulated.sign_in.doors import FORMS, add_sign_in_providers
from shared.auth import ServiceAuth
from shared.clock import SystemClock
from shared.errors import CivilError, Malformed, NotFound, Unauthenticated, Unavailable
from shared.http import service_client
from shared.schemas import Body
from shared.strictness import StrictBodies
from shared.web import HEALTH_PATHS, Lifespan, problem_response

SIMULATED_HEADER = {"X-Simulated-Department": "true"}
NOTICE = "这里是模拟的协同部门，仅供开发与测试。 These departments are simulated."


class DepartmentUnknown(NotFound):
    """No department of this name is simulated here."""

    title = "没有模拟这个部门"
    title_en = "This department is not simulated here"


class DepartmentDown(Unavailable):
    """The department was told to be out of service."""

    title = "模拟部门故障中"
    title_en = "The simulated department is down"


class SignatureRefused(Unauthenticated):
    """The webhook is not signed, or not by the platform, or too old."""

    title = "回调签名无效"
    title_en = "The webhook's signature is not valid"


class FaultUnknown(Malformed):
    """There is no such fault."""

    title = "没有这种故障"
    title_en = "There is no such fault"


class FaultsBody(Body):
    """What goes wrong with a department from now on, e.g. `["unavailable@2"]`."""

    faults: list[str] = Field(max_length=10)


def create(settings: SimulatedSettings) -> FastAPI:
    """All departments of the settings, each connected with its own secrets."""
    faults = parse_faults(settings.faults, systems={*settings.partners, *settings.suppliers})
    pace = Pace(settings.quickest_seconds, settings.slowest_seconds)
    systems = {
        name: PartnerSystem(
            name,
            DEPARTMENTS[name],
            intake=service_client(
                settings.intake_url,
                auth=ServiceAuth(
                    registry_url=settings.registry_url,
                    client_id=name,
                    client_secret=secrets.client_secret.get_secret_value(),
                    audience="intake",
                ),
            ),
            pace=pace,
            faults=faults[name],
            clock=SystemClock(),
        )
        for name, secrets in settings.partners.items()
    }
    webhooks = {
        name: Webhook(secrets.webhook_secret.get_secret_value())
        for name, secrets in settings.partners.items()
    }
    api = doors(systems, webhooks, poll_seconds=settings.poll_seconds)
    secrets = {
        supplier: secret.get_secret_value().encode()
        for supplier, secret in settings.suppliers.items()
    }
    sharing = {door.supplier: door for door in sharing_doors(secrets, faults)}
    api.include_router(sharing_routes(sharing))
    joined = {
        name: {each: value.get_secret_value() for each, value in given.items()}
        for name, given in settings.sign_in.items()
    }
    add_sign_in_providers(api, joined, catalogue=settings.catalogue_dir)
    return api


def doors(
    systems: Mapping[str, PartnerSystem],
    webhooks: Mapping[str, Webhook],
    *,
    poll_seconds: float,
) -> FastAPI:
    """The application for these departments, by name."""
    api = FastAPI(
        title="模拟部门 simulated partners",
        description=NOTICE,
        lifespan=_polling(systems, poll_seconds),
        openapi_url=None,
        telemetry={
            "operation_spans": False,
            "logs": False,
            "metrics": False,
            "exclude": lambda scope: scope.get("path") in HEALTH_PATHS,
        },
    )
    api.add_middleware(StrictBodies, other_types=FORMS)
    api.middleware("http")(_say_so)
    api.exception_handler(CivilError)(_refused)
    _add_doors(api, systems, webhooks)
    return api


def _add_doors(
    api: FastAPI, systems: Mapping[str, PartnerSystem], webhooks: Mapping[str, Webhook]
) -> None:
    def named(system: str) -> PartnerSystem:
        if system not in systems:
            raise DepartmentUnknown
        return systems[system]

    Named = Annotated[PartnerSystem, Depends(named)]  # noqa: N806 - it is a type

    @api.get("/")
    async def about() -> dict[str, object]:
        return {"simulated": True, "notice": NOTICE, "departments": sorted(systems)}

    @api.get("/livez")
    @api.get("/readyz")
    async def ready() -> dict[str, object]:
        return {"status": "ready", "simulated": True}

    @api.post("/webhooks/{system}", status_code=204)
    async def told(request: Request, partner: Named) -> None:
        if partner.faults.strikes(FaultKind.UNAVAILABLE):
            raise DepartmentDown
        happened, asked = await _verified(request, webhooks[partner.name])
        if happened == "task.opened":
            partner.hear(request.headers["webhook-id"], asked, parent=otel_context.get_current())

    @api.put("/systems/{system}/faults")
    async def go_wrong(body: FaultsBody, partner: Named) -> dict[str, object]:
        try:
            partner.faults.left = faults_of(body.faults).left
        except ValueError:
            raise FaultUnknown from None
        return {"simulated": True, "system": partner.name, "faults": body.faults}


async def _verified(request: Request, webhook: Webhook) -> tuple[str, Asked]:
    """What a webhook tells of, if the platform signed it."""
    try:
        message = webhook.verify(await request.body(), dict(request.headers))
    except (WebhookVerificationError, ValueError):
        # A malformed header raises ValueError in the library, not its own error.
        raise SignatureRefused from None
    try:
        asked = Asked(str(message["data"]["taskId"]), int(message["data"]["round"]))
        return str(message["type"]), asked
    except (KeyError, TypeError, ValueError):
        raise Malformed from None


def _polling(systems: Mapping[str, PartnerSystem], poll_seconds: float) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        polls = [
            asyncio.create_task(system.poll(every_seconds=poll_seconds))
            for system in systems.values()
        ]
        try:
            yield
        finally:
            for poll in polls:
                poll.cancel()
            await asyncio.gather(*polls, return_exceptions=True)
            for system in systems.values():
                await system.close()

    return lifespan


async def _say_so(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await answer(request)
    response.headers.update(SIMULATED_HEADER)
    return response


async def _refused(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, CivilError):
        raise error
    return problem_response(error, request)
