"""Which media type an answer has (GraphQL over HTTP, sections 4 and 6)."""

from services.gateway.errors import NotAcceptable

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
EVENTS = "text/event-stream"

_LONGEST = 2000


def media_type(accept: str | None, *, offered: tuple[str, ...]) -> str:
    """The media type that a caller likes best among those offered.

    Args:
        accept: The `Accept` header; none stands for anything.
        offered: The first one is given to whoever takes anything.

    Raises:
        NotAcceptable: The caller takes none of them.
    """
    if accept is None or not accept.strip():
        return offered[0]
    best, weight = "", 0.0
    for part in accept[:_LONGEST].split(","):
        given, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = _quality(parameters)
        found = _offer(given, offered)
        if found is not None and quality > weight:
            best, weight = found, quality
    if not best:
        raise NotAcceptable
    return best


def _offer(given: str, offered: tuple[str, ...]) -> str | None:
    if given in ("*/*", f"{offered[0].partition('/')[0]}/*"):
        return offered[0]
    return given if given in offered else None


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
