"""Does the registry start, and can its operators work it?"""

from datetime import timedelta

import httpx
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from services.registry.__main__ import cli
from services.registry.actions.forget_expired import forget_expired
from services.registry.app import create
from tests.support.registry import CATALOGUE, FIELD_KEYS, INDEX_KEY, SECRETS, registry_settings

URL = "postgresql://nobody@127.0.0.1:1/none"


async def test_a_registry_prepares_itself_before_it_answers(database):
    api = create(registry_settings(database.url("registry"), roles="api"))
    async with api.router.lifespan_context(api):
        transport = httpx.ASGITransport(api)
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
            items = (await client.get("/v1/items")).json()["items"]
    assert len(keys) == 2
    assert items


async def test_the_clock_keeps_house_and_stops_with_the_process(database):
    api = create(registry_settings(database.url("registry"), roles="api,clock"))
    async with api.router.lifespan_context(api):
        pass


def test_clients_from_the_environment_are_for_development_only():
    with pytest.raises(ValidationError, match="register-client"):
        registry_settings(URL, ENVIRONMENT="production")


def test_access_tokens_live_ten_minutes_at_most():
    with pytest.raises(ValidationError):
        registry_settings(URL, access_token_seconds=601)


def test_settings_do_not_show_secrets():
    shown = repr(registry_settings(URL))
    assert not any(secret in shown for secret in (*SECRETS.values(), FIELD_KEYS, INDEX_KEY))


async def test_what_is_over_is_forgotten_and_what_is_not_stays(registry, clock):
    await registry.sign_in("officer:lin")
    await registry.sign_in("resident:chen")
    clock.advance(timedelta(days=31))
    await forget_expired(transaction=registry.transaction, clock=clock)
    assert [row["person_kind"] for row in await registry.rows("SELECT * FROM session")] == [
        "citizen"
    ]
    assert len(await registry.rows("SELECT 1 FROM refresh_token")) == 1


@pytest.fixture
def operate(registry):
    """Run one command of the operators on the registry's database."""
    url = registry.parts.settings.database_url.get_secret_value()
    environment = {
        "ENVIRONMENT": "production",
        "REGISTRY_DATABASE_URL": url,
        "REGISTRY_CLIENT_SECRET": SECRETS["registry"],
        "FIELD_KEYS": FIELD_KEYS,
        "BLIND_INDEX_KEY": INDEX_KEY,
    }

    def run(*arguments: str, **options):
        return CliRunner().invoke(cli, list(arguments), env=environment, **options)

    return run


def test_publishing_what_is_published_says_that_nothing_changed(operate):
    done = operate("publish", str(CATALOGUE))
    assert (done.exit_code, done.output.strip()) == (0, "没有变化")


def test_a_broken_catalogue_is_told_fault_by_fault(operate, tmp_path):
    (tmp_path / "item.schema.json").write_text('{"required": ["title"]}')
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "X.yaml").write_text("code: JZ999")
    done = operate("publish", str(tmp_path))
    assert done.exit_code == 1
    assert "JZ999" in done.output
    assert "title" in done.output


def test_a_client_gets_a_secret_that_is_shown_once(operate):
    done = operate("register-client", "housing-fund", "--kind", "partner")
    assert done.exit_code == 0
    assert "密钥" in done.output


def test_a_given_secret_is_read_from_standard_input_and_not_shown(operate):
    done = operate(
        "register-client", "intake", "--kind", "service", "--secret-stdin", input="s" * 40 + "\n"
    )
    assert done.exit_code == 0
    assert "s" * 40 not in done.output


def test_a_short_secret_is_refused(operate):
    done = operate(
        "register-client", "intake", "--kind", "service", "--secret-stdin", input="short\n"
    )
    assert done.exit_code == 1


def test_keys_are_rotated_on_demand(operate):
    assert operate("rotate-keys").exit_code == 0
