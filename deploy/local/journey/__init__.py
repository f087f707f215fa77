"""The sample applications of `make run`, carried to their end by people at the real doors.

`people` is what a citizen and an officer can do from outside; tests use it as well.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import httpx
import typer
from rich.console import Console
from rich.live import Live

from deploy.local.journey.board import Board
from deploy.local.journey.cases import CasesStillOpen, Report, carry_cases
from deploy.local.journey.commands import addresses, commands
from deploy.local.journey.people import DoorRefused
from deploy.local.journey.timeline import draw_case
from shared.clock import SystemClock

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"
PROGRAMS = ("gateway", "intake", "relief", "marriage", "funeral", "registry", "simulated")

PLAIN_WIDTH = 130
WIDE = 110
"""Columns from which on there is room to draw when everybody worked."""


class RunningStack(Protocol):
    """A stack that is up."""

    home: Path

    def url(self, name: str) -> str:
        """The address of a program."""
        ...


def run_cases(stack: RunningStack) -> Report:
    """Carry the sample cases to their end before one's eyes, and say what to try next.

    Raises:
        typer.Exit: With status 1, after saying which cases are still open and who has them,
            or what was refused.
    """
    console = _console()
    urls = {name: stack.url(name) for name in PROGRAMS}
    board = Board()
    try:
        with Live(board, console=console, refresh_per_second=8):
            today = SystemClock().today()
            report = asyncio.run(
                carry_cases(urls["gateway"], catalogue=CATALOGUE, today=today, board=board)
            )
    except CasesStillOpen as still_open:
        console.print("以下申请未在时限内办结：", style="red")
        console.print(str(still_open), markup=False)
        raise typer.Exit(1) from None
    except (DoorRefused, httpx.HTTPError) as refused:
        console.print(f"平台未受理：{refused!r}", style="red", markup=False)
        raise typer.Exit(1) from None
    _tell(console, report, urls, home=stack.home)
    return report


def _console() -> Console:
    """The screen; a file or a pipe has no width, and lines there may be long."""
    console = Console()
    return console if console.is_terminal else Console(width=PLAIN_WIDTH)


def _tell(console: Console, report: Report, urls: Mapping[str, str], *, home: Path) -> None:
    for each in report.finished:
        wide = console.width >= WIDE
        console.print(draw_case(each.case, note=each.note, with_bars=wide))
    console.print("\n在哪里 where things are", style="bold")
    for name, address in addresses(urls, home=home):
        console.print(f"  {name:<20} {address}", markup=False, highlight=False, soft_wrap=True)
    console.print("\n接着试试 try next", style="bold")
    for whom, command in commands(urls, home=home, citizen="chen", number=report.numbers[-1]):
        console.print(f"# {whom}", style="dim", markup=False)
        # Wrapped lines could not be pasted.
        console.print(command, markup=False, highlight=False, soft_wrap=True)
