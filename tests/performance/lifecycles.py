"""Whole lifecycles over HTTP, beside the same from pgbench, in one run on one machine.

submit → six verdicts at once → concluded; policy, journal, outbox and idempotency are in
each transaction. Prints what it measured and on what; quote ratios, not absolute figures.
"""

import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import asyncpg
import httpx
import psutil
import typer

from deploy.local.postgres import LocalPostgres
from deploy.secret_keeping import StackSecrets
from shared.auth import Actor, ActorKind
from shared.identifiers.check_characters import mod_11_2
from tests.performance.counter import DEPARTMENTS, Counter, prepare, running
from tests.performance.floor import floor
from tests.performance.on_file import put_on_file

PLACE = "330106109201"


@dataclass(frozen=True)
class Asked:
    """What is to be measured."""

    lifecycles: int
    callers: int
    on_file: int
    seconds: int
    processes: int


@dataclass
class Measured:
    """Latencies in seconds, and what the machine spent."""

    submit: list[float] = field(default_factory=list)
    verdict: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0
    spent: "Spent | None" = None


@dataclass(frozen=True)
class Spent:
    """What the database and the processes have used up by now, or between two moments."""

    commits: int
    wal_bytes: int
    full_pages: int
    """Pages written whole into the WAL: the first change of each after a checkpoint."""
    deadlocks: int
    rows_scanned: int
    """Rows read because no index led to those that were wanted."""
    server_seconds: float
    database_seconds: float

    def since(self, before: "Spent") -> "Spent":
        return Spent(
            *(now - then for now, then in zip(astuple(self), astuple(before), strict=True))
        )


def id_number(n: int) -> str:
    """A synthetic resident number with a right check character."""
    digits = f"330106{1950 + n // 1000 // 336 % 50:04d}{n // 1000 // 28 % 12 + 1:02d}"
    digits += f"{n // 1000 % 28 + 1:02d}{n % 1000:03d}"
    return digits + mod_11_2(digits)


async def lifecycle(
    counter: Counter, client: httpx.AsyncClient, n: int, partners: Sequence[str], out: Measured
) -> None:
    number = id_number(n)
    citizen = Actor(kind=ActorKind.CITIZEN, id=f"bench-{n}", person_index=counter.index.of(number))
    form = {"applicant": {"name": "测量者", "id_no": number}, "place": PLACE}
    began = time.perf_counter()
    answer = await client.post(
        f"{counter.url(n)}/v1/applications",
        json={"itemCode": "BENCH1", "form": form},
        headers=_headers(counter.token(citizen)),
    )
    out.submit.append(time.perf_counter() - began)
    if answer.status_code != 201:
        out.refused += 1
        return
    tasks = answer.json()["matters"][0]["tasks"]

    async def say(position: int, task_id: str) -> None:
        asked = time.perf_counter()
        said = await client.post(
            f"{counter.url(n + position)}/v1/tasks/{task_id}:verdict",
            json={"verdict": "approve"},
            headers=_headers(partners[position]),
        )
        out.verdict.append(time.perf_counter() - asked)
        out.refused += said.status_code != 200

    await asyncio.gather(*(say(position, task["id"]) for position, task in enumerate(tasks)))


async def drive(counter: Counter, *, lifecycles: int, callers: int, first: int) -> Measured:
    partners = [
        counter.token(Actor(kind=ActorKind.PARTNER, id=f"bench-{n}", system=f"bench-{n}"))
        for n in range(DEPARTMENTS)
    ]
    out, waiting = Measured(), asyncio.Queue[int]()
    for n in range(first, first + lifecycles):
        waiting.put_nowait(n)
    limits = httpx.Limits(
        max_connections=callers * 6,
        max_keepalive_connections=callers * 6,
        # Sooner than the server closes: a connection must not be used while it is closed.
        keepalive_expiry=2,
    )
    async with httpx.AsyncClient(timeout=60, limits=limits, trust_env=False) as client:

        async def caller() -> None:
            while not waiting.empty():
                await lifecycle(counter, client, waiting.get_nowait(), partners, out)

        before = await _spent(counter)
        began = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(callers)))
        out.seconds = time.perf_counter() - began
    # PostgreSQL reports its statistics a moment late.
    await asyncio.sleep(1.5)
    out.spent = (await _spent(counter)).since(before)
    return out


async def verify(counter: Counter, *, at_least: int) -> None:
    """Every lifecycle must have ended as it should, or the figures mean nothing."""
    connection = await asyncpg.connect(counter.admin_url)
    bad = await connection.fetchval(
        "SELECT count(*) FROM intake.application WHERE item_code = 'BENCH1' "
        "AND (stage <> 'concluded' OR outcome <> 'granted')"
    )
    good = await connection.fetchval(
        "SELECT count(*) FROM intake.application WHERE item_code = 'BENCH1'"
    )
    await connection.close()
    if bad or good < at_least:
        raise RuntimeError(f"{bad} lifecycles did not conclude, {good} are on file")


