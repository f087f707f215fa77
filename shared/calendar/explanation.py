"""What a day did to a period, as a line for the person who asks why."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.calendar.working_days import Day, DayKind
from shared.clock import end_of_day

WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = "一二三四五六日"


class Effect(StrEnum):
    """What a day does to a period."""

    START = "start"
    COUNTS = "counts"
    RESTS = "rests"
    PAUSED = "paused"
    REACHED = "reached"
    """The counted number of days is reached here."""
    MONTHS = "months"
    """The counted number of months is reached here."""
    MOVES = "moves"
    """A rest day at the end, so the end moves on."""
    HOURS = "hours"


_EFFECT_EN = {
    Effect.START: "the starting day is not counted",
    Effect.COUNTS: "counts, {ordinal}",
    Effect.RESTS: "rest day, does not count",
    Effect.PAUSED: "clock paused, does not count",
    Effect.REACHED: "{ordinal} day",
    Effect.MONTHS: "{ordinal} month ends",
    Effect.MOVES: "rest day, the end moves on",
    Effect.HOURS: "{count} hours run from the moment, through nights and rest days",
}
_EFFECT_ZH = {
    Effect.START: "起始当日不计入",
    Effect.COUNTS: "计入，第{count}个工作日",
    Effect.RESTS: "休息日，不计入",
    Effect.PAUSED: "期限中止，不计入",
    Effect.REACHED: "第{count}日",
    Effect.MONTHS: "满{count}个月",
    Effect.MOVES: "休息日，期限顺延",
    Effect.HOURS: "自该时刻起{count}小时，夜间和休息日连续计算",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One day of a period."""

    on: date
    day: Day
    effect: Effect
    count: int = 0
    """How many units are used by then, this day included."""
    assumed: bool = False
    """Whether no notice covers the day yet and the week was assumed."""

    @property
    def line_en(self) -> str:
        """Such as `2026-09-20 Sunday, make-up working day: counts, 3rd`."""
        effect = _EFFECT_EN[self.effect].format(count=self.count, ordinal=ordinal(self.count))
        kind = f", {_kind_en(self.day)}" if _kind_en(self.day) else ""
        assumed = " (calendar not published yet)" if self.assumed else ""
        return f"{_day_en(self.on)}{kind}: {effect}{assumed}"

    @property
    def line_zh(self) -> str:
        """Such as `2026-09-20 星期日（调休上班）：计入，第3个工作日`."""
        effect = _EFFECT_ZH[self.effect].format(count=self.count)
        kind = f"（{_kind_zh(self.day)}）" if _kind_zh(self.day) else ""
        assumed = "（当年放假安排尚未公布）" if self.assumed else ""
        return f"{_day_zh(self.on)}{kind}：{effect}{assumed}"


def last_line_en(last_day: date, due_at: datetime, *, provisional: bool) -> str:
    """The line that names the end, such as `2026-10-08 Thursday: last day, until 24:00`."""
    note = "; provisional until the official calendar is published" if provisional else ""
    return f"{_day_en(last_day)}: last day, until {_time_of_end(last_day, due_at)}{note}"


def last_line_zh(last_day: date, due_at: datetime, *, provisional: bool) -> str:
    """The same line in Chinese."""
    note = "；放假安排公布后可能调整" if provisional else ""
    return f"{_day_zh(last_day)}：期限最后一日，至{_time_of_end(last_day, due_at)}止{note}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _time_of_end(last_day: date, due_at: datetime) -> str:
    return "24:00" if due_at == end_of_day(last_day) else f"{due_at:%H:%M}"


def _day_en(on: date) -> str:
    return f"{on.isoformat()} {WEEKDAYS_EN[on.weekday()]}"


def _day_zh(on: date) -> str:
    return f"{on.isoformat()} 星期{WEEKDAYS_ZH[on.weekday()]}"


def _kind_en(day: Day) -> str:
    return "make-up working day" if day.kind is DayKind.MAKE_UP else day.name_en


def _kind_zh(day: Day) -> str:
    return "调休上班" if day.kind is DayKind.MAKE_UP else day.name_zh
