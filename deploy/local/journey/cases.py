"""Carry sample applications from the first tap to their end, as the people involved would."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from deploy.local.journey.board import Board
from deploy.local.journey.people import Case, Citizen, Door, DoorRefused, Officer, Screens, Task
from deploy.local.journey.samples import OFFICERS, OPINION, OPINIONS, Sample, samples
from deploy.local.journey.timeline import draw_still_open

PATIENCE_SECONDS = 120
SETTLING_SECONDS = 30
"""The window learns the catalogue by event: for so long it may not know an item yet."""
NOT_YET = frozenset({"ITEM_NOT_FOUND", "OFFICE_NOT_FOUND", "EXPRESSION_UNUSABLE", "UNAVAILABLE"})
USED_UP = "样例居民都已办过，这是先前办结的一件"
OPEN_APPLICATION_EXISTS = "OPEN_APPLICATION_EXISTS"
LOOK_INTO_INBOX_SECONDS = 0.3
THINKING_SECONDS = (0.3, 1.0)

Watch = Callable[[Case], None]


class CasesStillOpen(Exception):
    """Cases did not come to their end in time; says who holds them."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = tuple(cases)
        lines = [
            f"{case['number']} {case['item']['title']['text']}\n"
            + "\n".join(f"    {line}" for line in draw_still_open(case))
            for case in cases
        ]
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A case of this run: handed in now, or still open from an earlier run."""

    citizen: Citizen
    case_id: str
    resumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A case at its end."""

    case: Case
    note: str = ""
    """Why it is shown, when it was not handed in by this run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run has carried to its end, in the order of the items."""

    finished: tuple[Finished, ...]

    @property
    def numbers(self) -> list[str]:
        """The applications' public numbers."""
        return [str(each.case["number"]) for each in self.finished]


