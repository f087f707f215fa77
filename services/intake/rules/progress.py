"""What follows from where a case stands: what opens, what falls, what is decided.

One question, asked after every answer: `advance`. It knows nothing of who answered or
when; applying its changes and asking again changes nothing more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.intake.errors import MatterNotFound
from services.intake.model import (
    Act,
    ApplicationState,
    Cancellation,
    CancelReason,
    Changes,
    MatterDecision,
    MatterProgress,
    MatterStatus,
    Need,
    NeedKind,
    Outcome,
    Plan,
    Stage,
    StatusChange,
    TaskProgress,
    TaskRef,
    TaskState,
    Verdict,
)
from services.intake.rules.join import (
    is_correcting,
    join_outcome,
    outcome_conditions,
    outcome_grounds,
)
from services.intake.rules.stage import next_stage
from services.intake.rules.verdict import POSITIVE

_ANSWERABLE = frozenset({TaskState.OPEN, TaskState.CLAIMED})
_UNFINISHED = _ANSWERABLE | {TaskState.WAITING}


def first_state(plan: Plan) -> ApplicationState:
    """Where an accepted case stands before anything has opened.

    Source:
        House rule: the plan of a case is made once, when it is accepted.
    """
    return ApplicationState(
        stage=Stage.ACCEPTED,
        matters=tuple(
            MatterProgress(
                key=matter.key,
                status=MatterStatus.WAITING,
                join=matter.join,
                has_effect=matter.effect is not None,
                tasks=tuple(
                    TaskProgress(key=task.ref.task, state=TaskState.WAITING, needs=task.needs)
                    for task in matter.tasks
                ),
            )
            for matter in plan.matters
        ),
    )


def advance(state: ApplicationState) -> Changes:
    """Everything that follows from where the case stands, down to the last consequence.

    A task opens when all it needs is met. A task that needs an approval which can no
    longer come is cancelled with that reason. A matter is decided when its join is
    settled, its unanswered tasks are cancelled, and no other matter is touched. The
    application is decided when its last matter is, and concluded when nothing is left to
    be made real.

    Args:
        state: The case, with the latest answer already in it.

    Source:
        House rule, after 行政许可法 art. 26 (joint handling) and 国办发〔2025〕24号
        (高效办成一件事): departments answer at the same time, each for its own matter.
    """
    if state.stage not in {Stage.ACCEPTED, Stage.IN_REVIEW, Stage.DECIDED}:
        return Changes()
    case = _Case.of(state)
    while case.let_tasks_fall() or case.decide_matters() or case.open_tasks():
        pass
    return case.changes()


def withdraw(state: ApplicationState) -> Changes:
    """What a withdrawal cancels: everything unanswered. Matters already decided stay decided.

    Raises:
        WithdrawalTooLate: The application has been decided.
        ActNotAllowed: The application is not open any more.

    Source:
        House rule, after 行政许可法 art. 32: an applicant may take an application back until
        it is decided; what another authority has decided before is not undone.
    """
    stage = next_stage(state.stage, Act.WITHDRAW)
    open_matters = [matter for matter in state.matters if matter.outcome is None]
    return Changes(
        cancel=tuple(
            Cancellation(
                task=TaskRef(matter.key, task.key), reason=CancelReason.APPLICATION_WITHDRAWN
            )
            for matter in open_matters
            for task in matter.tasks
            if task.state in _UNFINISHED
        ),
        statuses=tuple(
            StatusChange(matter=matter.key, status=MatterStatus.WITHDRAWN)
            for matter in open_matters
        ),
        stage=stage,
    )


def performed(state: ApplicationState, matter: str) -> Changes:
    """What follows when the owning service has made a granted matter real.

    Raises:
        MatterNotFound: The case has no such matter.

    Source:
        House rule: decided is not yet done; only the owner's fact concludes a matter.
    """
    found = next((each for each in state.matters if each.key == matter), None)
    if found is None:
        raise MatterNotFound
    if found.status not in {MatterStatus.DECIDED, MatterStatus.FAILED}:
        return Changes()
    changes = Changes(
        concluded=(matter,),
        statuses=(StatusChange(matter=matter, status=MatterStatus.CONCLUDED),),
    )
    return replace(changes, stage=advance(apply_changes(state, changes)).stage)


def apply_changes(state: ApplicationState, changes: Changes) -> ApplicationState:
    """The case after its changes; what the store does with rows, done with values.

    Source:
        House rule: the meaning of `Changes`.
    """
    matters = tuple(_apply_to_matter(matter, changes) for matter in state.matters)
    return ApplicationState(
        stage=changes.stage or state.stage,
        outcome=changes.outcome or state.outcome,
        matters=matters,
    )


def application_outcome(outcomes: tuple[Outcome, ...]) -> Outcome:
    """The outcome of a case from those of its matters, all of which are decided.

    A matter that turned out not to apply counts neither way. Where none applied, the
    application as a whole did not.

    Source:
        House rule for joint cases (个人身后一件事): all granted, partly granted or none.
    """
    concerned = {outcome for outcome in outcomes if outcome is not Outcome.NOT_APPLICABLE}
    if not concerned:
        return Outcome.NOT_APPLICABLE
    return concerned.pop() if len(concerned) == 1 else Outcome.PARTLY_GRANTED


def waiting_for(state: ApplicationState, task: TaskRef) -> tuple[Need, ...]:
    """The needs of a task that are not met yet.

    Source:
        House rule: everybody involved sees what a case waits for.
    """
    tasks = _tasks_by_ref(state)
    found = tasks.get(task)
    if found is None or found.state is not TaskState.WAITING:
        return ()
    return tuple(need for need in found.needs if not _is_met(need, tasks))


@dataclass(slots=True)
class _Case:
    """A case while its consequences are drawn; the only thing here that changes."""

    before: ApplicationState
    matters: dict[str, MatterProgress]
    opened: list[TaskRef] = field(default_factory=list)
    cancelled: list[Cancellation] = field(default_factory=list)
    decided: list[MatterDecision] = field(default_factory=list)

    @classmethod
    def of(cls, state: ApplicationState) -> "_Case":
        return cls(before=state, matters={matter.key: matter for matter in state.matters})

    def let_tasks_fall(self) -> bool:
        tasks = self._tasks()
        fallen = []
        for ref, task in self._waiting():
            lost = next((need for need in task.needs if _is_lost(need, tasks)), None)
            if lost is not None:
                reason = CancelReason.NEED_NOT_APPROVED
                fallen.append(Cancellation(task=ref, reason=reason, because=lost))
        self._cancel(fallen)
        return bool(fallen)

    def decide_matters(self) -> bool:
        for matter in self._undecided():
            outcome = join_outcome(matter, awaited=self._awaited(matter.key))
            if outcome is not None:
                self._decide(matter, outcome)
                return True
        return False

    def open_tasks(self) -> bool:
        tasks = self._tasks()
        ready = [
            ref for ref, task in self._waiting() if all(_is_met(need, tasks) for need in task.needs)
        ]
        for ref in ready:
            self._set_task(ref, state=TaskState.OPEN)
        self.opened += ready
        return bool(ready)

    def changes(self) -> Changes:
        statuses = tuple(
            StatusChange(matter=after.key, status=status)
            for before, after in zip(self.before.matters, self.matters.values(), strict=True)
            if (status := _status(after)) is not before.status
        )
        stage, outcome = self._stage_and_outcome()
        return Changes(
            open=tuple(self.opened),
            cancel=tuple(self.cancelled),
            decided=tuple(self.decided),
            concluded=tuple(
                change.matter for change in statuses if change.status is MatterStatus.CONCLUDED
            ),
            statuses=statuses,
            stage=None if stage is self.before.stage else stage,
            outcome=None if self.before.outcome is not None else outcome,
        )

    def _stage_and_outcome(self) -> tuple[Stage, Outcome | None]:
        outcomes = [matter.outcome for matter in self.matters.values()]
        settled = tuple(outcome for outcome in outcomes if outcome is not None)
        if len(settled) < len(outcomes):
            return Stage.IN_REVIEW, None
        over = all(_status(each) is MatterStatus.CONCLUDED for each in self.matters.values())
        return Stage.CONCLUDED if over else Stage.DECIDED, application_outcome(settled)

    def _decide(self, matter: MatterProgress, outcome: Outcome) -> None:
        self.decided.append(
            MatterDecision(
                matter=matter.key,
                outcome=outcome,
                grounds=outcome_grounds(matter, outcome),
                conditions=outcome_conditions(matter) if outcome is Outcome.GRANTED else (),
            )
        )
        self.matters[matter.key] = replace(matter, outcome=outcome)
        self._cancel(
            [
                Cancellation(task=TaskRef(matter.key, task.key), reason=CancelReason.MATTER_DECIDED)
                for task in matter.tasks
                if task.state in _UNFINISHED
            ]
        )

    def _cancel(self, cancellations: list[Cancellation]) -> None:
        for cancellation in cancellations:
            self._set_task(cancellation.task, state=TaskState.CANCELLED, reason=cancellation.reason)
        # What opened only to be cancelled in the same breath never opened.
        gone = {cancellation.task for cancellation in cancellations}
        self.opened = [ref for ref in self.opened if ref not in gone]
        self.cancelled += cancellations

    def _set_task(
        self, ref: TaskRef, *, state: TaskState, reason: CancelReason | None = None
    ) -> None:
        matter = self.matters[ref.matter]
        tasks = tuple(
            replace(task, state=state, cancel_reason=reason) if task.key == ref.task else task
            for task in matter.tasks
        )
        self.matters[ref.matter] = replace(matter, tasks=tasks)

    def _undecided(self) -> list[MatterProgress]:
        return [matter for matter in self.matters.values() if matter.outcome is None]

    def _waiting(self) -> list[tuple[TaskRef, TaskProgress]]:
        return [
            (TaskRef(matter.key, task.key), task)
            for matter in self._undecided()
            for task in matter.tasks
            if task.state is TaskState.WAITING
        ]

    def _awaited(self, matter: str) -> frozenset[str]:
        """Keys of the matter's tasks that waiting tasks of other matters need."""
        return frozenset(
            need.task.task
            for ref, task in self._waiting()
            if ref.matter != matter
            for need in task.needs
            if need.task.matter == matter
        )

    def _tasks(self) -> Mapping[TaskRef, TaskProgress]:
        return {
            TaskRef(matter.key, task.key): task
            for matter in self.matters.values()
            for task in matter.tasks
        }


