"""Does a withdrawal end everything that is open, and nothing that is done?"""

import asyncio
from uuid import UUID

from services.intake.actions.record_performance import RecordPerformance, record_performance
from services.intake.actions.tell_partner import tell_partner, webhook_body
from services.intake.model import MatterId
from services.intake.store.webhooks import WebhookEndpoint
from shared.jobs import Job
from tests.intake.test_give_verdict import (
    TOWNSHIP,
    VILLAGE,
    answer_as_service,
    say,
    submitted_death,
    submitted_relief,
    tasks_of,
)
from tests.support.corrections import read
from tests.support.window import CIPHER, Window


class Listening:
    """A partner's endpoint that keeps what it was told."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def tell(self, url: str, *, secret: str, webhook_id: str, body: bytes) -> int:
        self.heard.append(body)
        return 204


async def jobs_of(window: Window, happened: str) -> list[Job]:
    rows = await window.rows(
        "SELECT id, kind, key, payload FROM job WHERE payload->>'type' = :happened",
        happened=happened,
    )
    return [
        Job(
            id=row["id"],
            kind=row["kind"],
            key=row["key"],
            payload=row["payload"],
            attempts=1,
        )
        for row in rows
    ]


async def test_partners_are_told_that_their_tasks_are_not_needed_any_more(window: Window) -> None:
    application = await submitted_death(window)
    await window.citizen("zhao").post(f"/v1/applications/{application['id']}:withdraw")
    [police, *_] = [
        job for job in await jobs_of(window, "task.cancelled") if job.payload["system"] == "police"
    ]
    partner = Listening()
    async with window.transaction() as store:
        secret = CIPHER.seal(b"whsec_c2VjcmV0", place="webhook_endpoint.secret:police")
        await store.keep_endpoint(
            WebhookEndpoint(system="police", url="https://police.example", secret_sealed=secret)
        )
    await tell_partner(police, transaction=window.transaction, desk=window.desk, partners=partner)

    assert partner.heard == [webhook_body(police)]
    assert b'"task.cancelled"' in partner.heard[0]
    opened = await jobs_of(window, "task.opened")
    for job in opened:
        await tell_partner(job, transaction=window.transaction, desk=window.desk, partners=partner)
    assert len(partner.heard) == 1, "what was opened before needs no telling any more"


async def test_a_withdrawal_that_meets_the_last_verdict_leaves_one_of_the_two(
    window: Window,
) -> None:
    application = await submitted_relief(window)
    tasks = tasks_of(application)
    chen = window.citizen("chen")
    for key, task in tasks.items():
        if task["handler"].startswith("service:"):
            await answer_as_service(window, task)
        elif task["state"] == "open" and key != "township_decision":
            office = VILLAGE if await say(window.officer("he", VILLAGE), task) == 200 else TOWNSHIP
            if office == TOWNSHIP:
                await say(window.officer("lin", TOWNSHIP), task)
    last = tasks_of(await read(chen, application))["township_decision"]
    assert last["state"] == "open"
    path = f"/v1/applications/{application['id']}:withdraw"
    status, withdrawn = await asyncio.gather(
        say(window.officer("lin", TOWNSHIP), last), chen.post(path)
    )

    after = await read(chen, application)
    assert sorted([status == 200, withdrawn.status_code == 200]) == [False, True]
    assert after["stage"] == ("withdrawn" if status != 200 else "decided")
    assert await window.value("SELECT count(*) FROM clock_entry WHERE kind = 'stop'") == 1


async def test_an_effect_that_has_begun_is_finished_after_a_withdrawal(window: Window) -> None:
    application = await submitted_death(window)
    zhao = window.citizen("zhao")
    tasks = tasks_of(application)
    death = next(m for m in application["matters"] if m["key"] == "death_record")
    for task in death["tasks"]:
        current = tasks_of(await read(zhao, application))[task["key"]]
        if current["handler"].startswith("service:"):
            await answer_as_service(window, tasks[task["key"]])
        else:
            await say(window.partner(current["handler"].removeprefix("partner:")), current)
    before = next(
        m for m in (await read(zhao, application))["matters"] if m["key"] == "death_record"
    )
    assert before["outcome"] == "granted"
    await zhao.post(f"/v1/applications/{application['id']}:withdraw")
    done = RecordPerformance(
        service="registry",
        matter_id=MatterId(UUID(death["id"])),
        document={"kind": "death-registration", "number": "S330106-2026-000001"},
    )
    await record_performance(done, transaction=window.transaction, desk=window.desk)

    after = await read(zhao, application)
    matters = {matter["key"]: matter["status"] for matter in after["matters"]}
    assert after["stage"] == "withdrawn"
    assert matters.pop("death_record") == "concluded"
    assert set(matters.values()) == {"withdrawn"}
