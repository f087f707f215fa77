"""Does the trace of a case show all of it, and nothing of another?"""

import io
import json
from pathlib import Path

import pytest
import typer
from rich.console import Console

from deploy.local.trace import (
    Span,
    SpanRef,
    compact,
    find_application,
    folded,
    footer,
    forest,
    print_trace,
    show,
    span_of,
    spans_of_case,
    totals_of,
)

CASE = "0190a0b0-0000-7000-8000-000000000001"
OTHER = "0190a0b0-0000-7000-8000-000000000002"
NUMBER = "330106202611230000017"
MS = 1_000_000


def record(span: str, *, trace: str = "t1", parent: str | None = None, **more: object) -> dict:
    """A line as a service writes it; begins at 10 ms and takes 5 ms."""
    return {
        "trace": trace,
        "span": span,
        "parent": parent,
        "links": [],
        "service": "intake",
        "name": span,
        "kind": "INTERNAL",
        "start": 10 * MS,
        "end": 15 * MS,
        "error": False,
        "attributes": {},
    } | more


def about(application_id: str, **more: object) -> dict:
    return {"attributes": {"ow.application.id": application_id} | more}


def link(trace: str, span: str) -> dict:
    return {"links": [{"trace": trace, "span": span}]}


def spans(*records: dict) -> list[Span]:
    return [span_of(each) for each in records]


def names_of_case(*records: dict) -> set[str]:
    return {span.name for span in spans_of_case(lambda: spans(*records), CASE)}


