"""Is what we hand to operators valid, without default secrets, and never root?"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.secret_keeping import write_compose_secrets
from shared.migrations import SERVICES

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
COLLECTOR = yaml.safe_load((ROOT / "deploy" / "collector" / "config.yaml").read_text())
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
SECRET_NAME = re.compile(r"SECRET|PASSWORD|KEY|DATABASE_URL|TOKEN")
OURS = [name for name in COMPOSE["services"] if name.partition("-")[0] in SERVICES]


def part(name: str) -> dict[str, Any]:
    found: dict[str, Any] = COMPOSE["services"][name]
    return found


def masked(text: str) -> str:
    for pattern in COLLECTOR["processors"]["redaction/personal"]["blocked_values"]:
        text = re.sub(pattern, "****", text)
    return text


def test_the_compose_file_follows_the_compose_specification():
    command = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    checked = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout


def test_all_six_services_are_there():
    assert {name.partition("-")[0] for name in OURS} == set(SERVICES)


def test_no_secret_has_a_value_in_the_compose_file():
    for name, service in COMPOSE["services"].items():
        for variable in service.get("environment", {}):
            given = SECRET_NAME.search(variable) and not variable.endswith("_FILE")
            assert not given, f"{name} is given {variable}"


@pytest.mark.parametrize("name", [*OURS, "postgres", "kafka"])
def test_whoever_serves_others_has_a_healthcheck(name: str):
    assert part(name)["healthcheck"]["test"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_may_do_nothing_but_its_work(name: str):
    assert part(name)["read_only"]
    assert part(name)["cap_drop"] == ["ALL"]
    assert part(name)["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_roles_of_a_service_are_divided_without_rest_or_repeat(service: str):
    roles = [
        role
        for name in OURS
        if name.partition("-")[0] == service
        for role in part(name)["environment"].get(f"{service.upper()}_ROLES", "all").split(",")
    ]

    assert sorted(roles) in (["all"], ["api", "clock", "worker"])


def test_no_service_starts_before_the_migrations_are_done():
    for name in OURS:
        needed = part(name)["depends_on"]["migrate"]["condition"]
        assert needed == "service_completed_successfully"


def test_doors_open_on_this_host_only():
    for service in COMPOSE["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_the_secret_files_are_those_the_compose_file_reads(tmp_path: Path):
    write_compose_secrets(tmp_path)

    listed = [service.get("env_file", []) for service in COMPOSE["services"].values()]
    read = {file for files in listed for file in files if isinstance(file, str)}
    read.add(COMPOSE["secrets"]["postgres-password"]["file"])
    assert {Path(file).name for file in read} == {
        path.name for path in tmp_path.iterdir() if path.name != "secrets.json"
    }


def test_making_the_secrets_again_changes_nothing(tmp_path: Path):
    write_compose_secrets(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}

    write_compose_secrets(tmp_path)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


def test_made_secrets_are_never_committed_nor_copied_into_an_image():
    assert "*" in (ROOT / "deploy" / "secrets" / ".gitignore").read_text().splitlines()
    allowed = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    ]
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()
    assert not [line for line in allowed if line in ("!deploy", "!.") or "secrets" in line]


def test_the_image_runs_as_a_numbered_user_who_is_not_root():
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)[-1] == "10001:10001"


def test_the_image_installs_only_what_the_hashed_lock_names():
    assert "--require-hashes" in DOCKERFILE
    assert re.findall(r"pip install .*-r (\S+)", DOCKERFILE) == ["requirements.lock"]


def test_the_collector_limits_memory_first_and_batches_last():
    for pipeline in COLLECTOR["service"]["pipelines"].values():
        assert pipeline["processors"][0] == "memory_limiter"
        assert pipeline["processors"][-1] == "batch"
        assert "redaction/personal" in pipeline["processors"]


@pytest.mark.parametrize(
    "personal", ["330106199001011234", "33010619900101123X", "13800000000", "6222020000000000000"]
)
def test_the_collector_masks_what_names_a_person(personal: str):
    assert masked(f"a {personal} b") == "a **** b"


@pytest.mark.parametrize("harmless", ["330106109201", "20261122", "2026112200001", "86400000"])
def test_the_collector_leaves_divisions_dates_and_numbers_of_cases(harmless: str):
    assert masked(harmless) == harmless
