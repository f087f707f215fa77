"""A case as the database holds it, read behind the window's back in one snapshot."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson

Rows = Sequence[Mapping[str, Any]]

_QUERIES = {
    "application": "SELECT * FROM intake.application WHERE id = $1",
    "matters": "SELECT * FROM intake.matter WHERE application_id = $1 ORDER BY position",
    "tasks": """SELECT *, matter_key || '.' || key AS ref FROM intake.approval_task
                WHERE application_id = $1 ORDER BY position""",
    "verdicts": """SELECT v.*, t.matter_key || '.' || t.key AS ref
                   FROM intake.verdict v JOIN intake.approval_task t ON t.id = v.task_id
                   WHERE t.application_id = $1""",
    "notices": "SELECT * FROM intake.correction WHERE application_id = $1 ORDER BY round",
    "asked": "SELECT * FROM intake.correction_item WHERE application_id = $1",
    "cards": "SELECT * FROM intake.supervision_card WHERE application_id = $1",
    "ledger": "SELECT * FROM intake.clock_entry WHERE application_id = $1 ORDER BY at, seq",
    "jobs": "SELECT * FROM intake.job WHERE application_id = $1",
    "outbox": "SELECT * FROM intake.outbox WHERE aggregateid = $1::text ORDER BY seq",
    "journal": """SELECT * FROM intake.journal WHERE stream = 'application:' || $1::text
                  ORDER BY seq""",
    "answers": """SELECT * FROM intake.request_answer
                  WHERE body->>'applicationId' = $1::text
                     OR body->>'taskId' IN (SELECT id::text FROM intake.approval_task
                                            WHERE application_id = $1::text::uuid)""",
}


@dataclass(frozen=True)
class Snapshot:
    """Every row about one case."""

    application: Mapping[str, Any]
    matters: Rows
    tasks: Rows
    verdicts: Rows
    notices: Rows
    asked: Rows
    cards: Rows
    ledger: Rows
    jobs: Rows
    outbox: Rows
    journal: Rows
    answers: Rows

    def task(self, ref: str) -> Mapping[str, Any]:
        return next(each for each in self.tasks if each["ref"] == ref)

    @property
    def events(self) -> Counter[tuple[str, ...]]:
        """What was told to others, cards aside, in the model's short form."""
        return Counter(told for told in map(short_event, self.outbox) if told[0] != "card-raised")

    @property
    def lines(self) -> Counter[tuple[str, ...]]:
        """What the journal says in the model's short form, the clocks' own lines aside."""
        own = ("raise-card", "move-due-date")
        return Counter(line for line in map(short_line, self.journal) if line[0] not in own)


async def read_snapshot(connection: asyncpg.Connection, application_id: UUID) -> Snapshot:
    """Read a case after everybody who is at work on it has finished."""
    async with connection.transaction(isolation="repeatable_read"):
        await connection.execute("SET LOCAL search_path TO intake")
        found: dict[str, Any] = {}
        for name, statement in _QUERIES.items():
            by = str(application_id) if "$1::text" in statement else application_id
            found[name] = [_plain(row) for row in await connection.fetch(statement, by)]
    [found["application"]] = found["application"]
    return Snapshot(**found)


def short_event(row: Mapping[str, Any]) -> tuple[str, ...]:
    fact = row["type"].split(".")[2]
    data = row["payload"]
    if fact in ("task-opened", "task-closed", "task-cancelled"):
        detail = data.get("verdict") or data.get("reason")
        known = (fact, f"{data['matter']}.{data['task']}", str(data["round"]))
        return (*known, detail) if detail else known
    if fact in ("matter-decided", "matter-concluded"):
        return fact, data["matter"], data["outcome"]
    if fact == "application-concluded":
        return fact, data["outcome"]
    if fact in ("correction-requested", "application-corrected"):
        return fact, str(data["round"])
    return (fact, data["code"]) if fact == "dead-letter-buried" else (fact,)


def short_line(row: Mapping[str, Any]) -> tuple[str, ...]:
    act, facts = row["act"], row["facts"]
    about = row["target"].partition(":")[2]
    match act:
        case "answer":
            return act, about, facts["verdict"]
        case "decide-matter":
            return act, about, facts["outcome"]
        case "decide" | "conclude":
            return act, facts["outcome"]
        case "claim" | "release" | "read" | "perform" | "fail-to-perform":
            return act, about
        case _:
            return (act,)


def _plain(row: asyncpg.Record) -> Mapping[str, Any]:
    return {
        name: orjson.loads(value) if name in _JSON and isinstance(value, str) else value
        for name, value in row.items()
    }


_JSON = frozenset({"payload", "facts", "needs", "brought", "join_spec", "grounds", "body"})
