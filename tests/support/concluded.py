"""Cases that have come to their end, for what follows afterwards."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.intake.actions.record_performance import RecordPerformance, record_performance
from services.intake.model import MatterId
from tests.intake.test_give_verdict import (
    TOWNSHIP,
    VILLAGE,
    answer_as_service,
    say,
    submitted_relief,
    tasks_of,
)
from tests.support.corrections import read
from tests.support.window import Window

DOCUMENT = {"kind": "decision", "number": "L330106-2026-000001"}


async def before_the_decision(window: Window) -> Mapping[str, Any]:
    """Chen's relief, with every department heard but the township."""
    application = await submitted_relief(window)
    for task in tasks_of(application).values():
        if task["handler"].startswith("service:"):
            await answer_as_service(window, task)
        elif task["state"] == "open":
            heard = await say(window.officer("he", VILLAGE), task)
            if heard != 200:
                await say(window.officer("lin", TOWNSHIP), task)
    return await read(window.citizen("chen"), application)


async def decided(window: Window, verdict: str = "refuse") -> Mapping[str, Any]:
    """Chen's relief as officer Lin of the township has decided it."""
    application = await before_the_decision(window)
    last = tasks_of(application)["township_decision"]
    opinion = {"opinion": "家庭收入超过标准"} if verdict == "refuse" else {}
    assert await say(window.officer("lin", TOWNSHIP), last, verdict, **opinion) == 200
    return await read(window.citizen("chen"), application)


async def granted(window: Window) -> Mapping[str, Any]:
    """Chen's relief, granted and made real."""
    application = await decided(window, "approve")
    done = RecordPerformance(
        service="relief",
        matter_id=MatterId(UUID(application["matters"][0]["id"])),
        document=DOCUMENT,
    )
    await record_performance(done, transaction=window.transaction, desk=window.desk)
    return await read(window.citizen("chen"), application)
