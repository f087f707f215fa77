"""How the registry is wired: settings → database → clients → doors and background work."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import httpx
import orjson
from fastapi import FastAPI

from services.registry import consumers
from services.registry.actions.ask_departments import (
    JOB,
    SCHEDULE,
    ask_supplier,
    erase_what_is_over,
)
from services.registry.actions.ensure_keys import ensure_keys
from services.registry.actions.find_duplicates import find_duplicates
from services.registry.actions.forget_expired import forget_expired
from services.registry.actions.issue_token import Issuing
from services.registry.actions.keep_certificate_keys import ensure_certificate_key
from services.registry.actions.list_published_keys import list_published_keys
from services.registry.actions.list_sessions import list_revoked_sessions
from services.registry.actions.publish_catalogue import publish_catalogue
from services.registry.actions.register_client import RegisterClient, register_client
from services.registry.actions.rotate_keys import rotate_keys
from services.registry.actions.seed_factors import seed_factors
from services.registry.actions.seed_people import development_people, seed_people
from services.registry.actions.wiring import Wiring
from services.registry.api import routes, verification
from services.registry.api.identity import FORM, FORM_BYTES, TOKEN_PATH
from services.registry.api.verification import VERIFY_PATH
from services.registry.clients.catalogue import read_catalogue
from services.registry.clients.certificate_pdf import CertificatePrinter
from services.registry.clients.lost_passwords import read_lost_passwords
from services.registry.clients.own_keys import own_verifier
from services.registry.clients.owners import HttpOwners
from services.registry.clients.provider_accounts import joined_providers
from services.registry.clients.sign_in import DevelopmentSignIn
from services.registry.clients.suppliers import TIMEOUT, HttpSuppliers, SupplierDoor
from services.registry.clients.window_outcomes import WindowOutcomes
from services.registry.events import TOPICS
from services.registry.model import Catalogue, ClientKind
from services.registry.model.sign_in import Rate, Rates
from services.registry.ports import RealNameChecker, RedirectingProvider, SignInProvider
from services.registry.rules.identity import SERVICES
from services.registry.settings import RegistrySettings
from services.registry.store import Store
from shared.auth import ISSUER, ServiceAuth
from shared.clock import Clock, SystemClock
from shared.database import Database
from shared.department import WindowClient
from shared.errors import Unavailable
from shared.http import service_client
from shared.jobs import JobKind
from shared.sealing import BlindIndex, FieldCipher
from shared.service import Close, Work, background_of, lifespan_of
from shared.telemetry import logger
from shared.web import Lifespan, create_api

SERVICE = "registry"
HOUSEKEEPING_SECONDS = 3600.0
ACTOR = f"service:{SERVICE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The registry's parts before any door opens; operators' commands use them too."""

    settings: RegistrySettings
    database: Database
    wiring: Wiring
    catalogue: Catalogue | None
    """What the catalogue's files say, if this process publishes them."""


def assemble(
    settings: RegistrySettings,
    *,
    clock: Clock | None = None,
    catalogue: Catalogue | None = None,
) -> Parts:
    """Join the parts; nothing is connected yet.

    Args:
        catalogue: One that was read already; by default the one the settings name is read.
    """
    database = Database(
        settings.database_url.get_secret_value(),
        schema=SERVICE,
        pool_size=settings.database_pool_size,
    )
    index = BlindIndex.parse(settings.blind_index_key.get_secret_value())
    if catalogue is None and settings.catalogue_dir:
        catalogue = read_catalogue(settings.catalogue_dir)
    clock = clock or SystemClock()
    providers = _providers(settings, catalogue, index, clock)
    wiring = Wiring(
        transaction=database.transactions(_store(settings)),
        clock=clock,
        index=index,
        issuing=_issuing(settings),
        printer=CertificatePrinter(),
        public_url=(settings.public_url or settings.registry_url).rstrip("/"),
        providers=providers,
        checkers={
            name: each for name, each in providers.items() if isinstance(each, RealNameChecker)
        },
        redirecting={
            name: each for name, each in providers.items() if isinstance(each, RedirectingProvider)
        },
        rates=_rates(settings),
        breached=read_lost_passwords(settings.lost_passwords),
    )
    return Parts(settings=settings, database=database, wiring=wiring, catalogue=catalogue)


