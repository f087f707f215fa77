"""Do the local brokers carry records, come back after a stop, and say what they cannot do?"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.kafka import (
    ApacheKafka,
    Broker,
    BrokerUnavailable,
    ExternalBroker,
    MeshBroker,
    choose_broker,
)

TOPIC = "civil.test.record"


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApacheKafka]:
    broker = ApacheKafka(tmp_path_factory.mktemp("kafka"))
    try:
        broker.prepare()
    except BrokerUnavailable as reason:
        pytest.skip(f"Apache Kafka cannot run here: {reason}")
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MeshBroker]:
    broker = MeshBroker(tmp_path_factory.mktemp("mesh"))
    broker.start()
    yield broker
    broker.stop()


async def send(broker: Broker, value: bytes) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=broker.bootstrap_servers,
        enable_idempotence=broker.idempotent_producer,
        acks="all",
    ) as producer:
        await producer.send_and_wait(TOPIC, value, key=b"key", headers=[("ce_id", b"1")])


async def read_as(group: str, broker: Broker) -> list[tuple[bytes | None, bytes | None]]:
    """What a group has not yet seen; it commits what it saw."""
    async with AIOKafkaConsumer(
        TOPIC,
        bootstrap_servers=broker.bootstrap_servers,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    ) as consumer:
        record = await consumer.getone()
        await consumer.commit()
        return [(record.key, record.value), *((name, value) for name, value in record.headers)]


async def test_apache_kafka_carries_key_value_and_headers(kafka: ApacheKafka):
    await send(kafka, b"first")

    assert await read_as("readers", kafka) == [(b"key", b"first"), ("ce_id", b"1")]


async def test_apache_kafka_keeps_records_and_offsets_through_a_restart(kafka: ApacheKafka):
    await send(kafka, b"second")
    before = kafka.bootstrap_servers

    kafka.restart()

    assert kafka.bootstrap_servers == before
    assert (await read_as("readers", kafka))[0] == (b"key", b"second")
    assert (await read_as("late readers", kafka))[0] == (b"key", b"first")


async def test_apache_kafka_keeps_what_it_acknowledged_when_it_is_killed(kafka: ApacheKafka):
    await send(kafka, b"third")

    kafka.kill()
    kafka.start()

    assert (await read_as("readers", kafka))[0] == (b"key", b"third")


async def test_the_wheel_s_broker_carries_key_value_and_headers(mesh: MeshBroker):
    await send(mesh, b"first")

    assert await read_as("readers", mesh) == [(b"key", b"first"), ("ce_id", b"1")]


def test_the_wheel_s_broker_says_that_it_forgets(tmp_path: Path):
    broker, note = choose_broker(tmp_path, environment={"LOCAL_BROKER": "mesh"})

    assert not broker.durable
    assert not broker.idempotent_producer
    assert "memory only" in note


def test_a_given_broker_is_used_and_never_stopped(tmp_path: Path):
    broker, note = choose_broker(tmp_path, environment={"KAFKA_BOOTSTRAP_SERVERS": "kafka:9092"})

    assert isinstance(broker, ExternalBroker)
    assert broker.bootstrap_servers == "kafka:9092"
    assert "kafka:9092" in note


def test_a_given_broker_that_does_not_answer_is_told_plainly():
    broker = ExternalBroker("127.0.0.1:1")

    with pytest.raises(BrokerUnavailable, match=r"127\.0\.0\.1:1"):
        broker.wait(timeout_seconds=1)


def test_without_java_the_wheel_s_broker_is_chosen_and_the_reason_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("java") is None

    broker, note = choose_broker(tmp_path, environment={})

    assert isinstance(broker, MeshBroker)
    assert "no Java" in note


def test_when_maven_fails_the_wheel_s_broker_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    failing(tmp_path, "mvn", "exit 1")
    failing(tmp_path, "java", "echo 'openjdk version \"21.0.1\"' >&2")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))

    broker, note = choose_broker(tmp_path, environment={})

    assert isinstance(broker, MeshBroker)
    assert "Maven could not fetch Kafka" in note


def failing(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