def printed(folder: Path, *records: dict, reference: str = CASE) -> str:
    (folder / "intake.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))
    screen = io.StringIO()
    print_trace(folder, reference, console=Console(file=screen, width=200))
    return screen.getvalue()


def test_a_trace_with_one_marked_span_is_shown_whole():
    assert names_of_case(record("a"), record("b", parent="a", **about(CASE))) == {"a", "b"}


def test_another_case_is_not_shown():
    assert names_of_case(record("a", **about(CASE)), record("b", trace="t2", **about(OTHER))) == {
        "a"
    }


def test_a_batch_that_links_to_the_case_is_shown():
    relay = record("send", trace="t2", **link("t1", "a"))

    assert names_of_case(record("a", **about(CASE)), relay) == {"a", "send"}


def test_links_do_not_lead_through_a_batch_to_another_case():
    both = {"links": [{"trace": "t1", "span": "a"}, {"trace": "t3", "span": "x"}]}
    shown = names_of_case(
        record("a", **about(CASE)),
        record("send", trace="t2", **both),
        record("x", trace="t3", **about(OTHER)),
    )

    assert shown == {"a", "send"}


def test_an_application_is_found_by_its_number():
    marked = record("submit", **about(CASE, **{"ow.application.number": NUMBER}))

    assert find_application(lambda: spans(marked), NUMBER) == CASE


def test_an_application_is_found_by_its_id_without_looking():
    assert find_application(list, CASE.upper()) == CASE


def test_a_number_nobody_wrote_is_not_found():
    assert find_application(lambda: spans(record("a")), NUMBER) is None


def test_children_stand_below_their_parent_in_the_order_they_began():
    roots = forest(
        spans(
            record("root", start=0),
            record("late", parent="root", start=20 * MS),
            record("early", parent="root", start=5 * MS),
        )
    )

    assert [root.span.name for root in roots] == ["root"]
    assert [child.span.name for child in roots[0].children] == ["early", "late"]


def test_a_parent_of_another_trace_with_the_same_id_is_no_parent():
    roots = forest(spans(record("a"), record("b", trace="t2", parent="a")))

    assert {root.span.name for root in roots} == {"a", "b"}


def test_a_span_whose_parent_was_not_written_begins_a_tree():
    roots = forest(spans(record("b", parent="missing")))

    assert [root.span.name for root in roots] == ["b"]


def test_statements_are_counted_at_their_parent():
    statement = {"attributes": {"db.system": "postgresql"}}
    (root,) = forest(
        spans(
            record("a"),
            record("s1", parent="a", **statement),
            record("s2", parent="a", **statement),
        )
    )

    assert (root.statements, root.statement_ns, root.children) == (2, 10 * MS, [])


def test_the_same_reading_again_is_shown_once_with_its_number():
    polls = [record("poll", trace=f"t{n}", start=n * MS) for n in range(4)]
    (root,) = folded(forest(spans(*polls)))

    assert root.repeats == 4


def test_what_goes_on_to_somebody_else_is_never_folded():
    verdicts = [record("verdict", trace=f"t{n}", kind="CONSUMER") for n in range(3)]

    assert len(folded(forest(spans(*verdicts)))) == 3


def test_totals_count_traces_services_spans_and_the_time_from_first_to_last():
    totals = totals_of(
        spans(
            record("a", start=0, end=10 * MS),
            record("b", trace="t2", service="relief", start=50 * MS, end=90 * MS),
        )
    )

    assert (totals.traces, totals.spans, totals.services) == (2, 2, ("intake", "relief"))
    assert totals.wall_ns == 90 * MS
    assert "2 条链路" in footer(totals)


def test_the_printed_tree_names_services_offsets_statements_and_links(tmp_path: Path):
    shown = printed(
        tmp_path,
        record("POST /v1/applications", kind="SERVER", start=0, end=30 * MS, **about(CASE)),
        record("INSERT", parent="POST /v1/applications", attributes={"db.system": "postgresql"}),
        record("send intake outbox", trace="t2", **link("t1", "POST /v1/applications")),
    )

    assert "intake POST /v1/applications 收到请求 30.0 ms" in shown
    assert "数据库 1 次 5.0 ms" in shown
    assert "+10.0 ms intake send intake outbox" in shown
    assert "⇠ t1 intake POST /v1/applications" in shown


def test_a_call_and_the_request_it_became_are_one_step():
    (root,) = forest(
        spans(
            record("POST", kind="CLIENT", start=0, end=30 * MS, parent="root"),
            record("root", start=0),
            record("POST /v1/files", kind="SERVER", parent="POST", start=10 * MS),
        )
    )

    (request,) = compact(root).children
    assert (request.span.name, request.waited_ns) == ("POST /v1/files", 30 * MS)


def test_a_call_that_failed_is_not_hidden_behind_its_request():
    (root,) = forest(
        spans(
            record("root", start=0),
            record("POST", kind="CLIENT", parent="root", error=True),
            record("POST /v1/files", kind="SERVER", parent="POST"),
        )
    )

    assert [child.span.name for child in compact(root).children] == ["POST"]


def test_steps_that_led_to_nothing_are_counted_and_those_that_led_on_are_not():
    heard = {"name": "process", "kind": "CONSUMER", "parent": "root"}
    (root,) = forest(
        spans(
            record("root", start=0),
            record("a", **heard),
            record("b", **heard),
            record("c", **heard),
            record("job", parent="c"),
        )
    )

    assert [child.repeats for child in compact(root).children] == [2, 1]


def test_the_other_cases_of_a_batch_are_not_named(tmp_path: Path):
    both = {"links": [{"trace": "t1", "span": "a"}, {"trace": "t9", "span": "x"}]}

    shown = printed(tmp_path, record("a", **about(CASE)), record("send", trace="t2", **both))

    assert "⇠ t1 intake a ⇠ 别的申请" in shown


def test_a_failed_step_says_with_what(tmp_path: Path):
    failed = record(
        "job", error=True, attributes={"ow.application.id": CASE, "error.type": "UNAVAILABLE"}
    )

    assert "失败 UNAVAILABLE" in printed(tmp_path, failed)


def test_a_line_that_is_still_being_written_is_left_out(tmp_path: Path):
    (tmp_path / "relief.jsonl").write_text('{"trace": "t9", "sp')

    assert "1 条链路" in printed(tmp_path, record("a", **about(CASE)))


def test_an_application_nobody_knows_is_said_to_be_unknown(tmp_path: Path):
    assert "没有申请" in printed(tmp_path, record("a"), reference=NUMBER)
    with pytest.raises(typer.Exit):
        show(tmp_path, NUMBER)


def test_a_span_is_named_by_trace_and_id():
    assert span_of(record("a")).ref == SpanRef("t1", "a")
