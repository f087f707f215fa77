"""The secrets of one stack: made once, at random, kept in files only their owner can read.

`python -m deploy.secret_keeping <folder>` writes one environment file for each program of
`docker-compose.yml`; the local stack asks the functions.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from shared.migrations import SERVICES, role_url

COMPOSE_DATABASE = "postgresql://postgres:{password}@postgres:5432/postgres"


def random_key() -> str:
    """Base64 of 32 random bytes."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSecrets:
    """What nobody outside the stack may know."""

    database_passwords: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """Passwords of the database roles are derived from it."""
    field_keys: str = field(default_factory=lambda: f"k1:{random_key()}")
    blind_index_key: str = field(default_factory=random_key)
    client_secrets: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """Secrets of services and partners at the token endpoint are derived from it."""
    webhooks: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """Secrets that sign what partners are told are derived from it."""

    def client_secret(self, client: str) -> str:
        """The secret of one service or partner at the registry's token endpoint."""
        return derived(self.client_secrets, client)

    def webhook_secret(self, system: str) -> str:
        """The Standard Webhooks secret shared with one partner system."""
        digest = hmac.new(self.webhooks.encode(), system.encode(), hashlib.sha256).digest()
        return "whsec_" + base64.b64encode(digest).decode()

    def sharing_secret(self, supplier: str) -> str:
        """With what questions to one department for shared data are signed."""
        return derived(self.webhooks, f"sharing:{supplier}")


def derived(seed: str, name: str) -> str:
    """Hex HMAC-SHA256 of a name: one seed gives each name a secret of its own."""
    return hmac.new(seed.encode(), name.encode(), hashlib.sha256).hexdigest()


def kept_secrets(path: Path) -> StackSecrets:
    """The secrets in a file, made on the first call; only the file's owner can read it."""
    if path.exists():
        return StackSecrets(**json.loads(path.read_text()))
    made = StackSecrets()
    write_for_owner(path, json.dumps(asdict(made), indent=2))
    return made


def secrets_for(name: str, *, secrets: StackSecrets, admin_url: str) -> dict[str, str]:
    """What one program must know of the secrets, and no more, as environment variables."""
    if name == "gateway":
        # It asks in the name of whoever asks it, and keeps nothing.
        return {}
    prefix = name.upper()
    return {
        f"{prefix}_DATABASE_URL": role_url(admin_url, secrets.database_passwords, f"{name}_app"),
        f"{prefix}_CLIENT_SECRET": secrets.client_secret(name),
        "FIELD_KEYS": secrets.field_keys,
        "BLIND_INDEX_KEY": secrets.blind_index_key,
    }


def write_for_owner(path: Path, text: str) -> None:
    """Write a file that nobody else can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.rename(path)


def write_compose_secrets(folder: Path) -> None:
    """Write the files that `docker-compose.yml` reads; a second run writes the same."""
    secrets = kept_secrets(folder / "secrets.json")
    superuser = derived(secrets.database_passwords, "postgres")
    admin_url = COMPOSE_DATABASE.format(password=superuser)
    write_for_owner(folder / "postgres-password", superuser)
    environments = {
        name: secrets_for(name, secrets=secrets, admin_url=admin_url) for name in SERVICES
    }
    environments["migrate"] = {
        "DATABASE_ADMIN_URL": admin_url,
        "DATABASE_PASSWORD_SECRET": secrets.database_passwords,
    }
    environments["clients"] = {
        f"{name.upper()}_CLIENT_SECRET": secrets.client_secret(name)
        for name in SERVICES
        if name != "gateway"
    }
    for name, environment in environments.items():
        if not environment:
            continue
        lines = [f"{variable}={value}\n" for variable, value in environment.items()]
        write_for_owner(folder / f"{name}.env", "".join(lines))


if __name__ == "__main__":
    write_compose_secrets(Path(sys.argv[1]))
