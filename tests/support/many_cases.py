"""Many cases on file, written straight into the tables, for tests that look for some of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text

from shared.ids import new_id
from tests.support.forms import jz201_form
from tests.support.window import INDEX, NOON, Window, office_id

OFFICES = ("sandun-civil-affairs", "shuangpu-civil-affairs", "xihu-civil-affairs")
STAGES = ("submitted", "in-review", "decided", "concluded", "withdrawn")
ITEMS = ("JZ201", "HY601", "BND-02")

_CASE = text("""
    INSERT INTO application (id, number, item_code, item_version, item_title, division, channel,
        stage, submitted_by, subject_index, applicant_index, applicant_name_index, form_sealed,
        summary, params, plan_records, trace, submitted_at)
    SELECT CAST(c->>'id' AS uuid), c->>'number', c->>'item', 1,
        CAST('{"zh": "示例事项", "en": "Example"}' AS jsonb), '330106109201', 'WINDOW', c->>'stage',
        'citizen:x', c->>'subject', c->>'applicant', c->>'name', decode(c->>'form', 'escape'),
        '{}', '{}', '[]', '{}', CAST(c->>'submitted_at' AS timestamptz)
    FROM jsonb_array_elements(CAST(:cases AS jsonb)) AS c
""")
_TASK = text("""
    INSERT INTO approval_task (id, application_id, matter_key, key, position, title, handler_kind,
        office_id, needs, verdicts, discloses, state, opened_at, due_at, closed_at)
    SELECT gen_random_uuid(), CAST(t->>'case' AS uuid), 'main', t->>'key', 1,
        CAST('{"zh": "示例", "en": "Example"}' AS jsonb), t->>'kind',
        CAST(t->>'office' AS uuid), '[]', '{}', '{}', t->>'state',
        CAST(t->>'opened_at' AS timestamptz), CAST(t->>'due_at' AS timestamptz),
        CAST(t->>'closed_at' AS timestamptz)
    FROM jsonb_array_elements(CAST(:tasks AS jsonb)) AS t
""")
_MANY = """
    INSERT INTO application (id, number, item_code, item_version, item_title, division, channel,
        stage, submitted_by, subject_index, applicant_index, applicant_name_index, form_sealed,
        summary, params, plan_records, trace, submitted_at)
    SELECT CAST(lpad(to_hex(n), 32, '0') AS uuid), 'N' || n, 'IT' || n % 25, 1,
        '{"zh": "x", "en": "x"}', '330106109201', 'WINDOW', 'concluded', 'citizen:x',
        md5('s' || n / 3), md5('a' || n / 3), md5('n' || n / 3), 'x', '{}', '{}', '[]', '{}', now()
    FROM generate_series(1, :count) AS n;
    INSERT INTO approval_task (id, application_id, matter_key, key, position, title, handler_kind,
        office_id, needs, verdicts, discloses, state, opened_at, due_at, closed_at)
    SELECT gen_random_uuid(), CAST(lpad(to_hex(n), 32, '0') AS uuid), 'main', 't' || k, 1,
        '{"zh": "x", "en": "x"}', 'officer',
        CAST(lpad(to_hex((n * k) % 200), 32, '0') AS uuid), '[]', '{}', '{}',
        CASE WHEN n % 50 = 0 THEN 'open' ELSE 'closed' END, now(),
        now() + make_interval(mins => n % 10000), CASE WHEN n % 50 = 0 THEN NULL ELSE now() END
    FROM generate_series(1, :count) AS n, generate_series(1, 3) AS k;
"""


@dataclass(frozen=True)
class PlantedTask:
    """A task of a planted case."""

    office: str | None
    state: str
    opened: bool
    due_at: datetime


@dataclass(frozen=True)
class Planted:
    """A case that was written, as the test remembers it."""

    id: UUID
    number: str
    item: str
    stage: str
    subject: str
    applicant: str
    name: str
    tasks: tuple[PlantedTask, ...]


async def plant_cases(window: Window, count: int, *, seed: int) -> Sequence[Planted]:
    """Random cases whose forms open, and what they are."""
    random = Random(seed)
    planted = [_case(random, number) for number in range(count)]
    form = jz201_form()
    cases, tasks = [], []
    for case in planted:
        sealed = window.desk.seal_form(case.id, form)  # type: ignore[arg-type]
        cases.append(
            {
                "id": str(case.id),
                "number": case.number,
                "item": case.item,
                "stage": case.stage,
                "subject": INDEX.of(case.subject),
                "applicant": INDEX.of(case.applicant),
                "name": INDEX.of_name(case.name),
                "form": sealed.decode(),
                "submitted_at": NOON.isoformat(),
            }
        )
        tasks += [_task_row(case, at, task) for at, task in enumerate(case.tasks)]
    await _write(window, _CASE, {"cases": orjson.dumps(cases).decode()})
    await _write(window, _TASK, {"tasks": orjson.dumps(tasks).decode()})
    return planted


async def plant_many(window: Window, count: int) -> None:
    """Very many cases that nobody opens, for looking at plans."""
    for statement in _MANY.split(";\n"):
        if statement.strip():
            await _write(window, text(statement.replace(":count", str(count))), {})


async def _write(window: Window, statement: Any, values: dict[str, object]) -> None:
    async with window.database.engine.begin() as connection:
        await connection.execute(statement, values)


def _case(random: Random, number: int) -> Planted:
    stage = random.choice(STAGES)
    is_over = stage in ("concluded", "withdrawn")
    return Planted(
        id=new_id(),
        number=f"33010620261122W{number:08d}",
        item=random.choice(ITEMS),
        stage=stage,
        # One open application a person and item; those that are over may be about one person.
        subject=f"P{number % 20:07d}" if is_over else f"S{number:07d}",
        applicant=f"Q{number % 30:07d}",
        name=random.choice(("陈示例", "林示例", "王示例")),
        tasks=tuple(_task(random) for _ in range(random.randint(1, 4))),
    )


def _task(random: Random) -> PlantedTask:
    state = random.choice(("waiting", "open", "claimed", "closed", "cancelled"))
    office = random.choice((*OFFICES, None))
    return PlantedTask(
        office=office,
        state=state,
        opened=state in ("open", "claimed", "closed") or random.random() < 0.5 < len(state) - 7,
        due_at=NOON + timedelta(hours=random.randint(-96, 240)),
    )


def _task_row(case: Planted, at: int, task: PlantedTask) -> dict[str, object]:
    return {
        "case": str(case.id),
        "key": f"t{at}",
        "kind": "officer" if task.office else "service",
        "office": str(office_id(task.office)) if task.office else None,
        "state": task.state,
        "opened_at": NOON.isoformat() if task.opened else None,
        "due_at": task.due_at.isoformat() if task.opened else None,
        "closed_at": NOON.isoformat() if task.state == "closed" else None,
    }
