"""How a calendar is built from the yearly notices, and how it travels as plain data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from shared.calendar.working_days import Day, DayKind, WorkingCalendar

COUNTRY = "CN"


def calendar_from_notices(
    notices: Iterable[Mapping[str, Any]], *, region: str = COUNTRY
) -> WorkingCalendar:
    """Join the notices of consecutive years into one calendar.

    Args:
        notices: Each as in `catalogue/calendar`: version, region, year, source, holidays; a
            holiday has its names `zh` and `en`, `first` and `last` day off, and the days to
            `make_up` for it. Dates are dates or `YYYY-MM-DD`.
        region: A region with holidays of its own is laid over the country's calendar.

    Raises:
        ValueError: There is no notice of the country, a year is missing in between, or a notice
            contradicts itself, the week or another notice.
    """
    by_year = sorted(notices, key=lambda notice: int(notice["year"]))
    national = [notice for notice in by_year if notice["region"] == COUNTRY]
    regional = [n for n in by_year if n["region"] == region and region != COUNTRY]
    years = [int(notice["year"]) for notice in national]
    if not years or years != list(range(years[0], years[-1] + 1)):
        raise ValueError("the notices of the country must cover consecutive years, each once")
    used = national + regional
    return WorkingCalendar(
        version="+".join(str(notice["version"]) for notice in used),
        region=region,
        sources=tuple(str(notice["source"]) for notice in used),
        published_from=date(years[0], 1, 1),
        published_through=date(years[-1], 12, 31),
        exceptions={**_exceptions(national), **_exceptions(regional)},
    )


def calendar_as_data(calendar: WorkingCalendar) -> dict[str, Any]:
    """The calendar as JSON values, for a message or a column; `calendar_from_data` reads it."""
    return {
        "version": calendar.version,
        "region": calendar.region,
        "sources": list(calendar.sources),
        "publishedFrom": calendar.published_from.isoformat(),
        "publishedThrough": calendar.published_through.isoformat(),
        "days": [
            {
                "date": on.isoformat(),
                "isWorking": day.is_working,
                "kind": day.kind.value,
                "zh": day.name_zh,
                "en": day.name_en,
            }
            for on, day in sorted(calendar.exceptions.items())
        ],
    }


def calendar_from_data(data: Mapping[str, Any]) -> WorkingCalendar:
    """Read what `calendar_as_data` wrote; members it does not know are ignored."""
    return WorkingCalendar(
        version=data["version"],
        region=data["region"],
        sources=tuple(data["sources"]),
        published_from=_date(data["publishedFrom"]),
        published_through=_date(data["publishedThrough"]),
        exceptions={
            _date(entry["date"]): Day(DayKind(entry["kind"]), entry["zh"], entry["en"])
            for entry in data["days"]
        },
    )


def _exceptions(notices: Sequence[Mapping[str, Any]]) -> dict[date, Day]:
    exceptions: dict[date, Day] = {}
    for notice in notices:
        for holiday in notice["holidays"]:
            for on, day in _days_of(holiday):
                if on in exceptions:
                    raise ValueError(f"{notice['version']}: {on} is named twice")
                exceptions[on] = day
    return exceptions


def _days_of(holiday: Mapping[str, Any]) -> list[tuple[date, Day]]:
    zh, en = str(holiday["zh"]), str(holiday["en"])
    first, last = _date(holiday["first"]), _date(holiday["last"])
    if last < first:
        raise ValueError(f"{en}: the last day off lies before the first")
    off = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    make_up = [_date(on) for on in holiday.get("make_up", ())]
    if any(on.isoweekday() <= 5 for on in make_up):
        raise ValueError(f"{en}: only a Saturday or Sunday can be a make-up working day")
    return [
        *((on, Day(DayKind.HOLIDAY, zh, en)) for on in off),
        *((on, Day(DayKind.MAKE_UP, zh, en)) for on in make_up),
    ]


def _date(value: date | str) -> date:
    if isinstance(value, datetime):
        raise ValueError("a calendar has dates, not instants")
    return value if isinstance(value, date) else date.fromisoformat(value)
