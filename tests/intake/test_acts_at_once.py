"""Are acts on one case that come in at the same instant as if they had come one after another?

Random acts are fired over several connections at once. Whatever they are answered and whatever the
rows are afterwards must be what some order of them gives in the independent model.
"""

import asyncio
import itertools
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.almanac import BEIJING
from tests.support.case_acts import Act, Answers, Corrects, Handles, Hears, Withdraws, World
from tests.support.case_bench import CaseRun, OnBench, state_is
from tests.support.case_course import AT_WORK
from tests.support.random_plans import NOTES, RandomItem, RandomMatter, RandomTask, random_items

CASES = int(os.environ.get("PROPERTY_CASES", "0"))
NOON = datetime(2026, 11, 23, 12, tzinfo=BEIJING)
IN_PROGRESS = "REQUEST_IN_PROGRESS"
"""What a repeat is told while the first is still being carried out: it did nothing itself."""


def some_acts(chance: Random, run: CaseRun) -> list[Act]:
    """Up to five acts, any of which may be given twice.

    Chance is drawn once for all rounds: what can be done in a later round depends on who won
    the earlier ones, and data must not depend on that.
    """
    number = itertools.count(100 * len(run.stages) + 1)
    key = f"{run.place.application_id}-at-once-"
    at_work = [task for task in run.case.tasks.values() if task.state in AT_WORK]
    found: list[Act] = []
    for task in at_work[:5]:
        verdict = chance.choice(task.verdicts)
        if task.handler.startswith("service"):
            found.append(Hears(_event_id(run, next(number)), task.ref, verdict, task.round))
        else:
            found.append(Answers(f"{key}{next(number)}", task.ref, task.handler, verdict))
        if task.handler.startswith("officer") and chance.random() < 0.5:
            what = chance.choice(("claim", "read"))
            found.append(Handles(f"{key}{next(number)}", what, task.ref, f"{task.handler}/2"))
    if chance.random() < 0.25:
        found.append(Withdraws(f"{key}{next(number)}"))
    if run.case.open_notice is not None:
        places = run.case.may_touch(run.case.open_notice)
        notes = tuple((name, "改正") for name in sorted(places & {*NOTES}))
        papers = tuple(sorted(places & {"paper"}))
        found.append(Corrects(f"{key}{next(number)}", notes, papers))
        found.append(Corrects(f"{key}{next(number)}", notes, papers))
    chosen = chance.sample(found, len(found))[:4]
    twice = [chance.choice(chosen)] if chosen and chance.random() < 0.5 else []
    return [*chosen, *twice]


async def fire(run: CaseRun, acts: Sequence[Act]) -> list[str]:
    """Carry all out at once."""
    return list(await asyncio.gather(*(run.place.carry_out(act) for act in acts)))


async def require_an_order(run: CaseRun, acts: Sequence[Act], results: Sequence[str]) -> None:
    """Find an order of the acts that explains every answer and every row, and go on from it."""
    rows = await run.rows()
    told = [pair for pair in zip(acts, results, strict=True) if pair[1] != IN_PROGRESS]
    found = next((world for world in _orders(run.world, told) if state_is(rows, world)), None)
    assert found is not None, f"no order explains {told}"
    run.world = found
    await run.check()


def _orders(world: World, told: Sequence[tuple[Act, str]]) -> Iterator[World]:
    """Where each order ends in which every act is answered as it was."""
    if not told:
        yield world
    for place, (act, result) in enumerate(told):
        tried = world.copied()
        if tried.foresee(act) == result:
            yield from _orders(tried, [*told[:place], *told[place + 1 :]])


def _event_id(run: CaseRun, number: int) -> str:
    return str(UUID(int=run.place.application_id.int ^ (number << 64)))


def test_random_acts_at_one_instant_are_as_if_one_came_after_another(on_bench: OnBench) -> None:
    @settings(
        max_examples=CASES or 25,
        derandomize=not CASES,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(item=random_items(), chance=st.randoms(use_true_random=True))
    def fired_at_once(item: RandomItem, chance: Random) -> None:
        run = on_bench.run(on_bench.bench.submit(item, NOON))
        for _ in range(4):
            acts = some_acts(chance, run)
            results = on_bench.run(fire(run, acts))
            on_bench.run(require_an_order(run, acts, results))

    fired_at_once()


@pytest.mark.parametrize("verdicts", [("approve",) * 6, ("approve",) * 5 + ("refuse",)])
def test_six_answers_at_one_instant_close_the_join_exactly_once(
    on_bench: OnBench, verdicts: tuple[str, ...]
) -> None:
    """The join race: nobody waits in vain, nothing is decided twice, nobody has to ask again."""
    for _ in range(8):
        run = on_bench.run(on_bench.bench.submit(six_departments(), NOON))
        acts = [
            Answers(f"{run.place.application_id}-{number}", f"m0.t{number}", "partner:police", said)
            for number, said in enumerate(verdicts)
        ]
        results = on_bench.run(fire(run, acts))
        on_bench.run(require_an_order(run, acts, results))
        outcome = "granted" if "refuse" not in verdicts else "refused"
        assert (run.case.stage, run.case.outcome) == ("concluded", outcome)
        assert set(results) <= {"done", "TASK_NOT_OPEN"}
        rows = on_bench.run(run.rows())
        assert rows.events["matter-decided", "m0", outcome] == 1
        assert rows.events["application-concluded", outcome] == 1


def six_departments() -> RandomItem:
    """Six partner systems, all of which must agree."""
    tasks = tuple(
        RandomTask(
            matter="m0",
            key=f"t{number}",
            handler="partner:police",
            needs=(),
            flag=None,
            verdicts=("approve", "refuse"),
            shows=("note_0",),
            limit=(3, "working_day"),
        )
        for number in range(6)
    )
    matter = RandomMatter(
        key="m0",
        flag=None,
        rule="all",
        policy="veto",
        voters=(),
        count=None,
        lead=(),
        has_effect=False,
        tasks=tasks,
    )
    flags = {"flag_0": False, "flag_1": False, "flag_2": False}
    return RandomItem(matters=(matter,), is_accepted_by_officer=False, flags=flags)
