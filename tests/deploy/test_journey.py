"""Is a case told as it happened, and does a later run find somebody who can still apply?"""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from rich.console import Console

from deploy.local.journey import CATALOGUE
from deploy.local.journey.cases import CasesStillOpen
from deploy.local.journey.people import DoorRefused, Screens, field_of
from deploy.local.journey.samples import OFFICERS, OPINIONS, samples
from deploy.local.journey.timeline import (
    answers_of,
    draw_case,
    progress_of,
    spent_on,
)
from tests.support.forms import item_definition, read_catalogue

TODAY = date(2026, 11, 23)


def at(seconds: float) -> str:
    return f"2026-11-23T12:00:{seconds:09.6f}+08:00"


def text(words: str) -> dict[str, str]:
    return {"text": words}


def task(**changes: Any) -> dict[str, Any]:
    """An approval by the police, asked at 0 s and answered at 2 s."""
    return {
        "title": text("户口注销办理"),
        "handlerName": text("公安"),
        "officeName": None,
        "state": "CLOSED",
        "verdict": "APPROVE",
        "openedAt": at(0),
        "closedAt": at(2),
    } | changes


def case(*tasks: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A concluded case of one matter."""
    matter = {
        "title": text("户口注销"),
        "status": "CONCLUDED",
        "outcome": "GRANTED",
        "document": None,
        "failure": None,
        "tasks": list(tasks),
    }
    return {
        "id": "case",
        "number": "330106202611230000017",
        "item": {"title": text("个人身后一件事")},
        "stage": "CONCLUDED",
        "outcome": "GRANTED",
        "submittedAt": at(0),
        "concludedAt": at(6),
        "matters": [matter | changes],
        "missingMaterials": [],
    }


def printed(shown: dict[str, Any]) -> str:
    screen = io.StringIO()
    Console(file=screen, width=140).print(draw_case(shown))
    return screen.getvalue()


def test_departments_asked_at_once_take_as_long_as_the_slowest():
    spent = spent_on(answers_of(case(task(), task(closedAt=at(5)), task(closedAt=at(3)))))

    assert spent is not None
    assert spent.parallel == timedelta(seconds=5)
    assert spent.sequence == timedelta(seconds=10)
    assert spent.saved == timedelta(seconds=5)


def test_an_open_question_counts_neither_way():
    still_open = task(state="OPEN", verdict=None, closedAt=None)

    assert spent_on(answers_of(case(still_open))) is None
    assert progress_of(case(task(), still_open)) == (1, 2)


def test_a_cancelled_question_is_nobody_s_answer():
    cancelled = task(state="CANCELLED", verdict=None)

    assert progress_of(case(task(), cancelled)) == (1, 1)


def test_the_story_names_who_answered_what_and_when():
    shown = printed(case(task(), task(handlerName=text("医疗保障"), verdict="REFUSE")))

    assert "公安" in shown
    assert "医疗保障" in shown
    assert "2,000 ms" in shown
    assert "不同意" in shown
    assert "并联用时 2.00 s" in shown


def test_the_story_names_the_paper_it_ended_in():
    document = {"title": text("结婚证"), "number": "J330106-2026-000001"}

    assert "结婚证 J330106-2026-000001" in printed(case(task(), document=document))


def test_cases_that_did_not_end_say_who_has_them():
    open_task = task(state="OPEN", verdict=None, closedAt=None)
    told = str(CasesStillOpen([case(open_task, status="IN_REVIEW")]))

    assert "户口注销办理 在 公安（待答复）" in told


def test_what_could_not_be_made_real_is_said():
    failed = case(task(), status="FAILED", failure=text("登记处今日无号"))

    assert "未能办成，登记处今日无号" in str(CasesStillOpen([failed]))


def test_a_refusal_in_a_union_is_raised_with_its_code():
    body = {"data": {"submit": {"__typename": "Conflict", "code": "BUSY", "message": "忙"}}}

    with pytest.raises(DoorRefused, match="BUSY"):
        field_of(body)


def test_an_error_at_the_top_is_raised_with_its_code():
    with pytest.raises(DoorRefused, match="UNAUTHENTICATED"):
        field_of({"errors": [{"message": "", "extensions": {"code": "UNAUTHENTICATED"}}]})


def test_every_operation_the_people_use_is_a_published_screen():
    used = {"SignIn", "MyApplications", "SubmitApplication", "Case", "CaseProgress"}
    used |= {"Inbox", "ClaimTask", "Task", "GiveVerdict"}

    assert used <= set(Screens.published().texts)


@pytest.mark.parametrize("code", ["JZ201", "HY601", "BND-02"])
def test_every_item_has_somebody_for_three_runs(code: str):
    assert len(samples(CATALOGUE, today=TODAY)[code]) >= 3


@pytest.mark.parametrize("code", ["JZ201", "HY601", "BND-02"])
def test_samples_hand_in_papers_that_the_item_asks_for(code: str):
    asked = {material["key"] for material in item_definition(code)["materials"]}

    for sample in samples(CATALOGUE, today=TODAY)[code]:
        assert set(sample.papers) <= asked


def test_nobody_marries_after_having_died_in_a_sample():
    found = samples(CATALOGUE, today=TODAY)
    dead = {each.form["deceased"]["id_no"] for each in found["BND-02"]}
    living = {each.form["applicant"]["id_no"] for kind in found.values() for each in kind}
    living |= {each.form["partner"]["id_no"] for each in found["HY601"]}

    assert not dead & living


def test_the_officers_exist():
    officers = {each["key"] for each in read_catalogue("places/officers.yaml")["officers"]}

    assert officers >= set(OFFICERS)


def test_opinions_are_for_tasks_of_officers():
    keys = {
        task["key"]
        for code in ("JZ201", "HY601", "BND-02")
        for matter in item_definition(code)["matters"]
        for task in matter["tasks"]
        if task["handler"] == "officer"
    }

    assert keys == set(OPINIONS)
