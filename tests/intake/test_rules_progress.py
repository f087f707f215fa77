"""What follows from an answer: what opens, what falls, what is decided, and what is left alone?"""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.errors import ActNotAllowed, MatterNotFound, WithdrawalTooLate
from services.intake.model import (
    CancelReason,
    Changes,
    JoinRule,
    MatterStatus,
    Outcome,
    RefusalPolicy,
    Stage,
    TaskRef,
    TaskState,
    Verdict,
)
from services.intake.rules.progress import (
    advance,
    application_outcome,
    apply_changes,
    first_state,
    performed,
    waiting_for,
    withdraw,
)
from tests.support.builders import (
    a_case,
    a_join,
    a_matter,
    a_need,
    a_task,
    after,
    catalogue_plan,
    matter_of,
    open_tasks,
    settled,
    task_of,
    with_answer,
)

WAITING, OPEN = TaskState.WAITING, TaskState.OPEN
APPROVE, REFUSE, CORRECT = Verdict.APPROVE, Verdict.REFUSE, Verdict.NEEDS_CORRECTION
FACT, DECISION = TaskRef("relief", "fact"), TaskRef("relief", "decision")


def two_waves(need="fact", **matter):
    """A fact to be found first, and a decision that needs it."""
    tasks = (a_task("fact", WAITING), a_task("decision", WAITING, needs=[need]))
    return a_case(a_matter(*tasks, status=MatterStatus.WAITING, **matter), stage=Stage.ACCEPTED)


def with_matter(state, key, **changes):
    return replace(
        state,
        matters=tuple(
            replace(matter, **changes) if matter.key == key else matter for matter in state.matters
        ),
    )


def test_what_needs_nothing_opens_and_the_case_is_in_review():
    changes = advance(two_waves())
    assert changes.open == (FACT,)
    assert changes.stage is Stage.IN_REVIEW


def test_a_task_opens_when_what_it_needs_is_closed_whatever_the_verdict():
    lead = a_join(JoinRule.LEAD, lead=("decision",))
    for verdict in (APPROVE, REFUSE, Verdict.NOT_APPLICABLE):
        assert open_tasks(after(settled(two_waves(join=lead)), {FACT: verdict})) == [DECISION]


@pytest.mark.parametrize("verdict", [REFUSE, Verdict.NOT_APPLICABLE])
def test_a_task_that_needs_an_approval_falls_when_none_can_come(verdict):
    lead = a_join(JoinRule.LEAD, lead=("decision",))
    changes = advance(with_answer(settled(two_waves("fact:approved", join=lead)), FACT, verdict))
    (fallen,) = changes.cancel
    assert (fallen.task, fallen.reason) == (DECISION, CancelReason.NEED_NOT_APPROVED)
    assert fallen.because == a_need("fact:approved")


def test_a_conditional_approval_is_an_approval():
    state = after(settled(two_waves("fact:approved")), {FACT: Verdict.CONDITIONAL})
    assert open_tasks(state) == [DECISION]


def test_a_refusal_that_settles_a_matter_cancels_what_is_still_open_there():
    state = settled(a_case(a_matter(a_task("a"), a_task("b"))))
    changes = advance(with_answer(state, TaskRef("relief", "a"), REFUSE))
    assert [each.reason for each in changes.cancel] == [CancelReason.MATTER_DECIDED]
    assert changes.outcome is Outcome.REFUSED
    assert changes.stage is Stage.CONCLUDED


def test_a_grant_with_an_effect_is_decided_but_not_yet_concluded():
    state = a_case(a_matter(a_task("a"), has_effect=True))
    changes = advance(with_answer(state, TaskRef("relief", "a"), APPROVE))
    assert (changes.stage, changes.outcome) == (Stage.DECIDED, Outcome.GRANTED)
    assert changes.concluded == ()
    assert changes.statuses[0].status is MatterStatus.DECIDED


def test_a_refusal_has_no_effect_to_wait_for():
    state = a_case(a_matter(a_task("a"), has_effect=True))
    assert advance(with_answer(state, TaskRef("relief", "a"), REFUSE)).concluded == ("relief",)


