"""How a command reaches the service that carries it out, and how a refusal comes back."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.gateway.clients import Body
from services.gateway.errors import BadUserInput, Declined
from services.gateway.schema.failures import Failure, failure_of
from shared.web import KEY_PATTERN

S = TypeVar("S")


def idempotency_key(given: str) -> str:
    """The key as it goes on: made by whoever first wanted this, the same on every retry.

    Raises:
        BadUserInput: It is shorter than 8, longer than 128, or not printable ASCII.
    """
    if not KEY_PATTERN.fullmatch(given):
        raise BadUserInput("`idempotencyKey` is 8 to 128 printable ASCII characters")
    return given


async def told(
    command: Awaitable[Body],
    *,
    language: str,
    success: Callable[[Body], S],
) -> S | Failure:
    """Carry out a command; its success, or the union member that tells its refusal.

    Raises:
        Declined: A refusal that no member can tell.
        Unavailable: Nobody knows whether it took effect: send it again with the same key.
    """
    try:
        return success(await command)
    except Declined as declined:
        return failure_of(declined, language)
