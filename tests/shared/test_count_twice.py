"""Do two ways of counting, written apart, agree on ten thousand periods in any time zone?"""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ZONES = ("Asia/Shanghai", "UTC", "America/New_York")
CASES = int(os.environ.get("PROPERTY_PERIODS", "10000"))
SEED = int(os.environ.get("PROPERTY_SEED", "20261122"))


async def counted_in(zone: str) -> dict:
    """What a process in this zone finds; the zone of a process is set when it starts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.count_twice",
        str(CASES),
        str(SEED),
        cwd=ROOT,
        env={**os.environ, "TZ": zone},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(told)


@pytest.mark.law("民法典", 201)
@pytest.mark.law("行政许可法", 82)
async def test_two_ways_of_counting_agree_on_every_period_in_three_time_zones():
    found = await asyncio.gather(*(counted_in(zone) for zone in ZONES))
    for told in found:
        assert (told["different"], told["differences"]) == (0, [])
    assert len({told["digest"] for told in found}) == 1
    assert len({told["zone"] for told in found}) == 3
    [units] = {json.dumps(told["units"], sort_keys=True) for told in found}
    if CASES >= 1000:
        assert min(json.loads(units).values()) > CASES / 10
        assert found[0]["uncertain"] > CASES / 50
        assert found[0]["paused"] > CASES / 50
