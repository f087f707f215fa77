"""Is a decision reviewed once, in time, by others than those who made it, and left as it was?"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.errors.appeal import (
    AppealTooLate,
    NothingToAppeal,
    ReviewerNotIndependent,
)
from services.intake.model import ApplicationId, MatterStatus, OfficeId, Outcome
from services.intake.model.appeal import Appeal, AppealId, AppealStage
from services.intake.rules.appeal import (
    filing_deadline,
    require_contestable,
    require_in_time,
    require_independent,
    review_deadline,
)
from shared.auth import Actor, ActorKind
from tests.intake.test_deliver_outcome import deliver
from tests.intake.test_give_verdict import TOWNSHIP, submitted_relief
from tests.support.calendars import beijing, official_calendar
from tests.support.concluded import decided, granted
from tests.support.corrections import read
from tests.support.window import Caller, Window, office_id

CALENDAR = official_calendar()
KNOWN = beijing("2026-08-03 15:00")


def appeal_of(**changes: Any) -> Appeal:
    office = OfficeId(uuid4())
    appeal = Appeal(
        id=AppealId(uuid4()),
        application_id=ApplicationId(uuid4()),
        matter="relief",
        stage=AppealStage.FILED,
        division="330106109000",
        appellant="citizen:a",
        grounds_sealed=b"",
        excluded=("officer:lin",),
        excluded_offices=(office,),
        known_at=KNOWN,
        filed_at=beijing("2026-11-23 12:00"),
    )
    return replace(appeal, **changes)


def test_sixty_days_run_from_the_delivery_and_end_after_the_holiday():
    deadline = filing_deadline(KNOWN, calendar=CALENDAR)
    assert deadline.last_day.isoformat() == "2026-10-08", "the 2nd of October is a rest day"
    in_time = beijing("2026-10-08 23:59")
    require_in_time(KNOWN, is_delivered=True, at=in_time, calendar=CALENDAR)
    too_late = beijing("2026-10-09 00:00")
    with pytest.raises(AppealTooLate):
        require_in_time(KNOWN, is_delivered=True, at=too_late, calendar=CALENDAR)
    require_in_time(KNOWN, is_delivered=False, at=too_late, calendar=CALENDAR)


def test_an_appeal_is_accepted_in_five_working_days_and_decided_in_sixty():
    assert review_deadline(appeal_of(), calendar=CALENDAR).last_day.isoformat() == "2026-11-30"
    accepted = appeal_of(stage=AppealStage.ACCEPTED, accepted_at=beijing("2026-11-25 09:00"))
    assert review_deadline(accepted, calendar=CALENDAR).last_day.isoformat() == "2027-01-25"
    assert review_deadline(appeal_of(stage=AppealStage.DECIDED), calendar=CALENDAR) is None


def test_only_a_decision_or_a_refusal_to_accept_is_contested():
    require_contestable(MatterStatus.CONCLUDED, Outcome.REFUSED)
    require_contestable(MatterStatus.NOT_ACCEPTED, None)
    for status, outcome in (
        (MatterStatus.IN_REVIEW, None),
        (MatterStatus.WITHDRAWN, None),
        (MatterStatus.CONCLUDED, Outcome.NOT_APPLICABLE),
    ):
        with pytest.raises(NothingToAppeal):
            require_contestable(status, outcome)


def test_neither_who_decided_nor_their_office_reviews():
    appeal = appeal_of()
    require_independent(appeal, subject="officer:shen", offices={str(uuid4())})
    office = str(appeal.excluded_offices[0])
    for subject, offices in (("officer:lin", set()), ("officer:shen", {office})):
        with pytest.raises(ReviewerNotIndependent):
            require_independent(appeal, subject=subject, offices=offices)


def reviewer(window: Window, key: str, *offices: str) -> Caller:
    ids = frozenset(str(office_id(office)) for office in offices)
    return window._caller(
        Actor(
            kind=ActorKind.OFFICER,
            id=f"officer-{key}",
            division="330106000000",
            roles=frozenset({"review"}),
            offices=ids,
        )
    )


async def appeal(caller: Caller, application: Any) -> tuple[int, Any]:
    body = {"matter": "relief", "grounds": "收入计算重复，请予复查"}
    answer = await caller.post(f"/v1/applications/{application['id']}:appeal", body)
    return answer.status_code, answer.json()


async def review(caller: Caller, filed: Any, act: str, **body: Any) -> tuple[int, Any]:
    answer = await caller.post(f"/v1/appeals/{filed['id']}:{act}", body)
    return answer.status_code, answer.json()


async def test_a_refusal_is_contested_reviewed_by_another_and_left_on_file_as_it_was(
    window: Window,
) -> None:
    application = await decided(window)
    chen = window.citizen("chen")
    before = await window.rows("SELECT stage, outcome, version FROM application")
    assert (await appeal(window.citizen("liu"), application))[0] == 404
    status, filed = await appeal(chen, application)
    assert (status, filed["stage"]) == (201, "filed")
    for own in (reviewer(window, "lin"), reviewer(window, "shen", TOWNSHIP)):
        refused = await review(own, filed, "accept")
        assert (refused[0], refused[1]["code"]) == (403, "REVIEWER_NOT_INDEPENDENT")
    assert (await review(window.officer("he", TOWNSHIP), filed, "accept"))[0] == 404
    shen = reviewer(window, "shen")
    assert (await review(shen, filed, "accept"))[1]["stage"] == "accepted"
    decision = {"outcome": "changed", "reasons": "重复计算属实，应予救助"}
    other = await review(reviewer(window, "wu"), filed, "decide", **decision)
    assert (other[0], other[1]["code"]) == (403, "NOT_THE_REVIEWER")
    assert (await review(shen, filed, "decide", **decision))[1]["outcome"] == "changed"

    assert await window.rows("SELECT stage, outcome, version FROM application") == before
    shown = (await chen.get(f"/v1/applications/{application['id']}/appeals")).json()["items"]
    assert [(each["id"], each["outcome"]) for each in shown] == [(filed["id"], "changed")]
    assert (await chen.get(f"/v1/appeals/{filed['id']}")).json()["reasons"] == decision["reasons"]
    timeline = [line["act"] for line in (await read(chen, application))["timeline"]]
    assert [act for act in timeline if act.startswith("appeal")] == [
        "appeal",
        "appeal-accepted",
        "appeal-decided",
    ]
    told = [data["stage"] for type_, data in await window.events() if "appeal-moved" in type_]
    assert told == ["filed", "accepted", "decided"]
    assert (await appeal(chen, application))[1]["code"] == "APPEAL_EXISTS"


async def test_the_database_itself_refuses_a_reviewer_who_decided(window: Window) -> None:
    application = await decided(window)
    _, filed = await appeal(window.citizen("chen"), application)
    async with window.transaction() as store:
        kept = await store.lock_appeal(AppealId(UUID(filed["id"])))

    async def review_by_who_decided() -> None:
        async with window.transaction() as store:
            await store.replace_appeal(replace(kept, reviewer="officer:officer-lin"))

    assert "officer:officer-lin" in kept.excluded
    with pytest.raises(ReviewerNotIndependent):
        await review_by_who_decided()


async def test_of_two_appeals_at_once_one_is_kept(window: Window) -> None:
    application = await decided(window)
    chen = window.citizen("chen")
    answers = await asyncio.gather(*(appeal(chen, application) for _ in range(2)))

    assert sorted(status for status, _ in answers) == [201, 409]
    assert await window.value("SELECT count(*) FROM appeal") == 1


async def test_the_period_begins_with_the_delivery(window: Window) -> None:
    application = await granted(window)
    chen = window.citizen("chen")
    window.clock.advance(timedelta(days=90))
    assert (await deliver(chen, application, "electronic"))[0] == 201
    window.clock.advance(timedelta(days=59))
    assert (await appeal(chen, application))[0] == 201
    filed = (await chen.get(f"/v1/applications/{application['id']}/appeals")).json()
    withdrawn = await review(chen, filed["items"][0], "withdraw")
    assert withdrawn[1]["stage"] == "withdrawn"
    window.clock.advance(timedelta(days=30))
    assert (await appeal(chen, application))[1]["code"] == "APPEAL_TOO_LATE"


async def test_what_is_not_decided_cannot_be_contested(window: Window) -> None:
    application = await submitted_relief(window)

    assert (await appeal(window.citizen("chen"), application))[1]["code"] == "NOTHING_TO_APPEAL"
