"""What may be done to a case, and what is refused: the model that every window is compared with.

Like `case_course`, on which it stands, it was written from the papers and imports nothing of
`services`. It says what an act does, or with which code it is refused, and which events and
journal lines it leaves.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from tests.support.almanac import BEIJING, ends
from tests.support.case_course import (
    ACCEPTANCE,
    AT_WORK,
    FINAL,
    UNDONE,
    CaseCourse,
    ModelMatter,
    ModelTask,
    Notice,
)
from tests.support.case_joins import asked_of, planned
from tests.support.random_plans import NOTES, RandomItem

LEASE = timedelta(hours=8)
NEEDS_WORDS = ("refuse", "needs-correction", "not-applicable")


class Refused(Exception):
    """The act is refused, with this code, and nothing changes but that a late answer is kept."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.late: tuple[str, int, str] | None = None
        """The task, the round and who answered it too late."""


class CaseModel(CaseCourse):
    """One case, from submission on."""

    @classmethod
    def submitted(cls, item: RandomItem, now: datetime) -> "CaseModel":
        case = cls(item=item, flags=dict(item.flags), now=now)
        case._make_plan()
        case._tell("application-submitted")
        case._note("submit")
        if item.is_accepted_by_officer:
            case.stage = "submitted"
            case.tasks[ACCEPTANCE] = ModelTask(
                ref=ACCEPTANCE,
                handler="officer:township",
                needs=(),
                verdicts=("approve", "refuse", "needs-correction"),
                shows=("applicant", "place", *item.flags, *NOTES),
                limit=(5, "working_day"),
            )
            case._open(case.tasks[ACCEPTANCE])
        else:
            case.accepted_at = now
            case._settle()
        return case

    # --- acts -------------------------------------------------------------------------------

    def answer(
        self,
        ref: str,
        by: str,
        verdict: str,
        *,
        round: int | None,
        marks: Sequence[str] = (),
        opinion: bool = True,
        remedy: bool = False,
    ) -> None:
        """Somebody answers a task; `by` is the office, partner or service they speak for."""
        task = self._theirs(ref, by)
        if task.state == "claimed" and task.holder != by:
            raise Refused("TASK_CLAIMED_BY_ANOTHER")
        try:
            self._check_answer(task, verdict, round, opinion)
        except Refused as refusal:
            if refusal.code in ("TASK_NOT_OPEN", "STALE_ROUND"):
                refusal.late = self._late(task, by, verdict, round, opinion)
            raise
        self._check_marks(task, verdict, marks)
        if ref == ACCEPTANCE:
            if remedy != (verdict == "refuse"):
                raise Refused("REMEDY_REQUIRED")
        else:
            self._check_stage_for_answer()
            if remedy:
                raise Refused("REMEDY_REQUIRED")
        task.state, task.verdict = "closed", verdict
        self.verdicts[ref, task.round] = (verdict, by)
        self._tell("task-closed", ref, str(task.round), verdict)
        self._note("answer", ref, verdict)
        if verdict == "needs-correction":
            self._gather(task, marks)
        if ref == ACCEPTANCE:
            self._judge_acceptance(verdict)
        else:
            self._settle()
            self._tell_notice_if_ready()

    def keep_late(self, late: tuple[str, int, str]) -> None:
        """An answer that came too late is kept, once, and counts for nothing."""
        if late not in self.kept_late:
            self.kept_late.add(late)
            self._tell("late-answer-kept")
            self._note("answer-late")

    def correct(self, changes: Mapping[str, str], papers: Iterable[str]) -> None:
        """The applicant answers the notice: other values for fields, papers handed in."""
        if self.stage not in ("correcting", "in-review"):
            raise Refused("ACT_NOT_ALLOWED")
        notice = self.open_notice
        if notice is None or not notice.is_told:
            raise Refused("NOTHING_TO_CORRECT")
        brought = frozenset(name for name in changes if self._value(name) != changes[name])
        brought |= frozenset(papers)
        if not brought <= self.may_touch(notice):
            raise Refused("FIELD_NOT_MARKED")
        for ref, places in notice.asked:
            reached = self._reached_by(ref, brought)
            if any(place not in brought for place in places) or not (places or reached):
                raise Refused("CORRECTION_INCOMPLETE")
        self._take_correction(notice, brought, changes, frozenset(papers))

    def withdraw(self) -> None:
        if self.stage == "decided" or self.stage == "concluded":
            raise Refused("WITHDRAWAL_TOO_LATE")
        if self.stage in FINAL:
            raise Refused("ACT_NOT_ALLOWED")
        self.stage = "withdrawn"
        for task in self.tasks.values():
            undone = AT_WORK if task.ref == ACCEPTANCE else UNDONE
            is_open = task.ref == ACCEPTANCE or self._is_undecided(task.matter)
            if is_open and task.state in undone:
                self._cancel(task, "application-withdrawn")
        for matter in self.matters.values():
            if matter.outcome is None:
                matter.status = "withdrawn"
        self.stopped = self.stopped or self.accepted_at is not None
        self._note("withdraw")
        self._tell("application-withdrawn")

    def claim(self, ref: str, by: str) -> None:
        task = self._to_handle(ref, by)
        is_held = task.state == "claimed" and task.holder != by
        if is_held and task.held_until is not None and task.held_until > self.now:
            raise Refused("TASK_CLAIMED_BY_ANOTHER")
        task.state, task.holder, task.held_until = "claimed", by, self.now + LEASE
        self._note("claim", ref)

    def release(self, ref: str, by: str) -> None:
        task = self._to_handle(ref, by)
        if task.state == "open":
            return
        if task.holder != by:
            raise Refused("TASK_CLAIMED_BY_ANOTHER")
        task.state = "open"
        self._note("release", ref)

    def read(self, ref: str, by: str) -> None:
        """A look at the fields a task discloses."""
        self._to_handle(ref, by)
        self._note("read", ref)

    def perform(self, key: str, *, is_done: bool) -> None:
        """The owner's service says that a granted matter has become real, or could not."""
        matter = self.matters[key]
        if not matter.spec.has_effect:
            raise Refused("MATTER_NOT_FOUND")
        if matter.status not in ("decided", "failed"):
            return
        if not is_done:
            matter.status = "failed"
            self._note("fail-to-perform", key)
            return
        matter.status = "concluded"
        self._note("perform", key)
        self._tell("matter-concluded", key, "granted")
        every = self.matters.values()
        if self.stage == "decided" and all(each.status == "concluded" for each in every):
            self._conclude()

    def pause(self) -> None:
        self._require_clock_runs()
        if self.is_paused:
            raise Refused("CLOCK_ALREADY_PAUSED")
        self.pauses.append((self.now, None))
        self._tell("clock-paused")
        self._note("pause-clock")

    def resume(self) -> None:
        self._require_clock_runs()
        if not self.is_paused:
            raise Refused("CLOCK_NOT_PAUSED")
        self.pauses[-1] = (self.pauses[-1][0], self.now)
        self._tell("clock-resumed")
        self._note("resume-clock")

    def time_passes(self, now: datetime) -> None:
        """The clock goes on; silence about acceptance counts once its five days are over."""
        self.now = now
        task = self.tasks.get(ACCEPTANCE)
        if task is not None and self.stage == "submitted" and task.state in AT_WORK:
            assert task.opened_at is not None
            if ends(task.opened_at, *task.limit).too_late_from <= now:
                self._cancel(task, "deemed-accepted")
                self._accept(task.opened_at, "deem-accepted")
        if self.stage not in FINAL and self.open_notice is not None:
            self._keep_dates(self.open_notice)

    def _keep_dates(self, notice: Notice) -> None:
        """A notice waits for nobody longer than five days; its own date is kept too."""
        today = self.now.astimezone(BEIJING).date()
        if not notice.is_told:
            assert notice.began_at is not None
            if ends(notice.began_at, 5, "working_day").too_late_from <= self.now:
                self._tell_notice()
            return
        assert notice.due_on is not None
        if notice.due_on < today:
            self._lapse(notice)
        elif not notice.is_reminded and notice.due_on <= _next_working_day(today):
            notice.is_reminded = True
            self._note("remind")
            self._tell("applicant-reminded")

    def _lapse(self, notice: Notice) -> None:
        """The answer never came: given up before acceptance, decided as it stands in review."""
        notice.brought = frozenset()
        self._tell("correction-missed")
        self._note("lapse")
        if notice.phase == "acceptance":
            self.stage = "withdrawn"
            for task in self.tasks.values():
                if task.ref != ACCEPTANCE and task.state in UNDONE:
                    self._cancel(task, "correction-missed")
            for matter in self.matters.values():
                matter.status = "withdrawn"
            self._tell("application-lapsed")
            return
        for ref, _ in notice.asked:
            task = self.tasks[ref]
            task.state, task.round, task.holder = "waiting", task.round + 1, None
        self._settle()

    # --- answers ----------------------------------------------------------------------------

    def _theirs(self, ref: str, by: str) -> ModelTask:
        task = self.tasks.get(ref)
        if task is None or task.handler != spoken_for(by) or task.state == "waiting":
            raise Refused("TASK_NOT_FOUND")
        return task

    def _to_handle(self, ref: str, by: str) -> ModelTask:
        task = self._theirs(ref, by)
        if task.state == "closed":
            raise Refused("TASK_ALREADY_CLOSED")
        if task.state == "cancelled":
            raise Refused("TASK_NOT_OPEN")
        return task

    def _check_answer(
        self, task: ModelTask, verdict: str, round: int | None, opinion: bool
    ) -> None:
        if round is not None and round != task.round:
            raise Refused("STALE_ROUND")
        if task.state == "closed":
            raise Refused("TASK_ALREADY_CLOSED")
        if task.state not in AT_WORK:
            raise Refused("TASK_NOT_OPEN")
        if verdict not in task.verdicts:
            raise Refused("VERDICT_NOT_ALLOWED")
        if verdict in NEEDS_WORDS and not opinion:
            raise Refused("OPINION_REQUIRED")

    def _late(
        self, task: ModelTask, by: str, verdict: str, round: int | None, opinion: bool
    ) -> tuple[str, int, str] | None:
        """What is kept of an answer to a round that is over, if it could have been given in it."""
        if task.opened_at is None or verdict not in task.verdicts:
            return None
        if verdict in NEEDS_WORDS and not opinion:
            raise Refused("OPINION_REQUIRED")
        answered = round or task.round
        is_over = answered < task.round or (answered == task.round and task.state == "cancelled")
        return (task.ref, answered, by) if is_over else None

    def _check_marks(self, task: ModelTask, verdict: str, marks: Sequence[str]) -> None:
        """Told once, everything: what could be seen then is not asked for again."""
        if verdict != "needs-correction":
            if marks:
                raise Refused("MARK_INVALID")
            return
        self._check_notice_is_not_out(task, marks)
        if task.round == 1:
            return
        brought = [each for each in self.notices if each.brought is not None][-1].brought
        assert brought is not None
        if marks and all(mark in brought for mark in marks):
            return
        is_service = task.handler.startswith("service")
        if not marks and is_service and self._reached_by(task.ref, brought):
            return
        once = task.ref == ACCEPTANCE
        raise Refused("NOTICE_ALREADY_GIVEN" if once else "CORRECTION_ALREADY_ASKED")

    def _check_notice_is_not_out(self, task: ModelTask, marks: Sequence[str]) -> None:
        """Whoever was silent until the notice went out without them can only decide, or wait."""
        if task.ref == ACCEPTANCE:
            return
        told = [each for each in self.notices if each.is_told and each.phase == "review"]
        if any(each.brought is None for each in told):
            raise Refused("NOTICE_ALREADY_GIVEN")
        since = [each for each in told if each.told_at and each.told_at > _opened(task)]
        if since:
            answered = [each for each in self.notices if each.brought is not None]
            brought = answered[-1].brought or frozenset()
            if not marks or not all(mark in brought for mark in marks):
                raise Refused("NOTICE_ALREADY_GIVEN")

    def _check_stage_for_answer(self) -> None:
        if self.stage in ("decided", "concluded"):
            raise Refused("ALREADY_DECIDED")
        if self.stage != "in-review":
            raise Refused("ACT_NOT_ALLOWED")

    def _judge_acceptance(self, verdict: str) -> None:
        if verdict == "approve":
            self._accept(self.now, "accept")
        elif verdict == "refuse":
            self.stage = "not-accepted"
            for task in self.tasks.values():
                if task.state == "waiting":
                    self._cancel(task, "not-accepted")
            for matter in self.matters.values():
                matter.status = "not-accepted"
            self._note("refuse-acceptance")
            self._tell("application-not-accepted")
        else:
            self.stage = "correcting"
            self._tell_notice()

    def _accept(self, at: datetime, act: str) -> None:
        self.stage, self.accepted_at = "accepted", at
        self._note(act)
        self._tell("application-accepted")
        self._settle()

    # --- corrections ------------------------------------------------------------------------

    def _gather(self, task: ModelTask, marks: Sequence[str]) -> None:
        gathered = next((each for each in self.notices if not each.is_told), None)
        if gathered is None:
            phase = "acceptance" if task.ref == ACCEPTANCE else "review"
            gathered = Notice(round=len(self.notices) + 1, phase=phase, began_at=self.now)
            self.notices.append(gathered)
        gathered.asked.append((task.ref, tuple(marks)))

    def _tell_notice_if_ready(self) -> None:
        undecided = [key for key, matter in self.matters.items() if matter.outcome is None]
        asked = [task for task in self.tasks.values() if task.matter in undecided]
        if any(task.state in AT_WORK for task in asked):
            return
        if any(map(self._is_correcting, undecided)):
            self._tell_notice()

    def _tell_notice(self) -> None:
        notice = self.open_notice
        if notice is not None and not notice.is_told:
            notice.is_told, notice.told_at = True, self.now
            notice.due_on = ends(self.now, 10, "working_day").last_day
            self._note("request-correction")
            self._tell("correction-requested", str(notice.round))

    def _take_correction(
        self,
        notice: Notice,
        brought: frozenset[str],
        changes: Mapping[str, str],
        papers: frozenset[str],
    ) -> None:
        notice.brought = brought
        self.notes.update(changes)
        self.papers |= papers
        self._note("correct")
        self._tell("application-corrected", str(notice.round))
        asking = [self.tasks[ref] for ref, _ in notice.asked]
        for task in asking:
            task.state, task.round, task.holder = "waiting", task.round + 1, None
        if notice.phase == "review":
            self._settle()
            return
        self.stage = "submitted"
        self._make_plan()
        self._open(self.tasks[ACCEPTANCE])

    def _reached_by(self, ref: str, brought: Iterable[str]) -> bool:
        return any(each == "paper" or each in self.tasks[ref].shows for each in brought)

    def _value(self, name: str) -> str | None:
        return self.notes.get(name)

    # --- small things

    def _make_plan(self) -> None:
        tasks = planned(self.item, self.flags)
        acceptance = self.tasks.get(ACCEPTANCE)
        self.tasks = {
            task.ref: ModelTask(
                ref=task.ref,
                handler=task.handler,
                needs=task.needs,
                verdicts=task.verdicts,
                shows=task.shows,
                limit=task.limit,
            )
            for task in tasks
        }
        if acceptance is not None:
            self.tasks[ACCEPTANCE] = acceptance
        asked = {task.matter for task in tasks}
        self.matters = {
            matter.key: ModelMatter(key=matter.key, spec=asked_of(matter, tasks))
            for matter in self.item.matters
            if matter.key in asked
        }

    def _require_clock_runs(self) -> None:
        if self.accepted_at is None or self.stopped:
            raise Refused("CLOCK_NOT_RUNNING")


def _opened(task: ModelTask) -> datetime:
    assert task.opened_at is not None
    return task.opened_at


def _next_working_day(day: date) -> date:
    return ends(_noon(day), 1, "working_day").last_day


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=BEIJING)


def spoken_for(by: str) -> str:
    """The office, partner or service somebody speaks for: `officer:village/2` is one of two."""
    return by.partition("/")[0]
