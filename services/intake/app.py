"""How the window is wired: settings → database → clients → background work → API."""

import asyncio
from collections.abc import Mapping, Sequence

import httpx
import orjson
from fastapi import FastAPI

from services.intake.actions.deem_accepted import deem_accepted
from services.intake.actions.desk import Catalogue, Desk
from services.intake.actions.end_draft import keep_drafts
from services.intake.actions.keep_dates import keep_dates
from services.intake.actions.keep_papers import keep_papers
from services.intake.actions.move_case import MoveCases, move_cases, preview_moves
from services.intake.actions.raise_cards import BATCH, raise_cards
from services.intake.actions.read_notice import read_notice
from services.intake.actions.release_lapsed import release_lapsed_claims
from services.intake.actions.tell_hotline import tell_hotline
from services.intake.actions.tell_partner import SCHEDULE, keep_endpoints, tell_partner
from services.intake.actions.watch_redress import watch_redress
from services.intake.api import Counter, router
from services.intake.clients import (
    AddressGuard,
    RegistryColleagues,
    RegistryGrants,
    SignedWebhooks,
)
from services.intake.consumers import subscriptions
from services.intake.events import REDRESS_TOPIC, TOPIC
from services.intake.model.move import CaseMove
from services.intake.model.notice import ItemChange
from services.intake.settings import IntakeSettings
from services.intake.store import Store
from shared.auth import Actor, ActorKind, ServiceAuth, TokenVerifier
from shared.clock import SystemClock
from shared.database import Database, Transactions
from shared.failpoints import Failpoints
from shared.http import service_client
from shared.jobs import Job, JobKind
from shared.sealing import BlindIndex, FieldCipher
from shared.service import Background, Work, background_of, lifespan_of
from shared.web import create_api

LAPSED_EVERY_SECONDS = 30
SILENCE_EVERY_SECONDS = 60
CARDS_EVERY_SECONDS = 3
REDRESS_EVERY_SECONDS = 30

MOST_PREVIEWED = 1000
"""Cases one preview on the command line thinks through."""


def create(settings: IntakeSettings) -> FastAPI:
    """The intake service, not yet started."""
    database, desk = _database(settings), _desk(settings)
    transaction = database.transactions(Store)
    registry = service_client(settings.registry_url, auth=_auth(settings))
    keys = service_client(settings.registry_url)
    outside = httpx.AsyncClient(trust_env=False, follow_redirects=False)
    webhooks = SignedWebhooks(outside, _guard(settings), desk.clock)

    work = Work(
        service="intake",
        database=database,
        store=Store,
        speaks=(TOPIC, REDRESS_TOPIC),
        subscriptions=subscriptions(desk),
        jobs=_jobs(transaction, desk, webhooks),
        clocks=_clocks(transaction, desk),
        starters=(_keep_endpoints(settings, transaction, desk),),
    )

    async def readiness() -> dict[str, bool]:
        return {"database": await database.answers()}

    api = create_api(
        title="一窗受理 intake",
        description="The window: applications, approval tasks, decisions.",
        verifier=TokenVerifier(audience="intake", client=keys),
        readiness=readiness,
        lifespan=lifespan_of(
            background_of(work, settings),
            close=(registry.aclose, keys.aclose, outside.aclose, database.close),
        ),
        other_types={"/v1/files": ("multipart/form-data", 6 * 1024 * 1024)},
    )
    api.state.counter = Counter(
        transaction=transaction,
        desk=desk,
        grants=RegistryGrants(registry),
        colleagues=RegistryColleagues(registry),
    )
    api.include_router(router)
    return api


def _jobs(
    transaction: Transactions[Store], desk: Desk, webhooks: SignedWebhooks
) -> Mapping[str, JobKind]:
    async def tell(job: Job) -> None:
        await tell_partner(job, transaction=transaction, desk=desk, partners=webhooks)

    async def tell_order(job: Job) -> None:
        await tell_hotline(job, transaction=transaction, desk=desk, partners=webhooks)

    return {
        "tell-partner": JobKind(handler=tell, schedule=SCHEDULE, gives_up=True),
        "tell-hotline": JobKind(handler=tell_order, schedule=SCHEDULE, gives_up=True),
    }


