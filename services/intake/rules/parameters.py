"""Which local numbers are in force for a place on a day."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.intake.model import LocalParameters
from services.intake.rules.office import division_chain


def local_parameters(
    published: Iterable[LocalParameters], *, division: str, on: date
) -> Mapping[str, object]:
    """The numbers in force for a division on a day, by name.

    A smaller division's number stands before a larger one's; within a division the latest
    table in force counts whole, so that a name it drops is dropped.

    Args:
        published: Every table the registry has published.
        division: Twelve-digit code of the place.
        on: The day of the application, in Asia/Shanghai.

    Raises:
        OfficeNotFound: The code is not one of a division.

    Source:
        社会救助暂行办法 art. 10 (the local government sets and publishes the standard);
        house rule for dated tables.
    """
    latest: dict[str, LocalParameters] = {}
    for table in published:
        held = latest.get(table.division)
        if table.effective_from <= on and (
            held is None or held.effective_from < table.effective_from
        ):
            latest[table.division] = table
    values: dict[str, object] = {}
    for code in reversed(division_chain(division)):
        if code in latest:
            values |= latest[code].values
    return values
