"""What is known of a household that asks for relief, and what an assessment of it finds."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from shared.money import Money, Rounding


class Relation(StrEnum):
    """What a person is to the applicant."""

    APPLICANT = "APPLICANT"
    SPOUSE = "SPOUSE"
    CHILD = "CHILD"
    OBLIGED = "OBLIGED"
    """Somebody else with a legal duty of support: a parent, a grandparent, a sibling."""
    OTHER = "OTHER"


class FullTimeStudy(StrEnum):
    """What somebody studies full time."""

    UP_TO_BACHELOR = "UP_TO_BACHELOR"
    """本科及以下, school included."""
    BEYOND_BACHELOR = "BEYOND_BACHELOR"


class Absence(StrEnum):
    """Why a person of the household does not count."""

    PRISON = "PRISON"
    COMPULSORY_REHABILITATION = "COMPULSORY_REHABILITATION"
    DECLARED_MISSING = "DECLARED_MISSING"
    RELIGIOUS_SITE = "RELIGIOUS_SITE"
    """Left the family for a religious site three years ago or longer."""


class DisabilityKind(StrEnum):
    """Kinds of disability (残疾类别)."""

    VISUAL = "VISUAL"
    HEARING = "HEARING"
    SPEECH = "SPEECH"
    PHYSICAL = "PHYSICAL"
    INTELLECTUAL = "INTELLECTUAL"
    MENTAL = "MENTAL"
    MULTIPLE = "MULTIPLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disability:
    """A disability as the certificate states it; grade 1 is the most severe of four."""

    kind: DisabilityKind
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person of the household, as declared and checked."""

    key: str
    """Names the person inside one assessment; never an identity number."""
    relation: Relation
    born_on: date
    lives_together: bool = True
    """For a long time already (长期共同居住)."""
    study: FullTimeStudy | None = None
    can_live_alone: bool = True
    """Whether a grown-up child is able to live independently."""
    absence: Absence | None = None
    disability: Disability | None = None
    works: bool = False
    has_major_disease: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Who is counted as living together, and about whom a person must decide."""

    keys: tuple[str, ...]
    review: tuple[str, ...] = ()


class IncomeKind(StrEnum):
    """The categories of income (收入类别)."""

    WAGE = "WAGE"
    BUSINESS = "BUSINESS"
    PROPERTY = "PROPERTY"
    TRANSFER_IN = "TRANSFER_IN"
    TRANSFER_OUT = "TRANSFER_OUT"
    """Taxes, contributions and support paid to others: it is deducted."""
    OTHER = "OTHER"


class Exemption(StrEnum):
    """Income that is not counted (收入豁免)."""

    PREFERENTIAL_TREATMENT = "PREFERENTIAL_TREATMENT"
    BIRTH_PLANNING_REWARD = "BIRTH_PLANNING_REWARD"
    SCHOLARSHIP = "SCHOLARSHIP"
    GOOD_SAMARITAN_AWARD = "GOOD_SAMARITAN_AWARD"
    GOVERNMENT_RELIEF = "GOVERNMENT_RELIEF"
    BASIC_PENSION = "BASIC_PENSION"
    HIGH_AGE_ALLOWANCE = "HIGH_AGE_ALLOWANCE"
    SOCIAL_INSURANCE = "SOCIAL_INSURANCE"
    """Medical and other social insurance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeLine:
    """What one person had from one source over the whole window."""

    person: str
    kind: IncomeKind
    amount: Money
    """After the costs of earning it, except wages."""
    exemption: Exemption | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentParameters:
    """The local numbers an assessment rests on, as in force on the day of the application."""

    standard: Money
    """Minimum living standard, per person and month."""
    edge_percent: int
    """Below this share of the standard a household is at the edge (150: 1.5 times)."""
    window_months: int
    """How many months of income are looked at."""
    employment_cost_percent: int
    """Share of a wage that earning it is taken to cost, at most the standard a month."""
    asset_months: int
    """Financial assets per head may be so many times the standard."""
    addition: Money
    """分类施保, per eligible person and month."""
    rounding: Rounding
    """Which way a benefit is rounded to whole yuan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """The counted income of a household over its window, exactly."""

    fen: Fraction
    months: int
    heads: int

    @property
    def per_head_and_month(self) -> Fraction:
        """In fen, never rounded: rounding it before comparing refuses who is entitled."""
        return self.fen / self.months / self.heads


class Layer(StrEnum):
    """Where income alone puts a household."""

    MINIMUM_LIVING = "MINIMUM_LIVING"
    """低保: below the standard."""
    EDGE = "EDGE"
    """低保边缘: at the standard or above, and below its multiple."""
    ABOVE = "ABOVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A financial asset of the household."""

    amount: Money
    exemption: str | None = None
    """The local rule's code for what does not count, such as unspent relief money."""


class Finding(StrEnum):
    """What an assessment of income and property comes to."""

    ELIGIBLE = "ELIGIBLE"
    RECHECK_OFFERED = "RECHECK_OFFERED"
    """Property stands against it: the household is told, and may object with evidence."""
    NOT_ELIGIBLE = "NOT_ELIGIBLE"


class ExpenditureKind(StrEnum):
    """Kinds of expenditure a household cannot avoid (刚性支出)."""

    LIVING = "LIVING"
    MEDICAL = "MEDICAL"
    EDUCATION = "EDUCATION"
    REHABILITATION = "REHABILITATION"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expenditure:
    """One expenditure of the twelve months before the application."""

    kind: ExpenditureKind
    gross: Money
    reimbursed: Money = field(default_factory=lambda: Money(0))
    """By insurance of every kind, by medical relief, by the government."""
    public_standard: Money | None = None
    """Of education: what public schools of the place charge; more is not recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RigidParameters:
    """The local numbers for households whose expenditure overwhelms them."""

    ratio_percent: int
    """Expenditure must be more than this share of income."""
    disposable_income: Money
    """Last year's local disposable income, per person and year."""
    kinds: frozenset[ExpenditureKind]
    """What the place counts."""


class RigidGround(StrEnum):
    """Why a household is not recognised as one overwhelmed by expenditure."""

    HAS_STRONGER_RELIEF = "HAS_STRONGER_RELIEF"
    INCOME_TOO_HIGH = "INCOME_TOO_HIGH"
    RATIO_NOT_REACHED = "RATIO_NOT_REACHED"


class SelfCare(StrEnum):
    """生活自理能力, by how many of the six indicators are not met."""

    CAPABLE = "CAPABLE"
    PARTLY_LOST = "PARTLY_LOST"
    FULLY_LOST = "FULLY_LOST"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportParameters:
    """What support for a person in extreme difficulty amounts to in a place, per month."""

    basic: Money
    care_capable: Money
    care_partly_lost: Money
    care_fully_lost: Money
