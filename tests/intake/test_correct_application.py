"""How do departments ask for corrections, and what does the applicant's answer change?"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from services.intake.model import Verdict
from tests.intake.test_give_verdict import (
    REGISTRY,
    answer_as_service,
    say,
    submitted_death,
    submitted_marriage,
    tasks_of,
)
from tests.support.corrections import (
    TOWNSHIP,
    VILLAGE,
    ask_correction,
    correct,
    mark,
    read,
    submit_relief,
)
from tests.support.forms import person
from tests.support.window import Caller, Window

TRAFFIC = {"event": {"kind": "TRAFFIC"}}


class People:
    """Those who have to do with chen's application for relief."""

    def __init__(self, window: Window) -> None:
        self.lin = window.officer("lin", TOWNSHIP)
        self.he = window.officer("he", VILLAGE)
        self.chen = window.citizen("chen")


@pytest.fixture
def people(window: Window) -> People:
    return People(window)


async def noticed(window: Window, people: People, *places: str) -> Mapping[str, Any]:
    """An application whose fact check asked for these places, and nobody else for anything."""
    application = await submit_relief(window)
    tasks = tasks_of(application)
    assert await say(people.he, tasks["home_visit"]) == 200
    await answer_as_service(window, tasks["duplicate_relief_check"])
    assert await ask_correction(people.lin, tasks["fact_check"], *places) == (200, "")
    return await read(people.chen, application)


async def requested(window: Window) -> list[Mapping[str, Any]]:
    return [data for type_, data in await window.events() if "correction-requested" in type_]


async def test_what_several_departments_ask_becomes_one_notice_when_the_last_has_answered(
    window: Window, people: People
) -> None:
    application = await submit_relief(window)
    tasks = tasks_of(application)
    await ask_correction(people.lin, tasks["fact_check"], "/event/kind", "event_proof")
    await ask_correction(people.he, tasks["home_visit"], "/narrative")
    before = await read(people.chen, application)
    assert before["correction"] is None
    assert before["matters"][0]["status"] == "correcting"
    assert await requested(window) == []

    await answer_as_service(window, tasks["duplicate_relief_check"])
    told = await read(people.chen, application)
    assert told["stage"] == "in-review"
    items = [
        (each["task"], each["pointer"] or each["material"]) for each in told["correction"]["items"]
    ]
    assert items == [
        ("relief.fact_check", "/event/kind"),
        ("relief.fact_check", "event_proof"),
        ("relief.home_visit", "/narrative"),
    ]
    assert told["correction"]["items"][0]["by"] == "三墩镇社会事务办公室"
    assert told["correction"]["dueOn"] == "2026-12-07"
    [event] = await requested(window)
    assert (event["tasks"], event["fields"], event["materials"]) == (2, 2, 1)


async def test_only_the_departments_that_asked_are_asked_again(
    window: Window, people: People
) -> None:
    application = await submit_relief(window)
    tasks = tasks_of(application)
    await ask_correction(people.lin, tasks["fact_check"], "/event/kind", "event_proof")
    assert await say(people.he, tasks["home_visit"]) == 200
    await answer_as_service(window, tasks["duplicate_relief_check"])
    window.clock.advance(timedelta(days=1))
    proof = await people.chen.upload()
    status, corrected = await correct(
        people.chen,
        application,
        form=TRAFFIC,
        materials=[{"key": "event_proof", "fileId": proof}],
    )

    assert status == 200, corrected
    after = tasks_of(corrected)
    rounds = {key: (task["round"], task["state"]) for key, task in after.items()}
    assert rounds == {
        "fact_check": (2, "open"),
        "duplicate_relief_check": (1, "closed"),
        "home_visit": (1, "closed"),
        "township_decision": (1, "waiting"),
    }
    assert after["fact_check"]["dueAt"] == "2026-11-25T12:00:00+08:00"
    assert corrected["correction"] is None
    assert corrected["matters"][0]["status"] == "in-review"
    assert {each["key"] for each in corrected["missingMaterials"]} == {"identity_card"}
    assert await say(people.lin, tasks["fact_check"], round=1) == 409
    assert await say(people.lin, tasks["fact_check"], round=2) == 200
    assert await say(people.lin, tasks["township_decision"]) == 200
    assert (await read(people.chen, application))["outcome"] == "granted"
    assert await window.value("SELECT count(*) FROM verdict") == 5


