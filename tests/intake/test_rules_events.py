"""What do others hear of a case, and is there anything of a person in it?"""

import json
from datetime import UTC, date, datetime

import pytest

from services.intake import events
from services.intake.model import (
    ApplicationId,
    Brought,
    CancelReason,
    CaseRef,
    CorrectionPhase,
    Effect,
    Ground,
    Handler,
    HandlerKind,
    MatterDecision,
    MatterId,
    OpenedTask,
    Outcome,
    TaskId,
    TaskRef,
    Verdict,
)
from services.intake.model.kept import Correction, CorrectionItem
from shared.ids import derived_id

CASE = CaseRef(
    application_id=ApplicationId(derived_id("application", "one")),
    number="33010620261122M0000001X",
    item_code="JZ201",
    item_version=3,
    division="330106109201",
)
REF = TaskRef("relief", "fact_check")
TASK, MATTER = TaskId(derived_id("task", "one")), MatterId(derived_id("matter", "one"))
OPENED = OpenedTask(
    id=TASK,
    ref=REF,
    round=1,
    handler=Handler(kind=HandlerKind.SERVICE, system="relief"),
    check="duplicate-relief",
    office_id=None,
    due_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
)
DECISION = MatterDecision(
    matter="relief",
    outcome=Outcome.GRANTED,
    grounds=(Ground(task=REF, verdict=Verdict.APPROVE, opinion="情况属实"),),
    conditions=("补交票据",),
)
CORRECTION = Correction(
    application_id=CASE.application_id,
    round=1,
    phase=CorrectionPhase.REVIEW,
    issued_at=None,
    due_on=None,
    answered_at=None,
    brought=Brought(),
    items=(
        CorrectionItem(
            task_id=TASK,
            task_round=1,
            position=0,
            pointer="/event/kind",
            material=None,
            message_sealed="事由与证明不符".encode(),
        ),
    ),
)
ALL = {
    "application-submitted": events.application_submitted(CASE),
    "task-opened": events.task_opened(CASE, OPENED),
    "task-closed": events.task_closed(CASE, TASK, REF, task_round=1, verdict=Verdict.APPROVE),
    "task-cancelled": events.task_cancelled(
        CASE, TASK, REF, task_round=1, reason=CancelReason.MATTER_DECIDED
    ),
    "matter-decided": events.matter_decided(
        CASE, MATTER, DECISION, effect=Effect(service="relief", name="grant-temporary-relief")
    ),
    "matter-concluded": events.matter_concluded(
        CASE, MATTER, matter="relief", outcome=Outcome.GRANTED
    ),
    "application-concluded": events.application_concluded(CASE, outcome=Outcome.GRANTED),
    "application-withdrawn": events.application_withdrawn(CASE),
    "application-accepted": events.application_accepted(
        CASE, accepted_at=datetime(2026, 2, 13, 7, 0, tzinfo=UTC), deemed=True
    ),
    "application-not-accepted": events.application_not_accepted(CASE),
    "correction-requested": events.correction_requested(CASE, CORRECTION, due_on=date(2026, 12, 7)),
    "application-corrected": events.application_corrected(
        CASE, CORRECTION, Brought(pointers=("/event/kind",), materials=("bills",))
    ),
}


@pytest.mark.parametrize("fact", ALL)
def test_everything_about_a_case_goes_under_its_id(fact):
    event = ALL[fact]
    assert event.topic == "civil.intake.application"
    assert event.type == f"civil.intake.{fact}.v1"
    assert event.key == event.data["applicationId"] == str(CASE.application_id)
    assert event.application_id == CASE.application_id
    json.dumps(event.data)


def test_an_opened_task_names_its_handler_its_question_and_its_due_date_in_legal_time():
    data = ALL["task-opened"].data
    assert (data["handler"], data["check"]) == ("service:relief", "duplicate-relief")
    assert data["dueAt"] == "2026-11-23T16:00:00+08:00"


def test_opinions_stay_in_the_case():
    assert "情况属实" not in json.dumps(ALL["matter-decided"].data, ensure_ascii=False)


def test_a_matter_whose_verdict_is_its_effect_names_none():
    event = events.matter_decided(CASE, MATTER, DECISION, effect=None)
    assert event.data["effect"] is None


def test_a_decision_travels_without_its_conditions():
    assert "补交票据" not in json.dumps(ALL["matter-decided"].data, ensure_ascii=False)


def test_a_correction_travels_as_counts_and_a_date():
    data = ALL["correction-requested"].data
    assert (data["round"], data["phase"], data["dueOn"]) == (1, "review", "2026-12-07")
    assert (data["tasks"], data["fields"], data["materials"]) == (1, 1, 0)
    assert "event/kind" not in json.dumps(data)
    corrected = ALL["application-corrected"].data
    assert (corrected["fields"], corrected["materials"]) == (1, 1)


def test_an_acceptance_says_as_of_when_in_legal_time_and_whether_the_law_accepted():
    data = ALL["application-accepted"].data
    assert (data["acceptedAt"], data["deemed"]) == ("2026-02-13T15:00:00+08:00", True)