def test_the_last_fact_of_an_owner_concludes_the_case():
    state = a_case(a_matter(a_task("a"), has_effect=True))
    state = settled(with_answer(state, TaskRef("relief", "a"), APPROVE))
    changes = performed(state, "relief")
    assert changes.concluded == ("relief",)
    assert changes.stage is Stage.CONCLUDED
    assert apply_changes(state, changes).outcome is Outcome.GRANTED


def test_a_matter_made_real_twice_changes_nothing_the_second_time():
    state = settled(a_case(a_matter(a_task("a", APPROVE), has_effect=True)))
    state = apply_changes(state, performed(state, "relief"))
    assert performed(state, "relief") == Changes()


def test_a_matter_that_could_not_be_made_real_keeps_the_case_from_concluding():
    state = settled(a_case(a_matter(a_task("a", APPROVE), has_effect=True)))
    failed = with_matter(state, "relief", status=MatterStatus.FAILED)
    assert advance(failed) == Changes()
    assert performed(failed, "relief").stage is Stage.CONCLUDED


def test_nobody_can_make_a_matter_real_that_the_case_does_not_have():
    with pytest.raises(MatterNotFound):
        performed(a_case(a_matter(a_task("a"))), "marriage")


def test_a_matter_that_waits_for_a_correction_says_so_and_has_no_outcome():
    state = settled(a_case(a_matter(a_task("a"), a_task("b"))))
    changes = advance(with_answer(state, TaskRef("relief", "a"), CORRECT))
    assert changes.statuses[0].status is MatterStatus.CORRECTING
    assert changes.decided == ()


def test_a_task_that_needs_another_does_not_open_on_a_request_for_correction():
    state = after(settled(two_waves()), {FACT: CORRECT})
    assert open_tasks(state) == []
    assert waiting_for(state, DECISION) == (a_need("fact"),)


def test_a_corrected_matter_goes_on_where_it_was():
    state = after(settled(two_waves()), {FACT: CORRECT})
    reopened = with_matter(
        state,
        "relief",
        tasks=tuple(
            replace(task, state=OPEN, round=2) if task.key == "fact" else task
            for task in matter_of(state, "relief").tasks
        ),
    )
    assert settled(reopened).matters[0].status is MatterStatus.IN_REVIEW
    assert open_tasks(after(reopened, {FACT: APPROVE})) == [DECISION]


# --- joint cases: T21 -------------------------------------------------------------------


@pytest.mark.law("行政许可法", 26)
def test_one_matter_refused_never_touches_the_others():
    state = settled(first_state(catalogue_plan("BND-02")))
    refused = TaskRef("housing_fund", "housing_fund_review")
    changes = advance(with_answer(state, refused, REFUSE))
    assert [decision.matter for decision in changes.decided] == ["housing_fund"]
    assert changes.cancel == ()
    assert changes.stage is None


def test_a_joint_case_with_one_refusal_is_partly_granted():
    state = settled(first_state(catalogue_plan("BND-02")))
    answers = dict.fromkeys([*open_tasks(state)], APPROVE)
    answers[TaskRef("housing_fund", "housing_fund_review")] = REFUSE
    state = after(state, {**answers, TaskRef("social_card_closure", "card_closure"): APPROVE})
    assert state.outcome is Outcome.PARTLY_GRANTED
    assert state.stage is Stage.DECIDED
    for key in ("relief_adjustment", "spouse_status", "funeral", "death_record"):
        state = apply_changes(state, performed(state, key))
    assert state.stage is Stage.CONCLUDED


def test_the_second_wave_of_a_joint_case_opens_when_both_payments_are_answered():
    state = settled(first_state(catalogue_plan("BND-02")))
    card = TaskRef("social_card_closure", "card_closure")
    assert task_of(state, card).state is WAITING
    state = after(state, {TaskRef("survivor_benefits", "survivor_review"): REFUSE})
    assert task_of(state, card).state is WAITING
    state = after(state, {TaskRef("medical_account", "medical_account_review"): APPROVE})
    assert task_of(state, card).state is OPEN


