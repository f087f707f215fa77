"""How a marriage ends by death, and what the survivor then is.

Not here: divorce, which has periods of its own.
"""

from dataclasses import replace
from datetime import date

from services.marriage.errors import DeathBeforeMarriage
from services.marriage.model import EndCause, Marriage, MarriageStatus, PersonIndex


def end_by_death(marriage: Marriage, *, died_on: date) -> Marriage:
    """End a marriage on the day of death; one that is no longer in force stays as it is.

    The day is that of the death certificate, not of the report. Repeating changes nothing.

    Raises:
        DeathBeforeMarriage: The death lies before the registration; someone must look.

    Source:
        Civil Code (民法典) arts. 13, 51 (a marriage ends with the death of a spouse);
        joint handling of matters after a death (国办函〔2025〕3号): the surviving spouse is
        recorded as widowed the same day.
    """
    if marriage.status is not MarriageStatus.IN_FORCE:
        return marriage
    if died_on < marriage.registered_on:
        raise DeathBeforeMarriage
    return replace(
        marriage, status=MarriageStatus.ENDED, ended_on=died_on, end_cause=EndCause.DEATH
    )


def survivor_of(marriage: Marriage, *, deceased: PersonIndex) -> PersonIndex:
    """The party who is left: from now on widowed (丧偶).

    Source:
        Marriage Registration Regulation (婚姻登记条例, Order 804): national base of marriage
        information holds the current status of each person.
    """
    first, second = marriage.parties
    return second if deceased == first else first