def create(settings: RegistrySettings) -> FastAPI:
    """The registry as an application."""
    return open_doors(assemble(settings))


def open_doors(parts: Parts) -> FastAPI:
    """The doors of assembled parts, and the work beside them."""
    wiring = parts.wiring
    api = create_api(
        title="One Window: registry",
        description="事项、机构、居民、身份与授权 / Items, offices, residents, identity, grants",
        verifier=own_verifier(
            partial(list_published_keys, transaction=wiring.transaction, clock=wiring.clock),
            partial(list_revoked_sessions, transaction=wiring.transaction, clock=wiring.clock),
        ),
        readiness=partial(_readiness, parts),
        lifespan=_prepared(parts, _working(parts)),
        other_types={
            TOKEN_PATH: (FORM, FORM_BYTES),
            VERIFY_PATH: (FORM, verification.FORM_BYTES),
        },
    )
    api.state.wiring = wiring
    api.include_router(routes())
    return api


async def prepare(parts: Parts) -> None:
    """What must be there before the first request; safe from several copies at once.

    Raises:
        CatalogueInvalid: The catalogue this process was told to publish has a fault.
    """
    wiring = parts.wiring
    await ensure_keys(transaction=wiring.transaction, clock=wiring.clock)
    await ensure_certificate_key(transaction=wiring.transaction, clock=wiring.clock)
    for client in _development_clients(parts.settings):
        await register_client(
            client, transaction=wiring.transaction, clock=wiring.clock, actor=ACTOR
        )
    if parts.catalogue is None:
        return
    await publish_catalogue(
        parts.catalogue, transaction=wiring.transaction, clock=wiring.clock, actor=ACTOR
    )
    if parts.settings.is_development:
        await seed_people(
            parts.catalogue,
            transaction=wiring.transaction,
            clock=wiring.clock,
            index=wiring.index,
        )
        if parts.settings.seed_factors is not None:
            seed = orjson.loads(parts.settings.seed_factors.get_secret_value())
            await seed_factors(seed, transaction=wiring.transaction, clock=wiring.clock)


def _store(settings: RegistrySettings) -> "partial[Store]":
    cipher = FieldCipher.parse(settings.field_keys.get_secret_value())
    return partial(Store, cipher=cipher)


def _issuing(settings: RegistrySettings) -> Issuing:
    endpoint = settings.registry_url.rstrip("/") + TOKEN_PATH
    return Issuing(life_seconds=settings.access_token_seconds, names=frozenset({ISSUER, endpoint}))


def _rates(settings: RegistrySettings) -> Rates:
    minute = timedelta(minutes=1)
    return Rates(
        address=Rate(times=settings.address_requests_per_minute, window=minute),
        client=Rate(times=settings.client_requests_per_minute, window=minute),
        session=Rate(times=settings.session_requests_per_minute, window=minute),
    )


def _providers(
    settings: RegistrySettings, catalogue: Catalogue | None, index: BlindIndex, clock: Clock
) -> Mapping[str, SignInProvider]:
    """The ways to sign in here: those the settings name, and in development the easy one."""
    joined = joined_providers(settings.provider_accounts, clock=clock)
    if settings.is_development and catalogue is not None:
        development = DevelopmentSignIn(development_people(catalogue, index=index))
        joined[development.name] = development
    return joined


def _development_clients(settings: RegistrySettings) -> list[RegisterClient]:
    if settings.client_secrets is None:
        return []
    secrets: Mapping[str, str] = orjson.loads(settings.client_secrets.get_secret_value())
    return [
        RegisterClient(id=name, kind=_kind_of(name), system=name, secret=secret)
        for name, secret in secrets.items()
    ]


