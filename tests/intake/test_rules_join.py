"""How do the verdicts of a matter become its outcome, and can their order ever matter?"""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.model import CancelReason, JoinRule, Outcome, RefusalPolicy, Verdict
from services.intake.rules.join import (
    is_correcting,
    join_outcome,
    outcome_conditions,
    outcome_grounds,
)
from tests.support.builders import a_join, a_matter, a_task

APPROVE, REFUSE, SKIP = Verdict.APPROVE, Verdict.REFUSE, Verdict.NOT_APPLICABLE
CORRECT = Verdict.NEEDS_CORRECTION
FELL = CancelReason.NEED_NOT_APPROVED
OPEN = "open"
GRANTED, REFUSED, NONE = Outcome.GRANTED, Outcome.REFUSED, Outcome.NOT_APPLICABLE

LEAD_A = {"lead": ("a",)}
ALL = a_join()
ANY = a_join(JoinRule.ANY)
TWO = a_join(JoinRule.AT_LEAST, count=2)
ANY_VETO = a_join(JoinRule.ANY, on_refusal=RefusalPolicy.VETO)
LEAD = a_join(JoinRule.LEAD, **LEAD_A)
LEAD_VETO = a_join(JoinRule.LEAD, on_refusal=RefusalPolicy.VETO, **LEAD_A)
ALL_LEAD = a_join(on_refusal=RefusalPolicy.LEAD, **LEAD_A)
REQUIRED_A = a_join(JoinRule.REQUIRED, on_refusal=RefusalPolicy.OUTVOTED, voters=("a",))
REQUIRED_VETO = a_join(JoinRule.REQUIRED, voters=("a",))


def matter_with(join, *answers):
    tasks = [
        a_task(key) if answer == OPEN else a_task(key, answer)
        for key, answer in zip("abcd", answers, strict=False)
    ]
    return a_matter(*tasks, join=join)


@pytest.mark.parametrize(
    ("join", "answers", "outcome"),
    [
        (ALL, (APPROVE, APPROVE), GRANTED),
        (ALL, (APPROVE, Verdict.CONDITIONAL), GRANTED),
        (ALL, (APPROVE, OPEN), None),
        (ALL, (REFUSE, OPEN), REFUSED),
        (ALL, (APPROVE, SKIP), GRANTED),
        (ALL, (SKIP, SKIP), NONE),
        (ANY, (APPROVE, OPEN), GRANTED),
        (ANY, (REFUSE, OPEN), None),
        (ANY, (REFUSE, APPROVE), GRANTED),
        (ANY, (REFUSE, REFUSE), REFUSED),
        (ANY_VETO, (APPROVE, OPEN), None),
        (ANY_VETO, (APPROVE, REFUSE), REFUSED),
        (TWO, (APPROVE, APPROVE, OPEN), GRANTED),
        (TWO, (APPROVE, REFUSE, OPEN), None),
        (TWO, (REFUSE, REFUSE, OPEN), REFUSED),
        (TWO, (SKIP, APPROVE, OPEN), None),
        (TWO, (APPROVE, SKIP, SKIP), GRANTED),
        (LEAD, (APPROVE, REFUSE), GRANTED),
        (LEAD, (REFUSE, APPROVE), REFUSED),
        (LEAD, (OPEN, REFUSE), None),
        (LEAD, (SKIP, APPROVE), NONE),
        (LEAD_VETO, (APPROVE, OPEN), None),
        (LEAD_VETO, (APPROVE, REFUSE), REFUSED),
        (ALL_LEAD, (APPROVE, REFUSE), GRANTED),
        (ALL_LEAD, (REFUSE, REFUSE), REFUSED),
        (ALL_LEAD, (OPEN, REFUSE), None),
        (ALL_LEAD, (SKIP, REFUSE), REFUSED),
        (REQUIRED_A, (APPROVE, REFUSE), GRANTED),
        (REQUIRED_A, (APPROVE, OPEN), GRANTED),
        (REQUIRED_VETO, (APPROVE, OPEN), None),
        (REQUIRED_VETO, (APPROVE, REFUSE), REFUSED),
    ],
)
def test_a_join_says_what_its_rule_says(join, answers, outcome):
    assert join_outcome(matter_with(join, *answers)) is outcome


def test_a_fallen_task_is_a_missing_approval_where_others_answered():
    assert join_outcome(matter_with(ALL, APPROVE, FELL)) is REFUSED


def test_a_matter_that_could_not_be_asked_at_all_does_not_apply():
    assert join_outcome(matter_with(ALL, FELL, FELL)) is NONE


def test_a_lead_that_fell_by_a_refusal_in_its_own_matter_is_a_refusal():
    matter = a_matter(a_task("check", REFUSE), a_task("lead", FELL, needs=["check:approved"]))
    lead = a_join(JoinRule.LEAD, lead=("lead",))
    assert join_outcome(a_matter(*matter.tasks, join=lead)) is REFUSED


