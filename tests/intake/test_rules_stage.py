"""Which act is allowed at which stage, and where does it lead?"""

import pytest

from services.intake.errors import ActNotAllowed, AlreadyDecided, WithdrawalTooLate
from services.intake.model import Act, Stage
from services.intake.rules.stage import WORKFLOW, allowed_acts, is_open, next_stage

TABLE = """
submitted      accept            accepted
submitted      refuse-acceptance not-accepted
submitted      ask-correction    correcting
submitted      withdraw          withdrawn
submitted      hand-in           submitted
correcting     correct           submitted
correcting     lapse             withdrawn
correcting     withdraw          withdrawn
accepted       dispatch          in-review
accepted       withdraw          withdrawn
accepted       hand-in           accepted
in-review      answer            in-review
in-review      perform           in-review
in-review      decide            decided
in-review      ask-correction    in-review
in-review      correct           in-review
in-review      withdraw          withdrawn
in-review      hand-in           in-review
decided        perform           decided
decided        conclude          concluded
"""


def rows():
    return [tuple(line.split()) for line in TABLE.strip().splitlines()]


def test_the_workflow_is_this_table():
    written = [(stage, *move) for stage, moves in WORKFLOW.items() for move in moves.items()]
    assert written == rows()


def test_every_stage_has_its_row():
    assert set(WORKFLOW) == set(Stage)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", Act)
def test_what_the_table_does_not_list_is_refused(stage, act):
    if act in allowed_acts(stage):
        assert (stage, act, next_stage(stage, act)) in rows()
        return
    with pytest.raises((ActNotAllowed, AlreadyDecided, WithdrawalTooLate)):
        next_stage(stage, act)


@pytest.mark.parametrize("stage", [Stage.DECIDED, Stage.CONCLUDED])
def test_after_the_decision_it_is_too_late_to_withdraw_or_answer(stage):
    with pytest.raises(WithdrawalTooLate):
        next_stage(stage, Act.WITHDRAW)
    with pytest.raises(AlreadyDecided):
        next_stage(stage, Act.ANSWER)


def test_a_refused_act_is_told_the_stage():
    with pytest.raises(ActNotAllowed) as refusal:
        next_stage(Stage.WITHDRAWN, Act.ACCEPT)
    assert refusal.value.facts == {"act": "accept", "stage": "withdrawn"}


def test_only_final_stages_are_closed():
    closed = {stage for stage in Stage if not is_open(stage)}
    assert closed == {Stage.CONCLUDED, Stage.WITHDRAWN, Stage.NOT_ACCEPTED}
