"""Child processes: start, wait until ready, notice a death, stop; none outlives its parent."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil

LAUNCHER = Path(__file__).with_name("launcher.py")
POLL_SECONDS = 0.05


class ProcessFailed(Exception):
    """A child process died, or did not become ready; carries its last log lines."""

    def __init__(self, name: str, what: str, last_lines: Sequence[str] = ()) -> None:
        self.name = name
        self.last_lines = tuple(last_lines)
        super().__init__("\n    ".join([f"{name} {what}", *last_lines]))


def free_port(preferred: int | None = None) -> int:
    """The preferred port of this machine if nobody listens on it, else a free one."""
    for port in (preferred, 0):
        if port is None:
            continue
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(candidate.getsockname()[1])
    raise OSError("no free port on this machine")


@dataclass(kw_only=True)
class ChildProcess:
    """One program, started and stopped any number of times.

    Start it from a thread that lives as long as the program should: the kernel counts
    the end of the starting thread as the death of the parent.
    """

    name: str
    command: Sequence[str]
    log: Path
    """Standard output and error are appended here."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the parent's environment."""
    folder: Path | None = None
    """Where it runs; the parent's folder when none is given."""
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    """Sent by the kernel when the parent is gone, and nobody is left to insist."""
    user: str | None = None
    """Another user to run as; only root can ask for it."""
    running: subprocess.Popen[bytes] | None = None
    log_began_at: int = 0
    """Where this start's part of the log begins."""

    def launch(self) -> None:
        """Start the program without waiting for anything; one that died is collected first."""
        if self.running is not None:
            # The kernel calls a process dead while some of its threads are still going.
            self.running.wait(timeout=10)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        on_parent_death = str(int(self.orphan_signal))
        launcher = [sys.executable, "-I", "-S", str(LAUNCHER)]
        with self.log.open("ab") as log:
            self.log_began_at = log.tell()
            self.running = subprocess.Popen(
                [*launcher, str(os.getpid()), on_parent_death, self.user or "-", *self.command],
                env={**os.environ, **self.environment},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C belongs to the parent, which stops its children in order.
                start_new_session=True,
            )

    @property
    def is_running(self) -> bool:
        """Whether the program was started and has not ended."""
        return self.running is not None and self.running.poll() is None

    @property
    def pid(self) -> int:
        """The process id; the program must have been started."""
        if self.running is None:
            raise ProcessFailed(self.name, "was never started")
        return self.running.pid

    def wait_until(self, ready: Callable[[], bool], *, timeout_seconds: float) -> None:
        """Wait for readiness.

        Raises:
            ProcessFailed: The program ended first, or the time was up.
        """
        deadline = time.monotonic() + timeout_seconds
        while not ready():
            if not self.is_running:
                raise self.failure()
            if time.monotonic() > deadline:
                raise self.failure(f"was not ready after {timeout_seconds:g} s")
            time.sleep(POLL_SECONDS)

    def stop(self, *, grace_seconds: float = 10) -> None:
        """Ask the program to end; kill it when it does not within the grace."""
        if self.running is None:
            return
        if self.is_running:
            self.running.send_signal(self.stop_signal)
        try:
            self.running.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self.running = None

    def kill(self) -> None:
        """Pull the plug: SIGKILL to the program and all it started."""
        if self.running is None:
            return
        family = [self.running.pid]
        if self.is_running:
            family += [p.pid for p in psutil.Process(self.running.pid).children(recursive=True)]
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.running.wait()
        while any(map(is_alive, family)):
            time.sleep(POLL_SECONDS)
        self.running = None

    def failure(self, what: str | None = None) -> ProcessFailed:
        """What to tell about a program that did not do as it should."""
        if what is None:
            status = self.running.poll() if self.running else None
            what = f"ended with exit status {status}" if status is not None else "is not running"
        return ProcessFailed(self.name, f"{what}; see {self.log}", self.last_lines())

    def last_lines(self, count: int = 15) -> list[str]:
        """The end of the log, as far as this start wrote it."""
        if not self.log.exists():
            return []
        with self.log.open("rb") as log:
            log.seek(max(self.log_began_at, self.log.stat().st_size - 16_384))
            return log.read().decode(errors="replace").splitlines()[-count:]


def is_alive(pid: int) -> bool:
    """Whether a process exists and is more than an entry waiting to be collected."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def answers(url: str) -> bool:
    """Whether a GET of this http:// address is answered with 200."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=2)
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@dataclass(kw_only=True)
class Program:
    """A program of the stack and the address that says when it is ready."""

    process: ChildProcess
    ready_url: str
    expected: bool = False
    """Whether it should be running now; a program we stopped is not missed."""


class Supervisor:
    """The programs of a stack by name.

    Args:
        log_folder: One log file for each program.
        folder: Where the programs run.
    """

    def __init__(self, log_folder: Path, *, folder: Path) -> None:
        self.log_folder = log_folder
        self.folder = folder
        self.programs: dict[str, Program] = {}

    def add(
        self, name: str, command: Sequence[str], *, environment: Mapping[str, str], ready_url: str
    ) -> None:
        """Make a program known without starting it."""
        log = self.log_folder / f"{name}.log"
        process = ChildProcess(
            name=name, command=command, log=log, environment=environment, folder=self.folder
        )
        self.programs[name] = Program(process=process, ready_url=ready_url)

    def launch(self, name: str, *, environment: Mapping[str, str] | None = None) -> None:
        """Start a program without waiting; `environment` holds for this start only."""
        program = self.programs[name]
        usual = program.process.environment
        program.process.environment = {**usual, **(environment or {})}
        try:
            program.process.launch()
        finally:
            program.process.environment = usual
        program.expected = True

    def wait(self, name: str, *, timeout_seconds: float = 60) -> None:
        """Wait until a launched program answers that it is ready."""
        program = self.programs[name]
        program.process.wait_until(
            lambda: answers(program.ready_url), timeout_seconds=timeout_seconds
        )

    def start(self, name: str, *, environment: Mapping[str, str] | None = None) -> None:
        """Start a program and wait until it is ready."""
        self.launch(name, environment=environment)
        self.wait(name)

    def stop(self, name: str, *, grace_seconds: float = 10) -> None:
        """Stop one program in order."""
        self.programs[name].expected = False
        self.programs[name].process.stop(grace_seconds=grace_seconds)

    def kill(self, name: str) -> None:
        """Kill one program with SIGKILL, as a power cut would."""
        self.programs[name].expected = False
        self.programs[name].process.kill()

    def stop_all(self, *, grace_seconds: float = 10) -> None:
        """Ask all programs to end at once, then wait for each; late ones are killed."""
        deadline = time.monotonic() + grace_seconds
        for program in self.programs.values():
            program.expected = False
            if program.process.is_running and program.process.running is not None:
                program.process.running.send_signal(program.process.stop_signal)
        for program in reversed(self.programs.values()):
            program.process.stop(grace_seconds=max(0.1, deadline - time.monotonic()))

    def dead(self) -> Iterator[ProcessFailed]:
        """Programs that should be running and are not, with their last words."""
        for program in self.programs.values():
            if program.expected and not program.process.is_running:
                yield program.process.failure()
