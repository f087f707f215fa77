"""Does every invariant hold after any sequence of acts, repeats, crashes and days?

Random items (matters, needs across them, conditions, all joins and refusal policies, verdict
sets) are applied for on a real window, and then officers, partner systems, services, the
applicant and the clocks do whatever Hypothesis thinks of: answers good and bad, late, twice, by
the wrong office; corrections that bring too little or too much; and the line to the database is
cut between any two requests. After every step the rows are compared with an independent model and
with the invariants of `tests/support/case_invariants.py`.

`PROPERTY_CASES=1000` makes it a long run with new random cases instead of the fixed few.
"""

import os
import time
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.almanac import BEIJING
from tests.support.case_acts import (
    Act,
    Answers,
    Corrects,
    Handles,
    Hears,
    StopsClock,
    TimePasses,
    Withdraws,
)
from tests.support.case_bench import CaseRun, OnBench
from tests.support.case_course import ACCEPTANCE, AT_WORK, FINAL, ModelTask
from tests.support.case_invariants import i_22_no_card_is_forgotten
from tests.support.cut_line import Lost
from tests.support.random_plans import NOTES, VERDICTS, RandomItem, random_items

CASES = int(os.environ.get("PROPERTY_CASES", "0"))
QUICK_CASES, QUICK_STEPS, LONG_STEPS = 45, 22, 40
ZONES = ("Asia/Shanghai", "UTC", "America/New_York")
STARTS = ("2026-02-10 09:00", "2026-04-28 16:59", "2026-09-17 23:30", "2026-09-24 00:10",
          "2026-11-23 12:00", "2026-12-28 08:00")  # fmt: skip
COLLEAGUES = ("", "/2")

crashes = st.one_of(
    st.none(), st.none(), st.tuples(st.integers(1, 24), st.sampled_from(list(Lost)))
)
"""At which request to the database the line is cut, and what is lost; mostly it is not."""


