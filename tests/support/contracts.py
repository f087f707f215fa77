"""What the contract tests share: how schemas may grow, and what an event must never say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

NARROWING = ("format", "pattern", "const", "minimum", "maximum", "minLength", "maxLength")
"""Keywords that may neither come, go nor change: an event already sent must stay valid."""

PERSONAL_NAME = re.compile(
    r"id_?(no|number|card)|(^|_)name$|Name$|phone|mobile|account|address|birth|surname|email",
    re.IGNORECASE,
)
PERSONAL_VALUE = re.compile(
    r"(?<![0-9A-Za-z])([1-9]\d{16}[0-9Xx]|1[3-9]\d{9}|\d{16}|\d{19})(?![0-9A-Za-z])"
)
"""An identity number, a mobile number, or a bank card."""


def breaking_changes(released: Schema, current: Schema, place: str = "") -> list[str]:
    """Why readers of the released schema, or events already sent, would not fit the current one.

    An optional member more is growth. Anything else about what was released is not.
    """
    return list(_breaking(released, current, place or "/"))


def personal_names(schema: Schema, place: str = "") -> Iterator[str]:
    """Places of members that look as if they hold something personal."""
    for name, member in schema.get("properties", {}).items():
        here = f"{place}/{name}"
        if PERSONAL_NAME.search(name):
            yield here
        yield from personal_names(member, here)
    if isinstance(schema.get("items"), Mapping):
        yield from personal_names(schema["items"], f"{place}/*")


def personal_values(value: object, place: str = "") -> Iterator[str]:
    """Places of texts that look like an identity, phone or card number."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from personal_values(member, f"{place}/{name}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from personal_values(member, f"{place}/{index}")
    elif PERSONAL_VALUE.search(str(value)):
        yield place or "/"


def _breaking(released: Schema, current: Schema, place: str) -> Iterator[str]:
    if widened := _types(current) - _types(released):
        yield f"{place}: may now be {', '.join(sorted(widened))}"
    if lost := _types(released) - _types(current):
        yield f"{place}: can no longer be {', '.join(sorted(lost))}"
    if set(released.get("enum", ())) != set(current.get("enum", ())):
        yield f"{place}: has other choices"
    for keyword in NARROWING:
        if released.get(keyword) != current.get(keyword):
            yield f"{place}: {keyword} is another"
    if current.get("additionalProperties", True) is False:
        yield f"{place}: is closed"
    yield from _breaking_members(released, current, place)
    if "items" in released:
        yield from _breaking(released["items"], current.get("items", {}), f"{place}*/")


def _breaking_members(released: Schema, current: Schema, place: str) -> Iterator[str]:
    before, now = released.get("properties", {}), current.get("properties", {})
    had, has = set(released.get("required", ())), set(current.get("required", ()))
    for name in sorted(before.keys() - now.keys()):
        yield f"{place}{name}: is gone"
    for name in sorted(had - has):
        yield f"{place}{name}: may now be missing"
    for name in sorted(has - had):
        yield f"{place}{name}: is now required, and earlier events do not have it"
    for name in sorted(before.keys() & now.keys()):
        yield from _breaking(before[name], now[name], f"{place}{name}/")


def _types(schema: Schema) -> set[str]:
    named = schema.get("type", ())
    return {named} if isinstance(named, str) else set(named)
