"""Is a death answered once, registered once, and told once?"""

import asyncio

import pytest

from services.registry.actions.answer_death_fact import answer_death_fact
from services.registry.actions.register_death import register_death
from services.registry.errors import DisclosureIncomplete
from tests.support.registry import (
    STRANGER,
    ZHAO_FATHER,
    TestRegistry,
    a_matter,
    a_task,
    disclosed_death,
)


async def answer(registry: TestRegistry, request) -> None:
    await answer_death_fact(
        request, transaction=registry.transaction, clock=registry.clock, index=registry.index
    )


async def register(registry: TestRegistry, request) -> None:
    await register_death(
        request, transaction=registry.transaction, clock=registry.clock, index=registry.index
    )


async def told(registry: TestRegistry, type_: str):
    return [event["data"] for event in await registry.events(f"civil.registry.{type_}.v1")]


async def test_the_window_is_answered_with_the_verdict_and_what_the_register_says(registry):
    task = a_task()
    await answer(registry, task)
    (data,) = await told(registry, "task-answered")
    assert data == {
        "applicationId": str(task.application_id),
        "taskId": str(task.task_id),
        "round": 1,
        "verdict": "approve",
        "opinion": "身份核对一致，本库无死亡登记",
        "facts": {"inRegister": "alive"},
    }


async def test_a_task_is_answered_once_a_round(registry):
    task = a_task()
    await asyncio.gather(*(answer(registry, task) for _ in range(4)))
    await answer(registry, a_task(task_id=task.task_id, round=2))
    assert [data["round"] for data in await told(registry, "task-answered")] == [1, 2]


async def test_a_person_nobody_knows_is_believed_on_the_certificate(registry):
    await answer(registry, a_task(fields=disclosed_death(name="外地人", id_no=STRANGER)))
    (data,) = await told(registry, "task-answered")
    assert (data["verdict"], data["facts"]) == ("approve", {"inRegister": "not-in-register"})


async def test_a_death_on_another_day_than_the_registered_one_is_refused(registry):
    await register(registry, a_matter())
    await answer(registry, a_task(fields=disclosed_death(died_on="2026-11-19")))
    (data,) = await told(registry, "task-answered")
    assert data["verdict"] == "refuse"


async def test_looking_into_the_register_is_journalled(registry):
    task = a_task()
    await answer(registry, task)
    (entry,) = await registry.rows(
        "SELECT stream, act, reason FROM journal WHERE act = 'read-life-status'"
    )
    assert entry["stream"] == f"application:{task.application_id}"
    assert entry["reason"]


async def test_too_little_disclosed_is_not_an_answer(registry):
    with pytest.raises(DisclosureIncomplete):
        await answer(registry, a_task(fields={"deceased": {"id_no": ZHAO_FATHER}}))
    assert await told(registry, "task-answered") == []


async def test_a_registered_death_is_a_fact_with_a_number_and_two_announcements(registry):
    matter = a_matter()
    await register(registry, matter)
    (performed,) = await told(registry, "matter-performed")
    (registered,) = await told(registry, "death-registered")
    (resident,) = await registry.rows(
        "SELECT id, status, died_on::text AS died_on FROM resident WHERE status = 'DECEASED'"
    )
    assert resident["died_on"] == "2026-11-20"
    assert registered == {
        "residentId": str(resident["id"]),
        "applicationId": str(matter.application_id),
        "diedOn": "2026-11-20",
    }
    assert performed["document"]["kind"] == "死亡登记"
    assert performed["document"]["number"].startswith("SW330106")
    assert ZHAO_FATHER not in str(await registry.events())


async def test_a_matter_that_comes_again_is_performed_once(registry):
    matter = a_matter()
    await asyncio.gather(*(register(registry, matter) for _ in range(4)))
    assert len(await told(registry, "matter-performed")) == 1
    assert len(await told(registry, "death-registered")) == 1


async def test_two_cases_about_one_death_share_one_record(registry):
    matters = [a_matter() for _ in range(4)]
    await asyncio.gather(*(register(registry, matter) for matter in matters))
    performed = await told(registry, "matter-performed")
    assert {data["matterId"] for data in performed} == {str(each.matter_id) for each in matters}
    assert len({data["document"]["number"] for data in performed}) == 1
    assert len(await told(registry, "death-registered")) == 1
    assert len(await registry.rows("SELECT 1 FROM death_record")) == 1


async def test_two_cases_about_one_unknown_person_make_one_person(registry):
    fields = disclosed_death(name="外地人", id_no=STRANGER)
    matters = [a_matter(fields=fields) for _ in range(4)]
    await asyncio.gather(*(register(registry, matter) for matter in matters))
    assert len(await told(registry, "matter-performed")) == 4
    (resident,) = await registry.rows(
        "SELECT status FROM resident WHERE known_from = 'DEATH_CERTIFICATE'"
    )
    assert resident["status"] == "DECEASED"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (disclosed_death(died_on="2026-11-19"), "DEATH_RECORDED_ON_ANOTHER_DAY"),
        (disclosed_death(name="别人"), "NAME_DOES_NOT_FIT_NUMBER"),
    ],
)
async def test_what_cannot_be_registered_fails_once_and_says_why(registry, fields, reason):
    await register(registry, a_matter())
    matter = a_matter(fields=fields)
    for _ in range(2):
        await register(registry, matter)
    (failed,) = await told(registry, "matter-failed")
    assert (failed["matterId"], failed["reason"]) == (str(matter.matter_id), reason)
    assert len(await told(registry, "death-registered")) == 1


async def test_certificate_numbers_are_sealed(registry):
    await register(registry, a_matter())
    (row,) = await registry.rows(
        "SELECT encode(certificate_number, 'escape') AS kept FROM death_record"
    )
    assert row["kept"].startswith("v1.")
    assert "SW-2026-000123" not in row["kept"]
