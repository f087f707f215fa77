"""Do the simulated departments act as real partners do: verify, answer once, fail alone?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import httpx
import orjson
import pytest
from standardwebhooks.webhooks import Webhook

from deploy.secret_keeping import StackSecrets
from deploy.simulated.app import doors
from deploy.simulated.faults import FaultKind, faults_of, parse_faults
from deploy.simulated.findings import DEPARTMENTS, look_up
from deploy.simulated.partner import Asked, Pace, PartnerSystem
from shared.clock import FakeClock

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECRET = StackSecrets().webhook_secret("police")
LIVING = {"deceased": {"name": "示例", "id_no": "330106195203040057"}}
TASK = "0190a0b0-0000-7000-8000-000000000001"


class Window:
    """Stands for intake: has one task, and remembers what it was told about it."""

    def __init__(self) -> None:
        self.task: dict[str, Any] = {
            "id": TASK,
            "round": 2,
            "state": "open",
            "check": "hukou-cancellation",
        }
        self.fields: dict[str, Any] = LIVING
        self.listed: list[dict[str, Any]] = []
        self.down = 0
        self.verdicts: list[tuple[str, dict[str, Any]]] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            self.down -= 1
            return httpx.Response(503, json={})
        match request.method, request.url.path.rpartition("/")[2]:
            case "GET", "tasks":
                return httpx.Response(200, json={"items": self.listed})
            case "GET", "disclosure":
                body = {"applicationId": TASK, "fields": self.fields}
                return httpx.Response(200, json=body)
            case "POST", _:
                return self._judge(request)
        return httpx.Response(200, json=self.task)

    def _judge(self, request: httpx.Request) -> httpx.Response:
        body = orjson.loads(request.content)
        if "weather" in body:
            return httpx.Response(422, json={"code": "BODY_INVALID"})
        self.verdicts.append((request.headers["Idempotency-Key"], body))
        return httpx.Response(200, json={})


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def police(window: Window) -> PartnerSystem:
    intake = httpx.AsyncClient(
        transport=httpx.MockTransport(window.answer), base_url="http://intake"
    )
    return PartnerSystem(
        "police",
        DEPARTMENTS["police"],
        intake=intake,
        pace=Pace(0, 0),
        faults=faults_of([]),
        clock=FakeClock(NOW),
    )


@pytest.fixture
async def partners(police: PartnerSystem) -> AsyncIterator[httpx.AsyncClient]:
    api = doors({"police": police}, {"police": Webhook(SECRET)}, poll_seconds=0.05)
    async with (
        api.router.lifespan_context(api),
        httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://partners") as client,
    ):
        yield client


async def tell(
    partners: httpx.AsyncClient,
    *,
    secret: str = SECRET,
    webhook_id: str = "msg_1",
    path: str = "/webhooks/police",
    **headers: str,
) -> httpx.Response:
    body = orjson.dumps({"type": "task.opened", "data": {"taskId": TASK, "round": 2}})
    now = datetime.now(UTC)
    signed = {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(webhook_id, now, body.decode()),
    }
    return await partners.post(path, content=body, headers=signed | headers)


async def until(condition: Callable[[], object]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def test_a_webhook_is_acknowledged_at_once_and_answered_with_its_round(partners, window):
    assert (await tell(partners)).status_code == 204

    await until(lambda: window.verdicts)
    key, verdict = window.verdicts[0]
    assert key == f"verdict-{TASK}-2"
    assert (verdict["verdict"], verdict["round"]) == ("approve", 2)
    assert verdict["facts"]["hukou_cancellation_no"].startswith("HKZX")


async def test_every_answer_and_every_opinion_says_that_it_is_simulated(partners, window):
    told = await tell(partners)
    about = await partners.get("/")

    await until(lambda: window.verdicts)
    assert told.headers["X-Simulated-Department"] == "true"
    assert about.json()["simulated"] is True
    assert "模拟" in window.verdicts[0][1]["opinion"]


async def test_a_webhook_signed_by_somebody_else_is_refused(partners, window):
    answer = await tell(partners, secret=StackSecrets().webhook_secret("police"))

    assert answer.status_code == 401
    assert window.verdicts == []


async def test_a_signature_nobody_can_read_is_refused(partners):
    assert (await tell(partners, **{"webhook-signature": "v1"})).status_code == 401


async def test_an_unsigned_webhook_is_refused(partners):
    answer = await partners.post("/webhooks/police", json={"data": {}})

    assert answer.status_code == 401


async def test_a_department_nobody_simulates_is_not_found(partners):
    assert (await tell(partners, path="/webhooks/customs")).status_code == 404


async def test_a_repeated_webhook_changes_nothing(partners, window):
    await tell(partners)
    await until(lambda: window.verdicts)

    assert (await tell(partners)).status_code == 204
    await tell(partners, webhook_id="msg_2")
    await until(lambda: len(window.verdicts) == 2)
    assert len({key for key, _ in window.verdicts}) == 1


async def test_a_window_that_is_busy_is_asked_again(partners, window):
    window.down = 2

    await tell(partners)

    await until(lambda: window.verdicts)


async def test_a_task_that_no_webhook_told_of_is_found_in_the_list(partners, window):
    window.listed = [window.task]

    await until(lambda: window.verdicts)
    window.listed = []


async def test_a_task_that_is_closed_already_is_left_alone(police, partners, window):
    window.task["state"] = "closed"

    await tell(partners)

    await until(lambda: not police.is_busy)
    assert window.verdicts == []


async def test_a_question_the_department_does_not_know_is_left_to_people(police, partners, window):
    window.task["check"] = "weather"

    await tell(partners)

    await until(lambda: not police.is_busy)
    assert window.verdicts == []


async def test_an_identity_number_that_cannot_exist_is_sent_back(partners, window):
    window.fields = {"deceased": {"id_no": "330106195203040058"}}

    await tell(partners)

    await until(lambda: window.verdicts)
    assert window.verdicts[0][1]["verdict"] == "needs-correction"


async def test_a_department_that_is_down_answers_503_and_looks_into_no_list(partners, window):
    await partners.put("/systems/police/faults", json={"faults": ["unavailable@2"]})
    window.listed = [window.task]

    assert (await tell(partners)).status_code == 503
    await asyncio.sleep(0.15)
    assert window.verdicts == []

    assert (await tell(partners)).status_code == 503
    await until(lambda: window.verdicts)
    window.listed = []


async def test_a_department_told_to_refuse_gives_its_reasons(partners, window):
    await partners.put("/systems/police/faults", json={"faults": ["refuse"]})

    await tell(partners)

    await until(lambda: window.verdicts)
    assert window.verdicts[0][1]["verdict"] == "refuse"
    assert window.verdicts[0][1]["opinion"]


async def test_a_wrong_answer_is_followed_by_the_right_one(partners, window):
    await partners.put("/systems/police/faults", json={"faults": ["wrong@1"]})
    window.listed = [window.task]

    await tell(partners)

    await until(lambda: window.verdicts)
    window.listed = []


async def test_an_answer_sent_twice_has_the_same_key(partners, window):
    await partners.put("/systems/police/faults", json={"faults": ["duplicate@1"]})

    await tell(partners)

    await until(lambda: len(window.verdicts) == 2)
    assert window.verdicts[0] == window.verdicts[1]


async def test_a_fault_there_is_none_of_is_refused(partners):
    answer = await partners.put("/systems/police/faults", json={"faults": ["fire"]})

    assert answer.status_code == 400


def test_faults_are_read_for_each_department():
    faults = parse_faults("police:unavailable@2, police:slow", systems=["police", "housing-fund"])

    assert faults["police"].left == {FaultKind.UNAVAILABLE: 2, FaultKind.SLOW: None}
    assert faults["housing-fund"].left == {}


@pytest.mark.parametrize("text", ["customs:slow", "police:fire", "police:slow@0", "police"])
def test_faults_nobody_has_are_refused(text):
    with pytest.raises(ValueError):
        parse_faults(text, systems=["police"])


def test_a_counted_fault_strikes_so_often_and_no_more():
    faults = faults_of(["slow@2"])

    assert [faults.strikes(FaultKind.SLOW) for _ in range(3)] == [True, True, False]


def test_departments_differ_in_speed():
    pace, chance = Pace(0.3, 1.5), Random(7)
    slowest_police = max(pace.seconds(DEPARTMENTS["police"], chance) for _ in range(50))
    quickest_benefits = min(pace.seconds(DEPARTMENTS["human-resources"], chance) for _ in range(50))

    assert slowest_police < quickest_benefits


def test_the_number_of_a_paper_follows_from_the_task_and_not_from_the_person():
    def number_for(id_no: str) -> object:
        finding = look_up(
            DEPARTMENTS["police"],
            check="identity",
            task_id=TASK,
            fields={"applicant": {"id_no": id_no}},
            today=NOW.date(),
        )
        assert finding is not None
        return finding.facts

    assert number_for("330106195203040057") == number_for("330106198803120011")


def test_the_key_of_an_answer_is_that_of_the_task_s_round():
    assert Asked(TASK, 1).key != Asked(TASK, 2).key
