"""The made-up residents of the development seed; production has none of this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """A person who does not exist, with what each register already holds of them."""

    key: str
    name: str
    id_number: str = field(repr=False)
    division: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    """By service: what that service's own register holds on the first day."""


def residents_in(catalogue: Path) -> dict[str, Resident]:
    """The residents of a catalogue folder, by key; none if it has no places."""
    path = catalogue / "places" / "residents.yaml"
    if not path.exists():
        return {}
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        each["key"]: Resident(
            key=each["key"],
            name=each["name"],
            id_number=each["id_no"],
            division=each["division"],
            facts=each.get("facts", {}),
        )
        for each in read["residents"]
    }
