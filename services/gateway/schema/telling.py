"""How errors at the top level are told: a stable code, words without values, a trace id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import MaskErrors
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from services.gateway.errors import Declined, RequestUnreadable
from services.gateway.schema.context import Context
from shared.errors import CivilError
from shared.problems import unexpected
from shared.telemetry import current_trace_id, logger

INTERNAL = "INTERNAL"
BAD_USER_INPUT = "BAD_USER_INPUT"
PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
QUERY_TOO_LONG = "QUERY_TOO_LONG"

_BY_STATUS: Mapping[int, str] = {
    400: BAD_USER_INPUT,
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "CONFLICT",
    412: "CONFLICT",
    413: BAD_USER_INPUT,
    422: BAD_USER_INPUT,
    429: "RATE_LIMITED",
}
_PROBLEM_MEMBERS = ("type", "title", "titleEn", "status", "code", "detail")

_SUGGESTION = re.compile(r"\s*Did you mean .*$", re.DOTALL)
_COERCION = re.compile(r"(?:Variable '\$\w+'|Argument '\w+')(?: of [^:]*)? has invalid [^:]*")
_QUOTING = re.compile(r"cannot represent|[Ee]xpected value")
"""Messages of graphql-core that repeat a literal, which may be anybody's number."""

_UNREADABLE = (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError)


@dataclass(frozen=True, slots=True)
class Told:
    """What a client is told of an error."""

    code: str
    message: str
    problem: Mapping[str, Any] | None = None


class Telling(MaskErrors):
    """Gives every top-level error its code, and hides what nobody foresaw."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=lambda error: not is_told(error))

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """The error as a client sees it."""
        context = self.execution_context.context
        return tell(error, context.language if isinstance(context, Context) else "zh")


def is_told(error: GraphQLError) -> bool:
    """Whether an error has its code already."""
    return "code" in (error.extensions or {})


def code_of(error: GraphQLError) -> str:
    """The code of an error, whether a client has been told yet or not."""
    return str((error.extensions or {}).get("code") or _told(error, "en").code)


def tell(error: GraphQLError, language: str = "zh") -> GraphQLError:
    """An error with its code and trace id; without its cause, any value or any suggestion."""
    told = _told(error, language)
    return GraphQLError(
        told.message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions_of(told),
    )


def extensions_of(told: Told) -> dict[str, Any]:
    """The `extensions` of an error."""
    extensions: dict[str, Any] = {"code": told.code}
    if told.problem is not None:
        extensions["problem"] = dict(told.problem)
    if trace_id := current_trace_id():
        extensions["traceId"] = trace_id
    return extensions


def told_of(error: CivilError, language: str) -> Told:
    """What a client is told of a refusal, our own or another service's."""
    if isinstance(error, Declined):
        problem = {name: error.problem[name] for name in _PROBLEM_MEMBERS if name in error.problem}
        code = _BY_STATUS.get(error.http_status, error.code)
        return Told(code, error.message(language), problem)
    title = error.title_en if language == "en" else error.title
    return Told(error.code, f"{title}: {error.detail}" if error.detail else title)


def log_unexpected(errors: list[GraphQLError]) -> None:
    """Log bugs, with where they happened; refusals and mistakes are answers, not news."""
    for error in errors:
        if not is_told(error) and _told(error, "en").code == INTERNAL:
            logger("graphql").error(
                "graphql.unexpected",
                path=".".join(str(part) for part in error.path or ()),
                exc_info=error.original_error,
            )


def _told(error: GraphQLError, language: str) -> Told:
    cause = error.original_error
    if isinstance(cause, CivilError):
        return told_of(cause, language)
    if isinstance(cause, RecursionError) and error.path is None:
        return Told(QUERY_TOO_DEEP, "The document or a variable is nested too deeply.")
    if isinstance(cause, _UNREADABLE):
        return told_of(RequestUnreadable(), language)
    if isinstance(error, GraphQLSyntaxError):
        return _syntax(error)
    if coercion := _COERCION.match(error.message):
        return Told(BAD_USER_INPUT, f"{coercion[0]}.")
    if cause is None and error.path is None:
        return _validation(error)
    return Told(INTERNAL, str(unexpected()["titleEn" if language == "en" else "title"]))


def _syntax(error: GraphQLSyntaxError) -> Told:
    if "tokens" in error.message:
        return Told(QUERY_TOO_LONG, "The document has more than 1000 tokens.")
    if "nested too deeply" in error.message:
        return Told(QUERY_TOO_DEEP, "The document is nested too deeply.")
    return Told(PARSE_FAILED, "The document has a syntax error here.")


def _validation(error: GraphQLError) -> Told:
    if _QUOTING.search(error.message):
        return Told(VALIDATION_FAILED, "A value here does not have the type that is asked for.")
    return Told(VALIDATION_FAILED, _SUGGESTION.sub("", error.message))
