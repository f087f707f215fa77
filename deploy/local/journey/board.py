"""What a person sees while cases are under way: one line for each."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.spinner import Spinner
from rich.table import Table

from deploy.local.journey.people import Case
from deploy.local.journey.timeline import OUTCOMES, STAGES, draw_still_open, progress_of


@dataclass(slots=True)
class Board:
    """The latest view of each case; draws itself anew for every frame.

    Args:
        cases: By id, in the order they were handed in.
    """

    cases: dict[str, Case] = field(default_factory=dict)
    began: Mapping[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    spinner: Spinner = field(default_factory=lambda: Spinner("dots"))

    def show(self, case: Case) -> None:
        """Take in what a screen shows now."""
        key = case["id"]
        self.began = {key: time.monotonic(), **self.began}
        self.cases[key] = case
        if case["isFinal"]:
            self.ended.setdefault(key, time.monotonic())

    def open_cases(self) -> list[Case]:
        """Those that have not come to their end."""
        return [case for case in self.cases.values() if not case["isFinal"]]

    def __rich__(self) -> Table:
        """The board as it stands."""
        table = Table.grid(padding=(0, 2))
        for _ in range(6):
            table.add_column(no_wrap=True)
        table.add_column(overflow="ellipsis", no_wrap=True)
        for case in self.cases.values():
            answered, asked = progress_of(case)
            table.add_row(
                "[green]✔[/]" if case["isFinal"] else self.spinner,
                str(case["item"]["title"]["text"]),
                str(case["number"]),
                f"已答复 {answered}/{asked}",
                f"{self._seconds(case['id']):.1f} s",
                f"{STAGES.get(case['stage'], case['stage'])} {OUTCOMES.get(case['outcome'], '')}",
                _waiting(case),
            )
        return table

    def _seconds(self, key: str) -> float:
        return self.ended.get(key, time.monotonic()) - self.began[key]


def _waiting(case: Case) -> str:
    waiting = [] if case["isFinal"] else list(draw_still_open(case))
    if not waiting:
        return ""
    return waiting[0] if len(waiting) == 1 else f"{waiting[0]} 等 {len(waiting)} 处"
