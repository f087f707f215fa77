"""Starts the registry, and the commands of its operators: `python -m services.registry --help`."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import orjson
import typer

from services.registry.actions.publish_catalogue import publish_catalogue
from services.registry.actions.register_client import RegisterClient, register_client
from services.registry.actions.rotate_keys import rotate_keys
from services.registry.app import SERVICE, Parts, assemble, create
from services.registry.clients.catalogue import read_catalogue
from services.registry.model import ClientKind
from services.registry.settings import RegistrySettings
from shared.errors import CivilError
from shared.operators import add_journal_command
from shared.service import serve, start_telemetry

T = TypeVar("T")

OPERATOR = "operator:console"

cli = typer.Typer(help="登记与目录服务：不带子命令即启动服务。", invoke_without_command=True)
add_journal_command(cli, SERVICE, settings=RegistrySettings)


@cli.callback()
def start(context: typer.Context) -> None:
    """登记与目录服务：不带子命令即启动服务。"""
    if context.invoked_subcommand is not None:
        return
    settings = RegistrySettings()
    provider = start_telemetry(SERVICE, settings)
    serve(create(settings), settings, provider=provider)


@cli.command()
def publish(folder: Annotated[Path, typer.Argument(help="事项目录所在的文件夹。")]) -> None:
    """发布事项目录中有变化的内容，每处变化成为一个不可更改的新版本。"""

    async def act(parts: Parts) -> list[str]:
        changed = await publish_catalogue(
            read_catalogue(folder),
            transaction=parts.wiring.transaction,
            clock=parts.wiring.clock,
            actor=OPERATOR,
        )
        return [f"{each.kind} {each.key} v{each.version}" for each in changed]

    for line in _run(act) or ["没有变化"]:
        typer.echo(line)


@cli.command("register-client")
def register(
    client_id: Annotated[str, typer.Argument(help="客户端标识。")],
    kind: Annotated[ClientKind, typer.Option(help="service、partner 或 operator。")],
    system: Annotated[str | None, typer.Option(help="系统名，默认与标识相同。")] = None,
    public_key: Annotated[
        Path | None, typer.Option(help="P-256 公钥（JWK 文件）；不给则生成一个密钥并显示一次。")
    ] = None,
    secret_stdin: Annotated[
        bool, typer.Option("--secret-stdin", help="从标准输入读取一行作为密钥，而不是生成。")
    ] = False,
    audience: Annotated[
        list[str] | None, typer.Option(help="允许调用的服务，可重复；默认按类别。")
    ] = None,
) -> None:
    """登记一个可以申请访问令牌的程序；重复登记即更换密钥。"""
    secret = _secret(from_stdin=secret_stdin, has_key=public_key is not None)
    command = RegisterClient(
        id=client_id,
        kind=kind,
        system=system or client_id,
        secret=secret,
        public_jwk=orjson.loads(public_key.read_bytes()) if public_key else None,
        audiences=frozenset(audience or ()),
    )

    async def act(parts: Parts) -> None:
        await register_client(
            command,
            transaction=parts.wiring.transaction,
            clock=parts.wiring.clock,
            actor=OPERATOR,
        )

    _run(act)
    typer.echo(f"已登记 {client_id}")
    if secret and not secret_stdin:
        typer.echo(f"密钥（只显示这一次）: {secret}")


@cli.command("rotate-keys")
def rotate() -> None:
    """启用下一把签名密钥，并公布再下一把；已签发的令牌不受影响。"""

    async def act(parts: Parts) -> bool:
        return await rotate_keys(
            transaction=parts.wiring.transaction, clock=parts.wiring.clock, actor=OPERATOR
        )

    _run(act)
    typer.echo("已轮换")


def _secret(*, from_stdin: bool, has_key: bool) -> str | None:
    """A command line is seen by everybody on the machine, so a secret never stands there."""
    if from_stdin:
        return typer.get_text_stream("stdin").readline().strip()
    return None if has_key else secrets.token_urlsafe(32)


def _run(act: Callable[[Parts], Awaitable[T]]) -> T:
    """Do one command and say plainly why, when it cannot be done."""

    async def run() -> T:
        parts = assemble(RegistrySettings())
        try:
            return await act(parts)
        finally:
            await parts.database.close()

    try:
        return asyncio.run(run())
    except CivilError as refusal:
        typer.echo(refusal.title, err=True)
        if refusal.detail:
            typer.echo(refusal.detail, err=True)
        for fault in _faults(refusal):
            typer.echo(f"  {fault}", err=True)
        raise typer.Exit(1) from None


def _faults(refusal: CivilError) -> list[str]:
    faults = refusal.facts.get("faults")
    return [str(fault) for fault in faults] if isinstance(faults, list) else []


if __name__ == "__main__":
    cli()