@pytest.mark.law("行政许可法", 26)
def test_a_matter_that_needs_another_department_to_approve_falls_with_its_refusal():
    notary = a_matter(a_task("inheritance"), key="notary")
    property_needs = a_task("transfer", WAITING, needs=["notary.inheritance:approved"])
    estate = a_matter(property_needs, key="estate", status=MatterStatus.WAITING)
    other = a_matter(a_task("licence"), key="police")
    state = a_case(notary, estate, other)
    changes = advance(with_answer(state, TaskRef("notary", "inheritance"), REFUSE))
    outcomes = {decision.matter: decision.outcome for decision in changes.decided}
    assert outcomes == {"notary": Outcome.REFUSED, "estate": Outcome.NOT_APPLICABLE}
    assert [each.task.matter for each in changes.cancel] == ["estate"]


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ((Outcome.GRANTED, Outcome.GRANTED), Outcome.GRANTED),
        ((Outcome.GRANTED, Outcome.REFUSED), Outcome.PARTLY_GRANTED),
        ((Outcome.REFUSED, Outcome.REFUSED), Outcome.REFUSED),
        ((Outcome.GRANTED, Outcome.NOT_APPLICABLE), Outcome.GRANTED),
        ((Outcome.REFUSED, Outcome.NOT_APPLICABLE), Outcome.REFUSED),
        ((Outcome.NOT_APPLICABLE,), Outcome.NOT_APPLICABLE),
    ],
)
def test_the_outcome_of_a_case_is_that_of_the_matters_that_applied(outcomes, whole):
    assert application_outcome(outcomes) is whole


# --- simple cases of the catalogue ------------------------------------------------------


def test_relief_is_decided_by_the_township_even_against_a_refusing_check():
    state = settled(first_state(catalogue_plan("JZ201")))
    checks = dict.fromkeys(open_tasks(state), APPROVE)
    checks[TaskRef("relief", "duplicate_relief_check")] = REFUSE
    state = after(state, {**checks, TaskRef("relief", "township_decision"): APPROVE})
    assert (state.stage, state.outcome) == (Stage.DECIDED, Outcome.GRANTED)


def test_one_refusal_refuses_a_marriage_and_spares_the_registrar():
    state = settled(first_state(catalogue_plan("HY601")))
    state = after(state, {TaskRef("registration", "marital_status_check"): REFUSE})
    assert state.outcome is Outcome.REFUSED
    assert task_of(state, TaskRef("registration", "registrar_inquiry")).state is (
        TaskState.CANCELLED
    )


# --- withdrawal -------------------------------------------------------------------------


def test_a_withdrawal_cancels_everything_unanswered():
    state = settled(two_waves())
    changes = withdraw(state)
    assert {each.task for each in changes.cancel} == {FACT, DECISION}
    assert changes.stage is Stage.WITHDRAWN
    assert advance(apply_changes(state, changes)) == Changes()


def test_a_withdrawal_leaves_matters_that_are_decided():
    decided, open_matter = a_matter(a_task("x"), key="a"), a_matter(a_task("y"), key="b")
    state = after(a_case(decided, open_matter), {TaskRef("a", "x"): APPROVE})
    state = apply_changes(state, withdraw(state))
    assert matter_of(state, "a").status is MatterStatus.CONCLUDED
    assert matter_of(state, "b").status is MatterStatus.WITHDRAWN


def test_a_decided_case_cannot_be_withdrawn():
    state = settled(a_case(a_matter(a_task("a", APPROVE), has_effect=True)))
    with pytest.raises(WithdrawalTooLate):
        withdraw(state)


def test_a_case_cannot_be_withdrawn_twice():
    state = settled(two_waves())
    with pytest.raises(ActNotAllowed):
        withdraw(apply_changes(state, withdraw(state)))


# --- what holds of every case -----------------------------------------------------------

TASK_KEYS = "abc"


@st.composite
def cases(draw):
    """A case of up to three matters whose tasks need earlier ones, in any way and kind."""
    earlier: list[TaskRef] = []
    matters = []
    for matter in range(draw(st.integers(1, 3))):
        key = f"m{matter}"
        tasks = []
        for name in TASK_KEYS[: draw(st.integers(1, 3))]:
            kind = st.sampled_from(["", ":approved"])
            needed = st.tuples(st.sampled_from(earlier), kind) if earlier else st.nothing()
            needs = draw(st.lists(needed, max_size=2)) if earlier else []
            texts = [f"{ref}{suffix}" for ref, suffix in needs]
            tasks.append(a_task(name, WAITING, needs=texts))
            earlier.append(TaskRef(key, name))
        status, effect = MatterStatus.WAITING, draw(st.booleans())
        join = draw(joins([task.key for task in tasks]))
        matters.append(a_matter(*tasks, key=key, join=join, has_effect=effect, status=status))
    return a_case(*matters, stage=Stage.ACCEPTED)


