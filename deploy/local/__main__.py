"""The local stack's commands: `python -m deploy.local --help`."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import psutil
import pyotp
import typer
from rich.console import Console
from rich.table import Table

from deploy.local import journey, trace
from deploy.local.kafka import BrokerUnavailable
from deploy.local.processes import ProcessFailed
from deploy.local.sign_in import sign_in_accounts, ways_to_sign_in
from deploy.local.stack import ROOT, LocalStack, StackInUse
from deploy.secret_keeping import kept_secrets

HOME = ROOT / ".local" / "run"

cli = typer.Typer(
    help="一窗：在一台机器上运行整个平台。", no_args_is_help=True, pretty_exceptions_enable=False
)
Home = Annotated[Path, typer.Option(help="数据、密钥、日志与链路所在的目录，多次运行之间保留。")]


@cli.command()
def run(
    once: Annotated[bool, typer.Option(help="办完示例申请即停止，不再驻留。")] = False,
    home: Home = HOME,
) -> None:
    """启动全部服务，办理示例申请，然后驻留，直到 Ctrl-C。"""
    console = Console()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with LocalStack(home, step=lambda name: _step(console, name)) as stack:
            console.print(f"  消息代理 broker: {stack.broker_note}")
            journey.run_cases(stack)
            if not once:
                _show(console, json.loads((stack.home / "stack.json").read_text()), stack.home)
                for line in ways_to_sign_in(
                    stack.sign_in(), gateway=stack.url("gateway"), simulated=stack.url("simulated")
                ):
                    console.print(line, markup=False, highlight=False, soft_wrap=True)
                console.print("按 Ctrl-C 停止 · Ctrl-C to stop")
                stack.watch()
    except KeyboardInterrupt:
        console.print("已停止 stopped")
    except (ProcessFailed, StackInUse, BrokerUnavailable) as failure:
        console.print(str(failure), style="red", markup=False)
        raise typer.Exit(1) from None


@cli.command(name="trace")
def show_trace(number: Annotated[str, typer.Argument(help="申请编号")], home: Home = HOME) -> None:
    """显示一件申请从手机一触到最后一个部门的全部链路。"""
    trace.show(home, number)


@cli.command()
def status(home: Home = HOME) -> None:
    """正在运行的服务与地址。"""
    state = _state(home)
    if state is None:
        typer.echo("未在运行 not running")
        raise typer.Exit(1)
    _show(Console(), state, home)


@cli.command()
def code(home: Home = HOME) -> None:
    """示例经办人此刻的动态验证码。"""
    accounts = sign_in_accounts(home, kept_secrets(home / "secrets.json"), simulated="")
    typer.echo(pyotp.TOTP(accounts.totp_secret).now())


@cli.command()
def down(home: Home = HOME) -> None:
    """停止在另一终端运行的全部服务。"""
    state = _state(home)
    if state is None:
        typer.echo("未在运行 not running")
        return
    pid = int(str(state["pid"]))
    os.kill(pid, signal.SIGTERM)
    while psutil.pid_exists(pid):
        time.sleep(0.1)
    typer.echo("已停止 stopped")


def _state(home: Path) -> dict[str, object] | None:
    """What a running stack wrote about itself; None when it is gone."""
    file = home / "stack.json"
    if not file.exists():
        return None
    state: dict[str, object] = json.loads(file.read_text())
    return state if psutil.pid_exists(int(str(state["pid"]))) else None


def _show(console: Console, state: dict[str, object], home: Path) -> None:
    table = Table(title="一窗 One Window", title_justify="left")
    table.add_column("程序")
    table.add_column("地址")
    urls = state["urls"]
    if isinstance(urls, dict):
        for name, url in urls.items():
            table.add_row(str(name), f"{url}/graphql" if name == "gateway" else str(url))
    table.add_row("kafka", str(state["kafka"]))
    table.add_row("日志 logs", str(home / "logs"))
    console.print(table)


@contextmanager
def _step(console: Console, name: str) -> Iterator[None]:
    """Show a step while it runs, and how long it took."""
    began = time.monotonic()
    with console.status(name):
        yield
    console.print(f"[green]✔[/] {name}  [dim]{time.monotonic() - began:.1f} s[/]")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    cli()
