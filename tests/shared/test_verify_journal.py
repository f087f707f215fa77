"""Does each service's command line name the first journal row that somebody has touched?"""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import typer
from typer.testing import CliRunner

from services.funeral.settings import FuneralSettings
from services.intake.settings import IntakeSettings
from services.marriage.settings import MarriageSettings
from services.relief.settings import ReliefSettings
from shared.database import Database
from shared.journal import JournalEntry
from shared.operators import add_journal_command
from shared.settings import StoringSettings
from shared.store import SharedStore
from tests.conftest import TestDatabase
from tests.support.apps import department_settings
from tests.support.registry import registry_settings

READ: dict[str, Callable[[str], StoringSettings]] = {
    "funeral": lambda url: FuneralSettings(**department_settings(url)),
    "intake": lambda url: IntakeSettings(**department_settings(url)),
    "marriage": lambda url: MarriageSettings(**department_settings(url)),
    "registry": registry_settings,
    "relief": lambda url: ReliefSettings(**department_settings(url)),
}


async def verify(service: str, database: TestDatabase) -> tuple[int, str]:
    cli = typer.Typer()
    cli.callback()(lambda: None)
    add_journal_command(cli, service, settings=lambda: READ[service](database.url(service)))
    # The command runs a loop of its own, as it does for an operator.
    done = await asyncio.to_thread(CliRunner().invoke, cli, ["verify-journal"])
    return done.exit_code, done.output


async def write_lines(service: str, database: TestDatabase) -> None:
    opened = Database(database.url(service), schema=service)
    for number in range(3):
        async with opened.transactions(SharedStore)() as store:
            await store.write_journal(
                JournalEntry(
                    stream="case:1", actor="officer:lin", act="read", target=f"case:{number}"
                )
            )
    await opened.close()


async def tamper(service: str, database: TestDatabase, statement: str) -> Any:
    """As the one role that can touch the journal at all."""
    url = database.url(service, "owner")
    connection = await asyncpg.connect(url, server_settings={"search_path": service})
    try:
        return await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_first_bad_row_is_named_in_every_service(database: TestDatabase) -> None:
    for service in READ:
        await write_lines(service, database)
        code, told = await verify(service, database)
        assert (code, "3" in told) == (0, True), (service, told)
        await tamper(service, database, "UPDATE journal SET act = 'x' WHERE seq = 2")
        code, told = await verify(service, database)
        assert code == 1, service
        assert "case:1 第 2 行" in told


async def test_a_row_that_was_taken_out_is_missed_by_the_next(database: TestDatabase) -> None:
    await write_lines("relief", database)
    await tamper("relief", database, "DELETE FROM journal WHERE seq = 1")
    code, told = await verify("relief", database)
    assert (code, "case:1 第 2 行" in told) == (1, True)