async def carry_cases(
    gateway_url: str,
    *,
    catalogue: Path,
    today: date,
    board: Board | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Report:
    """Hand in one application of each sample item, and work on all of them to their end.

    Args:
        catalogue: The folder of the development seed.
        today: The legal date in Asia/Shanghai.
        board: Is told of every change.

    Raises:
        CasesStillOpen: The time was up first.
        DoorRefused: The platform refused what it should have taken.
    """
    board = board or Board()
    async with httpx.AsyncClient(base_url=gateway_url, timeout=20, trust_env=False) as http:
        door = Door(http=http, screens=Screens.published())
        officers = [await Officer.sign_in(key, door) for key in OFFICERS]
        begun = await asyncio.gather(
            *(begin(each, door) for each in samples(catalogue, today=today).values())
        )
        running = [each for each in begun if isinstance(each, Begun)]
        done = await _to_the_end(running, officers, board, patience_seconds)
    finished = [each if isinstance(each, Finished) else done[each.case_id] for each in begun]
    return Report(finished=tuple(finished))


async def begin(candidates: Sequence[Sample], door: Door) -> Begun | Finished:
    """Hand in the first application of an item that can still be handed in.

    One that is still open from an earlier run is gone on with. When everybody has had
    theirs, the last one is shown again.
    """
    last: Finished | None = None
    for place, sample in enumerate(candidates):
        citizen = await Citizen.sign_in(sample.applicant, door)
        handed_in = [
            row for row in await citizen.my_applications() if row["itemCode"] == sample.item_code
        ]
        still_open = next((row for row in handed_in if row["stage"] not in _ENDED), None)
        if still_open:
            return Begun(citizen=citizen, case_id=still_open["id"], resumed=True)
        # The same person may stand in the list twice: a child buries both parents.
        turn = sum(each.applicant == sample.applicant for each in candidates[:place])
        if len(handed_in) <= turn:
            return await hand_in(sample, citizen)
        last = Finished(case=await citizen.case(handed_in[0]["id"]), note=USED_UP)
    if last is None:
        raise DoorRefused("NO_SAMPLE", "there is nobody in the seed to apply")
    return last


_ENDED = frozenset({"CONCLUDED", "WITHDRAWN", "NOT_ACCEPTED"})


async def hand_in(sample: Sample, citizen: Citizen) -> Begun:
    """Upload the papers and submit; an open application in the way is gone on with."""
    materials = [
        {"key": key, **({"fileId": await citizen.upload(f"{key}.pdf")} if with_file else {})}
        for key, with_file in sample.papers.items()
    ]
    try:
        case = await _submit_when_possible(sample, citizen, materials)
    except DoorRefused as refused:
        standing = refused.facts.get("applicationId")
        if refused.code != OPEN_APPLICATION_EXISTS or not standing:
            raise
        return Begun(citizen=citizen, case_id=standing, resumed=True)
    return Begun(citizen=citizen, case_id=case["id"], resumed=False)


async def _submit_when_possible(
    sample: Sample, citizen: Citizen, materials: Sequence[Mapping[str, Any]]
) -> Case:
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLING_SECONDS
    while True:
        try:
            return await citizen.submit(sample.item_code, sample.form, materials=materials)
        except DoorRefused as refused:
            if refused.code not in NOT_YET or loop.time() > until:
                raise
        await asyncio.sleep(LOOK_INTO_INBOX_SECONDS)


async def _to_the_end(
    begun: Sequence[Begun], officers: Sequence[Officer], board: Board, patience_seconds: float
) -> Mapping[str, Finished]:
    ours = {each.case_id for each in begun}
    desks = [asyncio.create_task(attend(officer, ours.__contains__)) for officer in officers]
    screens = [asyncio.create_task(_watch(each, board)) for each in begun]
    try:
        async with asyncio.timeout(patience_seconds):
            finished = await _all_or_first_failure(screens, desks)
    except TimeoutError:
        raise CasesStillOpen(board.open_cases()) from None
    finally:
        for task in (*desks, *screens):
            task.cancel()
        await asyncio.gather(*desks, *screens, return_exceptions=True)
    return dict(zip((each.case_id for each in begun), finished, strict=True))


async def _all_or_first_failure(
    screens: Sequence["asyncio.Task[Finished]"], desks: Sequence["asyncio.Task[None]"]
) -> list[Finished]:
    """Wait for all screens; a desk never ends by itself, so one that does has failed."""
    open_screens = set(screens)
    while open_screens:
        done, _ = await asyncio.wait({*open_screens, *desks}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        open_screens -= done
    return [screen.result() for screen in screens]


async def _watch(begun: Begun, board: Board) -> Finished:
    note = "接着办理先前未办结的一件" if begun.resumed else ""
    async for case in begun.citizen.follow(begun.case_id):
        board.show(case)
    return Finished(case=case, note=note)


async def attend(officer: Officer, is_ours: Callable[[str], bool]) -> None:
    """Sit at a desk for ever: take what waits in the inbox, read it, answer it.

    Args:
        is_ours: Whether an application (by global id) is one this run is about.
    """
    while True:
        for task in await officer.inbox():
            if is_ours(task["applicationId"]):
                await deal_with(officer, task)
        await asyncio.sleep(LOOK_INTO_INBOX_SECONDS)


async def deal_with(officer: Officer, task: Task) -> None:
    """Claim a task, read what it discloses, think for a moment, and answer.

    A colleague may have been first: then there is nothing to do.
    """
    try:
        await officer.claim(task["id"])
        await officer.read(task["id"])
        await asyncio.sleep(random.uniform(*THINKING_SECONDS))
        await officer.answer(task, opinion=OPINIONS.get(task["key"], OPINION))
    except DoorRefused as refused:
        if refused.code not in _SOMEBODY_WAS_FIRST:
            raise


_SOMEBODY_WAS_FIRST = frozenset(
    {"TASK_ALREADY_CLOSED", "TASK_CLAIMED_BY_ANOTHER", "TASK_NOT_OPEN", "STALE_ROUND"}
)
