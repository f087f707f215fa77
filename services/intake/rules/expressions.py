"""Conditions of the catalogue: CEL over `form`, `params` and `facts`.

A condition is deterministic and bounded: it is short, calls only the functions listed here,
repeats over a list at most once at a time, and cannot ask for the time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import celpy
from celpy import celtypes
from celpy.adapter import json_to_cel
from celpy.celparser import CELParseError
from celpy.evaluation import CELEvalError
from lark import Token, Tree

from services.intake.errors import ExpressionUnusable
from services.intake.model import ConditionInput
from services.intake.rules.paths import value_at

LONGEST_EXPRESSION = 500
ROOTS = frozenset({"form", "params", "facts"})
MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
FUNCTIONS = MACROS | {
    "has", "size", "contains", "startsWith", "endsWith", "int", "double", "string", "bool",
}  # fmt: skip
"""What a condition may call. `matches` is missing: a pattern can take for ever."""

_CALLS = frozenset({"ident_arg", "dot_ident_arg", "member_dot_arg"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A compiled expression, and the paths it looks at."""

    source: str
    paths: tuple[str, ...]
    """In the order of the text, each once, such as `form.requested_amount_fen`."""
    program: celpy.Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a condition came to, and everything it looked at."""

    value: object
    """A bool, number, text, list or mapping of plain Python."""
    inputs: tuple[ConditionInput, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What conditions may look at in one case. Made once, asked many times."""

    values: Mapping[str, object]
    """Plain JSON values under `form`, `params` and `facts`."""
    visible: frozenset[str]
    answers: dict[str, Evaluation] = field(default_factory=dict)
    """What was asked before: items ask the same question of several materials and tasks."""

    @classmethod
    def of(
        cls,
        *,
        form: Mapping[str, object],
        params: Mapping[str, object],
        facts: Mapping[str, object] | None = None,
        visible: frozenset[str] = frozenset(),
    ) -> "Scope":
        """Make the scope of one case.

        Args:
            form: The form, as it was validated.
            params: Local numbers in force for the case's division and day.
            facts: What tasks found, by task key.
            visible: Form paths whose values may be repeated as inputs (the item's summary).
        """
        return cls(values={"form": form, "params": params, "facts": facts or {}}, visible=visible)


@dataclass(slots=True)
class Expressions:
    """Compiled conditions. The caller keeps one and passes it in: compiling takes milliseconds."""

    size: int = 2000
    """Most conditions kept; the oldest goes first."""
    environment: celpy.Environment = field(default_factory=celpy.Environment)
    _compiled: dict[str, Condition] = field(default_factory=dict)

    def get(self, source: str) -> Condition:
        """The compiled form of an expression, compiled at its first use.

        Raises:
            ExpressionUnusable: It is too long, malformed, or uses what is not allowed.
        """
        found = self._compiled.get(source)
        if found is None:
            found = compile_condition(source, self.environment)
            if len(self._compiled) >= self.size:
                del self._compiled[next(iter(self._compiled))]
            self._compiled[source] = found
        return found


def compile_condition(source: str, environment: celpy.Environment) -> Condition:
    """Compile an expression, refusing what is unbounded, undefined or misspelt.

    Raises:
        ExpressionUnusable: With the reason.

    Source:
        House rule: what the catalogue may say is checked when it is published.
    """
    if len(source) > LONGEST_EXPRESSION:
        raise ExpressionUnusable(source[:60] + "…", "longer than 500 characters")
    try:
        tree = environment.compile(source)
    except CELParseError as problem:
        place = f"line {problem.line}, column {problem.column}" if problem.line else "the end"
        raise ExpressionUnusable(source, f"cannot be read at {place}") from None
    _check_calls(source, tree)
    _check_names(source, tree)
    return Condition(
        source=source,
        paths=tuple(dict.fromkeys(_paths(tree))),
        program=environment.program(tree),
    )


def evaluate(source: str, scope: Scope, *, expressions: Expressions) -> Evaluation:
    """The value of an expression, with the inputs it used.

    Raises:
        ExpressionUnusable: It cannot be compiled, or has no value for this case: a field is
            absent where `has(...)` was not asked first, or the types do not go together.

    Source:
        House rule: everybody may ask why a department was asked.
    """
    known = scope.answers.get(source)
    if known is not None:
        return known
    condition = expressions.get(source)
    try:
        result = condition.program.evaluate(_activation(scope.values, condition.paths))
    except CELEvalError as problem:
        raise ExpressionUnusable(source, _explain(problem)) from None
    evaluation = Evaluation(
        value=_plain(result),
        inputs=tuple(_input(path, scope) for path in condition.paths),
    )
    scope.answers[source] = evaluation
    return evaluation