def main(
    lifecycles: Annotated[int, typer.Option(help="Lifecycles to measure.")] = 200,
    callers: Annotated[int, typer.Option(help="Lifecycles under way at once.")] = 8,
    on_file: Annotated[int, typer.Option(help="Concluded cases on file beforehand.")] = 0,
    seconds: Annotated[int, typer.Option(help="How long pgbench runs.")] = 10,
    processes: Annotated[int, typer.Option(help="API processes on the one database.")] = 1,
) -> None:
    """Measure, verify, print."""
    with tempfile.TemporaryDirectory() as folder:
        server = LocalPostgres(Path(folder) / "postgres")
        admin_url = server.start()
        try:
            asked = Asked(lifecycles, callers, on_file, seconds, processes)
            asyncio.run(_measure(admin_url, Path(folder), asked))
        finally:
            server.stop()


async def _measure(admin_url: str, folder: Path, asked: Asked) -> None:
    secrets = StackSecrets()
    environment = {
        **os.environ,
        "DATABASE_ADMIN_URL": admin_url,
        "DATABASE_PASSWORD_SECRET": secrets.database_passwords,
    }
    for command in ("provision", "upgrade"):
        subprocess.run(
            [sys.executable, "-m", "shared.migrations", command], env=environment, check=True
        )
    await prepare(admin_url, secrets)
    if asked.on_file:
        await put_on_file(admin_url, asked.on_file)
    callers = asked.callers
    with running(admin_url, secrets, processes=asked.processes) as counter:
        await drive(counter, lifecycles=callers * 3, callers=callers, first=0)
        found = await drive(counter, lifecycles=asked.lifecycles, callers=callers, first=1000)
        one = await drive(counter, lifecycles=20, callers=1, first=500_000)
        await verify(counter, at_least=asked.lifecycles)
    best = await floor(admin_url, folder, clients=callers, seconds=asked.seconds)
    _report(found, one, asked, best)


def _report(found: Measured, one: Measured, asked: Asked, best: float) -> None:
    lifecycles, spent = asked.lifecycles, found.spent
    rate = lifecycles / found.seconds
    assert spent is not None
    calls = lifecycles * (DEPARTMENTS + 1)
    cores = psutil.cpu_count()
    lines = [
        f"{date.today()}  {platform.machine()}, {cores} cores shared",  # noqa: DTZ011
        f"API processes                     {asked.processes:8d}",
        f"cases on file beforehand          {asked.on_file:,}",
        f"lifecycles a second               {rate:8.1f}   refused {found.refused}",
        f"pgbench, the same lifecycle       {best:8.1f}   ratio {rate / best:.3f}",
        f"submit  p50 / p99 ms              {_ms(found.submit)}   one caller {_ms(one.submit)}",
        f"verdict p50 / p99 ms              {_ms(found.verdict)}   one caller {_ms(one.verdict)}",
        f"commits a lifecycle               {spent.commits / lifecycles:8.2f}",
        f"WAL kB a lifecycle                {spent.wal_bytes / lifecycles / 1024:8.1f}"
        f"   full pages {spent.full_pages / lifecycles:.2f}",
        f"deadlocks                         {spent.deadlocks:8d}",
        f"rows scanned a lifecycle          {spent.rows_scanned / lifecycles:8.1f}",
        f"CPU ms a call, server + database  {spent.server_seconds / calls * 1000:8.2f} +"
        f"{spent.database_seconds / calls * 1000:6.2f}",
    ]
    print("\n".join(lines))  # noqa: T201 - the report is the purpose


def _ms(values: Sequence[float]) -> str:
    cut = statistics.quantiles(values, n=100)
    return f"{cut[49] * 1000:7.1f} / {cut[98] * 1000:7.1f}"


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}


async def _spent(counter: Counter) -> Spent:
    connection = await asyncpg.connect(counter.admin_url)
    row = await connection.fetchrow(
        "SELECT sum(xact_commit) AS commits, sum(deadlocks) AS deadlocks,"
        " pg_current_wal_lsn() - '0/0'::pg_lsn AS wal, pg_backend_pid() AS pid,"
        " (SELECT wal_fpi FROM pg_stat_wal) AS full_pages,"
        " (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE schemaname = 'intake') AS rows"
        " FROM pg_stat_database"
    )
    postmaster = psutil.Process(row["pid"]).parent()
    await connection.close()
    family = [postmaster, *postmaster.children()] if postmaster is not None else []
    return Spent(
        commits=int(row["commits"]),
        wal_bytes=int(row["wal"]),
        full_pages=int(row["full_pages"]),
        deadlocks=int(row["deadlocks"]),
        rows_scanned=int(row["rows"] or 0),
        server_seconds=_cpu_seconds([psutil.Process(pid) for pid in counter.pids]),
        database_seconds=_cpu_seconds(family),
    )


def _cpu_seconds(processes: Sequence[psutil.Process]) -> float:
    found = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        found += times.user + times.system
    return found


if __name__ == "__main__":
    typer.run(main)
