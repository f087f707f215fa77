"""Who is given which secret, and does a second stack notice the first?"""

import json
import stat
from pathlib import Path

import pytest

from deploy.local.stack import (
    StackInUse,
    known_clients,
    locked,
    partner_webhooks,
    simulated_partners,
)
from deploy.secret_keeping import StackSecrets, kept_secrets, secrets_for
from shared.migrations import SERVICES

ADMIN_URL = "postgresql://postgres:root-password@127.0.0.1:5432/postgres"


def test_secrets_are_made_once_for_their_owner_alone(tmp_path: Path):
    path = tmp_path / "secrets.json"

    made = kept_secrets(path)

    assert kept_secrets(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_stacks_share_no_secret(tmp_path: Path):
    first, second = kept_secrets(tmp_path / "a.json"), kept_secrets(tmp_path / "b.json")

    assert not set(json.loads((tmp_path / "a.json").read_text()).values()) & set(
        json.loads((tmp_path / "b.json").read_text()).values()
    )
    assert first.client_secret("relief") != second.client_secret("relief")


def test_no_service_learns_the_superuser_s_password_or_the_passwords_seed():
    secrets = StackSecrets()

    for name in SERVICES:
        told = " ".join(secrets_for(name, secrets=secrets, admin_url=ADMIN_URL).values())
        assert "root-password" not in told
        assert secrets.database_passwords not in told


def test_the_window_and_the_partners_agree_on_addresses_and_secrets():
    secrets = StackSecrets()
    window = json.loads(partner_webhooks(secrets, base_url="http://p")["INTAKE_PARTNER_WEBHOOKS"])
    partners = json.loads(simulated_partners(secrets)["SIMULATED_PARTNERS"])

    assert window.keys() == partners.keys()
    assert window["police"]["url"] == "http://p/webhooks/police"
    assert window["police"]["secret"] == partners["police"]["webhookSecret"]
    assert partners["police"]["clientSecret"] == secrets.client_secret("police")
    assert len({each["clientSecret"] for each in partners.values()}) == len(partners)


def test_the_registry_knows_every_client_by_the_secret_that_client_was_given():
    secrets = StackSecrets()
    known = json.loads(known_clients(secrets)["REGISTRY_CLIENT_SECRETS"])
    relief = secrets_for("relief", secrets=secrets, admin_url=ADMIN_URL)

    assert {"intake", "police", "operator"} <= known.keys()
    assert known["relief"] == relief["RELIEF_CLIENT_SECRET"]


def test_each_service_has_its_own_database_role_and_client_secret():
    secrets = StackSecrets()
    relief = secrets_for("relief", secrets=secrets, admin_url=ADMIN_URL)
    marriage = secrets_for("marriage", secrets=secrets, admin_url=ADMIN_URL)

    assert "//relief_app:" in relief["RELIEF_DATABASE_URL"]
    assert "//marriage_app:" in marriage["MARRIAGE_DATABASE_URL"]
    assert relief["RELIEF_CLIENT_SECRET"] != marriage["MARRIAGE_CLIENT_SECRET"]


def test_the_gateway_keeps_nothing_and_gets_no_secret():
    assert secrets_for("gateway", secrets=StackSecrets(), admin_url=ADMIN_URL) == {}


def test_a_second_stack_in_the_same_folder_is_refused(tmp_path: Path):
    with locked(tmp_path), pytest.raises(StackInUse, match="another stack is running"):
        locked(tmp_path)


def test_the_folder_is_free_again_after_the_first_stack(tmp_path: Path):
    locked(tmp_path).close()

    locked(tmp_path).close()
