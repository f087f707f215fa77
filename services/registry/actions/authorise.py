"""Who may make somebody an officer, and when one administrator is not enough."""

from services.registry.model import Officer
from services.registry.model.officers import Assignment, OfficerChange
from shared.auth import Actor, ActorKind
from shared.identifiers import DivisionCode, DivisionLevel, InvalidIdentifier

ADMINISTRATOR = "officer-administrator"
GUARDED_ROLES = frozenset({ADMINISTRATOR})
"""Roles that give power over other officers."""

_DIGITS = {
    DivisionLevel.PROVINCE: 2,
    DivisionLevel.CITY: 4,
    DivisionLevel.COUNTY: 6,
    DivisionLevel.TOWNSHIP: 9,
    DivisionLevel.VILLAGE: 12,
}


def may_manage(actor: Actor, division: str) -> bool:
    """Whether somebody may manage the officers of a division.

    Source:
        GB/T 22239-2019 (等保2.0) 8.1.4.2: least privilege, and administrators apart from users.
    """
    if actor.kind is ActorKind.OPERATOR:
        return True
    if actor.kind is not ActorKind.OFFICER or ADMINISTRATOR not in actor.roles:
        return False
    try:
        own = DivisionCode.parse(actor.division or "")
        return own.contains(DivisionCode.parse(division))
    except InvalidIdentifier:
        return False


def division_prefix(actor: Actor) -> str:
    """What the codes of all divisions begin with whose officers somebody may see.

    Source:
        GB/T 2260 and GB/T 10114: province 2 digits, city 4, county 6, township 9, village 12.
    """
    if actor.kind is ActorKind.OPERATOR:
        return ""
    code = DivisionCode.parse(actor.division or "")
    return code.value[: _DIGITS[code.level]]


def is_oneself(actor: Actor, officer: str) -> bool:
    """Whether somebody is about to change what they themselves may do.

    Source:
        House rule: nobody gives rights to themselves, and nobody takes their own suspension back.
    """
    return actor.kind is ActorKind.OFFICER and actor.id == officer


def needs_second_pair(before: Officer | None, after: Assignment) -> bool:
    """Whether a change gives power over officers, so that two administrators must want it.

    Wherever an administrator is moved, the power becomes another one, so that counts too.

    Source:
        GB/T 22239-2019 (等保2.0) 8.1.4.2: rights of administrators are kept apart; House rule: four
        eyes for whoever can make others.
    """
    guarded = after.roles & GUARDED_ROLES
    if not guarded:
        return False
    if before is None or not guarded <= before.roles:
        return True
    return after.division != before.division


def may_decide(actor: Actor, change: OfficerChange) -> bool:
    """Whether somebody may agree to a change: not who wants it, and not whom it is about.

    Source:
        House rule: four eyes are two people's.
    """
    return actor.subject != change.proposed_by and not is_oneself(actor, change.officer)
