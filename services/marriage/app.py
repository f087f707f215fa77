"""How the marriage registry is wired: settings, database, clients, work, API, in reading order."""

from collections.abc import Mapping
from functools import partial

from fastapi import FastAPI

from services.marriage.actions.desk import Desk
from services.marriage.actions.seed_development import Seed, seed_development
from services.marriage.api import routes
from services.marriage.consumers import department
from services.marriage.rules.retention import LEAST_YEARS
from services.marriage.settings import MarriageSettings
from services.marriage.store import Store
from shared.auth import ServiceAuth, TokenVerifier
from shared.clock import SystemClock
from shared.database import Database
from shared.department import WindowClient
from shared.http import service_client
from shared.residents import residents_in
from shared.retention import retention_clock
from shared.sealing import BlindIndex, FieldCipher
from shared.service import Background, Work, background_of, lifespan_of
from shared.settings import Environment
from shared.web import create_api

NAME = "marriage"


def create_app(settings: MarriageSettings) -> FastAPI:
    """The service, ready to be served."""
    database = Database(
        settings.database_url.get_secret_value(),
        schema=NAME,
        pool_size=settings.database_pool_size,
        has_wall=True,
    )
    desk = _desk(settings, database)
    registry = service_client(settings.registry_url)
    intake = service_client(settings.intake_url, auth=_auth(settings))
    ours = department(desk, window=WindowClient(intake))
    work = Work(
        service=NAME,
        database=database,
        store=Store,
        speaks=["civil.marriage.matter", "civil.marriage.marriage"],
        subscriptions=[ours.subscription()],
        jobs=ours.jobs(),
        clocks=[
            retention_clock(
                service=NAME,
                folder=settings.catalogue_dir,
                least=LEAST_YEARS,
                transaction=desk.transaction,
                clock=desk.clock,
            )
        ],
        starters=starters(settings, desk),
    )

    async def readiness() -> Mapping[str, bool]:
        return {"database": await database.answers()}

    api = create_api(
        title="婚姻登记 Marriage",
        description="Registrations and their certificates. They are decided at the window.",
        verifier=TokenVerifier(audience=NAME, client=registry),
        readiness=readiness,
        lifespan=lifespan_of(
            background_of(work, settings), close=[registry.aclose, intake.aclose, database.close]
        ),
    )
    api.state.denials = desk.transaction
    api.include_router(routes(desk))
    return api


def _desk(settings: MarriageSettings, database: Database) -> Desk:
    return Desk(
        transaction=database.transactions(Store),
        index=BlindIndex.parse(settings.blind_index_key.get_secret_value()),
        cipher=FieldCipher.parse(settings.field_keys.get_secret_value()),
        clock=SystemClock(),
    )


def _auth(settings: MarriageSettings) -> ServiceAuth:
    return ServiceAuth(
        registry_url=settings.registry_url,
        client_id=NAME,
        client_secret=settings.client_secret.get_secret_value(),
        audience="intake",
    )


def starters(settings: MarriageSettings, desk: Desk) -> list[Background]:
    """What is done once at start: the development seed, and in production nothing."""
    if settings.environment is not Environment.DEVELOPMENT:
        return []
    seed = Seed(
        residents=residents_in(settings.catalogue_dir), index=desk.index, cipher=desk.cipher
    )
    return [partial(seed_development, seed, transaction=desk.transaction)]
