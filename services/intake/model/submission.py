"""What comes in at the window, and what may be wrong with it."""

from dataclasses import dataclass
from enum import StrEnum

from services.intake.model.item import Limit
from services.intake.model.names import Text


class Channel(StrEnum):
    """Where an application came in."""

    WECHAT = "WECHAT"
    APP = "APP"
    WINDOW = "WINDOW"
    WEB = "WEB"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """One thing wrong with a form, named by place and code; never by what was written."""

    pointer: str
    """JSON pointer of the field, e.g. `/applicant/id_no`."""
    code: str
    message: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredMaterial:
    """A material the applicant may hand in later."""

    key: str
    limit: Limit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialCheck:
    """What the materials handed in still lack."""

    missing: tuple[str, ...] = ()
    """Keys without which the application is not taken."""
    deferred: tuple[DeferredMaterial, ...] = ()
    unknown: tuple[str, ...] = ()
    """Keys handed in that the item does not name."""
