"""Which answers to an approval task can stand?"""

import pytest

from services.intake.errors import (
    ConditionsRequired,
    OpinionRequired,
    StaleRound,
    TaskAlreadyClosed,
    TaskNotOpen,
    VerdictNotAllowed,
)
from services.intake.model import Answer, CancelReason, TaskState, Verdict
from services.intake.rules.verdict import check_answer
from tests.support.builders import a_task

ALL = tuple(Verdict)
APPROVAL = Answer(verdict=Verdict.APPROVE)


@pytest.mark.parametrize("state", [TaskState.OPEN, TaskState.CLAIMED])
def test_an_open_or_claimed_task_can_be_answered(state):
    check_answer(a_task("a", state), APPROVAL, allowed=ALL)


@pytest.mark.parametrize(
    ("answered", "refusal"),
    [
        (TaskState.WAITING, TaskNotOpen),
        (CancelReason.MATTER_DECIDED, TaskNotOpen),
        (Verdict.APPROVE, TaskAlreadyClosed),
        (Verdict.NEEDS_CORRECTION, TaskAlreadyClosed),
    ],
)
def test_a_task_that_is_not_open_cannot_be_answered(answered, refusal):
    with pytest.raises(refusal):
        check_answer(a_task("a", answered), APPROVAL, allowed=ALL)


@pytest.mark.parametrize("seen", [1, 3])
def test_an_answer_to_another_round_is_told_the_current_one(seen):
    answer = Answer(verdict=Verdict.APPROVE, round=seen)
    with pytest.raises(StaleRound) as refusal:
        check_answer(a_task("a", round=2), answer, allowed=ALL)
    assert refusal.value.facts == {"round": 2}


def test_an_answer_to_the_current_round_can_stand():
    answer = Answer(verdict=Verdict.APPROVE, round=2)
    check_answer(a_task("a", round=2), answer, allowed=ALL)


def test_a_verdict_the_item_does_not_allow_is_told_which_are():
    with pytest.raises(VerdictNotAllowed) as refusal:
        check_answer(a_task("a"), APPROVAL, allowed=(Verdict.REFUSE,))
    assert refusal.value.facts == {"allowed": ["refuse"]}


@pytest.mark.law("行政许可法", 38)
@pytest.mark.parametrize("verdict", ["refuse", "needs-correction", "not-applicable"])
@pytest.mark.parametrize("opinion", [None, "", " \t　"])
def test_what_the_applicant_may_contest_needs_written_reasons(verdict, opinion):
    with pytest.raises(OpinionRequired):
        check_answer(a_task("a"), Answer(verdict=Verdict(verdict), opinion=opinion), allowed=ALL)


@pytest.mark.parametrize("conditions", [(), ("",), ("补交票据", " ")])
def test_a_conditional_approval_lists_its_conditions(conditions):
    answer = Answer(verdict=Verdict.CONDITIONAL, conditions=conditions)
    with pytest.raises(ConditionsRequired):
        check_answer(a_task("a"), answer, allowed=ALL)


def test_only_a_conditional_approval_has_conditions():
    answer = Answer(verdict=Verdict.APPROVE, conditions=("补交票据",))
    with pytest.raises(ConditionsRequired):
        check_answer(a_task("a"), answer, allowed=ALL)


def test_a_refusal_with_reasons_can_stand():
    answer = Answer(verdict=Verdict.REFUSE, opinion="经核查不符合条件")
    check_answer(a_task("a"), answer, allowed=ALL)
