"""Writes the generated papers, or says which are out of date: `python -m docs.generate --help`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from docs.access import access_page
from docs.floor_plan import floor_plan_page
from docs.law import law_page
from docs.problems import problems_page
from docs.topics import events_page

FOLDER = Path(__file__).resolve().parent

PAGES: Mapping[str, Callable[[], str]] = {
    "law.md": law_page,
    "problems.md": problems_page,
    "events.md": events_page,
    "floor-plan.md": floor_plan_page,
    "access.md": access_page,
}

cli = typer.Typer(help="由代码生成文档。", pretty_exceptions_enable=False)


@cli.command()
def generate(
    check: Annotated[bool, typer.Option(help="只检查是否最新，不写文件。")] = False,
) -> None:
    """生成 docs/ 下由代码得出的页面。"""
    stale = [name for name, write in PAGES.items() if kept(name) != write()]
    for name in stale:
        typer.echo(f"{'过时' if check else '已更新'} docs/{name}")
        if not check:
            (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
    if check and stale:
        raise typer.Exit(1)


def kept(name: str) -> str:
    """A page as it stands in the file; empty when there is none yet."""
    file = FOLDER / name
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    cli()
