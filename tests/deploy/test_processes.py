"""Are child processes noticed when they die, stopped when asked, and never orphaned?"""

import http.server
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.processes import (
    ChildProcess,
    ProcessFailed,
    Supervisor,
    answers,
    free_port,
    is_alive,
)

SLEEP = "import time; time.sleep(60)"
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
ROOT = Path(__file__).resolve().parents[2]


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Callable[..., ChildProcess]]:
    made = []

    def make(code: str, **rest: object) -> ChildProcess:
        command = [sys.executable, "-c", code]
        made.append(ChildProcess(name="child", command=command, log=tmp_path / "log", **rest))
        made[-1].launch()
        return made[-1]

    yield make
    for each in made:
        each.kill()


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    stack = Supervisor(tmp_path, folder=ROOT)
    yield stack
    stack.stop_all()


def server_command(port: int) -> list[str]:
    return [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]


def test_a_program_that_ends_early_is_reported_with_its_last_words(child):
    dying = child("print('no such table'); raise SystemExit(3)")

    with pytest.raises(ProcessFailed, match=r"exit status 3[^$]*no such table"):
        dying.wait_until(lambda: False, timeout_seconds=10)


def test_only_the_last_start_s_part_of_the_log_is_told(child):
    first = child("print('earlier')")
    assert eventually(lambda: not first.is_running)

    second = child("print('later')")

    assert eventually(lambda: second.last_lines() == ["later"])


def test_a_program_that_is_never_ready_is_reported_in_time(child):
    with pytest.raises(ProcessFailed, match=r"not ready after 0\.2 s"):
        child(SLEEP).wait_until(lambda: False, timeout_seconds=0.2)


def test_a_program_deaf_to_the_request_is_killed_after_the_grace(child):
    deaf = child(STUBBORN)
    assert eventually(lambda: "deaf" in deaf.last_lines())
    pid = deaf.pid

    deaf.stop(grace_seconds=0.2)

    assert not is_alive(pid)


def test_killing_a_program_kills_what_it_started(child):
    parent = child(
        "import subprocess, sys, time\n"
        f"grandchild = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
        "print(grandchild.pid, flush=True)\n"
        "time.sleep(60)"
    )
    assert eventually(lambda: bool(parent.last_lines()))
    grandchild = int(parent.last_lines()[0])

    parent.kill()

    assert not is_alive(grandchild)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_even_stubborn_children_die_when_their_parent_is_killed(tmp_path: Path):
    code = f"""
import sys, time
from pathlib import Path
from deploy.local.processes import ChildProcess
command = [sys.executable, "-c", {STUBBORN!r}]
child = ChildProcess(name="child", command=command, log=Path("{tmp_path}/log"))
child.launch()
print(child.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert is_alive(pid)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    assert eventually(lambda: not is_alive(pid))


def test_a_supervised_program_is_ready_when_its_address_answers(supervisor: Supervisor):
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    supervisor.add("web", server_command(port), environment={}, ready_url=url)

    supervisor.start("web")

    assert answers(url)
    assert list(supervisor.dead()) == []


def test_a_killed_program_is_not_missed_and_can_be_started_again(supervisor: Supervisor):
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    supervisor.add("web", server_command(port), environment={}, ready_url=url)
    supervisor.start("web")

    supervisor.kill("web")
    assert list(supervisor.dead()) == []
    assert not answers(url)
    supervisor.start("web", environment={"FAILPOINTS": "none"})

    assert answers(url)
    assert supervisor.programs["web"].process.environment == {}


def test_a_program_that_dies_by_itself_is_missed(supervisor: Supervisor):
    supervisor.add("brief", [sys.executable, "-c", "print('gone')"], environment={}, ready_url="")

    supervisor.launch("brief")

    assert eventually(lambda: bool(list(supervisor.dead())))
    (failure,) = supervisor.dead()
    assert failure.name == "brief"
    assert failure.last_lines == ("gone",)


def test_a_taken_port_is_not_offered():
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        taken = server.server_address[1]

        assert free_port(taken) != taken
