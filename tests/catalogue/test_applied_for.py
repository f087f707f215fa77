"""Can every item be applied for over the window's own door, and come to a decision?"""

import itertools
from collections.abc import AsyncIterator

import pytest

from services.intake.model import ApplicationState, Outcome, Stage, Verdict
from services.intake.rules.expressions import Expressions, Scope
from services.intake.rules.materials import check_materials
from services.intake.rules.progress import first_state
from tests.conftest import TestDatabase
from tests.support.builders import (
    catalogue_item,
    catalogue_plan,
    open_tasks,
    seed_parameters,
    settled,
    with_answer,
)
from tests.support.forms import form_of, item_codes
from tests.support.seed import resident_with
from tests.support.window import Window, open_window

every_item = pytest.mark.parametrize("code", item_codes())
APPROVE = (Verdict.APPROVE,)
REFUSE = (Verdict.REFUSE, Verdict.NOT_APPLICABLE)
PASS = (Verdict.NOT_APPLICABLE, Verdict.APPROVE)


@pytest.fixture
async def window(database: TestDatabase) -> AsyncIterator[Window]:
    async with open_window(database.url("intake")) as opened:
        yield opened


def decided(code: str, *moods: tuple[Verdict, ...]) -> ApplicationState:
    """The case of the sample form after everybody has answered, in turns of these moods."""
    plan = catalogue_plan(code)
    allowed = {task.ref: task.verdicts for task in plan.tasks}
    state = settled(first_state(plan))
    for mood in itertools.islice(itertools.cycle(moods), len(plan.tasks)):
        waiting = open_tasks(state)
        if not waiting:
            break
        ref = waiting[0]
        answer = next((each for each in mood if each in allowed[ref]), Verdict.APPROVE)
        state = settled(with_answer(state, ref, answer))
    return state


@every_item
def test_where_everybody_approves_everything_is_granted(code):
    state = decided(code, APPROVE)
    assert {matter.outcome for matter in state.matters} == {Outcome.GRANTED}
    has_effect = any(matter.has_effect for matter in state.matters)
    assert state.stage is (Stage.DECIDED if has_effect else Stage.CONCLUDED)


@every_item
def test_where_everybody_refuses_nothing_is_granted(code):
    state = decided(code, REFUSE)
    assert state.stage is Stage.CONCLUDED
    assert Outcome.GRANTED not in {matter.outcome for matter in state.matters}
    assert Outcome.REFUSED in {matter.outcome for matter in state.matters}


@every_item
@pytest.mark.parametrize("moods", list(itertools.permutations((APPROVE, REFUSE, PASS))))
def test_whatever_is_answered_the_case_comes_to_an_end(code, moods):
    state = decided(code, *moods)
    assert open_tasks(state) == []
    assert all(matter.outcome is not None for matter in state.matters)


@every_item
async def test_every_item_can_be_applied_for(window: Window, code: str) -> None:
    item, form = catalogue_item(code), form_of(code)
    caller = window.citizen(resident_with(form["applicant"]["id_no"]))
    lacking = check_materials(
        item,
        provided=[],
        scope=Scope.of(form=form, params=seed_parameters()),
        expressions=Expressions(),
    ).missing
    materials = [{"key": key, "fileId": await caller.upload()} for key in lacking]

    answer = await caller.post(
        "/v1/applications", {"itemCode": code, "form": form, "materials": materials}
    )

    assert answer.status_code == 201, answer.text
    application = answer.json()
    assert application["number"].startswith("330106")
    assert len(application["matters"]) == len(catalogue_plan(code).matters)