def test_a_lead_that_fell_by_another_matter_does_not_apply():
    lead = a_join(JoinRule.LEAD, lead=("lead",))
    tasks = (a_task("check", APPROVE), a_task("lead", FELL, needs=["other.check:approved"]))
    assert join_outcome(a_matter(*tasks, join=lead)) is NONE


@pytest.mark.parametrize("join", [ALL, ANY, TWO, LEAD])
def test_there_is_no_outcome_while_a_correction_is_asked_for(join):
    matter = matter_with(join, APPROVE, APPROVE, CORRECT)
    assert is_correcting(matter)
    assert join_outcome(matter) is None


def test_an_earlier_correction_does_not_hold_up_an_answered_second_round():
    matter = a_matter(a_task("a", APPROVE, round=2))
    assert join_outcome(matter) is GRANTED


def test_the_verdict_of_an_earlier_round_does_not_count_in_a_new_one():
    reopened = a_task("a", verdict=CORRECT, round=2)
    assert join_outcome(a_matter(reopened)) is None


def test_a_matter_is_not_decided_early_while_others_wait_for_its_tasks():
    matter = matter_with(ALL, REFUSE, OPEN)
    assert join_outcome(matter, awaited=frozenset({"b"})) is None
    assert join_outcome(matter, awaited=frozenset({"a"})) is REFUSED


@pytest.mark.law("行政许可法", 38)
def test_a_refusal_states_every_ground():
    matter = a_matter(
        a_task("a", REFUSE, opinion="材料不实"),
        a_task("b", APPROVE),
        a_task("c", REFUSE, opinion="重复救助"),
    )
    grounds = outcome_grounds(matter, REFUSED)
    assert [ground.opinion for ground in grounds] == ["材料不实", "重复救助"]


def test_conditions_of_a_grant_are_told_once_each():
    tasks = [a_task(key, Verdict.CONDITIONAL, conditions=("补交票据", key)) for key in "ab"]
    assert outcome_conditions(a_matter(*tasks)) == ("补交票据", "a", "b")


def joins():
    """Every join that a definition may name for tasks a to d."""
    voters = st.sampled_from([(), ("a", "b"), ("b", "c", "d"), ("a",)])
    lead = st.just({"lead": ("a",)})
    return st.one_of(
        st.builds(lambda rule, voters: a_join(rule, voters=voters),
                  st.sampled_from([JoinRule.ALL, JoinRule.ANY]), voters),
        st.builds(lambda voters: a_join(JoinRule.ANY, voters=voters,
                                        on_refusal=RefusalPolicy.VETO), voters),
        st.builds(lambda count, policy: a_join(JoinRule.AT_LEAST, count=count, on_refusal=policy,
                                               lead=("a",)),
                  st.integers(1, 4), st.sampled_from(RefusalPolicy)),
        st.builds(lambda policy: a_join(JoinRule.REQUIRED, voters=("a", "b"), on_refusal=policy,
                                        lead=("c",)), st.sampled_from(RefusalPolicy)),
        st.builds(lambda rule, lead: a_join(rule, on_refusal=RefusalPolicy.LEAD, **lead),
                  st.sampled_from([JoinRule.ALL, JoinRule.ANY, JoinRule.LEAD]), lead),
        st.just(LEAD_VETO),
    )  # fmt: skip


ANSWERS = st.sampled_from([APPROVE, REFUSE, SKIP, FELL])


@given(joins(), st.lists(ANSWERS, min_size=4, max_size=4))
def test_when_all_have_answered_there_is_an_outcome(join, answers):
    assert join_outcome(matter_with(join, *answers)) is not None


@given(joins(), st.lists(ANSWERS | st.just(OPEN), min_size=4, max_size=4))
def test_no_missing_answer_can_change_an_outcome_reached_early(join, answers):
    outcome = join_outcome(matter_with(join, *answers))
    if outcome is None:
        return
    missing = [index for index, answer in enumerate(answers) if answer == OPEN]
    for ending in product([APPROVE, REFUSE, SKIP, FELL], repeat=len(missing)):
        complete = list(answers)
        for index, answer in zip(missing, ending, strict=True):
            complete[index] = answer
        assert join_outcome(matter_with(join, *complete)) is outcome


@given(joins(), st.permutations(range(4)), st.lists(ANSWERS, min_size=4, max_size=4))
def test_the_order_of_tasks_in_a_matter_does_not_matter(join, order, answers):
    matter = matter_with(join, *answers)
    shuffled = a_matter(*(matter.tasks[index] for index in order), join=join)
    assert join_outcome(matter) is join_outcome(shuffled)
