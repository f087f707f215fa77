"""In which capacity a citizen acts in a case: for themselves, for another, or represented."""

from dataclasses import dataclass
from enum import StrEnum

from services.intake.model.names import ApplicationId, GrantId


class Capacity(StrEnum):
    """Why a case is a citizen's to see and to act in."""

    APPLICANT = "applicant"
    """They applied for themselves."""
    AGENT = "agent"
    """They applied for another, under a grant (代办人)."""
    PRINCIPAL = "principal"
    """Another applied for them, under their grant (被代理人)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who stands on the citizen's side of a case."""

    application_id: ApplicationId
    item_code: str
    submitted_by: str
    grant: GrantId | None = None
    principal_index: str | None = None
    """Blind index of the applicant, where an agent applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """That a citizen may act in one case, and in which capacity; checked when it was made."""

    application_id: ApplicationId
    subject: str
    capacity: Capacity
