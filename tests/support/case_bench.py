"""Where random acts meet a real window: its database behind a line that can be cut."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg
import pytest

from services.intake.actions.submit_application import SubmitApplication, submit_application
from services.intake.errors import NothingToAsk
from services.intake.model import ApplicationId, Channel
from shared.auth import Actor, ActorKind
from shared.store import RequestKey
from tests.support.case_acts import UNKNOWN, Act, Place, World
from tests.support.case_invariants import (
    check_all,
    i_25_the_journal_only_grows,
    stored_state_is_the_models,
)
from tests.support.case_joins import planned
from tests.support.case_model import CaseModel
from tests.support.case_snapshot import Snapshot, read_snapshot
from tests.support.cut_line import CutLine, Lost, cut_line
from tests.support.forms import resident
from tests.support.random_plans import RandomItem, definition_of, form_of
from tests.support.window import INDEX, Window, open_window, publish_item

T = TypeVar("T")


@dataclass
class Bench:
    """A window, the line to its database, and a second connection that nobody cuts."""

    window: Window
    line: CutLine
    watcher: asyncpg.Connection
    app: asyncpg.Connection
    """With the rights of the service's own role."""
    _items: "count[int]" = field(default_factory=lambda: count(1))

    async def submit(self, item: RandomItem, at: datetime) -> "CaseRun":
        """Publish a random item and apply for it; with other choices if it would ask nobody."""
        self.window.clock.set(at)
        code = f"TS{next(self._items):05}"
        await publish_item(self.window.transaction, definition_of(item, code))
        if not planned(item, item.flags):
            with pytest.raises(NothingToAsk):
                await self._apply(item, code)
            item = replace(item, flags=dict.fromkeys(item.flags, True))
        found = await self._apply(item, code)
        place = Place(self.window, found, applicant())
        return CaseRun(self, place, World(CaseModel.submitted(item, at)))

    async def _apply(self, item: RandomItem, code: str) -> ApplicationId:
        key = RequestKey(subject=applicant().subject, route="submit", key=code, fingerprint=code)
        command = SubmitApplication(
            actor=applicant(),
            item_code=code,
            form=form_of(item, name="陈示例", id_no=resident("chen")["id_no"]),
            materials=[],
            channel=Channel.WEB,
            on_behalf_of=None,
            request=key,
        )
        means = {"transaction": self.window.transaction, "desk": self.window.desk}
        found = await submit_application(command, **means, grants=self.window.grants)
        return found.application_id


def applicant() -> Actor:
    """Chen, who applies for everything here."""
    index = INDEX.of(resident("chen")["id_no"])
    return Actor(kind=ActorKind.CITIZEN, id="resident-chen", person_index=index)


@dataclass
class CaseRun:
    """One case on the bench: what was done to it, what the model says, what the rows say."""

    bench: Bench
    place: Place
    world: World
    stages: list[str] = field(default_factory=list)

    @property
    def case(self) -> CaseModel:
        return self.world.case

    async def rows(self) -> Snapshot:
        return await read_snapshot(self.bench.watcher, self.place.application_id)

    async def check(self) -> Snapshot:
        """Every invariant, now."""
        rows = await self.rows()
        check_all(rows, self.case, self.stages)
        await i_25_the_journal_only_grows(self.bench.app)
        self.stages.append(rows.application["stage"])
        return rows

    async def act(self, act: Act, *, crash: tuple[int, Lost] | None = None) -> str:
        """Do one thing, as the model foresees it; with a crash, all of it or nothing happens."""
        before = self.world.copied()
        foreseen = self.world.foresee(act)
        if crash is None:
            assert await self.place.carry_out(act) == foreseen
            return foreseen
        self.bench.line.arm(at=crash[0], lost=crash[1])
        found = await self.place.carry_out(act)
        if not self.bench.line.disarm():
            assert found == foreseen
        elif found == UNKNOWN:
            await self._all_or_nothing_then_again(act, before, foreseen)
        return foreseen

    async def _all_or_nothing_then_again(self, act: Act, before: World, foreseen: str) -> None:
        """Whoever was not told asks again with the same key, and it has happened once."""
        rows = await self.rows()
        happened = state_is(rows, self.world)
        assert happened or state_is(rows, before), "half of an act was written"
        if act.is_keyed or not happened:
            assert await self.place.carry_out(act) == foreseen


def state_is(rows: Snapshot, world: World) -> bool:
    """Whether the rows are this state of the case, with its events and its journal."""
    try:
        stored_state_is_the_models(rows, world.case)
    except AssertionError:
        return False
    return rows.events == world.case.events and rows.lines == world.case.journal


@asynccontextmanager
async def open_bench(url: str, watcher_url: str) -> AsyncIterator[Bench]:
    """A bench on a database of its own."""
    address = urlsplit(url)
    assert address.port is not None
    async with cut_line(address.hostname or "127.0.0.1", address.port) as line:
        through = url.replace(f":{address.port}/", f":{line.port}/")
        watcher = await asyncpg.connect(watcher_url)
        app = await asyncpg.connect(url, server_settings={"search_path": "intake"})
        try:
            async with open_window(through) as window:
                yield Bench(window, line, watcher, app)
        finally:
            await watcher.close()
            await app.close()


@dataclass
class OnBench:
    """A bench and the loop it lives on, for tests that are not coroutines themselves."""

    runner: asyncio.Runner
    bench: Bench

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)