async def test_a_notice_goes_out_at_once_when_nobody_else_is_asked(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind")
    assert application["correction"]["round"] == 1


async def test_what_is_not_marked_may_not_change_and_everything_marked_must(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind", "/narrative")
    both = {**TRAFFIC, "narrative": "出行途中遭遇交通事故，需要临时救助。"}
    status, problem = await correct(people.chen, application, form={**both, "household_size": 4})
    assert (status, problem["code"]) == (422, "FIELD_NOT_MARKED")
    assert problem["pointers"] == ["/household_size"]
    status, problem = await correct(people.chen, application, form=TRAFFIC)
    assert (status, problem["code"]) == (422, "CORRECTION_INCOMPLETE")
    assert problem["pointers"] == ["/narrative"]
    status, problem = await correct(
        people.chen, application, form=both, materials=[{"key": "identity_card"}]
    )
    assert (status, problem["materials"]) == (422, ["identity_card"])
    status, problem = await correct(
        people.chen, application, form={**both, "event": {"kind": "MAGIC"}}
    )
    assert (status, problem["code"]) == (422, "FORM_INVALID")
    assert tasks_of(await read(people.chen, application))["fact_check"]["round"] == 1
    # What stays as it was may be said again.
    assert (await correct(people.chen, application, form={**both, "household_size": 3}))[0] == 200


async def test_a_department_that_marks_nothing_opens_what_it_was_shown(
    window: Window, people: People
) -> None:
    application = await noticed(window, people)
    [item] = application["correction"]["items"]
    assert (item["pointer"], item["material"], item["message"]) == (None, None, "请一次补正")
    status, problem = await correct(people.chen, application, form={"payment_form": "GOODS"})
    assert (status, problem["code"]) == (422, "FIELD_NOT_MARKED")
    status, problem = await correct(people.chen, application)
    assert (status, problem["code"]) == (422, "CORRECTION_INCOMPLETE")
    assert (await correct(people.chen, application, form={"household_size": 4}))[0] == 200


@pytest.mark.law("行政许可法", 32)
async def test_a_second_round_about_what_was_visible_is_refused(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind", "event_proof")
    proof = [{"key": "event_proof", "fileId": await people.chen.upload()}]
    await correct(people.chen, application, form=TRAFFIC, materials=proof)
    task = tasks_of(application)["fact_check"]

    for places in (["/narrative"], ["/event/kind", "/narrative"], ["identity_card"], []):
        refused = await ask_correction(people.lin, task, *places)
        assert refused == (409, "CORRECTION_ALREADY_ASKED")
    assert await ask_correction(people.lin, task, "/event/kind", "event_proof") == (200, "")
    assert (await read(people.chen, application))["correction"]["round"] == 2


async def test_a_services_check_asks_again_about_what_was_corrected(window: Window) -> None:
    application = await submitted_marriage(window)
    tasks = tasks_of(application)
    liu, check = window.citizen("liu"), tasks["marital_status_check"]
    assert await say(window.partner("police"), tasks["identity_check"]) == 200
    assert await say(window.officer("xu", REGISTRY), tasks["registrar_inquiry"]) == 200
    await answer_as_service(window, check, Verdict.NEEDS_CORRECTION)
    divorced = {"applicant": {"stated_marital_status": "DIVORCED"}}
    assert (await correct(liu, application, form=divorced))[0] == 200

    await answer_as_service(window, check, Verdict.NEEDS_CORRECTION)
    told = await read(liu, application)
    assert told["correction"]["round"] == 2
    assert tasks_of(told)["marital_status_check"]["round"] == 2
    widowed = {"applicant": {"stated_marital_status": "WIDOWED"}}
    assert (await correct(liu, application, form=widowed))[0] == 200
    await answer_as_service(window, check)
    assert (await read(liu, application))["outcome"] == "granted"


async def test_a_department_that_had_not_asked_before_still_may(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind")
    await correct(people.chen, application, form=TRAFFIC)
    tasks = tasks_of(application)
    assert await say(people.lin, tasks["fact_check"]) == 200
    assert await ask_correction(people.lin, tasks["township_decision"], "/narrative") == (200, "")
    assert (await read(people.chen, application))["correction"]["round"] == 2


async def test_the_words_of_a_notice_are_kept_sealed_and_travel_nowhere(
    window: Window, people: People
) -> None:
    await noticed(window, people, "/event/kind")
    dumped = ""
    for table in ("correction", "correction_item", "outbox", "journal", "job"):
        dumped += str(await window.rows(f"SELECT t::text FROM {table} t"))
    assert mark("/event/kind")["message"] not in dumped


async def test_only_the_applicant_corrects(window: Window, people: People) -> None:
    application = await noticed(window, people, "/event/kind")
    status, _ = await correct(window.citizen("liu"), application, form=TRAFFIC)
    assert status == 404
    assert (await correct(people.lin, application, form=TRAFFIC))[0] == 403


async def test_another_persons_file_is_not_taken(window: Window, people: People) -> None:
    application = await noticed(window, people, "event_proof")
    theirs = await window.citizen("liu").upload()
    materials = [{"key": "event_proof", "fileId": theirs}]
    status, problem = await correct(people.chen, application, materials=materials)
    assert (status, problem["code"]) == (404, "FILE_NOT_FOUND")


@pytest.mark.parametrize(
    ("place", "form", "reason"),
    [
        ("/applicant", {"applicant": person("liu")}, "applicant"),
        ("/place_division", {"place_division": "330106110000"}, "division"),
    ],
)
async def test_a_correction_does_not_make_it_another_application(
    window: Window, people: People, place: str, form: Mapping[str, Any], reason: str
) -> None:
    application = await noticed(window, people, place)
    status, problem = await correct(people.chen, application, form=form)
    assert (status, problem["code"]) == (422, "ANOTHER_APPLICATION")
    assert problem["reason"] == reason


async def test_a_repeated_correction_with_its_key_is_taken_once(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind")
    first = await correct(people.chen, application, form=TRAFFIC, key="correct-key")
    again = await correct(people.chen, application, form=TRAFFIC, key="correct-key")
    other = await correct(people.chen, application, form={}, key="correct-key")
    assert (first[0], again[0], other[0]) == (200, 200, 422)
    assert await window.value("SELECT count(*) FROM journal WHERE act = 'correct'") == 1
    assert (await correct(people.chen, application, form=TRAFFIC))[1]["code"] == (
        "NOTHING_TO_CORRECT"
    )


async def test_two_phones_correct_at_once_and_one_correction_is_taken(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind")
    answers = await asyncio.gather(
        *(correct(people.chen, application, form=TRAFFIC) for _ in range(5))
    )
    assert sorted(status for status, _ in answers) == [200] + [409] * 4
    assert tasks_of(await read(people.chen, application))["fact_check"]["round"] == 2


async def test_nothing_is_corrected_before_the_notice_is_out(
    window: Window, people: People
) -> None:
    application = await submit_relief(window)
    await ask_correction(people.lin, tasks_of(application)["fact_check"], "/event/kind")
    status, problem = await correct(people.chen, application, form=TRAFFIC)
    assert (status, problem["code"]) == (409, "NOTHING_TO_CORRECT")


async def test_an_application_that_waits_for_a_correction_can_be_withdrawn(
    window: Window, people: People
) -> None:
    application = await noticed(window, people, "/event/kind")
    withdrawn = await people.chen.post(f"/v1/applications/{application['id']}:withdraw")
    assert (withdrawn.json()["stage"], withdrawn.json()["correction"]) == ("withdrawn", None)
    assert (await correct(people.chen, application, form=TRAFFIC))[0] == 409


async def test_departments_that_ask_at_the_same_instant_make_one_notice(window: Window) -> None:
    application = await submitted_death(window)
    tasks = [task for task in tasks_of(application).values() if task["state"] == "open"]

    async def answer(task: Mapping[str, Any]) -> None:
        kind, _, system = task["handler"].partition(":")
        if kind == "service":
            await answer_as_service(window, task)
            return
        caller: Caller = window.partner(system)
        status, code = await ask_correction(caller, task, "/deceased/name")
        if code == "VERDICT_NOT_ALLOWED":
            status = await say(caller, task)
        assert status == 200, code

    await asyncio.gather(*(answer(task) for task in tasks))
    zhao = window.citizen("zhao")
    told = await read(zhao, application)
    still_open = [task for task in tasks_of(told).values() if task["state"] == "open"]
    for task in still_open:
        kind, _, system = task["handler"].partition(":")
        if kind == "service":
            await answer_as_service(window, task)
        elif kind == "partner":
            assert await say(window.partner(system), task) == 200
    told = await read(zhao, application)
    [event] = await requested(window)
    assert told["correction"]["round"] == 1
    assert event["tasks"] == len({item["task"] for item in told["correction"]["items"]}) >= 2
