"""Who must keep away from a task. Who is competent for it at all is not here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from services.intake.model.officer import ConflictKind, OfficerStanding
from shared.identifiers import InvalidIdentifier, ResidentId

DEPTH = 32
"""Deeper than any form that the door lets in."""


def persons_in(form: Mapping[str, Any], *, today: date) -> frozenset[str]:
    """Every identity number written anywhere in a form.

    Applicant, subject, household, heirs and supporters stand in different places in every
    item; whoever is in the form is a person of the case.

    Source:
        House rule: partiality is measured by everybody the case is about, not only by who
        signed it.
    """
    return frozenset(_numbers(form, "", today, DEPTH))


def conflict_of(
    standing: OfficerStanding, *, persons: frozenset[str], is_acceptance: bool
) -> ConflictKind | None:
    """Why an officer must keep away from a task, or None when they need not.

    Accepting what oneself entered is one act at one counter, so it is no conflict; every
    answer after that confirms the entry, and belongs to another pair of eyes.

    Args:
        standing: What is kept about the officer, read in the transaction of the act.
        persons: Blind indexes of everybody in the case.
        is_acceptance: Whether the task only accepts the application.

    Source:
        最低生活保障审核确认办法 (民发〔2021〕57号) art. 11, 20 (relatives of staff);
        公务员法 (2018) art. 76 (recusal; from memory, check before go-live);
        House rule: who entered a case at the window does not confirm it.
    """
    if standing.own & persons:
        return ConflictKind.OWN_CASE
    if standing.relatives & persons:
        return ConflictKind.RELATIVE
    if standing.has_recused:
        return ConflictKind.RECUSED
    if standing.has_entered and not is_acceptance:
        return ConflictKind.ENTERED
    return None


def _numbers(value: object, key: str, today: date, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, str):
        if (key.endswith("id_no") and value.strip()) or _is_resident_id(value, today):
            yield value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from _numbers(member, str(name), today, depth - 1)
    elif isinstance(value, Sequence):
        for member in value:
            yield from _numbers(member, key, today, depth - 1)


def _is_resident_id(text: str, today: date) -> bool:
    if not 15 <= len(text) <= 24:
        return False
    try:
        ResidentId.parse(text, today=today)
    except InvalidIdentifier:
        return False
    return True
