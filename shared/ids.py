"""Ids: time-ordered ones for new things, derived ones for things that must meet again."""

from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

ROOT = UUID("5d1f9a52-9c0b-4f0e-8f43-6a3f0b7e21c4")
"""Namespace of every derived id. Changing it would give every derived record a new id."""


def new_id() -> UUID:
    """An id for a new record (UUIDv7), which sorts by the time it was made."""
    return uuid7()


def derived_id(namespace: str, *parts: str) -> UUID:
    """The same id for the same parts, on every machine and every retry (UUIDv5).

    Args:
        namespace: What kind of thing the id is for, so that equal parts of different kinds differ.
        parts: What makes the thing one thing. They never contain personal data: a UUIDv5 of an
            identity number can be found by trying all numbers.
    """
    # Lengths keep ("ab", "c") and ("a", "bc") apart, whatever the parts contain.
    name = "".join(f"{len(part)}:{part}" for part in (namespace, *parts))
    return uuid5(ROOT, name)
