"""Departments and the registry with one record of every kind, and who knocks at their doors."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text

from services.funeral.actions.desk import Desk as FuneralDesk
from services.funeral.actions.open_slots import open_slots
from services.funeral.actions.seed_development import seed_development
from services.funeral.api import routes as funeral_routes
from services.funeral.consumers import effects as funeral_effects
from services.funeral.store import Store as FuneralStore
from services.marriage.actions.desk import Desk as MarriageDesk
from services.marriage.api import routes as marriage_routes
from services.marriage.consumers import effects as marriage_effects
from services.marriage.store import Store as MarriageStore
from services.registry.store import Store as RegistryStore
from services.relief.actions.desk import Desk as ReliefDesk
from services.relief.api import routes as relief_routes
from services.relief.consumers import effects as relief_effects
from services.relief.store import Store as ReliefStore
from shared.auth import Actor, ActorKind
from shared.clock import FakeClock
from shared.database import Database, Transactions
from shared.web import create_api
from tests.support.access_oracle import NOBODY
from tests.support.calendars import beijing
from tests.support.departments import CIPHER, INDEX, matter_request
from tests.support.doors import GOOD_FORM, Operation
from tests.support.forms import resident, synthetic_id_no
from tests.support.funeral import funeral_form
from tests.support.marriage import marriage_form
from tests.support.registry import CHEN, STRANGER, YE, TestRegistry, headers
from tests.support.relief import grant_matter
from tests.support.window import Believed, office_id

DIVISIONS = {
    "lin": "330106109000",
    "he": "330106109201",
    "gao": "330106110000",
    "county": "330106000000",
    "province": "330000000000",
    "far": "110101000000",
    "nowhere": None,
}
NEWCOMER = synthetic_id_no("002", "19900101")
FACT = "vehicles"
NOON = beijing("2026-11-22 12:00")
FORM = "application/x-www-form-urlencoded"


@dataclass
class Files:
    """A service, the tokens people come with, and what there is, by name."""

    http: httpx.AsyncClient
    tokens: Mapping[str, str]
    records: Mapping[str, str]
    bodies: Mapping[str, Callable[[str], Any]]

    @property
    def people(self) -> Mapping[str, str]:
        return self.tokens

    async def knock(self, operation: Operation, who: str, record: str | None) -> httpx.Response:
        """Do it for real and see what is answered."""
        headers = {"Idempotency-Key": uuid4().hex} if operation.takes_key else {}
        if who != NOBODY:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        found = self.records.get(record or "", str(uuid4()))
        make = self.bodies.get(operation.id)
        body = operation.good_body if make is None else make(found)
        url = operation.url(
            **{
                each["name"]: found
                for each in operation.parameters("path")
                if each["name"].endswith("_id")
            },
            **_published(operation.path),
        )
        path, _, asked = url.partition("?")
        if "purpose" in asked:
            asked = "purpose=HOME_VISIT&division=330106109201"
        return await self.http.request(
            operation.method.upper(),
            path,
            params=asked,
            headers=headers,
            **({} if body is None else {"json": body}),
            **({"data": GOOD_FORM} if operation.media_type == FORM else {}),
        )


def _published(path: str) -> Mapping[str, str]:
    """What a path names that is published for all."""
    if "divisions" in path:
        return {"code": "330106000000"}
    if "organisations/" in path:
        return {"uscc": "51330106MJ00000000"}
    if "adoptions" in path:
        return {"adoption_number": "SY33010620260000001"}
    if "certificate-types" in path:
        return {"code": "marriage-certificate"}
    return {"number": "1"} if "status-lists" in path else {"code": "JZ201"}


def people() -> Mapping[str, Actor]:
    citizens = {
        key: Actor(kind=ActorKind.CITIZEN, id=key, person_index=INDEX.of(resident(key)["id_no"]))
        for key in ("chen", "liu", "wang", "gu", "zhao")
    }
    officers = {
        key: Actor(kind=ActorKind.OFFICER, id=key, division=division)
        for key, division in DIVISIONS.items()
    }
    programs = {
        **{
            name: Actor(kind=ActorKind.SERVICE, id=name, system=name)
            for name in ("relief", "funeral", "registry", "intake")
        },
        **{
            name: Actor(kind=ActorKind.PARTNER, id=name, system=name)
            for name in ("police", "education")
        },
        "operator": Actor(kind=ActorKind.OPERATOR, id="operator"),
    }
    return {**citizens, **officers, **programs}


@asynccontextmanager
async def _opened(
    service: str, router: Any, records: Mapping[str, str], transaction: Any
) -> AsyncIterator[Files]:
    believed, known = Believed(), people()
    believed.actors = {actor.subject: actor for actor in known.values()}

    async def ready() -> dict[str, bool]:
        return {}

    api = create_api(
        title=service,
        description="under test",
        verifier=believed,  # type: ignore[arg-type]
        readiness=ready,
    )
    api.state.denials = transaction
    api.include_router(router)
    transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{service}") as http:
        tokens = {name: actor.subject for name, actor in known.items()}
        yield Files(http, tokens, records, {})


@asynccontextmanager
async def registry_files(made: TestRegistry) -> AsyncIterator[Files]:
    """A registry with a resident, a household, a grant and an enquiry; nothing else stays."""
    verifier, believed = made.api.state.verifier, Believed()
    codes = {
        **{key: f"resident:{key}" for key in ("chen", "liu", "wang", "gu", "zhao")},
        **{name: f"officer:{key}" for name, key in SIGNED_IN.items()},
    }
    known = {
        **{name: await verifier.verify(await made.token_of(code)) for name, code in codes.items()},
        **{name: actor for name, actor in people().items() if name in PROGRAMS},
    }
    believed.actors = {actor.subject: actor for actor in known.values()}
    made.api.state.verifier = believed
    tokens = {name: actor.subject for name, actor in known.items()}
    records = await _of_registry(made, tokens)
    wiring = made.api.state.wiring
    made.api.state.wiring = replace(wiring, transaction=_undone(wiring.transaction))
    yield Files(made.http, tokens, records, _bodies(records))


SIGNED_IN = {"lin": "lin", "he": "he", "gao": "gao", "county": "zhou", "registrar": "xu"}
PROGRAMS = frozenset({"intake", "relief", "police", "operator"})
A_QUESTION = {
    "applicationId": str(uuid4()),
    "itemCode": "JZ101",
    "purpose": "最低生活保障信息核对",
    "subject": {"name": "陈示例", "idNo": CHEN},
}


def _undone(real: Transactions[RegistryStore]) -> Transactions[RegistryStore]:
    """Transactions that do everything and then take it back."""

    @asynccontextmanager
    async def transaction(*, is_reading: bool = False) -> AsyncIterator[RegistryStore]:
        try:
            async with real(is_reading=is_reading) as store:
                yield store
                await store.flush()
                raise _Undo
        except _Undo:
            pass

    return transaction


class _Undo(Exception):
    """What happened is taken back."""


async def _of_registry(made: TestRegistry, tokens: Mapping[str, str]) -> Mapping[str, str]:
    async def ask(who: str, path: str, body: Any) -> Any:
        answer = await made.http.post(path, json=body, headers=headers(tokens[who], uuid4().hex))
        assert answer.is_success, (path, answer.text)
        return answer.json()

    place = {"division": "330106109201", "address": "示例路9号", "since": "2000-01-01"}
    household = (await ask("lin", "/v1/households", place))["id"]
    newcomer = {
        "name": "新示例",
        "idNo": NEWCOMER,
        "householdId": household,
        "byBirth": False,
        "on": "2020-01-01",
    }
    person = (await ask("lin", "/v1/residents", newcomer))["id"]
    grant = await ask("chen", "/v1/grants", _grant())
    enquiry = await ask("relief", "/v1/enquiries", {**A_QUESTION, "facts": [FACT]})
    entered = await ask(
        "lin",
        f"/v1/residents/{person}/service-objects",
        {"category": "DISABLED", "since": "2021-01-01"},
    )
    return {
        "object": entered["id"],
        "household": household,
        "resident": person,
        "chens-grant": grant["id"],
        "enquiry": enquiry["items"][0]["id"],
        "township": str(office_id("sandun-civil-affairs")),
    }


def _grant() -> Mapping[str, Any]:
    ends = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    return {"agent": {"name": "叶示例", "idNo": YE}, "items": ["JZ201"], "expiresOn": ends}


def _bodies(records: Mapping[str, str]) -> Mapping[str, Callable[[str], Any]]:
    known = records["resident"]
    return {
        "giveGrant": lambda _: _grant(),
        "findResident": lambda found: {"idNo": NEWCOMER if found == known else STRANGER},
        "registerResident": lambda found: {
            "name": "又示例",
            "idNo": STRANGER,
            "householdId": found,
            "byBirth": False,
            "on": "2020-01-01",
        },
        "noteFact": lambda _: {
            "kind": "MOVE_IN",
            "on": "2021-01-01",
            "householdId": records["household"],
        },
        "changeIdentity": lambda _: {"on": "2021-01-01", "name": "改示例"},
        "foundHousehold": lambda _: {
            "division": "330106109201",
            "address": "示例路1号",
            "since": "2001-01-01",
        },
        "settleHousehold": lambda _: {
            "division": "330106109201",
            "address": "示例路2号",
            "since": "2002-01-01",
        },
        "enterServiceObject": lambda _: {"category": "ORPHAN", "since": "2021-01-01"},
        "endServiceObject": lambda _: {"on": "2022-01-01"},
        "ask": lambda _: {**A_QUESTION, "facts": [FACT]},
    }


@asynccontextmanager
async def relief_files(url: str) -> AsyncIterator[Files]:
    """Relief, with a benefit of Chen's in the township."""
    database = Database(url, schema="relief", has_wall=True)
    desk = ReliefDesk(
        transaction=database.transactions(ReliefStore),
        index=INDEX,
        cipher=CIPHER,
        clock=FakeClock(NOON),
    )
    await relief_effects(desk)["grant-temporary-relief"](grant_matter())
    records = {"benefit": await _only(database, "benefit")}
    async with _opened("relief", relief_routes(desk), records, desk.transaction) as files:
        yield files
    await database.close()


