"""The whole of One Window on one machine: database, broker, six services, simulated partners."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import yaml

from deploy.local.kafka import Broker, choose_broker
from deploy.local.postgres import LocalPostgres
from deploy.local.processes import ChildProcess, ProcessFailed, Supervisor, free_port
from deploy.local.sign_in import SignInAccounts, sign_in_accounts
from deploy.secret_keeping import StackSecrets, kept_secrets, secrets_for
from shared.migrations import SERVICES

ROOT = Path(__file__).resolve().parent.parent.parent
SIMULATED = "simulated"
OPERATOR = "operator"
PREFERRED_PORTS = {
    "gateway": 8600,
    "intake": 8601,
    "relief": 8602,
    "marriage": 8603,
    "funeral": 8604,
    "registry": 8605,
    SIMULATED: 8610,
    "postgres": 8620,
    "kafka": 8621,
}
PROGRAMS = (*SERVICES, SIMULATED)
READY_SECONDS = 120
CATALOGUE = ROOT / "catalogue"

Step = Callable[[str], AbstractContextManager[None]]
"""Shows a person that a named step is under way, until it ends."""


class StackInUse(Exception):
    """Another stack runs from the same folder."""


class LocalStack:
    """Everything as child processes; data, secrets, logs and spans are kept in one folder.

    Args:
        home: The stack's folder; a second run from it finds the data of the first.
        fixed_ports: Whether to prefer the usual ports; tests take free ones.
    """

    def __init__(self, home: Path, *, fixed_ports: bool = True, step: Step | None = None) -> None:
        self.home = home.resolve()
        self.traces = self.home / "traces"
        self.step: Step = step or (lambda _name: nullcontext())
        self.ports = {
            name: free_port(port if fixed_ports else None) for name, port in PREFERRED_PORTS.items()
        }
        self.supervisor = Supervisor(self.home / "logs", folder=ROOT)
        self.postgres: LocalPostgres | None = None
        self.admin_url = os.environ.get("DATABASE_URL", "")
        self.broker: Broker | None = None
        self.broker_note = ""
        self.lock: IO[str] | None = None

    def __enter__(self) -> Self:
        """Bring everything up; what was started is stopped if the rest fails."""
        try:
            self.up()
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop everything in order."""
        self.down()

    def up(self) -> None:
        """Start everything and wait until all of it is ready.

        Raises:
            StackInUse: Another stack runs from the same folder.
            ProcessFailed: Something did not start; carries its last log lines.
        """
        self.lock = locked(self.home)
        self.secrets = kept_secrets(self.home / "secrets.json")
        with self.step("数据库与消息代理 database and broker"):
            self.start_stores()
        with self.step("建库与迁移 schemas, roles, migrations"):
            self.migrate()
        with self.step("六个服务与模拟部门 services and simulated partners"):
            self.start_programs()
        self.write_state()

    def start_stores(self) -> None:
        """Start PostgreSQL and the broker side by side."""
        if not self.admin_url:
            self.postgres = LocalPostgres(self.home / "postgres", port=self.ports["postgres"])
        with ThreadPoolExecutor() as threads:
            made = threads.submit(self.postgres.prepare) if self.postgres else None
            self.broker, self.broker_note = choose_broker(
                self.home / "kafka", port=self.ports["kafka"]
            )
            if made:
                made.result()
        # Launched from this thread: a child dies with the thread that started it.
        self.broker.launch()
        if self.postgres:
            self.admin_url = self.postgres.start()
        self.broker.wait()

    def migrate(self) -> None:
        """Bring schemas, roles and tables to the newest version."""
        environment = {
            **os.environ,
            # A plain traceback: the last lines are shown, and a drawn one ends in its frame.
            "TYPER_STANDARD_TRACEBACK": "1",
            "DATABASE_ADMIN_URL": self.admin_url,
            "DATABASE_PASSWORD_SECRET": self.secrets.database_passwords,
        }
        for command in ("provision", "upgrade"):
            done = subprocess.run(
                [sys.executable, "-m", "shared.migrations", command],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise ProcessFailed(
                    f"migrations {command}", "failed", done.stderr.splitlines()[-15:]
                )

    def start_programs(self) -> None:
        """Launch all programs at once, then wait for each."""
        for name in PROGRAMS:
            module = "deploy.simulated" if name == SIMULATED else f"services.{name}"
            self.supervisor.add(
                name,
                [sys.executable, "-m", module],
                environment=self.environment_of(name),
                ready_url=f"{self.url(name)}/readyz",
            )
            self.supervisor.launch(name)
        for name in PROGRAMS:
            self.supervisor.wait(name, timeout_seconds=READY_SECONDS)

    def environment_of(self, name: str) -> dict[str, str]:
        """The environment variables of one program."""
        if self.broker is None:
            raise RuntimeError("the stores are not started")
        common = {
            "ENVIRONMENT": "development",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO"),
            "KAFKA_BOOTSTRAP_SERVERS": self.broker.bootstrap_servers,
            "KAFKA_IDEMPOTENCE": str(self.broker.idempotent_producer).lower(),
            "TRACE_DIR": str(self.traces),
            "CATALOGUE_DIR": str(CATALOGUE),
            **{f"{each.upper()}_URL": self.url(each) for each in PROGRAMS},
            f"{name.upper()}_PORT": str(self.ports[name]),
        }
        if name == SIMULATED:
            return (
                common
                | simulated_partners(self.secrets)
                | simulated_suppliers(self.secrets)
                | self.sign_in().for_simulated()
            )
        if name == "registry":
            common |= known_clients(self.secrets)
            common |= suppliers(self.secrets, base_url=self.url(SIMULATED))
            common |= self.sign_in().for_registry()
        if name == "intake":
            common |= partner_webhooks(self.secrets, base_url=self.url(SIMULATED))
        return common | secrets_for(name, secrets=self.secrets, admin_url=self.admin_url)

    def sign_in(self) -> SignInAccounts:
        """How registry and simulated sign-in providers know each other."""
        return sign_in_accounts(self.home, self.secrets, simulated=self.url(SIMULATED))

    def url(self, name: str) -> str:
        """The http:// address of a program."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self, name: str, *, environment: Mapping[str, str] | None = None) -> None:
        """Start a stopped program again; `environment` is added for this start only."""
        self.supervisor.start(name, environment=environment)

    def stop(self, name: str) -> None:
        """Stop one program in order."""
        self.supervisor.stop(name)

    def kill(self, name: str) -> None:
        """Kill one program with SIGKILL, as a power cut would."""
        self.supervisor.kill(name)

    def watch(self, *, poll_seconds: float = 0.5) -> None:
        """Stay until a program dies.

        Raises:
            ProcessFailed: One died; it says which, and its last log lines.
        """
        while True:
            for failure in self.dead():
                raise failure
            time.sleep(poll_seconds)

    def dead(self) -> Iterator[ProcessFailed]:
        """Whoever should be running and is not: programs, the database, the broker."""
        yield from self.supervisor.dead()
        for owner in (self.postgres, self.broker):
            process = getattr(owner, "process", None)
            if isinstance(process, ChildProcess) and not process.is_running:
                yield process.failure()

    def down(self) -> None:
        """Stop everything: first who writes, then what is written to."""
        self.supervisor.stop_all()
        if self.broker:
            self.broker.stop()
        if self.postgres:
            self.postgres.stop()
        (self.home / "stack.json").unlink(missing_ok=True)
        if self.lock:
            self.lock.close()
            self.lock = None

    def write_state(self) -> None:
        """Say where everything is, for `status`, `down` and for people."""
        state = {
            "pid": os.getpid(),
            "broker": self.broker_note,
            "urls": {name: self.url(name) for name in PROGRAMS},
            "kafka": self.broker.bootstrap_servers if self.broker else None,
        }
        (self.home / "stack.json").write_text(json.dumps(state, indent=2, ensure_ascii=False))


def partner_systems() -> list[str]:
    """The partner departments of the catalogue, all of them simulated here."""
    places = yaml.safe_load((CATALOGUE / "places" / "partners.yaml").read_text(encoding="utf-8"))
    return [partner["system"] for partner in places["partners"]]


def known_clients(secrets: StackSecrets) -> dict[str, str]:
    """Who may ask the registry for tokens: services, partner departments, the operator."""
    names = [*SERVICES, *partner_systems(), OPERATOR]
    clients = {name: secrets.client_secret(name) for name in names}
    return {"REGISTRY_CLIENT_SECRETS": json.dumps(clients)}


def simulated_partners(secrets: StackSecrets) -> dict[str, str]:
    """What the simulated departments were told when they were connected."""
    connected = {
        system: {
            "clientSecret": secrets.client_secret(system),
            "webhookSecret": secrets.webhook_secret(system),
        }
        for system in partner_systems()
    }
    return {"SIMULATED_PARTNERS": json.dumps(connected)}


def simulated_suppliers(secrets: StackSecrets) -> dict[str, str]:
    """With what the simulated departments verify questions for shared data."""
    signed = {supplier: secrets.sharing_secret(supplier) for supplier in supplier_names()}
    return {"SIMULATED_SUPPLIERS": json.dumps(signed)}


def suppliers(secrets: StackSecrets, *, base_url: str) -> dict[str, str]:
    """Where the registry asks departments for shared data."""
    doors = {
        supplier: {
            "url": f"{base_url}/shared-data/{supplier}",
            "secret": secrets.sharing_secret(supplier),
        }
        for supplier in supplier_names()
    }
    return {"REGISTRY_SUPPLIERS": json.dumps(doors)}


def supplier_names() -> list[str]:
    """Every department the sharing catalogue names, all of them simulated here."""
    named = yaml.safe_load((CATALOGUE / "sharing" / "facts.yaml").read_text(encoding="utf-8"))
    return sorted({each for fact in named["shared_facts"] for each in fact["suppliers"]})


def partner_webhooks(secrets: StackSecrets, *, base_url: str) -> dict[str, str]:
    """Where the window tells partner departments of their tasks."""
    endpoints = {
        system: {
            "url": f"{base_url}/webhooks/{system}",
            "secret": secrets.webhook_secret(system),
        }
        for system in partner_systems()
    }
    return {
        "INTAKE_PARTNER_WEBHOOKS": json.dumps(endpoints),
        "INTAKE_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
    }


def locked(home: Path) -> IO[str]:
    """Take the folder for this process alone, for as long as the returned file is open.

    Raises:
        StackInUse: Another process has it.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = (home / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StackInUse(f"another stack is running from {home}") from None
    return lock
