"""Where a case stands, and what follows from it: the larger half of the independent model.

Written from ARCHITECTURE.md, the catalogue's schema and the law, and from none of our rules: it
imports nothing of `services`. Joins are settled by trying every way the missing answers can turn
out.
"""

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Self

from tests.support.almanac import BEIJING, days_between
from tests.support.case_joins import tally
from tests.support.random_plans import NOTES, RandomItem, RandomMatter

ACCEPTANCE = "acceptance.acceptance"
AT_WORK = ("open", "claimed")
UNDONE = (*AT_WORK, "waiting")
FINAL = ("concluded", "withdrawn", "not-accepted")


@dataclass
class ModelTask:
    ref: str
    handler: str
    needs: tuple[tuple[str, bool], ...]
    verdicts: tuple[str, ...]
    shows: tuple[str, ...]
    limit: tuple[int, str]
    state: str = "waiting"
    round: int = 1
    verdict: str | None = None
    reason: str | None = None
    holder: str | None = None
    held_until: datetime | None = None
    opened_at: datetime | None = None

    @property
    def matter(self) -> str:
        return self.ref.split(".")[0]

    @property
    def is_finished(self) -> bool:
        answered = self.state == "closed" and self.verdict != "needs-correction"
        return answered or self.state == "cancelled"

    @property
    def is_approved(self) -> bool:
        return self.state == "closed" and self.verdict in ("approve", "conditional")


@dataclass
class ModelMatter:
    key: str
    spec: RandomMatter
    status: str = "waiting"
    outcome: str | None = None


@dataclass
class Notice:
    """A round of correction: gathered, told, answered."""

    round: int
    phase: str
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """Which task asked, for which places; no places: for all it was shown."""
    is_told: bool = False
    began_at: datetime | None = None
    told_at: datetime | None = None
    due_on: date | None = None
    is_reminded: bool = False
    brought: frozenset[str] | None = None
    """What the answer brought: pointers, and keys of materials."""


