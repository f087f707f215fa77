"""What PostgreSQL itself can do: the same lifecycle from pgbench, seven durable commits."""

import re
import subprocess
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from deploy.local.postgres import binaries

TABLES = """
    DROP SCHEMA IF EXISTS floor CASCADE; CREATE SCHEMA floor;
    CREATE TABLE floor.application (
        id bigint PRIMARY KEY, stage text NOT NULL, open_tasks int NOT NULL, form bytea NOT NULL,
        version int NOT NULL DEFAULT 1);
    CREATE TABLE floor.task (
        application_id bigint, key int, state text NOT NULL, verdict text,
        PRIMARY KEY (application_id, key));
    CREATE TABLE floor.outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bigint, payload jsonb,
        published_at timestamptz);
    CREATE TABLE floor.journal (stream bigint, seq int, hash bytea, PRIMARY KEY (stream, seq));
    CREATE SEQUENCE floor.number;
"""

_SUBMIT = r"""
SELECT nextval('floor.number') AS id \gset
WITH a AS (INSERT INTO floor.application VALUES
           (:id, 'in-review', 6, decode(repeat('ab', 300), 'hex'))),
     t AS (INSERT INTO floor.task
           SELECT CAST(:id AS bigint), n, 'open' FROM generate_series(1, 6) n),
     j AS (INSERT INTO floor.journal VALUES (:id, 1, sha256('submit'::bytea)))
INSERT INTO floor.outbox (key, payload)
SELECT CAST(:id AS bigint),
       jsonb_build_object('applicationId', CAST(:id AS bigint), 'task', n)
FROM generate_series(0, 6) n;
"""
_VERDICT = r"""
WITH a AS (UPDATE floor.application SET open_tasks = open_tasks - 1, version = version + 1,
               stage = CASE WHEN open_tasks = 1 THEN 'concluded' ELSE stage END
           WHERE id = :id RETURNING version),
     t AS (UPDATE floor.task SET state = 'closed', verdict = 'approve'
           WHERE application_id = :id AND key = {key}),
     j AS (INSERT INTO floor.journal
           SELECT CAST(:id AS bigint), version, sha256('verdict'::bytea) FROM a)
INSERT INTO floor.outbox (key, payload)
VALUES (:id, jsonb_build_object('applicationId', CAST(:id AS bigint), 'task', {key}));
"""


async def floor(admin_url: str, folder: Path, *, clients: int, seconds: int) -> float:
    """Lifecycles a second from C."""
    connection = await asyncpg.connect(admin_url)
    await connection.execute(TABLES)
    await connection.close()
    script = folder / "lifecycle.sql"
    script.write_text(_SUBMIT + "".join(_VERDICT.format(key=key) for key in range(1, 7)))
    url = make_url(admin_url)
    done = subprocess.run(
        [
            str(binaries() / "pgbench"),
            *("-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(seconds)),
            *("-h", str(url.host), "-p", str(url.port), "-U", str(url.username)),
            *("-f", str(script), str(url.database)),
        ],
        env={"PGPASSWORD": str(url.password)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise ValueError(done.stdout)
    return float(found.group(1))