def holds(source: str, scope: Scope, *, expressions: Expressions) -> Evaluation:
    """The value of a condition, which must be yes or no.

    Raises:
        ExpressionUnusable: As `evaluate`, or the value is neither true nor false.

    Source:
        House rule: a condition answers yes or no, nothing that only looks like it.
    """
    evaluation = evaluate(source, scope, expressions=expressions)
    if not isinstance(evaluation.value, bool):
        raise ExpressionUnusable(source, "is neither true nor false")
    return evaluation


def _check_calls(source: str, tree: Tree[Token]) -> None:
    for call in tree.find_pred(lambda node: node.data in _CALLS):
        name = _called(call)
        if name not in FUNCTIONS:
            raise ExpressionUnusable(source, f"{name} is not a function of conditions")
        if name in MACROS and any(
            _called(inner) in MACROS
            for inner in call.find_pred(lambda node: node.data in _CALLS)
            if inner is not call
        ):
            raise ExpressionUnusable(source, "repeats over a list inside another repetition")


def _called(call: Tree[Token]) -> str:
    return str(next(child for child in call.children if isinstance(child, Token)))


def _check_names(source: str, tree: Tree[Token]) -> None:
    known = ROOTS | _variables(tree)
    for name in _identifiers(tree):
        if name not in known:
            raise ExpressionUnusable(source, f"{name} is not known; form, params and facts are")


def _variables(tree: Tree[Token]) -> frozenset[str]:
    """The names that macros give to the members of a list."""
    return frozenset(
        next(_identifiers(arguments.children[0]))
        for call in tree.find_data("member_dot_arg")
        if _called(call) in MACROS
        for arguments in call.find_data("exprlist")
        if isinstance(arguments.children[0], Tree)
        and next(_identifiers(arguments.children[0]), None) is not None
    )


def _identifiers(tree: Tree[Token]) -> Iterator[str]:
    for node in tree.find_data("ident"):
        yield str(node.children[0])


def _paths(tree: Tree[Token]) -> Iterator[str]:
    """Every whole path that starts at a root, from left to right."""
    path = _path(tree)
    if path is not None:
        yield path
        return
    for child in tree.children:
        if isinstance(child, Tree):
            yield from _paths(child)


def _path(node: Tree[Token]) -> str | None:
    """The path a member expression spells, or None if it is something else."""
    if node.data in {"primary", "member"} and len(node.children) == 1:
        only = node.children[0]
        return _path(only) if isinstance(only, Tree) else None
    if node.data == "ident":
        name = str(node.children[0])
        return name if name in ROOTS else None
    if node.data == "member_dot":
        inner, member = node.children
        parent = _path(inner) if isinstance(inner, Tree) else None
        return None if parent is None else f"{parent}.{member}"
    return None


def _activation(values: Mapping[str, object], paths: tuple[str, ...]) -> dict[str, celtypes.Value]:
    """What a condition looks at, and no more, as CEL values: converting a whole form is slow."""
    needed: dict[str, Any] = {}
    for path in paths:
        _keep(needed, values, path.split("."))
    return {name: json_to_cel(value) for name, value in needed.items()}


def _keep(target: dict[str, Any], source: Mapping[str, object], parts: list[str]) -> None:
    """Copy one path. What holds it is there even when it is not: `has(a.b)` asks `a` first."""
    part, *rest = parts
    if part not in source:
        return
    value = source[part]
    if not rest or not isinstance(value, Mapping):
        target[part] = value
        return
    inner = target.setdefault(part, {})
    if inner is not value:
        _keep(inner, value, rest)


def _input(path: str, scope: Scope) -> ConditionInput:
    root, _, inner = path.partition(".")
    if root == "form" and not _is_visible(inner, scope.visible):
        return ConditionInput(path=path, withheld=True)
    return ConditionInput(path=path, value=value_at(scope.values, path))


def _is_visible(path: str, visible: frozenset[str]) -> bool:
    parts = path.split(".")
    return any(".".join(parts[:length]) in visible for length in range(1, len(parts) + 1))


def _explain(problem: CELEvalError) -> str:
    """What went wrong, without CEL's own words: those repeat the values."""
    kind = problem.args[1] if len(problem.args) > 1 else None
    if kind is KeyError:
        return "looks at a field that is absent"
    if kind is TypeError:
        return "compares values that do not go together"
    return "has no value for this case"


def _plain(value: object) -> object:
    """The plain Python value of a CEL value."""
    match value:
        case celtypes.BoolType() | bool():
            return bool(value)
        case celtypes.IntType() | celtypes.UintType():
            return int(value)
        case celtypes.DoubleType():
            return float(value)
        case celtypes.StringType():
            return str(value)
        case celtypes.ListType():
            return [_plain(member) for member in value]
        case celtypes.MapType():
            return {str(key): _plain(member) for key, member in value.items()}
        case _:
            return None
