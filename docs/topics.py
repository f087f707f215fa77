"""Writes `events.md`: who tells what on which topic, and who listens."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docs.sources import Function, Module, first_sentence, modules_of, page, table

INTRODUCTION = """\
Every event is a CloudEvent in binary mode, written into the outbox of the transaction that made it
true, and relayed at least once, in order per key. `<service>` stands for relief, marriage,
funeral and registry: they answer the window alike. Consumers ignore types and members they do
not know. No event carries an identity number, a name, a phone number or an account. The schema of
each type, and an example, are in [events/](events/asyncapi.yaml)."""

TYPE = re.compile(r"civil\.[\w<>-]+\.[\w<>-]+\.v\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One type of event, as a function of the code makes it."""

    topic: str
    type: str
    by: str
    """Link to the function."""
    words: str


def events_page() -> str:
    """The page as it should stand in the file."""
    modules = modules_of("services", "shared")
    listeners: dict[str, list[str]] = {}
    for module in modules:
        for kind in _heard(module):
            listeners.setdefault(kind, []).extend(_who_hears(module, modules))
    told = sorted(
        (each for module in modules for each in _told(module)),
        key=lambda each: (each.topic, each.type),
    )
    rows = [
        [
            f"`{each.topic}`",
            f"`{each.type}`",
            each.words,
            each.by,
            ", ".join(dict.fromkeys(listeners.get(each.type, []))) or "nobody yet",
        ]
        for each in told
    ]
    heads = ["Topic", "Type", "What it says", "Made by", "Acted on by"]
    return page("Events", INTRODUCTION, table(heads, rows), _watchers(modules))


def _told(module: Module) -> Iterator[Told]:
    """Every event type whose making a public function of the module brings about."""
    private = {
        node.name: node
        for node in module.tree.body
        if isinstance(node, Function) and node.name.startswith("_")
    }
    for name, function in _callables(module):
        for topic, kind in _made_by(module, function, private):
            yield Told(
                topic=topic,
                type=kind,
                by=module.link(f"{module.dotted.removeprefix('services.')}.{name}"),
                words=first_sentence(ast.get_docstring(function) or ""),
            )


def _callables(module: Module) -> Iterator[tuple[str, Function]]:
    """Public functions, and the methods of public classes even when they are private."""
    for node in module.tree.body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, Function):
                    yield f"{node.name}.{each.name}", each


def _made_by(
    module: Module, function: Function, private: Mapping[str, Function]
) -> Iterator[tuple[str, str]]:
    for call in _calls(function):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name == "Event":
            yield from _event(module, call, {})
        elif name in private:
            bound = _bound(private[name], call)
            for inner in _calls(private[name]):
                if isinstance(inner.func, ast.Name) and inner.func.id == "Event":
                    yield from _event(module, inner, bound)


def _event(module: Module, call: ast.Call, bound: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    given = {each.arg: each.value for each in call.keywords}
    kind = _text(module, given["type"], bound)
    if TYPE.fullmatch(kind):
        yield _text(module, given["topic"], bound), kind
        return
    # The type is looked up in a table of the module: all of its rows may be meant.
    for row in ast.walk(module.tree):
        if isinstance(row, ast.Tuple) and len(row.elts) > 1:
            topic, kind = (_text(module, each, {}) for each in row.elts[:2])
            if TYPE.fullmatch(kind):
                yield topic, kind


def _bound(function: Function, call: ast.Call) -> dict[str, str]:
    """The constant arguments of a call, by the names of the function it calls."""
    names = [each.arg for each in function.args.args]
    given = dict(zip(names, call.args, strict=False))
    given |= {each.arg: each.value for each in call.keywords if each.arg}
    return {
        name: value.value
        for name, value in given.items()
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    }


def _text(module: Module, node: ast.expr, bound: Mapping[str, str]) -> str:
    """A text with what is not known before the program runs as `<name>`."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr(values=values):
            return "".join(_text(module, each, bound) for each in values)
        case ast.FormattedValue(value=value):
            return _text(module, value, bound)
        case ast.Name(id=name):
            return bound.get(name) or _constant(module, name) or f"<{name}>"
        case ast.Attribute(attr=name):
            return f"<{name.removeprefix('_')}>"
        case _:
            return ""


def _constant(module: Module, name: str) -> str | None:
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return str(node.value.value) if isinstance(node.value, ast.Constant) else None
    return None


def _heard(module: Module) -> Iterator[str]:
    """Every event type that a subscription of the module has a handler for."""
    for call in _calls(module.tree):
        if ast.unparse(call.func) != "Subscription":
            continue
        for each in call.keywords:
            if isinstance(each.value, ast.Dict):
                yield from (_text(module, key, {}) for key in each.value.keys if key)


def _who_hears(module: Module, modules: list[Module]) -> list[str]:
    """The services a subscription belongs to; that of a department, every department's."""
    if module.dotted.startswith("services."):
        return [module.dotted.split(".")[1]]
    return [
        other.dotted.split(".")[1]
        for other in modules
        if other.dotted.startswith("services.")
        and any(ast.unparse(call.func) == "Department" for call in _calls(other.tree))
    ]


def _watchers(modules: list[Module]) -> list[str]:
    """Who reads a topic by itself, without a group and without an inbox."""
    rows = [
        [module.dotted.split(".")[1], f"`{_text(module, call.args[0], {})}`", module.link()]
        for module in modules
        if module.dotted.startswith("services.")
        for call in _calls(module.tree)
        if ast.unparse(call.func) == "AIOKafkaConsumer" and call.args
    ]
    heading = "## Read without acting on it"
    return [heading, "", *table(["Service", "Topic", "In"], rows)] if rows else []


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
