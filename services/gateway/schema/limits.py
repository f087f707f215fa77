"""How much one document may ask: depth, aliases, cost, and one command at a time.

One pass measures each selection set and each fragment once. The stock rules walk a fragment
again wherever it is spread, so that thirty small fragments can cost them 2³⁰ visits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from strawberry.extensions import AddValidationRules, MaxTokensLimiter

from services.gateway.schema.pages import DEFAULT_PAGE, MAX_PAGE

MAX_DEPTH = 12
MAX_ALIASES = 15
MAX_TOKENS = 1000
MAX_COST = 5000

LIST_SIZE = 8
"""How long a list without pages is taken to be."""

CALL_COST: Mapping[str, int] = {
    "Query.application": 50,
    "Query.certificate": 50,
    "Certificate.credential": 500,
    "Certificate.uses": 500,
    "Query.node": 50,
    "Query.task": 50,
    "Query.serviceObjects": 50,
    "Query.resident": 50,
    "Query.findResident": 50,
    "Query.searchCases": 100,
    "Query.delegations": 50,
    "Query.serviceItem": 50,
    "Query.serviceItems": 100,
    "Task.application": 500,
    "Task.disclosure": 500,
}
"""Fields that ask another service, by what each time costs; others cost 1."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a part of a document asks for."""

    depth: int = 0
    aliases: int = 0
    """Aliases, and fields that are asked for again beside themselves."""
    cost: int = 0
    fields: int = 0
    """Fields directly here, through fragments; what a root selection does at once."""


class Scale:
    """Weighs the parts of one document, each once."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._known: dict[tuple[str, int], Weight] = {}

    def of_operation(self, operation: OperationDefinitionNode) -> Weight:
        """The weight of a whole operation."""
        root = self._schema.get_root_type(operation.operation)
        return self._of_selections(operation.selection_set, root, LIST_SIZE)

    def _of_selections(
        self, selections: SelectionSetNode, parent: GraphQLNamedType | None, size: int
    ) -> Weight:
        parts = [self._of(each, parent, size) for each in selections.selections]
        return Weight(
            depth=max((part.depth for part in parts), default=0),
            aliases=sum(part.aliases for part in parts) + _repeats(selections),
            cost=sum(part.cost for part in parts),
            fields=sum(part.fields for part in parts),
        )

    def _of(self, node: Any, parent: GraphQLNamedType | None, size: int) -> Weight:  # noqa: ANN401
        if isinstance(node, FieldNode):
            return self._of_field(node, parent, size)
        if isinstance(node, FragmentSpreadNode):
            return self._of_fragment(node.name.value, size)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            narrowed = self._schema.get_type(condition.name.value) if condition else parent
            return self._of_selections(node.selection_set, narrowed, size)
        return Weight()

    def _of_fragment(self, name: str, size: int) -> Weight:
        fragment = self._fragments.get(name)
        if fragment is None:
            return Weight()
        if (name, size) not in self._known:
            # A circle weighs nothing here: the rule against circles refuses the document.
            self._known[name, size] = Weight()
            type_ = self._schema.get_type(fragment.type_condition.name.value)
            self._known[name, size] = self._of_selections(fragment.selection_set, type_, size)
        return self._known[name, size]

    def _of_field(self, node: FieldNode, parent: GraphQLNamedType | None, size: int) -> Weight:
        name = node.name.value
        alias = 1 if node.alias is not None else 0
        if name.startswith("__"):
            return Weight(aliases=alias, cost=1)
        if not isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            return Weight(aliases=alias, cost=1, fields=1)
        field = parent.fields.get(name)
        own = CALL_COST.get(f"{parent.name}.{name}", 1)
        if field is None or node.selection_set is None:
            return Weight(aliases=alias, cost=own, fields=1)
        page = _page_size(node) if "first" in field.args else LIST_SIZE
        inner = self._of_selections(node.selection_set, get_named_type(field.type), page)
        times = size if _is_list(field.type) else 1
        return Weight(
            depth=inner.depth + 1,
            aliases=inner.aliases + alias,
            cost=own + times * inner.cost,
            fields=1,
        )


class Limits(ValidationRule):
    """Refuses operations that ask too much.

    One class serves all requests, so that its verdict on a document can be kept.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        fragments = {
            each.name.value: each
            for each in context.document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._scale = Scale(context.schema, fragments)

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:  # noqa: ANN401
        """Weigh an operation."""
        weight = self._scale.of_operation(node)
        for code, message in _faults(weight, node.operation):
            self.report_error(GraphQLError(message, node, extensions={"code": code}))


class DevelopmentRules(AddValidationRules):
    """The limits."""

    def __init__(self) -> None:
        super().__init__([Limits])


class ProductionRules(AddValidationRules):
    """The limits, and no looking around."""

    def __init__(self) -> None:
        super().__init__([Limits, NoSchemaIntrospectionCustomRule])


class Tokens(MaxTokensLimiter):
    """Stops reading a document that is too long."""

    def __init__(self) -> None:
        super().__init__(max_token_count=MAX_TOKENS)


def _faults(weight: Weight, operation: OperationType) -> Iterable[tuple[str, str]]:
    if weight.depth > MAX_DEPTH:
        yield "QUERY_TOO_DEEP", f"The operation is deeper than {MAX_DEPTH} levels."
    if weight.aliases > MAX_ALIASES:
        yield "TOO_MANY_ALIASES", f"The operation has more than {MAX_ALIASES} aliases or repeats."
    if weight.cost > MAX_COST:
        yield "QUERY_TOO_COSTLY", f"The operation costs more than {MAX_COST}."
    if operation is OperationType.MUTATION and weight.fields > 1:
        yield "ONE_COMMAND_ONLY", "A mutation carries out one command."


def _repeats(selections: SelectionSetNode) -> int:
    """Fields asked for again beside themselves: they merge, but each one is work."""
    names = [
        (each.alias or each.name).value
        for each in selections.selections
        if isinstance(each, FieldNode)
    ]
    return len(names) - len(set(names))


def _page_size(node: FieldNode) -> int:
    """The page a field asks for; one that a variable names may be the largest."""
    for argument in node.arguments or ():
        if argument.name.value == "first":
            value = argument.value
            if isinstance(value, IntValueNode) and len(value.value) < 6:
                return max(1, int(value.value))
            return MAX_PAGE
    return DEFAULT_PAGE


def _is_list(type_: Any) -> bool:  # noqa: ANN401
    unwrapped = type_.of_type if is_non_null_type(type_) else type_
    return bool(is_list_type(unwrapped))
