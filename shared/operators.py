"""Every department's command line: serve it, look after its keys, and check its journal."""

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
from shared.verifying import check_as_text, verify_journal_of

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
    add_journal_command(cli, name, settings=settings)
    return cli


def add_journal_command(
    cli: typer.Typer, name: str, *, settings: Callable[[], StoringSettings]
) -> None:
    """Let a service's command line check its journal; status 1 if a row breaks its chain."""

    def verify_journal() -> None:
        """从头核对日志的哈希链，指出第一处不可信的行；有问题时以状态 1 退出。"""
        check = asyncio.run(verify_journal_of(name, settings()))
        typer.echo(check_as_text(check))
        raise typer.Exit(0 if check.first_bad is None else 1)

    cli.command("verify-journal")(verify_journal)


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
