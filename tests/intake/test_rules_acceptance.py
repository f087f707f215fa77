"""Who accepts, by when must the applicant be told, and what does a refusal to accept end?"""

from datetime import datetime

import pytest

from services.intake.errors import ActNotAllowed, ItemMalformed, RemedyRequired
from services.intake.model import (
    Answer,
    CancelReason,
    MatterStatus,
    Stage,
    TaskState,
    Verdict,
)
from services.intake.rules.acceptance import (
    acceptance_query,
    check_no_remedy,
    check_remedy,
    refuse_acceptance,
)
from services.intake.rules.deadline import correction_deadline, notice_deadline
from services.intake.rules.item import parse_item
from tests.support.builders import (
    a_case,
    a_definition,
    a_matter,
    a_matter_definition,
    a_task,
    a_task_definition,
    catalogue_item,
)
from tests.support.calendars import official_calendar


def officers_task(key, function, level):
    task = a_task_definition(key, handler="officer", office={"function": function, "level": level})
    del task["check"]
    return task


@pytest.mark.law("行政许可法", 32)
@pytest.mark.parametrize(
    ("received_at", "last_day"),
    [
        ("2026-02-13T15:00:00+08:00", "2026-02-27"),
        ("2026-09-29T10:00:00+08:00", "2026-10-12"),
        ("2026-04-30T10:00:00+08:00", "2026-05-11"),
    ],
)
def test_the_one_time_notice_is_due_five_working_days_after_receipt(received_at, last_day):
    deadline = notice_deadline(datetime.fromisoformat(received_at), calendar=official_calendar())
    assert deadline.last_day.isoformat() == last_day


def test_an_applicant_is_asked_to_correct_within_ten_working_days():
    issued_at = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
    deadline = correction_deadline(issued_at, calendar=official_calendar())
    assert deadline.last_day.isoformat() == "2026-12-07"


def test_the_township_among_the_officers_accepts():
    matter = a_matter_definition(
        "relief",
        officers_task("decision", "civil-affairs", "county"),
        officers_task("check", "civil-affairs", "township"),
    )
    query = acceptance_query(parse_item(a_definition(matter, acceptance="officer")))
    assert (query.function, query.level) == ("civil-affairs", "township")


def test_without_a_township_the_first_officers_office_accepts():
    matter = a_matter_definition("relief", officers_task("inquiry", "marriage-registry", "county"))
    query = acceptance_query(parse_item(a_definition(matter, acceptance="officer")))
    assert (query.function, query.level) == ("marriage-registry", "county")


def test_an_item_may_name_the_office_that_accepts():
    office = {"function": "window", "level": "county"}
    item = parse_item(a_definition(acceptance="officer", acceptance_office=office))
    assert acceptance_query(item).function == "window"


@pytest.mark.parametrize(
    "changes",
    [
        {"acceptance": "officer"},
        {"acceptance": "automatic", "acceptance_office": {"function": "w", "level": "city"}},
        {"matters": [a_matter_definition("acceptance")]},
    ],
)
def test_an_item_whose_acceptance_does_not_fit_is_refused(changes):
    with pytest.raises(ItemMalformed):
        parse_item(a_definition() | changes)


def test_every_item_of_the_catalogue_that_officers_accept_has_an_office():
    assert acceptance_query(catalogue_item("JZ101")).function == "civil-affairs"


@pytest.mark.parametrize(
    ("verdict", "remedy"),
    [(Verdict.REFUSE, None), (Verdict.REFUSE, " "), (Verdict.APPROVE, "可申请行政复议")],
)
def test_a_refusal_to_accept_names_the_remedy_and_nothing_else_does(verdict, remedy):
    with pytest.raises(RemedyRequired):
        check_remedy(Answer(verdict=verdict, opinion="不属于本机关职权范围", remedy=remedy))


def test_a_refusal_with_its_remedy_can_stand():
    check_remedy(Answer(verdict=Verdict.REFUSE, opinion="不属本机关职权", remedy="可申请行政复议"))


def test_a_departments_answer_names_no_remedy():
    with pytest.raises(RemedyRequired):
        check_no_remedy(Answer(verdict=Verdict.REFUSE, opinion="否", remedy="可申请行政复议"))


def test_a_refusal_to_accept_ends_everything_before_anybody_is_asked():
    state = a_case(a_matter(a_task("check", TaskState.WAITING)), stage=Stage.SUBMITTED)
    changes = refuse_acceptance(state)
    assert changes.stage is Stage.NOT_ACCEPTED
    assert [each.reason for each in changes.cancel] == [CancelReason.NOT_ACCEPTED]
    assert [each.status for each in changes.statuses] == [MatterStatus.NOT_ACCEPTED]


def test_what_has_been_accepted_cannot_be_refused_acceptance():
    with pytest.raises(ActNotAllowed):
        refuse_acceptance(a_case(a_matter(a_task("check"))))
