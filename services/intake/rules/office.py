"""Which office is competent for a place."""

from collections.abc import Iterable

from services.intake.errors import OfficeNotFound
from services.intake.model import Office, OfficeQuery
from shared.identifiers import DivisionCode, DivisionLevel, InvalidIdentifier


def division_chain(division: str) -> tuple[str, ...]:
    """The codes of a division and of everything above it, lowest first.

    Only offices of these divisions can be competent: this is what to ask the directory for.

    Raises:
        OfficeNotFound: The code is not one of a division.

    Source:
        GB/T 2260 and GB/T 10114 (administrative division codes).
    """
    code = _parse(division)
    levels = reversed(list(DivisionLevel))
    return tuple(dict.fromkeys(str(code.at(level)) for level in levels))


def competent_office(query: OfficeQuery, *, division: str, offices: Iterable[Office]) -> Office:
    """The office with the function at the level, in or above the division of the case.

    Where several counters of one authority share a place, the first by id is taken, so that
    the same case always goes to the same one.

    Raises:
        OfficeNotFound: Nobody there has this function, or the place is named too roughly to
            tell (a county, where a township's office is wanted).

    Source:
        行政许可法 art. 24-26 (competence lies with the authority, not with the counter);
        社会救助暂行办法 art. 48 for the levels of relief.
    """
    place = _parse(division).at(query.level)
    candidates = [
        office
        for office in offices
        if office.division == str(place)
        and office.level is query.level
        and query.function in office.functions
    ]
    if place.level is not query.level or not candidates:
        raise OfficeNotFound(function=query.function, level=query.level, division=str(place))
    return min(candidates, key=lambda office: office.id)


def _parse(division: str) -> DivisionCode:
    try:
        return DivisionCode.parse(division)
    except InvalidIdentifier:
        raise OfficeNotFound(function="", level="", division="") from None