@asynccontextmanager
async def marriage_files(url: str) -> AsyncIterator[Files]:
    """The marriage registry of the county, with the marriage of Liu and Wang."""
    database = Database(url, schema="marriage", has_wall=True)
    desk = MarriageDesk(
        transaction=database.transactions(MarriageStore),
        index=INDEX,
        cipher=CIPHER,
        clock=FakeClock(NOON),
    )
    await marriage_effects(desk)["register-marriage"](
        matter_request("register-marriage", marriage_form())
    )
    records = {"marriage": await _only(database, "marriage")}
    async with _opened("marriage", marriage_routes(desk), records, desk.transaction) as files:
        yield files
    await database.close()


@asynccontextmanager
async def funeral_files(url: str) -> AsyncIterator[Files]:
    """The funeral service, with one funeral in the township."""
    database = Database(url, schema="funeral", has_wall=True)
    desk = FuneralDesk(
        transaction=database.transactions(FuneralStore),
        index=INDEX,
        cipher=CIPHER,
        clock=FakeClock(NOON),
    )
    await seed_development(transaction=desk.transaction)
    await open_slots(transaction=desk.transaction, clock=desk.clock)
    await funeral_effects(desk)["arrange-funeral"](
        matter_request("arrange-funeral", funeral_form())
    )
    records = {"funeral": await _only(database, "funeral_case")}
    async with _opened("funeral", funeral_routes(desk), records, desk.transaction) as files:
        yield files
    await database.close()


async def _only(database: Database, table: str) -> str:
    async with database.engine.connect() as connection:
        return str((await connection.execute(text(f"SELECT id FROM {table}"))).scalar_one())