def _clocks(transaction: Transactions[Store], desk: Desk) -> tuple[Background, ...]:
    return (
        _release_lapsed(transaction, desk),
        _deem_accepted(transaction, desk),
        _raise_cards(transaction, desk),
        _keep_dates(transaction, desk),
        _watch_redress(transaction, desk),
    )


async def notice_of_versions(code: str, before: int, after: int) -> Sequence[ItemChange]:
    """What one published version changes against another; for the command line."""
    settings = IntakeSettings()
    database = _database(settings)
    try:
        return await read_notice(
            code,
            before,
            after,
            transaction=database.transactions(Store),
            desk=_desk(settings),
        )
    finally:
        await database.close()


async def run_moves(
    code: str, version: int, *, reason: str, operator: str, apply: bool
) -> Sequence[CaseMove]:
    """Move every open case of an item, or think all moves through; for the command line."""
    settings = IntakeSettings()
    database, desk = _database(settings), _desk(settings)
    transaction = database.transactions(Store)
    command = MoveCases(
        actor=Actor(kind=ActorKind.OPERATOR, id=operator),
        code=code,
        version=version,
        reason=reason,
        limit=100 if apply else MOST_PREVIEWED,
    )
    try:
        if not apply:
            return await preview_moves(command, transaction=transaction, desk=desk)
        failpoints = Failpoints.from_environment()
        moves = move_cases(command, transaction=transaction, desk=desk, failpoints=failpoints)
        return [each async for each in moves]
    finally:
        await database.close()


def _database(settings: IntakeSettings) -> Database:
    return Database(
        settings.database_url.get_secret_value(),
        schema="intake",
        pool_size=settings.database_pool_size,
    )


def _desk(settings: IntakeSettings) -> Desk:
    return Desk(
        clock=SystemClock(),
        cipher=FieldCipher.parse(settings.field_keys.get_secret_value()),
        index=BlindIndex.parse(settings.blind_index_key.get_secret_value()),
        catalogue=Catalogue(),
    )


def _auth(settings: IntakeSettings) -> ServiceAuth:
    return ServiceAuth(
        registry_url=settings.registry_url,
        client_id="intake",
        client_secret=settings.client_secret.get_secret_value(),
        audience="registry",
    )


def _guard(settings: IntakeSettings) -> AddressGuard:
    hosts = settings.webhook_allowed_hosts.split(",")
    return AddressGuard(host.strip() for host in hosts if host.strip())


def _keep_endpoints(
    settings: IntakeSettings, transaction: Transactions[Store], desk: Desk
) -> Background:
    async def keep() -> None:
        endpoints = orjson.loads(settings.partner_webhooks.get_secret_value())
        await keep_endpoints(endpoints, transaction=transaction, desk=desk)

    return keep


def _release_lapsed(transaction: Transactions[Store], desk: Desk) -> Background:
    async def release() -> None:
        while True:
            await release_lapsed_claims(transaction=transaction, desk=desk)
            await asyncio.sleep(LAPSED_EVERY_SECONDS)

    return release


def _raise_cards(transaction: Transactions[Store], desk: Desk) -> Background:
    failpoints = Failpoints.from_environment()

    async def watch() -> None:
        while True:
            looked = await raise_cards(transaction=transaction, desk=desk, failpoints=failpoints)
            if looked < BATCH:
                await asyncio.sleep(CARDS_EVERY_SECONDS)

    return watch


def _keep_dates(transaction: Transactions[Store], desk: Desk) -> Background:
    async def keep() -> None:
        while True:
            await keep_dates(transaction=transaction, desk=desk)
            await keep_papers(transaction=transaction, desk=desk)
            await keep_drafts(transaction=transaction, desk=desk)
            await asyncio.sleep(SILENCE_EVERY_SECONDS)

    return keep


def _watch_redress(transaction: Transactions[Store], desk: Desk) -> Background:
    async def watch() -> None:
        while True:
            if await watch_redress(transaction=transaction, desk=desk) < BATCH:
                await asyncio.sleep(REDRESS_EVERY_SECONDS)

    return watch


def _deem_accepted(transaction: Transactions[Store], desk: Desk) -> Background:
    async def accept_in_silence() -> None:
        while True:
            await deem_accepted(transaction=transaction, desk=desk)
            await asyncio.sleep(SILENCE_EVERY_SECONDS)

    return accept_in_silence