def joins(keys):
    lead = st.sampled_from(keys).map(lambda key: (key,))
    return st.one_of(
        st.just(a_join(voters=tuple(keys))),
        st.just(a_join(JoinRule.ANY, voters=tuple(keys))),
        st.builds(lambda lead: a_join(JoinRule.LEAD, lead=lead, voters=tuple(keys)), lead),
        st.builds(
            lambda count: a_join(JoinRule.AT_LEAST, count=count, voters=tuple(keys)),
            st.integers(1, len(keys)),
        ),
        st.builds(
            lambda lead: a_join(on_refusal=RefusalPolicy.LEAD, lead=lead, voters=tuple(keys)),
            lead,
        ),
    )


FINAL = st.sampled_from([APPROVE, REFUSE, Verdict.CONDITIONAL, Verdict.NOT_APPLICABLE])


def refs(state):
    return [TaskRef(matter.key, task.key) for matter in state.matters for task in matter.tasks]


def play(state, verdicts, order):
    """Answer, in this order of preference, whatever is open; every state on the way."""
    state = settled(state)
    states = [state]
    while ready := sorted(open_tasks(state), key=order.index):
        state = settled(with_answer(state, ready[0], verdicts[ready[0]]))
        states.append(state)
    return states


@st.composite
def played(draw):
    state = draw(cases())
    verdicts = {ref: draw(FINAL) for ref in refs(state)}
    return state, verdicts, draw(st.permutations(refs(state))), draw(st.permutations(refs(state)))


@given(played())
def test_the_order_of_answers_never_changes_an_outcome(case):
    state, verdicts, one, other = case
    ends = [play(state, verdicts, order)[-1] for order in (one, other)]
    assert ends[0].outcome is ends[1].outcome
    assert [each.outcome for each in ends[0].matters] == [each.outcome for each in ends[1].matters]


@given(played())
def test_every_case_is_decided_when_every_open_task_is_answered(case):
    state, verdicts, order, _ = case
    end = play(state, verdicts, order)[-1]
    assert end.stage in {Stage.DECIDED, Stage.CONCLUDED}
    over = {TaskState.CLOSED, TaskState.CANCELLED}
    assert all(task.state in over for matter in end.matters for task in matter.tasks)


@given(played())
def test_asking_again_changes_nothing_more(case):
    state, verdicts, order, _ = case
    assert all(advance(each) == Changes() for each in play(state, verdicts, order))


@given(played())
def test_no_task_is_open_on_a_decided_matter(case):
    state, verdicts, order, _ = case
    unfinished = {TaskState.OPEN, TaskState.WAITING}
    for each in play(state, verdicts, order):
        for matter in each.matters:
            if matter.outcome is not None:
                assert not unfinished & {task.state for task in matter.tasks}


@given(played())
def test_what_is_decided_or_closed_stays_so(case):
    state, verdicts, order, _ = case
    states = play(state, verdicts, order)
    for before, now in pairwise(states):
        for ref in refs(before):
            if task_of(before, ref).state in {TaskState.CLOSED, TaskState.CANCELLED}:
                assert task_of(now, ref) == task_of(before, ref)
        for matter in before.matters:
            if matter.outcome is not None:
                assert matter_of(now, matter.key).outcome is matter.outcome


@settings(max_examples=50)
@given(played(), st.data())
def test_a_correction_only_delays(case, data):
    state, verdicts, order, _ = case
    plain = play(state, verdicts, order)[-1]
    corrected = data.draw(st.sampled_from(refs(state)))
    state = settled(state)
    while ready := sorted(open_tasks(state), key=order.index):
        ref = ready[0]
        if ref == corrected and task_of(state, ref).round == 1:
            state = settled(with_answer(state, ref, CORRECT))
            assert matter_of(state, ref.matter).outcome is None
            state = reopen(state, ref)
        else:
            state = settled(with_answer(state, ref, verdicts[ref]))
    assert state.outcome is plain.outcome


def reopen(state, ref):
    tasks = tuple(
        replace(task, state=OPEN, round=task.round + 1) if task.key == ref.task else task
        for task in matter_of(state, ref.matter).tasks
    )
    return with_matter(state, ref.matter, tasks=tasks)
