"""What the code of a division stands for after divisions were renamed, merged or split."""

from collections.abc import Sequence
from datetime import date

from services.registry.model.divisions import DivisionChange, Succession
from shared.identifiers import DivisionCode, DivisionLevel

_LOWER = (DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE)


def succession(
    code: str, changes: Sequence[DivisionChange], *, written_on: date, as_of: date
) -> Succession:
    """The divisions that a code, written down one day, stands for on a later day.

    The same six digits can be another area before and after a change, so the day on which the
    code was written decides where the way begins. Townships and villages got new codes with
    their county; where only the county's change is known, the county is the answer.

    Args:
        changes: All there are, in any order.
        written_on: When somebody used the code for what it then was.
        as_of: The day one asks about; before `written_on` nothing is followed.

    Source:
        行政区划管理条例 (Order 704, 2018) art. 7 and 8: divisions are set up, ended, renamed and
        cut anew by decision, each from its day; from memory, check before go-live. GB/T 2260.
    """
    asked = DivisionCode.parse(code)
    known = {change.code for change in changes}
    is_lower = asked.level in _LOWER and code not in known
    start = asked.at(DivisionLevel.COUNTY).value if is_lower else code
    current, passed = {start}, list[DivisionChange]()
    for change in sorted(changes, key=lambda each: (each.on, each.code)):
        # On one day, what a change begets is not changed again by another of that day.
        begotten = {to for each in passed if each.on == change.on for to in each.to}
        if not written_on < change.on <= as_of or change.code not in current - begotten:
            continue
        current = (current - {change.code}) | set(change.to)
        passed.append(change)
    if is_lower and not passed:
        return Succession(codes=[code], is_exact=True, changes=[])
    return Succession(codes=sorted(current), is_exact=not is_lower, changes=passed)
