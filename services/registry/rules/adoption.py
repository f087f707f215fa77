"""May this adoption be registered? Competence and the assessment itself are not here."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from services.registry.errors import DisclosureIncomplete
from services.registry.model.adoption import (
    AdoptionGround,
    AdoptionKind,
    AdoptionKnown,
    AdoptionProceedings,
    AdoptionRequest,
    NamedPerson,
)
from services.registry.rules.death import APPROVE, NEEDS_CORRECTION, REFUSE
from shared.identifiers import InvalidIdentifier, ResidentId

ADOPTER_AGE = 30
AGE_GAP = 40
ADULT = 18
ASKED_FROM = 8
MOST_CHILDREN = 1
ANNOUNCEMENT_DAYS = 60
LIVING_TOGETHER_DAYS = 30

FOUNDLINGS = frozenset({AdoptionKind.INSTITUTION_FOUNDLING, AdoptionKind.NON_INSTITUTION_FOUNDLING})
_CHILDREN_COUNT = frozenset(
    {AdoptionKind.NON_INSTITUTION_FOUNDLING, AdoptionKind.PARENTS_DIFFICULTY}
)
_GAP_IS_FREE = frozenset({AdoptionKind.KIN, AdoptionKind.STEP})
_CORRECTABLE = frozenset(
    {
        AdoptionGround.NUMBER_WRONG,
        AdoptionGround.NAME_DOES_NOT_FIT_NUMBER,
        AdoptionGround.SAME_PERSON_TWICE,
        AdoptionGround.SPOUSE_NOT_NAMED,
        AdoptionGround.CHILD_NOT_ASKED,
    }
)

WORDS: Mapping[AdoptionGround, str] = {
    AdoptionGround.NUMBER_WRONG: "公民身份号码有误",
    AdoptionGround.NAME_DOES_NOT_FIT_NUMBER: "姓名与公民身份号码不一致",
    AdoptionGround.SAME_PERSON_TWICE: "收养人、配偶与被收养人不得为同一人",
    AdoptionGround.PERSON_DECEASED: "当事人中有人已登记死亡",
    AdoptionGround.ADOPTER_TOO_YOUNG: "收养人未满三十周岁",
    AdoptionGround.AGE_GAP_TOO_SMALL: "无配偶者收养异性子女，年龄应当相差四十周岁以上",
    AdoptionGround.TOO_MANY_CHILDREN: "收养人已有两名以上子女",
    AdoptionGround.ADOPTEE_NOT_A_MINOR: "被收养人已满十八周岁",
    AdoptionGround.CHILD_NOT_ASKED: "八周岁以上未成年人应当征得本人同意",
    AdoptionGround.SPOUSE_NOT_NAMED: "有配偶者应当夫妻共同收养",
    AdoptionGround.ALREADY_ADOPTED: "被收养人已有收养登记",
}
"""For the officer; none of them names a person."""


def read_adoption(fields: Mapping[str, Any]) -> AdoptionRequest:
    """The adoption asked for, from the fields a task or a matter discloses.

    Raises:
        DisclosureIncomplete: A field is missing, or is not what the form says it is.

    Source:
        中国公民收养子女登记办法 (2023) arts 5-7: who asks, for which child, from whom.
    """
    try:
        spouse = fields.get("spouse")
        return AdoptionRequest(
            adopters=[named(fields["applicant"]), *([named(spouse)] if spouse else [])],
            adoptee=named(fields["adoptee"]),
            kind=AdoptionKind(fields["kind"]),
            children=int(fields["number_of_children"]),
            child_consents=fields["consent_of_child"] == "CONSENTS",
            sender=str(fields.get("sender_name", "")),
        )
    except (KeyError, TypeError, ValueError):
        raise DisclosureIncomplete from None


def named(fields: Mapping[str, Any]) -> NamedPerson:
    """Somebody as a form names them.

    Raises:
        KeyError: The name or the number is not disclosed.

    Source:
        House rule: the forms of all items name people alike.
    """
    return NamedPerson(name=str(fields["name"]), id_number=str(fields["id_no"]))


def read_proceedings(facts: Mapping[str, Any]) -> AdoptionProceedings:
    """The days that officers noted with their answers; what cannot be read was not noted.

    Args:
        facts: What the matter's tasks found, by task: `announced_from` and `announced_to` of
            the announcement, `lived_together_from` and `lived_together_to` of the assessment.

    Source:
        中国公民收养子女登记办法 (2023) art. 8; 收养评估办法（试行） (民发〔2020〕144号).
    """
    announcement = _mapping(facts.get("announcement"))
    assessment = _mapping(facts.get("adoption_assessment"))
    return AdoptionProceedings(
        announced_from=_day(announcement.get("announced_from")),
        announced_to=_day(announcement.get("announced_to")),
        lived_together_from=_day(assessment.get("lived_together_from")),
        lived_together_to=_day(assessment.get("lived_together_to")),
    )


def adoption_grounds(
    request: AdoptionRequest, known: AdoptionKnown, *, today: date
) -> list[AdoptionGround]:
    """Everything that stands against an adoption, as far as the registry can know it.

    How many children kin may have is left to the registrar: for Chinese who live abroad the
    number is free, and the form does not say where somebody lives.

    Args:
        today: The day on which ages count; an adoption begins on its registration.

    Source:
        民法典 arts 1093, 1098-1104. What each exception of arts 1099, 1100 and 1103 frees from
        is from memory; check before go-live.
    """
    try:
        adopters = [ResidentId.parse(each.id_number, today=today) for each in request.adopters]
        adoptee = ResidentId.parse(request.adoptee.id_number, today=today)
    except InvalidIdentifier:
        return [AdoptionGround.NUMBER_WRONG]
    numbers = {each.value for each in (*adopters, adoptee)}
    found = {
        AdoptionGround.SAME_PERSON_TWICE: len(numbers) <= len(adopters),
        AdoptionGround.NAME_DOES_NOT_FIT_NUMBER: not known.names_fit,
        AdoptionGround.PERSON_DECEASED: known.is_anybody_deceased,
        AdoptionGround.ADOPTER_TOO_YOUNG: _is_too_young(adopters, request.kind, today),
        AdoptionGround.AGE_GAP_TOO_SMALL: _is_gap_too_small(adopters, adoptee, request.kind),
        AdoptionGround.TOO_MANY_CHILDREN: request.kind in _CHILDREN_COUNT
        and max(request.children, known.adoptions) > MOST_CHILDREN,
        AdoptionGround.ADOPTEE_NOT_A_MINOR: years_between(adoptee.born_on, today) >= ADULT,
        AdoptionGround.CHILD_NOT_ASKED: not request.child_consents
        and years_between(adoptee.born_on, today) >= ASKED_FROM,
        AdoptionGround.SPOUSE_NOT_NAMED: known.has_spouse
        and len(adopters) == 1
        and request.kind is not AdoptionKind.STEP,
        AdoptionGround.ALREADY_ADOPTED: known.is_adopted,
    }
    return [ground for ground, stands in found.items() if stands]


def proceeding_grounds(
    kind: AdoptionKind, proceedings: AdoptionProceedings, *, today: date
) -> list[AdoptionGround]:
    """What the proceedings lack: an announcement of sixty days for foundlings, time together.

    The time that adopters and child live together is judged only where an officer noted it.

    Source:
        中国公民收养子女登记办法 (2023) art. 8: at least sixty days from the announcement.
        收养评估办法（试行） (民发〔2020〕144号): thirty days together, from memory, check before
        go-live.
    """
    found: list[AdoptionGround] = []
    begun, over = proceedings.announced_from, proceedings.announced_to
    if kind in FOUNDLINGS and (begun is None or over is None):
        found.append(AdoptionGround.ANNOUNCEMENT_NOT_STATED)
    elif kind in FOUNDLINGS and not _lasted(begun, over, ANNOUNCEMENT_DAYS, today):
        found.append(AdoptionGround.ANNOUNCEMENT_TOO_SHORT)
    begun, over = proceedings.lived_together_from, proceedings.lived_together_to
    is_noted = begun is not None and over is not None
    if is_noted and not _lasted(begun, over, LIVING_TOGETHER_DAYS, today):
        found.append(AdoptionGround.LIVING_TOGETHER_TOO_SHORT)
    return found


def adoption_verdict(grounds: Iterable[AdoptionGround]) -> str:
    """The registry's answer to the window: what can be put right is asked for first.

    Source:
        行政许可法 (2019 text) art. 32(1)(3)-(4), applied alike: what can be mended on the spot
        is asked to be mended.
    """
    standing = set(grounds)
    if not standing:
        return APPROVE
    return NEEDS_CORRECTION if standing <= _CORRECTABLE else REFUSE


def adoption_number(division: str, registered_on: date, serial: int) -> str:
    """The number of a certificate of adoption: county, year, serial; nothing of the people.

    Source:
        House rule.
    """
    return f"SY{division[:6]}{registered_on.year}{serial:07}"


def years_between(born_on: date, day: date) -> int:
    """Completed years (周岁) on a day.

    Source:
        民法典 art. 1259 (以上 includes the number itself); the birthday completes the year.
    """
    before_birthday = (day.month, day.day) < (born_on.month, born_on.day)
    return day.year - born_on.year - before_birthday


def _is_too_young(adopters: list[ResidentId], kind: AdoptionKind, today: date) -> bool:
    ages = [years_between(each.born_on, today) for each in adopters]
    return kind is not AdoptionKind.STEP and min(ages) < ADOPTER_AGE


def _is_gap_too_small(adopters: list[ResidentId], adoptee: ResidentId, kind: AdoptionKind) -> bool:
    if len(adopters) > 1 or kind in _GAP_IS_FREE or adopters[0].sex is adoptee.sex:
        return False
    return years_between(adopters[0].born_on, adoptee.born_on) < AGE_GAP


def _lasted(begun: date | None, over: date | None, days: int, today: date) -> bool:
    """Whether it took so many days after its first, and is over."""
    if begun is None or over is None or over > today:
        return False
    return (over - begun).days >= days


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _day(value: object) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(str(value))
    return None
