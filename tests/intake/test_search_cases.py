"""Do list, count and export show one officer the same cases, and no other's?"""

import asyncio
import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import httpx
from sqlalchemy import text

from services.intake.model.search import CaseFilter
from services.intake.store.search import counting, listing
from tests.conftest import TestDatabase
from tests.intake.test_give_verdict import TOWNSHIP, submitted_relief
from tests.support.forms import resident
from tests.support.many_cases import OFFICES, Planted, plant_cases, plant_many
from tests.support.window import Caller, Window, office_id

SHANGHAI = ZoneInfo("Asia/Shanghai")
HANDLING = {"purpose": "handling"}


async def search(by: Caller, **body: Any) -> httpx.Response:
    return await by.post("/v1/applications:search", body)


async def all_pages(by: Caller, **body: Any) -> tuple[list[str], int]:
    numbers, cursor = [], None
    while True:
        answer = await search(by, limit=37, **body, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        numbers += [each["number"] for each in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            return numbers, page["total"]


async def exported(by: Caller, **body: Any) -> list[dict[str, str]]:
    answer = await by.post("/v1/applications:export", HANDLING | body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def seen_by(case: Planted, offices: Sequence[str]) -> bool:
    """The policy once more, in other words than the window's."""
    return any(task.office in offices and task.opened for task in case.tasks)


def due_between(case: Planted, offices: Sequence[str], first: date, last: date) -> bool:
    start = datetime.combine(first, datetime.min.time(), SHANGHAI)
    end = datetime.combine(last, datetime.min.time(), SHANGHAI) + timedelta(days=1)
    return any(
        task.office in offices
        and task.opened
        and task.state in ("open", "claimed")
        and start <= task.due_at < end
        for task in case.tasks
    )


def oracle(offices: Sequence[str]) -> dict[str, tuple[dict[str, Any], Callable[[Planted], bool]]]:
    """Questions, each with what an independent reader answers to it."""
    first, last = date(2026, 11, 23), date(2026, 11, 26)
    narrowed = [office for office in offices if office == OFFICES[0]]
    return {
        "everything": ({}, lambda _: True),
        "item": ({"itemCode": "HY601"}, lambda case: case.item == "HY601"),
        "stages": (
            {"stages": ["in-review", "decided"]},
            lambda case: case.stage in ("in-review", "decided"),
        ),
        "office": (
            {"officeId": str(office_id(OFFICES[0]))},
            lambda case: seen_by(case, narrowed),
        ),
        "due": (
            {"dueFrom": str(first), "dueTo": str(last)},
            lambda case: due_between(case, offices, first, last),
        ),
        "person": (
            {"applicantIdNo": "Q0000007"} | HANDLING,
            lambda case: case.applicant == "Q0000007",
        ),
        "subject": (
            {"applicantIdNo": "P0000007"} | HANDLING,
            lambda case: case.subject == "P0000007",
        ),
        "name": ({"applicantName": "王 示例"} | HANDLING, lambda case: case.name == "王示例"),
        "several": (
            {"itemCode": "JZ201", "stages": ["concluded"], "applicantName": "林示例"} | HANDLING,
            lambda case: (case.item, case.stage, case.name) == ("JZ201", "concluded", "林示例"),
        ),
    }


async def test_list_count_and_export_agree_with_an_independent_reader(window: Window) -> None:
    planted = await plant_cases(window, 240, seed=20261122)
    for offices in ((OFFICES[0],), (OFFICES[1], OFFICES[2]), OFFICES, ("xihu-rescue-station",)):
        officer = window.officer("-".join(offices)[:40], *offices)
        for name, (body, fits) in oracle(offices).items():
            expected = [
                case.number for case in reversed(planted) if seen_by(case, offices) and fits(case)
            ]
            listed, total = await all_pages(officer, **body)
            assert listed == expected, (offices, name)
            assert total == len(expected), (offices, name)
            file = await exported(officer, **body)
            assert [row["申请编号"] for row in file] == expected, (offices, name)


async def test_what_is_listed_is_what_may_be_read(window: Window) -> None:
    planted = await plant_cases(window, 24, seed=7)
    officer = window.officer("lin", OFFICES[0])
    listed, _ = await all_pages(officer)
    answers = await asyncio.gather(
        *(officer.get(f"/v1/applications/{case.id}/clocks") for case in planted)
    )
    readable = {
        case.number for case, answer in zip(planted, answers, strict=True) if answer.is_success
    }
    assert set(listed) == readable


async def test_an_applicant_is_found_by_number_and_shown_masked(window: Window) -> None:
    application = await submitted_relief(window)
    lin, chen = window.officer("lin", TOWNSHIP), resident("chen")
    answer = await search(lin, applicantIdNo=chen["id_no"], purpose="enquiry")

    [found] = answer.json()["items"]
    assert (found["number"], found["stage"]) == (application["number"], "in-review")
    assert (found["applicantName"], found["applicantIdNo"]) == ("陈**", "330***********0011")
    assert chen["id_no"] not in answer.text
    by_name = await search(lin, applicantName=chen["name"], purpose="enquiry")
    assert [each["number"] for each in by_name.json()["items"]] == [application["number"]]
    part = await search(lin, applicantName=chen["name"][:2], purpose="enquiry")
    assert part.json()["items"] == []
    [line, *_] = await window.rows(
        "SELECT reason, facts FROM journal WHERE act = 'search' ORDER BY seq"
    )
    assert line == {
        "reason": "enquiry",
        "facts": {"by": ["person"], "rows": 1, "masked": True},
    }


async def test_a_person_is_not_looked_for_without_a_purpose(window: Window) -> None:
    lin = window.officer("lin", TOWNSHIP)
    unpurposed = await search(lin, applicantName="陈示例")
    backwards = await search(lin, dueFrom="2026-11-30", dueTo="2026-11-01")
    nowhere = await search(window.officer("nobody"))

    assert [each.json()["code"] for each in (unpurposed, backwards, nowhere)] == [
        "PURPOSE_REQUIRED",
        "RANGE_INVALID",
        "NO_OFFICE",
    ]
    assert await window.value("SELECT count(*) FROM journal WHERE act = 'search'") == 0


async def test_an_export_is_journalled_with_its_purpose_and_size(window: Window) -> None:
    await plant_cases(window, 20, seed=3)
    officer = window.officer("lin", *OFFICES)
    rows = await exported(officer, purpose="statistics")

    [line] = await window.rows("SELECT actor, reason, facts FROM journal WHERE act = 'export'")
    assert line["actor"] == "officer:officer-lin"
    assert line["reason"] == "statistics"
    assert line["facts"] == {"by": [], "rows": len(rows), "masked": True}
    assert {row["证件号码（脱敏）"] for row in rows} == {"330***********0011"}


FILTERS = {
    "everything": CaseFilter(),
    "number": CaseFilter(number="N77"),
    "person": CaseFilter(person_index="0" * 32),
    "name": CaseFilter(name_index="0" * 32),
    "item": CaseFilter(item_code="IT7"),
    "due": CaseFilter(
        due_from=datetime(2026, 11, 23, tzinfo=SHANGHAI),
        due_until=datetime(2026, 11, 24, tzinfo=SHANGHAI),
    ),
}


async def analyse(database: TestDatabase) -> None:
    """What autovacuum does in its own time; only the owner may."""
    owner = await asyncpg.connect(database.url("intake", "owner"))
    await owner.execute("ANALYZE intake.application, intake.approval_task")
    await owner.close()


async def test_every_question_is_answered_by_an_index_whatever_is_on_file(
    window: Window, database: TestDatabase
) -> None:
    await plant_many(window, 5_000)
    offices = [UUID(int=7)]
    await analyse(database)
    async with window.database.engine.connect() as connection:
        # So few rows are quickly read through; what is asked is whether there is another way.
        await connection.execute(text("SET enable_seqscan = off"))
        for name, wanted in FILTERS.items():
            for statement, values in (
                listing(wanted, offices=offices, before=None, limit=21),
                counting(wanted, offices=offices, limit=1001),
            ):
                plan = await connection.execute(text(f"EXPLAIN {statement}"), values)
                shown = "\n".join(row[0] for row in plan)
                assert "Seq Scan" not in shown, (name, shown)


async def test_counting_stops_at_its_limit(window: Window) -> None:
    await plant_many(window, 3_000)
    officer = window.officer("lin")
    offices = [UUID(int=office) for office in range(200)]
    async with window.transaction() as store:
        assert await store.count_cases(CaseFilter(), offices=offices, limit=1001) == 1001
    assert officer.actor.offices == frozenset()
