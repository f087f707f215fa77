"""Does the embedded PostgreSQL start, keep what it was told, and keep quiet about people?"""

import stat
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from deploy.local.postgres import LocalPostgres


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPostgres]:
    postgres = LocalPostgres(tmp_path_factory.mktemp("postgres"))
    postgres.start()
    yield postgres
    postgres.stop()


async def ask(url: str, sql: str, *values: object) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql, *values)
    finally:
        await connection.close()


async def test_it_is_postgresql_18_with_checksums_and_real_commits(server: LocalPostgres):
    assert str(await ask(server.url, "SHOW server_version")).startswith("18.")
    assert await ask(server.url, "SHOW data_checksums") == "on"
    assert await ask(server.url, "SHOW fsync") == "on"


async def test_a_wrong_password_is_refused(server: LocalPostgres):
    wrong = server.url.replace(server.password_file.read_text(), "guess")

    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(wrong, "SELECT 1")


def test_only_the_owner_can_read_the_password(server: LocalPostgres):
    assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600


async def test_what_was_committed_survives_a_power_cut_on_the_same_port(server: LocalPostgres):
    await ask(server.url, "CREATE TABLE kept AS SELECT 7 AS number")
    before = server.url

    server.kill()
    server.start()

    assert server.url == before
    assert await ask(server.url, "SELECT number FROM kept") == 7


async def test_another_server_object_finds_the_data_of_the_first(server: LocalPostgres):
    await ask(server.url, "CREATE TABLE found AS SELECT 8 AS number")
    server.stop()
    second = LocalPostgres(server.folder)

    try:
        assert await ask(second.start(), "SELECT number FROM found") == 8
    finally:
        second.stop()
        server.start()


async def test_an_error_leaves_no_values_in_the_log(server: LocalPostgres):
    await ask(server.url, "CREATE TABLE people (id_number text PRIMARY KEY)")
    await ask(server.url, "INSERT INTO people VALUES ($1)", "secret-number")

    with pytest.raises(asyncpg.UniqueViolationError):
        await ask(server.url, "INSERT INTO people VALUES ($1)", "secret-number")
    with pytest.raises(asyncpg.UniqueViolationError):
        await ask(server.url, "INSERT INTO people VALUES ('secret-number')")

    log = (server.folder / "postgres.log").read_text()
    assert "duplicate key value" in log
    assert "secret-number" not in log


def test_a_server_that_cannot_start_says_why(server: LocalPostgres):
    second = LocalPostgres(server.folder)

    with pytest.raises(Exception, match=r"lock file .*postmaster\.pid"):
        second.start()
    second.stop()


def test_a_run_cut_short_leaves_no_half_made_data(tmp_path: Path):
    folder = tmp_path / "postgres"
    (folder / "unfinished").mkdir(parents=True)
    postgres = LocalPostgres(folder)

    postgres.prepare()

    assert (postgres.data / "PG_VERSION").read_text().strip() == "18"
