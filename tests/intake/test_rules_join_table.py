"""Does every kind of join read every set of verdicts as the rule is written, case by case?"""

from itertools import product

import pytest

from services.intake.model import JoinRule, Outcome, RefusalPolicy, Verdict
from services.intake.rules.join import join_outcome
from tests.support.builders import a_join, a_matter, a_task

YES = {Verdict.APPROVE, Verdict.CONDITIONAL}
KEYS = ("a", "b", "c")

JOINS = {
    "all, a refusal is a veto": a_join(),
    "all, the lead decides on a refusal": a_join(on_refusal=RefusalPolicy.LEAD, lead=("a",)),
    "any": a_join(JoinRule.ANY),
    "any, a refusal is a veto": a_join(JoinRule.ANY, on_refusal=RefusalPolicy.VETO),
    "any, the lead decides": a_join(JoinRule.ANY, on_refusal=RefusalPolicy.LEAD, lead=("a",)),
    **{f"{k} of 3": a_join(JoinRule.AT_LEAST, count=k) for k in (1, 2, 3)},
    "2 of 3, a refusal is a veto": a_join(
        JoinRule.AT_LEAST, count=2, on_refusal=RefusalPolicy.VETO
    ),
    "a and b, others are outvoted": a_join(
        JoinRule.REQUIRED, voters=("a", "b"), on_refusal=RefusalPolicy.OUTVOTED
    ),
    "a and b, any refusal is a veto": a_join(JoinRule.REQUIRED, voters=("a", "b")),
    "the lead": a_join(JoinRule.LEAD, lead=("a",)),
    "the lead, any refusal is a veto": a_join(
        JoinRule.LEAD, lead=("a",), on_refusal=RefusalPolicy.VETO
    ),
}


def read_as_written(join, verdicts):
    """The rule in words, written apart from the code: who is concerned, who said yes, who no."""
    if Verdict.NEEDS_CORRECTION in verdicts.values():
        return None
    yes = {key for key, verdict in verdicts.items() if verdict in YES}
    no = {key for key, verdict in verdicts.items() if verdict is Verdict.REFUSE}
    seats = set(join.voters or verdicts)
    vetoers = set(verdicts) if join.rule in {JoinRule.REQUIRED, JoinRule.LEAD} else seats
    if join.on_refusal is RefusalPolicy.VETO and no & vetoers:
        return Outcome.REFUSED
    lead_speaks = bool(join.lead) and join.lead[0] in yes | no
    if join.rule is JoinRule.LEAD and not lead_speaks:
        return Outcome.NOT_APPLICABLE
    lead_decides = join.rule is JoinRule.LEAD or (
        join.on_refusal is RefusalPolicy.LEAD and no & seats
    )
    if lead_decides and lead_speaks:
        return Outcome.GRANTED if join.lead[0] in yes else Outcome.REFUSED
    concerned = (yes | no) & seats
    if not concerned:
        return Outcome.NOT_APPLICABLE
    needed = {JoinRule.ANY: 1, JoinRule.AT_LEAST: join.count}.get(join.rule) or len(concerned)
    enough = len(yes & seats) >= min(needed, len(concerned))
    return Outcome.GRANTED if enough else Outcome.REFUSED


@pytest.mark.parametrize("name", JOINS)
def test_every_set_of_verdicts_is_read_as_the_rule_is_written(name):
    join = JOINS[name]
    for answers in product(Verdict, repeat=len(KEYS)):
        verdicts = dict(zip(KEYS, answers, strict=True))
        matter = a_matter(*(a_task(key, verdict) for key, verdict in verdicts.items()), join=join)
        assert join_outcome(matter) is read_as_written(join, verdicts), verdicts


@pytest.mark.parametrize("name", JOINS)
def test_a_silent_task_never_turns_into_an_answer(name):
    join = JOINS[name]
    for answers in product(Verdict, repeat=2):
        matter = a_matter(a_task("a", answers[0]), a_task("b", answers[1]), a_task("c"), join=join)
        possible = {
            read_as_written(join, {"a": answers[0], "b": answers[1], "c": last})
            for last in (Verdict.APPROVE, Verdict.REFUSE, Verdict.NOT_APPLICABLE)
        }
        settled = possible.pop() if len(possible) == 1 else None
        assert join_outcome(matter) is settled, answers