def _tasks_by_ref(state: ApplicationState) -> Mapping[TaskRef, TaskProgress]:
    return {
        TaskRef(matter.key, task.key): task for matter in state.matters for task in matter.tasks
    }


def _is_met(need: Need, tasks: Mapping[TaskRef, TaskProgress]) -> bool:
    task = tasks[need.task]
    if need.kind is NeedKind.APPROVED:
        return task.state is TaskState.CLOSED and task.verdict in POSITIVE
    return _is_finished(task)


def _is_lost(need: Need, tasks: Mapping[TaskRef, TaskProgress]) -> bool:
    """Whether an approval that is needed can no longer come."""
    task = tasks[need.task]
    return need.kind is NeedKind.APPROVED and _is_finished(task) and not _is_met(need, tasks)


def _is_finished(task: TaskProgress) -> bool:
    if task.state is TaskState.CANCELLED:
        return True
    return task.state is TaskState.CLOSED and task.verdict is not Verdict.NEEDS_CORRECTION


def _status(matter: MatterProgress) -> MatterStatus:
    if matter.outcome is not None:
        return _decided_status(matter)
    if is_correcting(matter):
        return MatterStatus.CORRECTING
    if all(task.state is TaskState.WAITING for task in matter.tasks):
        return MatterStatus.WAITING
    return MatterStatus.IN_REVIEW


def _decided_status(matter: MatterProgress) -> MatterStatus:
    if matter.status in {MatterStatus.CONCLUDED, MatterStatus.FAILED}:
        return matter.status
    to_be_done = matter.has_effect and matter.outcome is Outcome.GRANTED
    return MatterStatus.DECIDED if to_be_done else MatterStatus.CONCLUDED


def _apply_to_matter(matter: MatterProgress, changes: Changes) -> MatterProgress:
    opened = set(changes.open)
    cancelled = {each.task: each.reason for each in changes.cancel}
    statuses = {each.matter: each.status for each in changes.statuses}
    outcomes = {each.matter: each.outcome for each in changes.decided}

    def after(task: TaskProgress) -> TaskProgress:
        ref = TaskRef(matter.key, task.key)
        if ref in cancelled:
            return replace(task, state=TaskState.CANCELLED, cancel_reason=cancelled[ref])
        return replace(task, state=TaskState.OPEN) if ref in opened else task

    return replace(
        matter,
        status=statuses.get(matter.key, matter.status),
        outcome=outcomes.get(matter.key, matter.outcome),
        tasks=tuple(after(task) for task in matter.tasks),
    )
