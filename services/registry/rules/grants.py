"""Who may act for whom (代办): what a grant may say, and whether it covers an act."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from services.registry.model import GrantInForce, GrantRefusal, PersonIndex

LONGEST = timedelta(days=366)

OWNERS_IN_PERSON = frozenset({"marriage"})
"""Departments whose acts nobody can do for another."""


def is_period_acceptable(expires_on: date, *, today: date) -> bool:
    """Whether a grant may run from today through a day.

    Source:
        民法典 (2020) art. 165 (a written authority states its period). That it ends within a
        year is a house rule: what is forgotten should end by itself.
    """
    return today <= expires_on <= today + LONGEST


def are_grantable(codes: Iterable[str], definitions: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether an agent may act for all of these items.

    Args:
        definitions: The published items by code; a code that is missing is not published.

    Source:
        民法典 (2020) art. 161(2): what the law or its nature reserves to the person cannot be
        done by an agent; arts. 1049 and 1076: marriage and divorce are registered in person.
    """
    return all(
        code in definitions and definitions[code].get("owner") not in OWNERS_IN_PERSON
        for code in codes
    )


def grant_refusal(
    known: GrantInForce | None,
    *,
    agent: str,
    principal_index: PersonIndex,
    item: str,
    today: date,
) -> GrantRefusal | None:
    """The first reason why a grant does not cover an act, or None when it does.

    Whether the grant concerns these people is asked first, so that nobody learns from the
    answer what became of a stranger's grant.

    Source:
        民法典 (2020) art. 171 (no act without, or beyond, authority), art. 173 (authority ends
        with its period, by being withdrawn, or with a death).
    """
    if known is None:
        return GrantRefusal.GRANT_UNKNOWN
    grant = known.grant
    refusals = (
        (str(grant.agent) != agent, GrantRefusal.OTHER_AGENT),
        (known.principal_index != principal_index, GrantRefusal.OTHER_PRINCIPAL),
        (grant.revoked_at is not None, GrantRefusal.GRANT_REVOKED),
        (today > grant.expires_on, GrantRefusal.GRANT_EXPIRED),
        (
            not (known.principal_is_alive and known.agent_is_alive),
            GrantRefusal.PERSON_DECEASED,
        ),
        (item not in grant.items, GrantRefusal.ITEM_NOT_COVERED),
    )
    return next((refusal for applies, refusal in refusals if applies), None)
