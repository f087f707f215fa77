"""The invariants of a case, one function each, with the words of the page they come from.

Each looks at the database's rows and, where it must know what should be there, at the model.
They raise `AssertionError`; what a check cannot see from one case stands in its docstring.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import asyncpg

from services.intake.rules.stage import WORKFLOW
from shared.journal import JournalEntry, chained_hash
from tests.support.almanac import BEIJING, ends
from tests.support.case_acts import actor_of
from tests.support.case_course import ACCEPTANCE, AT_WORK, FINAL, UNDONE
from tests.support.case_joins import asked_of, planned, tally
from tests.support.case_model import CaseModel
from tests.support.case_snapshot import Snapshot

END_OF_CASE = {
    "application-concluded": "concluded",
    "application-withdrawn": "withdrawn",
    "application-not-accepted": "not-accepted",
    "application-lapsed": "withdrawn",
}
EDGES = {(str(a), str(b)) for a, acts in WORKFLOW.items() for b in acts.values()}
"""Every step of the published workflow; the table itself is a snapshot in its own test."""


def i_02_one_final_state(rows: Snapshot, earlier_stages: Sequence[str]) -> None:
    """I-02: every accepted application has one final state, and no transition leaves it."""
    ends_told = [END_OF_CASE[fact] for (fact, *_), n in rows.events.items()
                 for _ in range(n) if fact in END_OF_CASE]  # fmt: skip
    stage = rows.application["stage"]
    assert ends_told == ([stage] if stage in FINAL else [])
    for before, after in pairwise([*earlier_stages, stage]):
        assert before not in FINAL or after == before


def i_03_state_is_the_fold_of_its_transitions(rows: Snapshot, earlier: Sequence[str]) -> None:
    """I-03: stored state = fold of its transitions; each is an edge of the frozen definition."""
    task_states, outcomes = {}, {}
    for row in rows.outbox:
        fact, data = row["type"].split(".")[2], row["payload"]
        if fact.startswith("task-"):
            what = fact.removeprefix("task-")
            task_states[f"{data['matter']}.{data['task']}"] = (what, data["round"])
        elif fact == "matter-decided":
            outcomes[data["matter"]] = data["outcome"]
    for task in rows.tasks:
        told, round_told = task_states.get(task["ref"], ("waiting", 1))
        reopened = task["state"] == "waiting" and task["round"] > round_told
        never_told = task["state"] == "cancelled" and task["opened_at"] is None
        state = "open" if task["state"] == "claimed" else task["state"]
        same = {"opened": "open"}.get(told, told) == state
        assert same or reopened or never_told, (task["ref"], told, state)
    assert outcomes == {m["key"]: m["outcome"] for m in rows.matters if m["outcome"] is not None}
    walked = [*earlier, rows.application["stage"]]
    for before, after in pairwise(walked):
        assert before == after or _leads_to(before, after), (before, after)


def i_04_no_decision_lost(rows: Snapshot, model: CaseModel) -> None:
    """I-04: each acknowledged decision appears in decision, transition, outbox and audit."""
    given = {(v["ref"], v["round"]): (v["verdict"], v["given_by"]) for v in rows.verdicts}
    wanted = {at: (verdict, actor_of(by).subject) for at, (verdict, by) in model.verdicts.items()}
    assert given == wanted
    told = Counter((e[1], int(e[2])) for e in rows.events.elements() if e[0] == "task-closed")
    noted = Counter(
        (row["target"].removeprefix("task:"), row["facts"]["round"])
        for row in rows.journal
        if row["act"] == "answer"
    )
    assert told == noted == Counter(dict.fromkeys(wanted, 1))
    for task in rows.tasks:
        if task["state"] == "closed":
            assert given[task["ref"], task["round"]][0] == task["verdict"]


def i_05_no_decision_applied_twice(rows: Snapshot) -> None:
    """I-05: at most one effective decision per (application, stage, round, department)."""
    once = Counter((v["task_id"], v["round"]) for v in rows.verdicts)
    decided = Counter(e[1] for e in rows.events.elements() if e[0] == "matter-decided")
    assert set(once.values()) <= {1}
    assert set(decided.values()) <= {1}
    rounds = {t["id"]: t["round"] for t in rows.tasks}
    assert all(v["round"] <= rounds[v["task_id"]] for v in rows.verdicts)


def i_06_fan_out_is_the_plan(rows: Snapshot, model: CaseModel) -> None:
    """I-06: the task set is the department set of the frozen definition, each exactly once."""
    wanted = {task.ref for task in planned(model.item, model.flags)}
    if model.item.is_accepted_by_officer:
        wanted.add(ACCEPTANCE)
    assert Counter(task["ref"] for task in rows.tasks) == Counter(dict.fromkeys(wanted, 1))
    opened = Counter(e[1:3] for e in rows.events.elements() if e[0] == "task-opened")
    assert set(opened.values()) <= {1}
    for row in rows.outbox:
        if row["type"].endswith("task-opened.v1"):
            data = row["payload"]
            task = rows.task(f"{data['matter']}.{data['task']}")
            assert data["taskId"] == str(task["id"])
    asked = Counter(
        (t["id"], t["round"]) for t in rows.tasks for j in rows.jobs if f"{t['id']}:" in j["key"]
    )
    told = [t for t in rows.tasks if t["handler_kind"] == "partner" and t["opened_at"] is not None]
    assert len(asked) == len(told)


def i_07_joins_follow_their_rule(rows: Snapshot, model: CaseModel) -> None:
    """I-07: the next stage opens iff the join rule is satisfied by recorded decisions, once.

    Of a decided matter the recorded answers must give its outcome whatever the cancelled ones
    would have said; an open one must wait for somebody whose answer matters.
    """
    for matter in rows.matters:
        spec = next(each for each in model.item.matters if each.key == matter["key"])
        spec = asked_of(spec, planned(model.item, model.flags))
        votes = _recorded_votes(rows, matter["key"])
        if matter["outcome"] is not None:
            unanswered = [k for k, t in _own(rows, matter["key"]).items() if _was_dropped(t)]
            for vote in ("for", "against", "absent"):
                assert tally(spec, votes | dict.fromkeys(unanswered, vote)) == matter["outcome"]
        elif rows.application["stage"] not in FINAL:
            assert "pending" in votes.values()
    for task in rows.tasks:
        if task["state"] in AT_WORK:
            assert all(_is_met(rows, need) for need in task["needs"]), task["ref"]


def i_08_nothing_open_on_what_is_over(rows: Snapshot) -> None:
    """I-08: withdrawal closes all open tasks; no open task on a final application."""
    over = {m["key"] for m in rows.matters if m["outcome"] is not None}
    is_final = rows.application["stage"] in FINAL
    for task in rows.tasks:
        if is_final or task["matter_key"] in over:
            assert task["state"] not in AT_WORK
        if is_final:
            assert task["state"] not in UNDONE
    ended = Counter(
        e[1:3] for e in rows.events.elements() if e[0] in ("task-closed", "task-cancelled")
    )
    assert set(ended.values()) <= {1}
    for fact, *rest in rows.events:
        if fact == "task-opened":
            task = rows.task(rest[0])
            still = task["state"] in AT_WORK and str(task["round"]) == rest[1]
            assert still != bool(ended[tuple(rest)]), rest


def i_21_due_dates_follow_the_law(rows: Snapshot, model: CaseModel) -> None:
    """I-21: elapsed = working time in [accept+1d, stop) - paused; due date by the oracle.

    While the clock stands still a due date is not one, so it is looked at once it runs again.
    """
    if model.is_paused:
        return
    stopped = model.stopped_days()
    for task in rows.tasks:
        if task["state"] in AT_WORK:
            length, unit = model.tasks[task["ref"]].limit
            out = stopped if unit == "working_day" and task["ref"] != ACCEPTANCE else ()
            wanted = ends(task["opened_at"], length, unit, stopped=out)
            assert task["due_at"] == wanted.too_late_from, task["ref"]
            assert task["due_provisional"] == (not wanted.is_certain)
    if rows.application["accepted_at"] is not None:
        [start] = [line for line in rows.ledger if line["kind"] == "start"]
        assert start["at"] == rows.application["accepted_at"] == model.accepted_at
        assert len([line for line in rows.ledger if line["kind"] == "stop"]) == model.stopped


def i_22_every_card_once_and_never_early(rows: Snapshot, model: CaseModel) -> None:
    """I-22: every threshold fires exactly once, never early."""
    once = Counter((c["clock"], c["round"], c["level"]) for c in rows.cards)
    assert set(once.values()) <= {1}
    told = Counter(
        (r["payload"]["clock"], r["payload"]["round"], r["payload"]["level"])
        for r in rows.outbox
        if r["type"].endswith("card-raised.v1")
    )
    noted = Counter(
        (r["facts"]["clock"], r["facts"]["round"], r["facts"]["level"])
        for r in rows.journal
        if r["act"] == "raise-card"
    )
    assert once == told == noted
    for card in rows.cards:
        assert card["since"] <= card["raised_at"] <= model.now
        if card["level"] == "red":
            assert card["since"] == card["due_at"]
            assert _due_when(rows, model, card) <= card["raised_at"]


def i_22_no_card_is_forgotten(rows: Snapshot, model: CaseModel) -> None:
    """I-22: late by no more than the next look: once the clocks were looked at, none is missing.

    To be asked right after a look; a clock that stands still is overdue later, not now.
    """
    red = {(c["clock"], c["round"]) for c in rows.cards if c["level"] == "red"}
    for task in rows.tasks:
        opened_long = task["opened_at"] and model.now - task["opened_at"] >= timedelta(seconds=30)
        if task["state"] in AT_WORK and opened_long and not model.is_paused:
            overdue = task["due_at"] <= model.now
            assert overdue == ((task["ref"], task["round"]) in red), task["ref"]
    stage, accepted = rows.application["stage"], rows.application["accepted_at"]
    if stage == "in-review" and not model.is_paused and accepted < model.now:
        due = ends(accepted, 20, "working_day", stopped=model.stopped_days()).too_late_from
        assert (due <= model.now) == (("statutory", 1) in red)


def i_23_instants_do_not_know_the_zone(rows: Snapshot) -> None:
    """I-23: the result is the same whatever zone the process believes it is in.

    The whole machine runs in a drawn zone; here: days end at midnight in Beijing, as instants.
    """
    for task in rows.tasks:
        if task["state"] in AT_WORK and task["limit_unit"] != "hour":
            end = task["due_at"].astimezone(BEIJING)
            assert (end.hour, end.minute, end.second, end.microsecond) == (0, 0, 0, 0)
            assert task["due_at"] == end.astimezone(UTC)


def i_24_each_change_and_each_look_has_one_line(rows: Snapshot, model: CaseModel) -> None:
    """I-24: each state change and each read of unmasked personal data has exactly one audit row.

    The chain is whole too: numbers without a gap, each line bound to the one before.
    """
    assert rows.lines == model.journal
    before = b""
    for number, row in enumerate(rows.journal, start=1):
        entry = JournalEntry(
            stream=row["stream"],
            actor=row["actor"],
            act=row["act"],
            target=row["target"],
            reason=row["reason"],
            facts=row["facts"],
        )
        assert (row["seq"], row["prev"]) == (number, before)
        before = row["hash"]
        assert before == chained_hash(entry, seq=number, at=row["at"], prev=row["prev"])


async def i_25_the_journal_only_grows(app: asyncpg.Connection) -> None:
    """I-25: audit rows are append-only for the application role: everything else is 42501."""
    for statement in (
        "UPDATE journal SET reason = ''",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "ALTER TABLE journal ADD COLUMN more text",
    ):
        try:
            await app.execute(statement)
        except asyncpg.InsufficientPrivilegeError as refusal:
            assert refusal.sqlstate == "42501"  # noqa: PT017 - the loop names the statement
        else:
            raise AssertionError(statement)


def i_33_nothing_is_lost_on_the_way(rows: Snapshot, model: CaseModel) -> None:
    """I-33: per service, sent = applied + pending + dead: everything told is there to be sent."""
    assert rows.events == model.events
    assert all(row["published_at"] is None for row in rows.outbox)
    assert len({row["id"] for row in rows.outbox}) == len(rows.outbox)


def i_36_nothing_is_stuck(rows: Snapshot) -> None:
    """I-36: every non-final application has an open task, a pending timer or somebody to wait for.

    Somebody to wait for: an applicant who was told what to correct, or the service that makes a
    granted matter real.
    """
    if rows.application["stage"] in FINAL:
        return
    at_work = any(task["state"] in AT_WORK for task in rows.tasks)
    told = any(n["issued_at"] and not n["answered_at"] for n in rows.notices)
    to_do = any(m["status"] in ("decided", "failed") for m in rows.matters)
    assert at_work or told or to_do


def stored_state_is_the_models(rows: Snapshot, model: CaseModel) -> None:
    """Everything else the model says: stages, outcomes, statuses, rounds, reasons, notices."""
    case = rows.application
    assert (case["stage"], case["outcome"]) == (model.stage, model.outcome)
    assert {m["key"]: (m["status"], m["outcome"]) for m in rows.matters} == {
        key: (matter.status, matter.outcome) for key, matter in model.matters.items()
    }
    assert {t["ref"]: _task_row(t) for t in rows.tasks} == {
        ref: (
            task.state,
            task.round,
            task.reason if task.state == "cancelled" else None,
            actor_of(task.holder).subject if task.state == "claimed" and task.holder else None,
        )
        for ref, task in model.tasks.items()
    }
    assert [(n["round"], n["phase"], n["issued_at"] is not None, n["answered_at"] is not None)
            for n in rows.notices] == [
        (n.round, n.phase, n.is_told, n.brought is not None) for n in model.notices
    ]  # fmt: skip


def check_all(rows: Snapshot, model: CaseModel, earlier_stages: Sequence[str]) -> None:
    """Every invariant that one case can show."""
    stored_state_is_the_models(rows, model)
    i_02_one_final_state(rows, earlier_stages)
    i_03_state_is_the_fold_of_its_transitions(rows, earlier_stages)
    i_04_no_decision_lost(rows, model)
    i_05_no_decision_applied_twice(rows)
    i_06_fan_out_is_the_plan(rows, model)
    i_07_joins_follow_their_rule(rows, model)
    i_08_nothing_open_on_what_is_over(rows)
    i_21_due_dates_follow_the_law(rows, model)
    i_22_every_card_once_and_never_early(rows, model)
    i_23_instants_do_not_know_the_zone(rows)
    i_24_each_change_and_each_look_has_one_line(rows, model)
    i_33_nothing_is_lost_on_the_way(rows, model)
    i_36_nothing_is_stuck(rows)


def _task_row(task: Mapping[str, Any]) -> tuple[Any, ...]:
    is_claimed = task["state"] == "claimed"
    reason = task["cancel_reason"] if task["state"] == "cancelled" else None
    return task["state"], task["round"], reason, task["claimed_by"] if is_claimed else None


def _leads_to(before: str, after: str) -> bool:
    """Whether some path of the workflow goes there: one act may take several steps at once."""
    reached, grown = {before}, True
    while grown:
        further = {b for a, b in EDGES if a in reached} - reached
        grown, reached = bool(further), reached | further
    return after in reached


def _own(rows: Snapshot, matter: str) -> dict[str, Mapping[str, Any]]:
    return {task["key"]: task for task in rows.tasks if task["matter_key"] == matter}


def _was_dropped(task: Mapping[str, Any]) -> bool:
    return task["state"] == "cancelled" and task["cancel_reason"] == "matter-decided"


def _recorded_votes(rows: Snapshot, matter: str) -> dict[str, str]:
    own = _own(rows, matter)

    def says(task: Mapping[str, Any]) -> str:
        if task["state"] == "closed":
            words = {"approve": "for", "conditional": "for", "refuse": "against"}
            words |= {"not-applicable": "absent", "needs-correction": "pending"}
            return words[task["verdict"]]
        if task["state"] != "cancelled":
            return "pending"
        if task["cancel_reason"] != "need-not-approved":
            return "absent"
        inside = [
            own[need.split(".")[1].removesuffix(":approved")]
            for need in task["needs"]
            if need.endswith(":approved") and need.split(".")[0] == matter
        ]
        return "against" if any(says(each) == "against" for each in inside) else "fallen"

    return {key: says(task) for key, task in own.items()}


def _is_met(rows: Snapshot, need: str) -> bool:
    ref, _, kind = need.partition(":")
    task = rows.task(ref)
    if kind:
        return task["state"] == "closed" and task["verdict"] in ("approve", "conditional")
    answered = task["state"] == "closed" and task["verdict"] != "needs-correction"
    return answered or task["state"] == "cancelled"


def _due_when(rows: Snapshot, model: CaseModel, card: Mapping[str, Any]) -> datetime:
    """The earliest instant at which a clock can have run out; later pauses only move it on."""
    if card["clock"] == "statutory":
        start, (length, unit) = rows.application["accepted_at"], (20, "working_day")
    else:
        task = rows.task(card["clock"])
        if task["round"] != card["round"]:
            return datetime.min.replace(tzinfo=UTC)
        start, (length, unit) = task["opened_at"], model.tasks[card["clock"]].limit
    return ends(start, length, unit).too_late_from
