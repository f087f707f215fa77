"""Schemas, roles and migrations of all services: `python -m shared.migrations --help`.

Each service has a schema and two roles: `<service>_owner` migrates it, `<service>_app`
works in it and cannot change or delete what must stay (the journal).
"""

import asyncio
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import (
    CreateTable,
    ExecutableDDLElement,
    SetColumnComment,
    SetTableComment,
)

from shared.tables import record_key, shared_tables

SERVICES = ("registry", "intake", "relief", "marriage", "funeral", "gateway")

_ROOT = Path(__file__).resolve().parent.parent

cli = typer.Typer(help="建库、建角色、迁移各服务的表结构。", no_args_is_help=True)

AdminUrl = Annotated[
    str, typer.Option(envvar="DATABASE_ADMIN_URL", help="超级用户的 postgresql:// 地址。")
]
PasswordSecret = Annotated[
    str, typer.Option(envvar="DATABASE_PASSWORD_SECRET", help="各角色口令由它派生。")
]


def role_password(secret: str, role: str) -> str:
    """The password of a database role, derived from one secret (HMAC-SHA256)."""
    return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()


def role_url(admin_url: str, secret: str, role: str) -> str:
    """`postgresql://` address for a role in the administrator's database."""
    url = make_url(admin_url).set(username=role, password=role_password(secret, role))
    return url.render_as_string(hide_password=False)


@cli.command()
def provision(admin_url: AdminUrl, password_secret: PasswordSecret) -> None:
    """建立各服务的模式与角色（可重复执行）。"""
    asyncio.run(provision_all(admin_url, password_secret))


@cli.command()
def upgrade(admin_url: AdminUrl, password_secret: PasswordSecret) -> None:
    """以各服务的 owner 角色迁移到最新版本。"""
    asyncio.run(upgrade_all(admin_url, password_secret))


async def provision_all(admin_url: str, secret: str) -> None:
    """Create every service's schema and roles; what is there already stays."""
    engine = _engine(make_url(admin_url))
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(7100)"))
            for service in SERVICES:
                for statement in await _statements(connection, service, secret):
                    await connection.execute(text(statement))
    finally:
        await engine.dispose()


async def _statements(connection: Any, service: str, secret: str) -> list[str]:  # noqa: ANN401
    owner, app = f"{service}_owner", f"{service}_app"
    existing = await connection.execute(
        text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:names)"), {"names": [owner, app]}
    )
    known = set(existing.scalars())
    roles = [
        f"{'ALTER' if role in known else 'CREATE'} ROLE {role} LOGIN "
        f"PASSWORD '{role_password(secret, role)}'"
        for role in (owner, app)
    ]
    return [
        *roles,
        f"CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {owner}",
        f"GRANT USAGE ON SCHEMA {service} TO {app}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {service} "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {service} "
        f"GRANT USAGE ON SEQUENCES TO {app}",
    ]


async def upgrade_all(admin_url: str, secret: str) -> None:
    """Migrate every service's schema to its newest version, one after another."""
    for service in SERVICES:
        if not (_ROOT / "services" / service / "migrations" / "env.py").exists():
            continue
        engine = _engine(make_url(role_url(admin_url, secret, f"{service}_owner")))
        try:
            async with engine.connect() as connection:
                await connection.execute(text("SET lock_timeout = '4s'"))
                await connection.execute(text(f"SET search_path = {service}"))
                await connection.commit()
                await connection.run_sync(_upgrade, service)
        finally:
            await engine.dispose()


def _upgrade(connection: Connection, service: str) -> None:
    command.upgrade(alembic_config(service, connection), "head")


def alembic_config(service: str, connection: Connection) -> Config:
    """Alembic's configuration for one service, on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(_ROOT / "services" / service / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["service"] = service
    return config


def run_environment() -> None:
    """What each service's `migrations/env.py` does."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        version_table="migration",
        version_table_schema=context.config.attributes["service"],
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


def create_shared_tables(operations: Any, service: str) -> None:  # noqa: ANN401
    """Create outbox, inbox, jobs, answers and journal; called by a first migration.

    The journal is append-only for the application's role.
    """
    for table in shared_tables().sorted_tables:
        operations.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            index.create(operations.get_bind())
        for comment in _comments(table):
            operations.execute(comment)
    operations.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON journal FROM {service}_app")


def add_record_key(operations: Any, table: str) -> None:  # noqa: ANN401
    """Give a table's records a key of their own; called by a migration."""
    column = record_key("")
    operations.execute(f"ALTER TABLE {table} ADD COLUMN {column.name} BYTEA")
    operations.execute(f"COMMENT ON COLUMN {table}.{column.name} IS '{column.comment}'")


def _comments(table: Table) -> Iterator[ExecutableDDLElement]:
    if table.comment:
        yield SetTableComment(table)
    for column in table.columns:
        if column.comment:
            yield SetColumnComment(column)


async def is_current(engine: AsyncEngine, service: str) -> bool:
    """Whether the schema has been migrated at all; for readiness."""

    def version(connection: Connection) -> str | None:
        migration = MigrationContext.configure(
            connection, opts={"version_table": "migration", "version_table_schema": service}
        )
        return migration.get_current_revision()

    async with engine.connect() as connection:
        return await connection.run_sync(version) is not None


def _engine(url: URL) -> AsyncEngine:
    return create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=NullPool)


if __name__ == "__main__":
    cli()
