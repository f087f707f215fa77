"""Is it a fact that this person has died? Registering the fact is the action's."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.registry.errors import DisclosureIncomplete
from services.registry.model import DeathFinding, InRegister, ReportedDeath, Resident
from shared.identifiers import InvalidIdentifier, ResidentId

APPROVE = "approve"
REFUSE = "refuse"
NEEDS_CORRECTION = "needs-correction"

_SPACES_AND_DOTS = str.maketrans(dict.fromkeys(" \u3000·•‧・.", ""))


def read_report(fields: Mapping[str, Any]) -> ReportedDeath:
    """The reported death, from the fields a task or a matter discloses.

    Raises:
        DisclosureIncomplete: A field is missing, or is not what the form says it is.

    Source:
        户口登记条例 (1958) art. 8: who died, and when; the certificate proves it.
    """
    deceased, death = fields.get("deceased"), fields.get("death")
    if not isinstance(deceased, Mapping) or not isinstance(death, Mapping):
        raise DisclosureIncomplete
    try:
        return ReportedDeath(
            name=str(deceased["name"]),
            id_number=str(deceased["id_no"]),
            died_on=date.fromisoformat(str(death["date"])),
            certificate_number=str(death["certificate_no"]),
            place_division=death.get("place_division"),
        )
    except (KeyError, ValueError):
        raise DisclosureIncomplete from None


def assess_death(reported: ReportedDeath, known: Resident | None, *, today: date) -> DeathFinding:
    """Decide whether the register bears out a reported death.

    A person the register does not know may well have lived and died elsewhere: the
    certificate stands by itself, and the answer says that nothing was found.

    Args:
        known: The resident with the reported number, if there is one.

    Source:
        民法典 (2020) art. 15: the time of death is that on the death certificate, unless other
        evidence overturns it; 户口登记条例 (1958) art. 8.
    """
    if not _is_possible(reported, today=today):
        return _not_this_person("死亡日期与身份号码所载出生日期不符，或身份号码有误，请核对")
    if known is None:
        return DeathFinding(
            verdict=APPROVE,
            found=InRegister.NOT_IN_REGISTER,
            opinion="本库无此人登记信息，以死亡医学证明为准",
        )
    if not is_same_name(reported.name, known.name):
        return _not_this_person("姓名与身份号码不一致，请核对")
    return _against_the_register(reported, known)


def contradicts(reported: ReportedDeath, known: Resident) -> bool:
    """Whether the register already has the person dead on another day.

    Source:
        民法典 (2020) art. 15: only one time of death is true; which one, evidence decides.
    """
    return known.died_on is not None and known.died_on != reported.died_on


def record_number(division: str, registered_on: date, serial: int) -> str:
    """The number of a death record: county, year, serial; nothing in it comes from the person.

    Source:
        House rule. The certificate's own number may be the ID number, so it cannot serve.
    """
    return f"SW{division[:6]}{registered_on.year}{serial:07}"


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are one, whatever dots and spaces they are written with.

    Source:
        House rule: the dot in a name (买买提·吐尔逊) is typed in many ways, or not at all.
    """
    return _plain(one) == _plain(other)


def _against_the_register(reported: ReportedDeath, known: Resident) -> DeathFinding:
    if contradicts(reported, known):
        return DeathFinding(
            verdict=REFUSE,
            found=InRegister.RECORDED_OTHERWISE,
            opinion="本库已登记的死亡日期与申报不一致，请先核实死亡日期",
        )
    if known.is_alive:
        return DeathFinding(
            verdict=APPROVE, found=InRegister.ALIVE, opinion="身份核对一致，本库无死亡登记"
        )
    return DeathFinding(
        verdict=APPROVE, found=InRegister.ALREADY_RECORDED, opinion="本库已有一致的死亡登记"
    )


def _not_this_person(opinion: str) -> DeathFinding:
    return DeathFinding(verdict=NEEDS_CORRECTION, found=InRegister.NOT_THIS_PERSON, opinion=opinion)


def _is_possible(reported: ReportedDeath, *, today: date) -> bool:
    try:
        born_on = ResidentId.parse(reported.id_number, today=today).born_on
    except InvalidIdentifier:
        return False
    return born_on <= reported.died_on <= today


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).translate(_SPACES_AND_DOTS).casefold()
