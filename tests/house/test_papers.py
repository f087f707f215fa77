"""Do the papers say what is there, and does the code explain itself where it must?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.generate import PAGES, kept
from docs.sources import ROOT, Module, functions_in, modules_of, sections_of

CODE = ("services", "shared", "deploy", "docs", "tests")
NOT_OURS = {".venv", ".local", ".git", "node_modules", ".hypothesis", "secrets"}
TEXT = {".py", ".md", ".toml", ".in", ".lock", ".yaml", ".yml", ".json", ".graphql", ".xml", ""}

LONGEST_FUNCTION = 60
LONGEST_MODULE = 500

LONG_FUNCTIONS: dict[str, int] = {}
"""Functions that are longer, with the length they must not pass. This list may only shrink."""

LONG_MODULES = {
    "tests/support/gateway.py": 564,
}
"""Modules that are longer, with the length they must not pass. This list may only shrink."""

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(r"`((?:services|shared|deploy|catalogue|tests|docs)/[\w./-]+)(?:::\w+)?`")
NAMED_TARGET = re.compile(r"`make ([a-z]+)[^`]*`")

# In parts, so that this file does not find itself.
ADDRESSES = re.compile(
    "|".join(
        (
            r"py" + r"pi\.(org|python\.org)",
            r"python" + r"hosted\.org",
            r"repo\d?\.maven",
            r"registry\.(npm|hub)",
            r"\b(ghcr|quay|gcr)\.io",
            r"index" + r"-url[ =]http",
            r"/ho" + r"me/[a-z]",
            r"/ro" + r"ot/[\w.]",
            r"/wo" + r"rk/[a-z]",
            r"/Us" + r"ers/[A-Za-z]",
        )
    )
)


def files_of_the_project() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        hidden = any(part in NOT_OURS or part.endswith("_cache") for part in inside)
        if path.is_file() and not hidden and path.suffix in TEXT:
            yield path


def papers() -> list[Path]:
    return [path for path in files_of_the_project() if path.suffix == ".md"]


def anchors_of(paper: Path) -> set[str]:
    """The places a link can point to, as a reader's browser names them."""
    headings = re.findall(r"^#+ (.+)$", paper.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken_links(paper: Path) -> Iterator[str]:
    for target in LINK.findall(paper.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (paper.parent / place).resolve() if place else paper
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            yield target


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says_today(name: str) -> None:
    assert kept(name) == PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("paper", papers(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_of_a_paper_leads_somewhere(paper: Path) -> None:
    assert list(broken_links(paper)) == []


def test_every_file_a_paper_names_exists() -> None:
    missing = {
        f"{paper.name}: {named}"
        for paper in papers()
        for named in NAMED_FILE.findall(paper.read_text(encoding="utf-8"))
        if not (ROOT / named).exists()
    }

    assert missing == set()


def test_every_make_command_a_paper_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        target
        for paper in papers()
        for target in NAMED_TARGET.findall(paper.read_text(encoding="utf-8"))
    }

    assert named <= targets


def test_every_word_of_code_in_the_glossary_is_used_in_the_code() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in files_of_the_project()
        if path.suffix in {".py", ".yaml"} and "tests" not in path.parts
    )
    rows = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [row.split("|")[3] for row in rows if row.count("|") >= 6]
    words = {word.rstrip("/…") for cell in cells for word in re.findall(r"`([^`]+)`", cell)}
    names = {word.rpartition(".")[2] for word in words if not (ROOT / word).exists()}

    assert names
    assert {name for name in names if name not in code} == set()


def test_decisions_are_numbered_without_a_gap_and_have_the_same_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [int(path.name[:4]) for path in decisions]

    assert numbers == list(range(1, len(numbers) + 1))
    for path in decisions:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences", "Alternatives"], path.name


def test_every_rule_names_its_source() -> None:
    rules = [module for module in modules_of("services") if ".rules" in module.dotted]
    unsourced = [
        f"{module.place}::{name}"
        for module in rules
        for name, function in functions_in(module.tree)
        if "." not in name
        if not sections_of(ast.get_docstring(function) or "").get("Source")
    ]

    assert rules
    assert unsourced == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [module.place for module in modules_of(*CODE) if module.text and not module.doc]

    assert silent == []


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_written_down() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files_of_the_project()
        if (match := ADDRESSES.search(path.read_text(encoding="utf-8", errors="replace")))
    ]

    assert found == []


def test_no_test_replaces_parts_of_the_code_with_mocks() -> None:
    mocking = [
        module.place
        for module in modules_of("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and "mock" in ast.unparse(node)
    ]

    assert mocking == []


def test_long_functions_are_few_and_become_fewer() -> None:
    lengths = {
        f"{module.place}::{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in modules_of(*CODE)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert_only_listed(lengths, most=LONGEST_FUNCTION, listed=LONG_FUNCTIONS)


def test_long_modules_are_few_and_become_fewer() -> None:
    lengths = {module.place: lines_of(module) for module in modules_of(*CODE)}

    assert_only_listed(lengths, most=LONGEST_MODULE, listed=LONG_MODULES)


def lines_of(module: Module) -> int:
    return len(module.text.splitlines())


def assert_only_listed(lengths: dict[str, int], *, most: int, listed: dict[str, int]) -> None:
    too_long = {name: length for name, length in lengths.items() if length > most}
    grown = {name: length for name, length in too_long.items() if length > listed.get(name, most)}
    short_by_now = set(listed) - set(too_long)

    assert grown == {}
    assert short_by_now == set(), "take it off the list"
