"""Which answers are late, and when may a matter be taken up again because of one?"""

import pytest

from services.intake.errors.late import NotReopenable
from services.intake.model import (
    Answer,
    CancelReason,
    JoinRule,
    Outcome,
    Stage,
    TaskRef,
    TaskState,
    Verdict,
)
from services.intake.model.late import LateCause
from services.intake.rules.late import late_cause, reopened
from services.intake.rules.progress import advance
from tests.support.builders import a_case, a_join, a_matter, a_task, matter_of, settled, task_of

APPROVE, REFUSE = Verdict.APPROVE, Verdict.REFUSE
A, B, C = (TaskRef("relief", key) for key in "abc")


@pytest.mark.parametrize(
    ("stands", "round", "cause"),
    [
        (CancelReason.MATTER_DECIDED, 1, LateCause.MATTER_DECIDED),
        (CancelReason.MATTER_DECIDED, None, LateCause.MATTER_DECIDED),
        (CancelReason.NEED_NOT_APPROVED, 1, LateCause.NEED_NOT_APPROVED),
        (CancelReason.APPLICATION_WITHDRAWN, 1, LateCause.APPLICATION_WITHDRAWN),
        (CancelReason.NOT_ACCEPTED, 1, LateCause.NOT_ASKED_ANY_MORE),
        (TaskState.OPEN, 1, None),
        (APPROVE, 1, None),
        (TaskState.WAITING, 1, None),
        (TaskState.OPEN, 2, None),
    ],
)
def test_an_answer_is_late_when_its_question_is_over(stands, round, cause):
    answer = Answer(verdict=APPROVE, round=round)
    assert late_cause(a_task("a", stands), answer) is cause


def test_an_answer_to_an_earlier_round_is_late_whatever_the_task_does_now():
    for stands in (TaskState.OPEN, TaskState.CLAIMED, APPROVE, CancelReason.MATTER_DECIDED):
        task = a_task("a", stands, round=2)
        assert late_cause(task, Answer(verdict=REFUSE, round=1)) is LateCause.ROUND_SUPERSEDED


def decided_by_any(*, has_effect=False):
    """Two of three were asked in vain: the first approval was enough."""
    tasks = (a_task("a", APPROVE), a_task("b"), a_task("c"))
    matter = a_matter(*tasks, join=a_join(JoinRule.ANY), has_effect=has_effect)
    return settled(a_case(matter, a_matter(a_task("other"), key="other")))


def test_a_matter_is_taken_up_again_when_the_new_answers_can_change_it():
    after = reopened(decided_by_any(), [A, B])
    assert matter_of(after, "relief").outcome is None
    assert [task_of(after, ref).state for ref in (A, B)] == [TaskState.WAITING] * 2
    assert task_of(after, A).round == 2
    assert set(advance(after).open) == {A, B}
    assert task_of(after, C).state is TaskState.CANCELLED


def test_a_matter_stays_as_it_is_when_the_other_verdicts_settle_it_anyway():
    with pytest.raises(NotReopenable) as refusal:
        reopened(decided_by_any(), [B])
    assert refusal.value.facts == {"reason": "changes-nothing"}


def test_nothing_that_is_being_made_real_is_taken_back():
    with pytest.raises(NotReopenable) as refusal:
        reopened(decided_by_any(has_effect=True), [A, B])
    assert refusal.value.facts == {"reason": "matter-made-real"}


@pytest.mark.parametrize("stage", [Stage.DECIDED, Stage.CONCLUDED, Stage.WITHDRAWN])
def test_a_case_that_is_over_is_not_taken_up_again(stage):
    matter = a_matter(a_task("a", REFUSE), outcome=Outcome.REFUSED)
    with pytest.raises(NotReopenable) as refusal:
        reopened(a_case(matter, stage=stage), [A])
    assert refusal.value.facts == {"reason": "application-decided"}


def test_whoever_is_being_asked_is_not_asked_twice():
    matter = a_matter(a_task("a", round=2), a_task("b"))
    with pytest.raises(NotReopenable) as refusal:
        reopened(a_case(matter), [A])
    assert refusal.value.facts == {"reason": "still-asked"}


def test_a_matter_that_waits_for_the_applicant_is_left_in_peace():
    matter = a_matter(a_task("a", APPROVE), a_task("b", Verdict.NEEDS_CORRECTION))
    with pytest.raises(NotReopenable) as refusal:
        reopened(a_case(matter), [A])
    assert refusal.value.facts == {"reason": "correction-open"}


def test_a_task_that_was_never_put_to_anybody_cannot_be_asked_again():
    with pytest.raises(NotReopenable) as refusal:
        reopened(decided_by_any(), [A, TaskRef("relief", "zzz")])
    assert refusal.value.facts == {"reason": "never-asked"}
