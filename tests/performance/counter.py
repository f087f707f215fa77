"""A window as a real process on a real database, and callers whose tokens it believes."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.local.processes import free_port
from deploy.secret_keeping import StackSecrets, secrets_for
from services.intake.store import Store
from shared.auth import ALGORITHM, ISSUER, TOKEN_TYPE, Actor, claims_of
from shared.database import Database
from shared.migrations import role_url
from shared.sealing import BlindIndex
from tests.support.window import publish, publish_item

ROOT = Path(__file__).resolve().parents[2]
DEPARTMENTS = 6
KEY = ECKey.generate_key("P-256", parameters={"kid": "bench"})


@dataclass(frozen=True)
class Counter:
    """A running window, of one API process or several on one database."""

    urls: tuple[str, ...]
    pids: tuple[int, ...]
    admin_url: str
    index: BlindIndex

    def url(self, turn: int) -> str:
        """One of the processes, in turn."""
        return self.urls[turn % len(self.urls)]

    def token(self, actor: Actor) -> str:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": ["intake"], "iat": now, "exp": now + 3600}
        header = {"alg": ALGORITHM, "typ": TOKEN_TYPE, "kid": "bench"}
        return jwt.encode(header, claims | claims_of(actor), KEY)


def benchmark_item() -> dict[str, Any]:
    """Six departments answer at once, all must agree; nothing else is asked."""
    field = {"type": "string", "title": "证件号码", "x-en": "ID number", "format": "resident-id"}
    name = {"type": "string", "title": "姓名", "x-en": "Name", "minLength": 2, "maxLength": 50}
    place = {"type": "string", "title": "区划", "x-en": "Division", "format": "division"}
    tasks = [
        {
            "key": f"department_{number}",
            "title": {"zh": f"部门{number}", "en": f"Department {number}"},
            "handler": f"partner:bench-{number}",
            "check": "bench",
            "limit": {"length": 5, "unit": "working_day"},
            "discloses": ["applicant.id_no"],
        }
        for number in range(DEPARTMENTS)
    ]
    return {
        "code": "BENCH1",
        "title": {"zh": "测量用事项", "en": "Benchmark"},
        "owner": "relief",
        "category": 1,
        "kind": "benefit",
        "legal_basis": ["测量用"],
        "applicant": {"id_no": "applicant.id_no", "name": "applicant.name"},
        "subject": "applicant.id_no",
        "division": "place",
        "summary": ["place"],
        "form": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "additionalProperties": False,
            "required": ["applicant", "place"],
            "properties": {
                "applicant": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name", "id_no"],
                    "properties": {"name": name, "id_no": field},
                },
                "place": place,
            },
        },
        "materials": [],
        "limits": {"promised": {"length": 20, "unit": "working_day"}},
        "acceptance": "automatic",
        "matters": [
            {
                "key": "bench",
                "title": {"zh": "测量", "en": "Benchmark"},
                "join": {"rule": "all"},
                "tasks": tasks,
            }
        ],
    }


async def prepare(admin_url: str, secrets: StackSecrets) -> None:
    """Publish the catalogue and the benchmark's item to the window's database."""
    url = role_url(admin_url, secrets.database_passwords, "intake_app")
    database = Database(url, schema="intake", pool_size=2)
    transaction = database.transactions(Store)
    await publish(transaction)
    await publish_item(transaction, benchmark_item())
    await database.close()


@contextmanager
def running(admin_url: str, secrets: StackSecrets, *, processes: int = 1) -> Iterator[Counter]:
    """The window's API as processes of its own; its outbox is left unrelayed."""
    keys_url, stop = _serve_keys()
    started = [_start(admin_url, secrets, keys_url) for _ in range(processes)]
    try:
        for url, _process in started:
            _wait(url)
        yield Counter(
            urls=tuple(url for url, _process in started),
            pids=tuple(process.pid for _url, process in started),
            admin_url=admin_url,
            index=BlindIndex.parse(secrets.blind_index_key),
        )
    finally:
        for _url, process in started:
            process.terminate()
            process.wait(15)
        stop()


def _start(
    admin_url: str, secrets: StackSecrets, keys_url: str
) -> tuple[str, subprocess.Popen[bytes]]:
    port = free_port()
    environment = {
        **os.environ,
        **secrets_for("intake", secrets=secrets, admin_url=admin_url),
        "REGISTRY_URL": keys_url,
        "INTAKE_PORT": str(port),
        "INTAKE_ROLES": "api",
        "INTAKE_DATABASE_POOL_SIZE": "16",
        "LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen([sys.executable, "-m", "services.intake"], cwd=ROOT, env=environment)
    return f"http://127.0.0.1:{port}", process


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            if httpx.get(url + "/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError(url)


def _serve_keys() -> tuple[str, Any]:
    body = json.dumps({"keys": [_public()]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Keys)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", server.shutdown


def _public() -> Mapping[str, Any]:
    return {**KEY.as_dict(private=False), "kid": "bench", "use": "sig", "alg": ALGORITHM}