def _kind_of(name: str) -> ClientKind:
    if name in SERVICES:
        return ClientKind.SERVICE
    return ClientKind.OPERATOR if name == ClientKind.OPERATOR else ClientKind.PARTNER


def _working(parts: Parts) -> Lifespan:
    settings = parts.settings
    window = service_client(settings.intake_url, auth=_auth(settings, "intake"))
    marriage = service_client(settings.marriage_url, auth=_auth(settings, "marriage"))
    relief = service_client(settings.relief_url, auth=_auth(settings, "relief"))
    owners = HttpOwners(marriage=marriage, relief=relief)
    outside = httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT)
    department = consumers.department(WindowClient(window), parts.wiring)
    certifying = consumers.certifying(WindowOutcomes(window), parts.wiring)
    work = Work(
        service=SERVICE,
        database=parts.database,
        store=_store(settings),
        speaks=TOPICS,
        subscriptions=consumers.by_topic(
            [department.subscription(), *consumers.followed(), *certifying.subscriptions()]
        ),
        jobs={
            **department.jobs(),
            **consumers.following(owners, parts.wiring),
            **certifying.jobs(),
            JOB: _asking(parts, outside),
        },
        clocks=[partial(_keep_house, parts)],
    )
    asked = (window, marriage, relief, outside)
    close: list[Close] = [*(each.aclose for each in asked), parts.database.close]
    return lifespan_of(background_of(work, settings), close=close)


def _auth(settings: RegistrySettings, audience: str) -> ServiceAuth:
    return ServiceAuth(
        registry_url=settings.registry_url,
        client_id=SERVICE,
        client_secret=settings.client_secret.get_secret_value(),
        audience=audience,
    )


def _asking(parts: Parts, outside: httpx.AsyncClient) -> JobKind:
    """How other departments are asked: those the settings name, until each has answered."""
    named = orjson.loads(parts.settings.suppliers.get_secret_value())
    doors = {
        supplier: SupplierDoor(url=each["url"], secret=each["secret"].encode())
        for supplier, each in named.items()
    }
    wiring = parts.wiring
    handler = partial(
        ask_supplier,
        transaction=wiring.transaction,
        clock=wiring.clock,
        suppliers=HttpSuppliers(doors, outside, wiring.clock),
    )
    return JobKind(handler=handler, schedule=SCHEDULE)


def _prepared(parts: Parts, working: Lifespan) -> Lifespan:
    """Prepare first: a registry without keys could vouch for nobody."""

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        await _prepare_when_possible(parts)
        async with working(api):
            yield

    return lifespan


async def _prepare_when_possible(parts: Parts) -> None:
    while True:
        try:
            await prepare(parts)
        except Unavailable as error:
            logger("registry").warning("registry.waiting", code=error.code)
            await asyncio.sleep(0.5)
        else:
            return


async def _keep_house(parts: Parts) -> None:
    """Rotate keys in their time and forget what is over, for as long as the process lives."""
    wiring = parts.wiring
    life = timedelta(days=parts.settings.key_life_days)
    while True:
        try:
            await rotate_keys(transaction=wiring.transaction, clock=wiring.clock, older_than=life)
            await forget_expired(transaction=wiring.transaction, clock=wiring.clock)
            while await erase_what_is_over(transaction=wiring.transaction, clock=wiring.clock):
                continue
            while await find_duplicates(
                transaction=wiring.transaction, clock=wiring.clock, index=wiring.index
            ):
                continue
        except Unavailable as error:
            logger("registry").warning("registry.housekeeping_waits", code=error.code)
        await asyncio.sleep(HOUSEKEEPING_SECONDS)


async def _readiness(parts: Parts) -> Mapping[str, bool]:
    return {"database": await parts.database.answers()}
