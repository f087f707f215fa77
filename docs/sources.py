"""Reads the project's own code as text: modules, docstrings and their sections."""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("intake", "relief", "marriage", "funeral", "registry", "gateway")
"""In the order in which a case meets them; the door comes last."""

WRITTEN = "<!-- Written by `make docs` from the code. Do not edit: change the code instead. -->"

Function = ast.FunctionDef | ast.AsyncFunctionDef

_HEADING = re.compile(r"^([A-Z][A-Za-z ]+):\s*$")


@dataclass(frozen=True)
class Module:
    """One Python file of the project."""

    path: Path

    @property
    def place(self) -> str:
        """Its path from the project's root, with forward slashes."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def dotted(self) -> str:
        """Its name as an import writes it."""
        parts = self.place.removesuffix(".py").removesuffix("/__init__").split("/")
        return ".".join(parts)

    @cached_property
    def text(self) -> str:
        """What stands in the file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, filename=self.place)

    @property
    def doc(self) -> str:
        """The module's docstring; empty if it has none."""
        return ast.get_docstring(self.tree) or ""

    def link(self, words: str | None = None) -> str:
        """A Markdown link to the file from a page in `docs/`."""
        return f"[`{words or self.place}`](../{self.place})"


def modules_of(*folders: str) -> list[Module]:
    """Every Python file below some folders, without migrations; in the order of their paths."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [Module(path) for path in paths if "migrations" not in path.parts]


def functions_in(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Every public function of a module, methods included, with its dotted name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from functions_in(node, f"{prefix}{node.name}.")
        elif isinstance(node, Function) and not node.name.startswith("_"):
            yield prefix + node.name, node


def first_sentence(doc: str) -> str:
    """What a docstring says first, on one line."""
    paragraph = " ".join(doc.split("\n\n")[0].split())
    return re.split(r"(?<=[.?!])\s", paragraph, maxsplit=1)[0]


def sections_of(doc: str) -> Mapping[str, str]:
    """The headed sections of a docstring in Google style, each on one line."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in inspect.cleandoc(doc).splitlines():
        heading = _HEADING.match(line)
        if heading:
            current = found.setdefault(heading[1], [])
        elif line and not line.startswith(" "):
            current = None
        elif current is not None:
            current.append(line.strip())
    return {name: " ".join(filter(None, lines)) for name, lines in found.items()}


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    titles = list(heads)
    drawn = [titles, ["---"] * len(titles), *(list(row) for row in rows)]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in drawn]


def page(title: str, introduction: str, *parts: Iterable[str]) -> str:
    """A whole generated page."""
    lines = [f"# {title}", "", WRITTEN, "", introduction]
    for part in parts:
        lines += ["", *part]
    return "\n".join(lines) + "\n"
