"""A service item as published: its form, its materials, its matters and their tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.intake.model.names import TaskRef, Text
from shared.calendar import Duration, Unit
from shared.identifiers import DivisionLevel


class Verdict(StrEnum):
    """What a department can answer."""

    APPROVE = "approve"
    REFUSE = "refuse"
    CONDITIONAL = "conditional"
    NEEDS_CORRECTION = "needs-correction"
    NOT_APPLICABLE = "not-applicable"


class JoinRule(StrEnum):
    """How the verdicts of one matter become its outcome."""

    ALL = "all"
    ANY = "any"
    AT_LEAST = "at_least"
    REQUIRED = "required"
    LEAD = "lead"


class RefusalPolicy(StrEnum):
    """What one refusal means inside a join."""

    VETO = "veto"
    OUTVOTED = "outvoted"
    LEAD = "lead"


class MaterialRule(StrEnum):
    """How strictly a material is asked for."""

    KEY = "key"
    """Without it the application is not taken (主件)."""
    DEFERRABLE = "deferrable"
    """May be handed in later (容缺受理)."""
    SHARED = "shared"
    """Departments get it from each other; it may not be demanded (数据共享)."""
    COMMITMENT = "commitment"
    """A written commitment may stand in for it (告知承诺)."""


class HandlerKind(StrEnum):
    """Who answers a task."""

    OFFICER = "officer"
    PARTNER = "partner"
    SERVICE = "service"


class Acceptance(StrEnum):
    """Who accepts an application of an item."""

    AUTOMATIC = "automatic"
    OFFICER = "officer"


LimitUnit = Unit
"""The unit a time limit counts in."""


class NeedKind(StrEnum):
    """What a task waits for in another."""

    CLOSED = "closed"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A length of time an answer may take, and the rule that says so."""

    length: int
    unit: LimitUnit
    source: str | None = None

    @property
    def duration(self) -> Duration:
        """The same length, as the calendar counts it."""
        return Duration(self.length, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeQuery:
    """Which office answers: the one with this function, at this level above the case."""

    function: str
    level: DivisionLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """Who answers a task."""

    kind: HandlerKind
    system: str | None = None
    """Name of the partner system or service; None for an officer."""

    def __str__(self) -> str:
        return self.kind if self.system is None else f"{self.kind}:{self.system}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A task that must be finished before another opens."""

    task: TaskRef
    kind: NeedKind = NeedKind.CLOSED

    def __str__(self) -> str:
        return f"{self.task}:approved" if self.kind is NeedKind.APPROVED else str(self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Which service makes a granted matter real, and what it does."""

    service: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDocument:
    """The paper (or e-certificate) a granted matter ends in."""

    kind: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """How the verdicts of a matter become its outcome.

    Defaults written into a definition are resolved when it is parsed, so that a join
    always says in full what it means.
    """

    rule: JoinRule
    on_refusal: RefusalPolicy
    voters: tuple[str, ...] = ()
    """Task keys that vote; empty means every task of the matter."""
    count: int | None = None
    """How many approvals `at_least` wants."""
    lead: tuple[str, ...] = ()
    """Task keys of which the first one asked leads (`lead` rule or policy)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """One department's question, as the item defines it."""

    key: str
    title: Text
    handler: Handler
    check: str | None = None
    office: OfficeQuery | None = None
    needs: tuple[Need, ...] = ()
    when: str | None = None
    limit: Limit | None = None
    verdicts: tuple[Verdict, ...] = tuple(Verdict)
    discloses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSpec:
    """A part of an item that is decided on its own."""

    key: str
    title: Text
    join: Join
    tasks: tuple[TaskSpec, ...]
    when: str | None = None
    effect: Effect | None = None
    discloses: tuple[str, ...] = ()
    outcome_document: OutcomeDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialSpec:
    """A paper an item asks for."""

    key: str
    title: Text
    rule: MaterialRule
    when: str | None = None
    limit: Limit | None = None
    """How long a deferrable material may be missing after acceptance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicantPaths:
    """Where in the form the applicant stands."""

    id_no: str
    name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceItem:
    """What a citizen can apply for, exactly as one published version defines it."""

    code: str
    title: Text
    owner: str
    category: int
    kind: str
    legal_basis: tuple[str, ...]
    applicant: ApplicantPaths
    subject: str | None
    """Form path of whom the application is about; None: the applicant."""
    division: str
    """Form path of the division code that decides which offices are competent."""
    summary: tuple[str, ...]
    """Form paths that are not personal: they may be shown in lists and kept with the plan."""
    form: Mapping[str, object]
    materials: tuple[MaterialSpec, ...]
    statutory: Limit | None
    promised: Limit | None
    acceptance: Acceptance
    matters: tuple[MatterSpec, ...]
    acceptance_office: OfficeQuery | None = None
    """Which office accepts; None: that of the item's first officer task (see the rules)."""

    def matter(self, key: str) -> MatterSpec:
        """The matter with this key; KeyError if the item has none."""
        for matter in self.matters:
            if matter.key == key:
                return matter
        raise KeyError(key)
