"""Writes `floor-plan.md`: which rooms each service has, and what stands in them."""

import importlib
from collections.abc import Iterator

from docs.sources import ROOT, SERVICES, Module, first_sentence, modules_of, page, table

ROOMS = (
    ("model", "What are the things?"),
    ("rules", "What does the law say?"),
    ("errors", "What cannot be done, and why?"),
    ("events", "What do we tell others?"),
    ("tables", "How is it kept?"),
    ("store", "Every SQL statement"),
    ("ports", "What must somebody outside be able to do for us?"),
    ("clients", "Whom do we ask, and how?"),
    ("actions", "What can be done?"),
    ("schemas", "What do HTTP bodies look like?"),
    ("schema", "What does the GraphQL door show?"),
    ("loaders", "What is asked once for a whole screen?"),
    ("api", "Which URL does what?"),
    ("consumers", "Which message does what?"),
    ("settings", "What can be configured?"),
    ("app", "How is it wired?"),
    ("__main__", "How does it start?"),
    ("migrations", "How did the tables come to be?"),
)
"""Every room a service may have, in the order in which imports point: downwards is inwards."""

INTRODUCTION = """\
The same rooms in every service: who knows one, knows all. A room that has grown is a folder cut
by noun. `shared/` knows no service; `docs/law.md` lists the rules one by one."""


def floor_plan_page() -> str:
    """The page as it should stand in the file."""
    services = [_service(name) for name in SERVICES]
    return page("Floor plan", INTRODUCTION, _overview(), *services, _shared())


def has_room(service: str, room: str) -> bool:
    """Whether a service has a room, as a module or as a folder."""
    folder = ROOT / "services" / service
    return (folder / f"{room}.py").exists() or (folder / room).is_dir()


def _overview() -> list[str]:
    rows = (
        [f"`{room}`", question, *("●" if has_room(name, room) else "" for name in SERVICES)]
        for room, question in ROOMS
    )
    return table(["Room", "The question it answers", *SERVICES], rows)


def _service(name: str) -> list[str]:
    package = Module(ROOT / "services" / name / "__init__.py")
    return [
        f"## {name.capitalize()}",
        "",
        package.doc.split("\n")[0],
        "",
        *_tables(name),
        *_files(f"services/{name}", without=package),
    ]


def _tables(name: str) -> Iterator[str]:
    """The tables of a service's schema that no other service has."""
    if not has_room(name, "tables"):
        return
    module = importlib.import_module(f"services.{name}.tables")
    shared = importlib.import_module("shared.tables").shared_tables().tables
    own = sorted(set(getattr(module, f"{name}_tables")().tables) - set(shared))
    yield "Tables of its own: " + ", ".join(f"`{each}`" for each in own) + "."
    yield ""


def _files(folder: str, *, without: Module | None = None) -> list[str]:
    rows = [
        [module.link(module.place.removeprefix(f"{folder}/")), first_sentence(module.doc)]
        for module in modules_of(folder)
        if without is None or module.path != without.path
    ]
    return table(["File", "What is here"], rows)


def _shared() -> list[str]:
    return ["## Shared", "", *_files("shared")]
