"""Does each of the registry's own items end with its document, from the window and back?"""

from collections.abc import AsyncIterator, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.actions.give_verdict import GiveVerdict, give_verdict
from services.intake.actions.record_performance import RecordPerformance, record_performance
from services.intake.model import Answer, MatterId, TaskId, Verdict
from services.registry.consumers import department
from services.registry.store import Store
from shared.auth import Actor, ActorKind
from shared.database import Database
from shared.department import ANSWER, PERFORM, Department, WindowClient
from shared.jobs import Job
from tests.conftest import TestDatabase
from tests.support.corrections import read
from tests.support.departments import published
from tests.support.forms import form_of
from tests.support.seed import resident_with
from tests.support.window import CIPHER, INDEX, Caller, Window, open_window

OFFICES = (
    *("xihu-adoption-registry", "xihu-social-organisations", "xihu-place-names"),
    *("sandun-civil-affairs", "xihu-civil-affairs"),
)
FACTS = {"announcement": {"announced_from": "2026-06-01", "announced_to": "2026-08-01"}}
DOCUMENTS = {
    "DJ502": ["adoption-certificate"],
    "DJ801": ["social-organisation-certificate", "charity-recognition"],
    "DJ802": ["place-name-approval", "place-name-announcement"],
}


class House:
    """The window and the registry on one database; the test carries the messages."""

    def __init__(self, window: Window, database: Database, registry: Department) -> None:
        self.window, self.database, self.registry = window, database, registry

    async def apply(self, code: str) -> tuple[Caller, Mapping[str, Any]]:
        """Hand the sample form in, with every paper it asks for."""
        form = form_of(code)
        caller = self.window.citizen(resident_with(form["applicant"]["id_no"]))
        lacking = await caller.post("/v1/applications", {"itemCode": code, "form": form})
        keys = lacking.json()["keys"]
        materials = [{"key": key, "fileId": await caller.upload()} for key in keys]
        body = {"itemCode": code, "form": form, "materials": materials}
        answer = await caller.post("/v1/applications", body)
        assert answer.status_code == 201, answer.text
        return caller, answer.json()

    async def carry(self) -> None:
        """Everybody answers what is open, and every grant is made real, until all is quiet."""
        seen = 0
        while len(events := await self.window.events()) > seen:
            told, seen = events[seen:], len(events)
            for type_, data in told:
                if type_ == "civil.intake.task-opened.v1":
                    await self._answer(data)
                if type_ == "civil.intake.matter-decided.v1" and data["outcome"] == "granted":
                    await self._job(PERFORM, data)

    async def _answer(self, data: Mapping[str, Any]) -> None:
        if data["handler"] == "service:registry":
            await self._job(ANSWER, data)
        elif data["handler"] == "officer":
            officer = self.window.officer("ding", *OFFICES)
            body = {"verdict": "approve", "facts": FACTS.get(data["task"], {})}
            await officer.post(f"/v1/tasks/{data['taskId']}:verdict", body)
        else:
            await self._verdict(data["handler"], data["taskId"], {})

    async def _verdict(self, handler: str, task: str, facts: Mapping[str, Any]) -> None:
        kind, _, system = handler.partition(":")
        actor = Actor(kind=ActorKind(kind), id=system, system=system)
        answer = Answer(verdict=Verdict.APPROVE, facts=facts)
        command = GiveVerdict(actor=actor, task_id=TaskId(UUID(task)), answer=answer)
        await give_verdict(command, transaction=self.window.transaction, desk=self.window.desk)

    async def _job(self, kind: str, data: Mapping[str, Any]) -> None:
        job = Job(id=uuid4(), kind=kind, key="", payload=data, attempts=1)
        await self.registry.jobs()[kind].handler(job)
        if kind == ANSWER:
            said = (await published(self.database, "task-answered"))[-1]
            assert said["verdict"] == "approve", said
            await self._verdict("service:registry", said["taskId"], said["facts"])
            return
        performed = (await published(self.database, "matter-performed"))[-1]
        done = RecordPerformance(
            service="registry",
            matter_id=MatterId(UUID(performed["matterId"])),
            document=performed["document"],
        )
        await record_performance(done, transaction=self.window.transaction, desk=self.window.desk)


@pytest.fixture
async def house(database: TestDatabase) -> AsyncIterator[House]:
    kept = Database(database.url("registry"), schema="registry", pool_size=4)
    async with open_window(database.url("intake")) as window:
        wiring = SimpleNamespace(
            transaction=kept.transactions(partial(Store, cipher=CIPHER)),
            clock=window.clock,
            index=INDEX,
        )
        asking = WindowClient(window.service("registry").client)
        yield House(window, kept, department(asking, wiring))
    await kept.close()


@pytest.mark.parametrize("code", DOCUMENTS)
async def test_an_application_ends_with_its_document(house: House, code: str) -> None:
    citizen, application = await house.apply(code)
    await house.carry()
    ended = await read(citizen, application)
    assert ended["stage"] == "concluded"
    documents = [matter["document"] for matter in ended["matters"]]
    assert [each["kind"] for each in documents] == DOCUMENTS[code]
    assert all(each["number"] for each in documents)