@dataclass
class CaseCourse:
    """Where one case stands; the only thing that follows here is what nobody does."""

    item: RandomItem
    flags: dict[str, bool]
    now: datetime
    stage: str = "accepted"
    outcome: str | None = None
    accepted_at: datetime | None = None
    matters: dict[str, ModelMatter] = field(default_factory=dict)
    tasks: dict[str, ModelTask] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=lambda: dict.fromkeys(NOTES, "如实填写"))
    papers: set[str] = field(default_factory=set)
    verdicts: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    events: Counter[tuple[str, ...]] = field(default_factory=Counter)
    journal: Counter[tuple[str, ...]] = field(default_factory=Counter)
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    stopped: bool = False
    kept_late: set[tuple[str, int, str]] = field(default_factory=set)

    def copied(self) -> Self:
        """A case of its own; only what may change is copied."""
        return replace(
            self,
            matters={key: replace(matter) for key, matter in self.matters.items()},
            tasks={ref: replace(task) for ref, task in self.tasks.items()},
            notices=[replace(notice, asked=list(notice.asked)) for notice in self.notices],
            notes=dict(self.notes),
            papers=set(self.papers),
            kept_late=set(self.kept_late),
            verdicts=dict(self.verdicts),
            events=Counter(self.events),
            journal=Counter(self.journal),
            pauses=list(self.pauses),
        )

    # --- questions --------------------------------------------------------------------------

    @property
    def open_notice(self) -> Notice | None:
        return next((each for each in self.notices if each.brought is None), None)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None

    @property
    def lead_office(self) -> str | None:
        """The office that answers for the case: a lead of a join, else the first asked."""
        officers = [
            task
            for ref, task in self.tasks.items()
            if task.handler.startswith("officer") and ref != ACCEPTANCE
        ]
        leads = [
            task
            for task in officers
            if task.ref.split(".")[1] in self.matters[task.matter].spec.lead
        ]
        return next((task.handler for task in [*leads, *officers]), None)

    def stopped_days(self) -> set[date]:
        """Days on which the clock stood still; of an open pause, up to today."""
        found: set[date] = set()
        for since, until in self.pauses:
            found |= days_between(_day(since), _day(until or self.now))
        return found

    def may_touch(self, notice: Notice) -> set[str]:
        found: set[str] = set()
        for ref, places in notice.asked:
            found |= set(places) or {*self.tasks[ref].shows, "paper"}
        return found

    def votes(self, matter: str) -> dict[str, str]:
        """What each task of a matter says for it: for, against, absent, fallen or pending."""
        own = {
            task.ref.split(".")[1]: task for task in self.tasks.values() if task.matter == matter
        }

        def says(task: ModelTask) -> str:
            if task.state == "closed":
                return {
                    "approve": "for",
                    "conditional": "for",
                    "refuse": "against",
                    "not-applicable": "absent",
                    "needs-correction": "pending",
                }[task.verdict or ""]
            if task.state != "cancelled":
                return "pending"
            if task.reason != "need-not-approved":
                return "absent"
            inside = [
                own[ref.split(".")[1]]
                for ref, approved in task.needs
                if approved and ref.split(".")[0] == matter
            ]
            return "against" if any(says(other) == "against" for other in inside) else "fallen"

        return {key: says(task) for key, task in own.items()}

    def ending(self, matter: ModelMatter) -> str | None:
        """The outcome if no missing answer can change it: every way they can turn out is tried."""
        votes = self.votes(matter.key)
        missing = [key for key, vote in votes.items() if vote == "pending"]
        ways = itertools.product(("for", "against", "absent"), repeat=len(missing))
        found = {tally(matter.spec, votes | dict(zip(missing, way, strict=True))) for way in ways}
        return found.pop() if len(found) == 1 else None

    # --- what follows -----------------------------------------------------------------------

    def _settle(self) -> None:
        """Draw every consequence: what can no longer be asked falls, then decisions, then tasks."""
        if self.stage not in ("accepted", "in-review", "decided"):
            return
        just_opened: list[ModelTask] = []
        while self._let_fall() or self._decide_one(just_opened) or self._open_ready(just_opened):
            pass
        for task in just_opened:
            self._open(task)
        for matter in self.matters.values():
            self._restate(matter)
        self._restate_case()

    def _let_fall(self) -> bool:
        falling = [
            task
            for task in self._waiting()
            if any(
                approved and self.tasks[ref].is_finished and not self.tasks[ref].is_approved
                for ref, approved in task.needs
                if ref in self.tasks
            )
        ]
        for task in falling:
            self._cancel(task, "need-not-approved")
        return bool(falling)

    def _decide_one(self, just_opened: list[ModelTask]) -> bool:
        for matter in self.matters.values():
            if matter.outcome is not None or self._is_correcting(matter.key):
                continue
            if self._is_awaited_elsewhere(matter.key):
                continue
            outcome = self.ending(matter)
            if outcome is None:
                continue
            matter.outcome = outcome
            self._tell("matter-decided", matter.key, outcome)
            self._note("decide-matter", matter.key, outcome)
            for task in self.tasks.values():
                if task.matter == matter.key and task.state in UNDONE:
                    if task in just_opened:
                        just_opened.remove(task)
                        task.state = "waiting"
                    self._cancel(task, "matter-decided")
            return True
        return False

    def _open_ready(self, just_opened: list[ModelTask]) -> bool:
        ready = [task for task in self._waiting() if all(map(self._is_met, task.needs))]
        for task in ready:
            task.state = "open"
        just_opened += ready
        return bool(ready)

    def _is_met(self, need: tuple[str, bool]) -> bool:
        ref, approved = need
        if ref not in self.tasks:
            return True  # nobody is asked there: there is nothing to wait for
        return self.tasks[ref].is_approved if approved else self.tasks[ref].is_finished

    def _is_awaited_elsewhere(self, matter: str) -> bool:
        """Whether a task of another matter waits for an answer that is still missing here."""
        votes = self.votes(matter)
        return any(
            ref.split(".")[0] == matter and votes[ref.split(".")[1]] == "pending"
            for task in self._waiting()
            if task.matter != matter
            for ref, _ in task.needs
            if ref in self.tasks
        )

    def _waiting(self) -> list[ModelTask]:
        return [
            task
            for task in self.tasks.values()
            if task.state == "waiting" and self._is_undecided(task.matter)
        ]

    def _is_undecided(self, matter: str) -> bool:
        return matter in self.matters and self.matters[matter].outcome is None

    def _is_correcting(self, matter: str) -> bool:
        return any(
            task.state == "closed" and task.verdict == "needs-correction"
            for task in self.tasks.values()
            if task.matter == matter
        )

    def _restate(self, matter: ModelMatter) -> None:
        if matter.outcome is not None:
            if matter.status in ("concluded", "failed"):
                return
            is_due = matter.spec.has_effect and matter.outcome == "granted"
            before, matter.status = matter.status, "decided" if is_due else "concluded"
            if matter.status == "concluded" and before != "concluded":
                self._tell("matter-concluded", matter.key, matter.outcome)
            return
        own = [task for task in self.tasks.values() if task.matter == matter.key]
        if self._is_correcting(matter.key):
            matter.status = "correcting"
        elif all(task.state == "waiting" for task in own):
            matter.status = "waiting"
        else:
            matter.status = "in-review"

    def _restate_case(self) -> None:
        outcomes = [matter.outcome for matter in self.matters.values()]
        if None in outcomes:
            self.stage = "in-review"
            return
        if self.outcome is None:
            concerned = {each for each in outcomes if each != "not-applicable"}
            self.outcome = (
                "not-applicable"
                if not concerned
                else concerned.pop()
                if len(concerned) == 1
                else "partly-granted"
            )
            self.stage, self.stopped = "decided", True
            self._note("decide", self.outcome)
        if all(matter.status == "concluded" for matter in self.matters.values()):
            self._conclude()

    def _conclude(self) -> None:
        self.stage = "concluded"
        self._tell("application-concluded", self.outcome or "")
        self._note("conclude", self.outcome or "")

    # --- small things

    def _open(self, task: ModelTask) -> None:
        task.state, task.opened_at = "open", self.now
        self._tell("task-opened", task.ref, str(task.round))

    def _cancel(self, task: ModelTask, reason: str) -> None:
        task.state, task.reason = "cancelled", reason
        if task.opened_at is not None:
            self._tell("task-cancelled", task.ref, str(task.round), reason)

    def _tell(self, *event: str) -> None:
        self.events[event] += 1

    def _note(self, *line: str) -> None:
        self.journal[line] += 1


def _day(instant: datetime) -> date:
    return instant.astimezone(BEIJING).date()
