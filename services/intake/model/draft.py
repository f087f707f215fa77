"""Drafts: applications somebody has begun to fill in and not handed in yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMaterial:
    """A paper laid to a draft; no file stands for a signed commitment."""

    key: str
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """What was filled in so far; nobody has checked it."""

    form: Mapping[str, Any]
    materials: Sequence[DraftMaterial] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A draft in a list: everything but what was filled in."""

    id: UUID
    item_code: str
    version: int
    """1 for the first that was saved, one more at every save."""
    saved_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """A draft as its row holds it."""

    line: DraftLine
    content_sealed: bytes
    data_key: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRef:
    """The very draft a submission was made from."""

    id: UUID
    version: int
