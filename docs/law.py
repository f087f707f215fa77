"""Writes `law.md`: what every rule rests on, and which articles have tests."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from docs.sources import (
    SERVICES,
    Function,
    Module,
    first_sentence,
    functions_in,
    modules_of,
    page,
    sections_of,
    table,
)

INTRODUCTION = """\
Every public function among a service's rules names its source: an article, a notice, or a rule
of the house. A test refuses a rule without one. Articles are quoted as the rule's author read
them; they are the place to begin, not legal advice."""


def law_page() -> str:
    """The page as it should stand in the file."""
    services = [_rules(name.capitalize(), f"services/{name}") for name in SERVICES]
    return page(
        "The law, and where it stands in the code",
        INTRODUCTION,
        *(part for part in services if part),
        _rules("Shared by all services", "shared"),
        _articles(),
    )


def _rules(title: str, folder: str) -> list[str]:
    rows = [
        [module.link(_short(module, name)), first_sentence(doc), source]
        for module in modules_of(folder)
        for name, doc, source in _sourced(module)
    ]
    return [f"## {title}", "", *table(["Rule", "What it says", "Source"], rows)] if rows else []


def _sourced(module: Module) -> Iterator[tuple[str, str, str]]:
    for name, function in functions_in(module.tree):
        doc = ast.get_docstring(function) or ""
        source = sections_of(doc).get("Source")
        if source:
            yield name, doc, source


def _short(module: Module, name: str) -> str:
    return f"{module.dotted.rpartition('.')[2]}.{name}"


def _articles() -> list[str]:
    tested: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    for module in modules_of("tests"):
        for article, test in _marks(module):
            tested[article].append(module.link(test))
    rows = [
        [text, str(article), "<br>".join(tests)]
        for (text, article), tests in sorted(tested.items())
    ]
    return ["## Articles with tests of their own", "", *table(["Text", "Article", "Tests"], rows)]


def _marks(module: Module) -> Iterator[tuple[tuple[str, int], str]]:
    """Every article a test of the module is marked with, and the test's name."""
    constants = _constants(module.tree)
    for node in ast.walk(module.tree):
        if not isinstance(node, Function):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.law":
                text, article = (_value(each, constants) for each in mark.args)
                yield (str(text), int(str(article))), node.name


def _constants(tree: ast.Module) -> dict[str, object]:
    return {
        node.targets[0].id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def _value(node: ast.expr, constants: dict[str, object]) -> object:
    return constants[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)
