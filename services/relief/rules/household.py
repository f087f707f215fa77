"""Who is counted as living together (共同生活的家庭成员), and who may apply alone."""

from collections.abc import Iterable
from datetime import date

from services.relief.model.assessment import (
    Counted,
    DisabilityKind,
    FullTimeStudy,
    Layer,
    Person,
    Relation,
)
from shared.calendar.deadlines import months_after

ADULT_YEARS = 18


def counted_members(persons: Iterable[Person], *, on: date) -> Counted:
    """Who is counted, each once: the number divides the income and multiplies the benefit.

    A grown-up child who studies beyond a bachelor's degree is not counted of itself: local
    rules decide, so a person looks at it.

    Args:
        on: The day of the application.

    Source:
        民发〔2021〕57号 art. 7 (spouse, minor children, grown-up children who cannot live on
        their own or study up to a bachelor's degree, others with a duty of support who live
        there; not who is in prison, in compulsory rehabilitation, missing, or long in a
        religious site).
    """
    present = [person for person in persons if person.absence is None]
    keys = tuple(person.key for person in present if _is_counted(person, on))
    review = tuple(
        person.key
        for person in present
        if person.study is FullTimeStudy.BEYOND_BACHELOR and person.key not in keys
    )
    return Counted(keys=keys, review=review)


def may_apply_alone(person: Person, *, family: Layer, on: date) -> bool:
    """Whether a person may be admitted as a household of one (单人户).

    Args:
        family: Where the whole family's income puts it; its property has been passed.

    Source:
        民发〔2021〕57号 art. 8; 民发〔2022〕83号 一(一): in a family at the edge, a disability
        of grade one or two, of grade three if intellectual or mental, or a major disease; and
        grown-ups without work whose disability is severe.
    """
    at_edge = family is Layer.EDGE
    if at_edge and (person.has_major_disease or _opens_the_way_alone(person)):
        return True
    return _is_severe(person) and _is_adult(person, on) and not person.works


def _is_counted(person: Person, on: date) -> bool:
    match person.relation:
        case Relation.APPLICANT | Relation.SPOUSE:
            return True
        case Relation.CHILD if not _is_adult(person, on):
            return True
        case Relation.CHILD:
            studies = person.study is FullTimeStudy.UP_TO_BACHELOR
            stays = person.lives_together and person.study is None
            return studies or not person.can_live_alone or stays
        case Relation.OBLIGED:
            return person.lives_together
        case _:
            return False


def _is_adult(person: Person, on: date) -> bool:
    return months_after(person.born_on, ADULT_YEARS * 12) <= on


def _opens_the_way_alone(person: Person) -> bool:
    disability = person.disability
    if disability is None:
        return False
    of_the_mind = disability.kind in (DisabilityKind.INTELLECTUAL, DisabilityKind.MENTAL)
    return disability.grade <= (3 if of_the_mind else 2)


def _is_severe(person: Person) -> bool:
    return person.disability is not None and person.disability.grade <= 2
