"""A notice of what another version of an item changes, for whom."""

from dataclasses import dataclass

from services.intake.model.names import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """One change, as the notice (公告) tells it."""

    about: str
    """`title`, `basis`, `limits`, `acceptance`, `materials`, `form`, `matters`, `departments`,
    `conditions` or `parameters`."""
    place: str
    """What it is about, by key: a material, a field's pointer, `matter` or `matter.task`."""
    words: Text
