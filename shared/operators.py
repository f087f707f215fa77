"""The command line every department's service has: serve it, and look after its keys."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import typer
from fastapi import FastAPI
from sqlalchemy import MetaData

from shared.database import Database
from shared.rekeying import count_keys, rewrap
from shared.sealing import FieldCipher
from shared.service import serve, start_telemetry
from shared.settings import StoringSettings

T = TypeVar("T", bound=StoringSettings)


def command_line(
    name: str,
    *,
    title: str,
    settings: Callable[[], T],
    create: Callable[[T], FastAPI],
    tables: Callable[[], MetaData],
) -> typer.Typer:
    """The commands of one service; without a command it is served.

    Args:
        name: The service, which is also its schema.
        title: What the help calls it.
        settings: Reads the environment.
        create: Wires the service.
        tables: What it keeps.
    """
    cli = typer.Typer(
        help=f"{title}：不带子命令即启动服务。",
        invoke_without_command=True,
        add_completion=False,
        # A traceback with its variables would show settings, and so secrets.
        pretty_exceptions_enable=False,
    )

    def start(context: typer.Context) -> None:
        if context.invoked_subcommand is not None:
            return
        configured = settings()
        provider = start_telemetry(name, configured)
        serve(create(configured), configured, provider=provider)

    def rekey() -> None:
        """把各记录的密钥改由当前主密钥封装；可在服务运行时执行，可重复执行。"""
        for line in asyncio.run(_rekey(name, settings(), tables())):
            typer.echo(line)

    cli.callback()(start)
    cli.command()(rekey)
    return cli


async def _rekey(name: str, settings: StoringSettings, tables: MetaData) -> list[str]:
    cipher = FieldCipher.parse(settings.field_keys.get_secret_value())
    database = Database(settings.database_url.get_secret_value(), schema=name, pool_size=2)
    try:
        done = await rewrap(database, tables, cipher)
        counted = await count_keys(database, tables)
    finally:
        await database.close()
    told = [f"改封 {done} 个记录密钥"]
    return [*told, *(f"主密钥 {kid}：{number} 个" for kid, number in sorted(counted.items()))]
