"""Starts the window, and looks at its catalogue: `python -m services.intake --help`."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from services.intake.actions.catalogue_files import ITEM_SCHEMA
from services.intake.actions.dry_run_plan import dry_run_plan, plan_as_data, plan_as_text
from services.intake.actions.lint_catalogue import lint_catalogue
from services.intake.actions.move_case import move_as_text
from services.intake.actions.read_notice import notice_as_text, notice_of_files
from services.intake.app import create, notice_of_versions, run_moves
from services.intake.settings import IntakeSettings
from shared.clock import SystemClock
from shared.errors import CivilError
from shared.operators import add_journal_command
from shared.service import serve, start_telemetry

cli = typer.Typer(
    help="一窗受理服务：不带子命令即启动服务。",
    invoke_without_command=True,
    add_completion=False,
    # A traceback with its variables would show settings, and so secrets.
    pretty_exceptions_enable=False,
)
catalogue = typer.Typer(help="检查事项目录，或试排一份申请的办理计划。", no_args_is_help=True)
cli.add_typer(catalogue, name="catalogue")
add_journal_command(cli, "intake", settings=IntakeSettings)

Folder = Annotated[
    Path, typer.Argument(help="事项目录所在的文件夹。", exists=True, file_okay=False)
]
On = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="按哪一天计算，默认为今天。")
]


@cli.callback()
def start(context: typer.Context) -> None:
    """一窗受理服务：不带子命令即启动服务。"""
    if context.invoked_subcommand is not None:
        return
    settings = IntakeSettings()
    provider = start_telemetry("intake", settings)
    serve(create(settings), settings, provider=provider)


@catalogue.command()
def lint(folder: Folder = Path("catalogue"), on: On = None) -> None:
    """逐一检查目录中的每个文件；有错误时列出文件、行号和原因，并以状态 1 退出。"""
    faults = lint_catalogue(_files_in(folder), on=on.date() if on else SystemClock().today())
    for fault in faults:
        typer.echo(f"{folder}/{fault}")
    typer.echo(f"发现 {len(faults)} 处错误" if faults else "没有发现错误", err=True)
    raise typer.Exit(1 if faults else 0)


@catalogue.command()
def plan(
    item: Annotated[str, typer.Argument(help="事项编码，例如 JZ201。")],
    form: Annotated[Path, typer.Option(help="申请表（JSON 文件）。", exists=True, dir_okay=False)],
    on: On = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
    folder: Annotated[
        Path, typer.Option(help="事项目录所在的文件夹。", exists=True, file_okay=False)
    ] = Path("catalogue"),
) -> None:
    """试排办理计划：征询哪些部门、为何、分几批、最迟何时答复；不产生任何申请。"""
    try:
        run = dry_run_plan(
            _files_in(folder),
            code=item,
            form=_form_in(form),
            on=on.date() if on else SystemClock().today(),
        )
    except CivilError as problem:
        _tell(problem)
        raise typer.Exit(1) from None
    typer.echo(orjson.dumps(plan_as_data(run)).decode() if as_json else plan_as_text(run))


@catalogue.command()
def diff(
    item: Annotated[str, typer.Argument(help="事项编码，例如 JZ201。")],
    before: Annotated[str, typer.Argument(help="旧版本：版本号，或事项文件。")],
    after: Annotated[str | None, typer.Argument(help="新版本；默认为目录中的文件。")] = None,
    folder: Folder = Path("catalogue"),
) -> None:
    """像公告一样列出两个版本的区别：材料、时限、部门、条件、申请表，中英文对照。"""
    later = after or str(folder / "items" / f"{item}.yaml")
    try:
        if before.isdecimal() and later.isdecimal():
            changes = asyncio.run(notice_of_versions(item, int(before), int(later)))
        else:
            changes = notice_of_files(_text_in(before), _text_in(later))
    except CivilError as problem:
        _tell(problem)
        raise typer.Exit(1) from None
    typer.echo(notice_as_text(changes))


@catalogue.command()
def move(
    item: Annotated[str, typer.Argument(help="事项编码，例如 JZ201。")],
    version: Annotated[int, typer.Argument(help="转到的版本号。", min=1)],
    reason: Annotated[str, typer.Option(help="理由，记入每个办件的日志。")],
    operator: Annotated[str, typer.Option(help="操作人的编号，记入日志。")],
    apply: Annotated[bool, typer.Option("--apply", help="执行；不加则只预览。")] = False,
) -> None:
    """把在办的办件转到事项的另一版本：每件一个事务，中断后重新运行即可继续。"""
    try:
        moves = asyncio.run(run_moves(item, version, reason=reason, operator=operator, apply=apply))
    except CivilError as problem:
        _tell(problem)
        raise typer.Exit(1) from None
    for each in moves:
        typer.echo(move_as_text(each))
    left = sum(each.obstacle is not None for each in moves)
    typer.echo(f"共 {len(moves)} 件，其中 {left} 件不能转，继续按原版本办理", err=True)


def _text_in(path: str) -> str:
    found = Path(path)
    if not found.is_file():
        raise typer.BadParameter(f"没有文件 {path}；两个版本号须同时给出")
    return found.read_text(encoding="utf-8")


def _files_in(folder: Path) -> Mapping[str, str]:
    paths = [folder / ITEM_SCHEMA, *folder.glob("*/*.yaml")]
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.is_file()
    }


def _form_in(path: Path) -> Mapping[str, Any]:
    try:
        form = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as problem:
        raise typer.BadParameter(f"不是有效的 JSON：{problem}") from None
    if not isinstance(form, dict):
        raise typer.BadParameter("申请表应为一个 JSON 对象")
    return form


def _tell(problem: CivilError) -> None:
    """What went wrong, fact by fact; a form's mistakes each on a line of its own."""
    facts: Mapping[str, Any] = problem.facts
    typer.echo("：".join(filter(None, (problem.title, problem.detail))), err=True)
    for error in facts.get("errors", ()):
        typer.echo(f"  {error['pointer']} {error['message']['zh']}", err=True)


def main() -> None:
    """Serve, or do what the command line names."""
    cli()


if __name__ == "__main__":
    main()