class AnyCase(RuleBasedStateMachine):
    """One application, and everything that may happen to it in any order."""

    on_bench: ClassVar[OnBench]
    run: CaseRun

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.after_the_end = 0
        self.done: list[Act] = []

    # --- the beginning and the end

    @initialize(item=random_items(), start=st.sampled_from(STARTS), zone=st.sampled_from(ZONES))
    def apply(self, item: RandomItem, start: str, zone: str) -> None:
        os.environ["TZ"] = zone
        time.tzset()
        at = datetime.fromisoformat(start).replace(tzinfo=BEIJING)
        self.run = self._now(self.on_bench.bench.submit(item, at))

    def teardown(self) -> None:
        """Leave nothing open on the bench that the next case's clocks would look at."""
        run = getattr(self, "run", None)
        if run is None:
            return
        if run.case.stage not in (*FINAL, "decided"):
            self._do(Withdraws(self._key()))
            self._now(run.check())

    @invariant()
    def every_invariant_holds(self) -> None:
        if hasattr(self, "run") and self.after_the_end < 4:
            self._now(self.run.check())

    # --- officers, partner systems, services

    @precondition(lambda self: self._tasks("partner", "officer", at_work=True))
    @rule(data=st.data(), crash=crashes)
    def somebody_answers(self, data: st.DataObject, crash: tuple[int, Lost] | None) -> None:
        task = data.draw(st.sampled_from(self._tasks("partner", "officer", at_work=True)))
        verdict = data.draw(st.sampled_from(task.verdicts))
        by = task.holder if task.state == "claimed" and task.holder else task.handler
        marks = self._marks(data, task) if verdict == "needs-correction" else ()
        remedy = task.ref == ACCEPTANCE and verdict == "refuse"
        answer = Answers(self._key(), task.ref, by, verdict, task.round, marks, remedy=remedy)
        self._do(answer, crash)

    @precondition(lambda self: self._is_worth_it(self._tasks("partner", "officer")))
    @rule(data=st.data())
    def somebody_answers_amiss(self, data: st.DataObject) -> None:
        """Anybody, to any task in any state, any verdict, any round, with or without reasons."""
        tasks = list(self.run.case.tasks.values())
        task = data.draw(st.sampled_from(tasks))
        self._do(
            Answers(
                self._key(),
                task.ref,
                data.draw(st.sampled_from((*{each.handler for each in tasks}, task.handler)))
                + data.draw(st.sampled_from(COLLEAGUES)),
                data.draw(st.sampled_from(VERDICTS)),
                data.draw(st.sampled_from((None, 1, task.round, task.round + 1))),
                data.draw(st.sampled_from(((), ("note_0",), ("paper", "note_1")))),
                opinion=data.draw(st.booleans()),
                remedy=data.draw(st.booleans()) and data.draw(st.booleans()),
            )
        )

    @precondition(lambda self: self._is_worth_it(self._tasks("service")))
    @rule(data=st.data(), crash=crashes)
    def a_service_is_heard(self, data: st.DataObject, crash: tuple[int, Lost] | None) -> None:
        """In order or late: of any task, any round that there has been."""
        wanted = self._tasks("service", at_work=True) if data.draw(st.booleans()) else []
        task = data.draw(st.sampled_from(wanted or self._tasks("service")))
        said = data.draw(st.sampled_from(task.verdicts if wanted else VERDICTS))
        round_ = task.round if wanted else data.draw(st.integers(1, task.round))
        self._do(Hears(self._event_id(), task.ref, said, round_), crash)

    @precondition(lambda self: self._is_worth_it(self._effects()))
    @rule(data=st.data(), crash=crashes)
    def an_effect_is_heard_of(self, data: st.DataObject, crash: tuple[int, Lost] | None) -> None:
        """Also before anything was granted, and twice."""
        matter = data.draw(st.sampled_from(self._effects()))
        says = data.draw(st.sampled_from(("performed", "performed", "failed")))
        self._do(Hears(self._event_id(), matter, says), crash)

    @precondition(lambda self: self._is_worth_it(self._tasks("officer")))
    @rule(data=st.data(), crash=crashes, what=st.sampled_from(("claim", "release", "read")))
    def an_officer_handles_a_task(
        self, data: st.DataObject, crash: tuple[int, Lost] | None, what: str
    ) -> None:
        task = data.draw(st.sampled_from(self._tasks("officer")))
        by = task.handler + data.draw(st.sampled_from(COLLEAGUES))
        self._do(Handles(self._key(), what, task.ref, by), crash)

    # --- the applicant

    @precondition(lambda self: self.run.case.open_notice is not None)
    @rule(data=st.data(), crash=crashes)
    def the_applicant_corrects(self, data: st.DataObject, crash: tuple[int, Lost] | None) -> None:
        notice = self.run.case.open_notice
        assert notice is not None
        places = self.run.case.may_touch(notice) & {*NOTES, "paper"}
        if data.draw(st.integers(0, 4)) == 0:
            places = set(data.draw(st.sets(st.sampled_from((*NOTES, "paper")))))
        notes = tuple((name, f"改正{self.number}") for name in sorted(places & {*NOTES}))
        papers = tuple(sorted(places & {"paper"}))
        self._do(Corrects(self._key(), notes, papers), crash)

    @precondition(lambda self: self._is_worth_it(True))
    @rule(crash=crashes, meant=st.integers(0, 9))
    def the_applicant_withdraws(self, crash: tuple[int, Lost] | None, meant: int) -> None:
        """Not often: nothing happens after it."""
        if meant == 9 or self.run.case.stage in (*FINAL, "decided"):
            self._do(Withdraws(self._key()), crash)

    # --- time, and what happens twice

    @precondition(lambda self: self._is_worth_it(True))
    @rule(hours=st.one_of(st.integers(0, 12), st.integers(12, 24 * 9)), crash=crashes)
    def time_passes(self, hours: int, crash: tuple[int, Lost] | None) -> None:
        later = self.run.case.now + timedelta(hours=hours, seconds=31)
        self._do(TimePasses(self._key(), later), None)
        if crash is not None:  # the clocks wake once more, and find nothing left to do
            self._do(TimePasses(self._key(), later), None)
        i_22_no_card_is_forgotten(self._now(self.run.rows()), self.run.case)

    @precondition(lambda self: self._is_worth_it(self.run.case.lead_office))
    @rule(crash=crashes, what=st.sampled_from(("pause", "resume")), days=st.integers(0, 6))
    def the_lead_office_stops_the_clock(
        self, crash: tuple[int, Lost] | None, what: str, days: int
    ) -> None:
        """Often for some days, after which it lets the clock run on."""
        lead = self.run.case.lead_office
        assert lead is not None
        self._do(StopsClock(self._key(), what, lead), crash)
        if days and self.run.case.is_paused:
            self._do(TimePasses(self._key(), self.run.case.now + timedelta(days=days)))
            if self.run.case.lead_office is not None:
                self._do(StopsClock(self._key(), "resume", self.run.case.lead_office), crash)

    @precondition(lambda self: self._is_worth_it(self.done))
    @rule(data=st.data(), crash=crashes)
    def something_arrives_twice(self, data: st.DataObject, crash: tuple[int, Lost] | None) -> None:
        """The same request with its key, or the same event with its id, however late."""
        self._do(data.draw(st.sampled_from(self.done)), crash)

    @precondition(lambda self: self.after_the_end >= 3)
    @rule()
    def nothing_more_happens(self) -> None:
        """What is over was over three acts ago."""

    # --- small things

    def _do(self, act: Act, crash: tuple[int, Lost] | None = None) -> None:
        self.after_the_end += self.run.case.stage in FINAL
        self._now(self.run.act(act, crash=crash))
        if act.is_keyed or isinstance(act, Hears):
            self.done.append(act)

    def _is_worth_it(self, something: object) -> bool:
        """Whether to go on: of what is over, three more acts show that it stays so."""
        return bool(something) and self.after_the_end < 3

    def _now(self, work):
        return self.on_bench.run(work)

    def _key(self) -> str:
        self.number += 1
        return f"{self.run.place.application_id}-{self.number}"

    def _event_id(self) -> str:
        self.number += 1
        return str(UUID(int=self.run.place.application_id.int ^ (self.number << 64)))

    def _tasks(self, *kinds: str, at_work: bool = False) -> list[ModelTask]:
        return [
            task
            for task in self.run.case.tasks.values()
            if task.handler.partition(":")[0] in kinds and (task.state in AT_WORK or not at_work)
        ]

    def _effects(self) -> list[str]:
        return [key for key, each in self.run.case.matters.items() if each.spec.has_effect]

    def _marks(self, data: st.DataObject, task: ModelTask) -> tuple[str, ...]:
        """What an officer or a partner marks; in a further round, sometimes only what is new."""
        places: tuple[str, ...] = (*NOTES, "paper")
        answered = [each.brought for each in self.run.case.notices if each.brought]
        if task.round > 1 and answered and data.draw(st.booleans()):
            places = tuple(sorted(answered[-1]))
        return tuple(sorted(data.draw(st.sets(st.sampled_from(places), max_size=3))))


def test_every_invariant_holds_whatever_happens_in_whatever_order(on_bench: OnBench) -> None:
    machine = type("AnyCaseHere", (AnyCase,), {"on_bench": on_bench})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=CASES or QUICK_CASES,
            stateful_step_count=LONG_STEPS if CASES else QUICK_STEPS,
            derandomize=not CASES,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink) if CASES else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
