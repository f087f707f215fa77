"""Who may marry whom, on the day of registration.

Not here: whose records are asked (the store), and the numbering of certificates.
"""

from calendar import monthrange
from datetime import date, timedelta

from services.marriage.model import (
    AgeAttained,
    Couple,
    Examination,
    Flag,
    Kinship,
    OpenPoint,
    Party,
    RefusalGround,
)
from services.marriage.rules.status import is_married, needs_declaration, unresolved_point
from shared.identifiers import Sex

MARRIAGEABLE_AGE = {Sex.MALE: 22, Sex.FEMALE: 20}
"""Full years (周岁) on the day of registration."""


def attains_age_on(
    born_on: date, years: int, *, attained: AgeAttained = AgeAttained.ON_BIRTHDAY
) -> date:
    """The first day on which a person counts as `years` old.

    Born on 29 February, in a year without one: the last day of February, for a period
    without its corresponding day ends on the last day of the month.

    Source:
        Civil Code (民法典) art. 202 (no corresponding day: last day of the month), by
        analogy; that the birthday itself counts is practice and a dated parameter.
    """
    year = born_on.year + years
    day = min(born_on.day, monthrange(year, born_on.month)[1])
    birthday = date(year, born_on.month, day)
    return birthday + timedelta(days=1) if attained is AgeAttained.DAY_AFTER else birthday


def is_of_marriageable_age(
    party: Party, *, on: date, attained: AgeAttained = AgeAttained.ON_BIRTHDAY
) -> bool:
    """Whether a party is old enough: a man 22, a woman 20.

    Args:
        on: The day of registration in Asia/Shanghai, not the day of the application.

    Source:
        Civil Code (民法典) art. 1047.
    """
    return on >= attains_age_on(party.born_on, MARRIAGEABLE_AGE[party.sex], attained=attained)


def refusal_grounds(
    couple: Couple, *, on: date, attained: AgeAttained = AgeAttained.ON_BIRTHDAY
) -> tuple[RefusalGround, ...]:
    """Every ground on which the registration must be refused; empty if there is none.

    Serious illness is not among them: it must be disclosed, and is for a court.

    Source:
        Civil Code (民法典) arts. 1041, 1046 (will, one man and one woman), 1047 (age),
        1048 (kinship), 1053 (illness); Marriage Registration Regulation (婚姻登记条例,
        Order 804) on refusal with reasons told.
    """
    applies = {
        RefusalGround.NOT_ONE_MAN_AND_ONE_WOMAN: couple.first.sex is couple.second.sex,
        RefusalGround.UNDER_AGE: any(
            not is_of_marriageable_age(party, on=on, attained=attained) for party in couple.parties
        ),
        RefusalGround.NOT_VOLUNTARY: any(not party.willing for party in couple.parties),
        RefusalGround.ALREADY_MARRIED: any(is_married(party.status) for party in couple.parties),
        RefusalGround.PROHIBITED_KINSHIP: is_prohibited(couple.kinship),
    }
    return tuple(ground for ground, found in applies.items() if found)


def is_prohibited(kinship: Kinship) -> bool:
    """Whether the law forbids marriage between relatives of this kind.

    Source:
        Civil Code (民法典) art. 1048.
    """
    return kinship in (Kinship.DIRECT_LINE, Kinship.COLLATERAL_WITHIN_THREE)


def examine(
    couple: Couple, *, on: date, attained: AgeAttained = AgeAttained.ON_BIRTHDAY
) -> Examination:
    """Examine a couple: grounds to refuse, points still open, and what to look at.

    "Nothing found" is not "single": with the signed declaration it may be registered, but
    the registrar is shown that the status rests on the declaration alone.

    Source:
        Marriage Registration Regulation (婚姻登记条例, Order 804): declarations of both
        parties, online check, questions, registration on the spot; Civil Code (民法典)
        arts. 1046-1049.
    """
    return Examination(
        grounds=refusal_grounds(couple, on=on, attained=attained),
        open_points=_open_points(couple),
        flags=_flags(couple),
    )


def _open_points(couple: Couple) -> tuple[OpenPoint, ...]:
    points = [unresolved_point(party.status) for party in couple.parties]
    if not all(party.declares_no_spouse for party in couple.parties):
        points.append(OpenPoint.SPOUSE_DECLARATION_MISSING)
    if couple.kinship is Kinship.UNDECLARED:
        points.append(OpenPoint.KINSHIP_DECLARATION_MISSING)
    return tuple(dict.fromkeys(point for point in points if point is not None))


def _flags(couple: Couple) -> tuple[Flag, ...]:
    rests = any(
        needs_declaration(party.status) and party.declares_no_spouse for party in couple.parties
    )
    return (Flag.STATUS_RESTS_ON_DECLARATION,) if rests else ()
