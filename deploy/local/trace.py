"""One application's way through all services, from the spans they wrote, as a tree.

A case is not one trace: whoever answers at a desk begins a trace of their own, and a
batch on its way to Kafka belongs to several. So a case is every trace that has a span
marked with it, and the traces linked to those.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import typer
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from shared.telemetry import APPLICATION_ID, APPLICATION_NUMBER

NANOSECONDS_PER_MS = 1_000_000
HANDOVERS = frozenset({"PRODUCER", "CONSUMER"})
"""Kinds of spans by which something goes on to somebody else."""
KIND_NAMES = {
    "SERVER": "收到请求",
    "CLIENT": "发出请求",
    "PRODUCER": "发布",
    "CONSUMER": "接手",
    "INTERNAL": "办理",
}

ReadSpans = Callable[[], Iterable["Span"]]


@dataclass(frozen=True, slots=True)
class SpanRef:
    """Names a span: its trace and its own id."""

    trace: str
    span: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One step of one service, as it wrote it down; times in nanoseconds since the epoch."""

    ref: SpanRef
    parent: str | None
    links: tuple[SpanRef, ...]
    service: str
    name: str
    kind: str
    start: int
    end: int
    failed: bool
    attributes: Mapping[str, Any]

    @property
    def is_statement(self) -> bool:
        """Whether it is a statement to a database."""
        return "db.system" in self.attributes or "db.system.name" in self.attributes

    @property
    def statements(self) -> int:
        """How many statements it stands for; a span of ours covers a whole transaction."""
        return int(self.attributes.get("ow.db.statements", 1)) if self.is_statement else 0


@dataclass(slots=True, kw_only=True)
class Node:
    """A span with what happened below it; database statements are only counted."""

    span: Span
    children: list["Node"] = field(default_factory=list)
    statements: int = 0
    statement_ns: int = 0
    repeats: int = 1
    """How many times the same happened; the first is shown."""
    waited_ns: int | None = None
    """How long the caller waited, when the call itself is not shown."""

    def all(self) -> Iterator["Node"]:
        """This node and all below it, in the order they are drawn."""
        yield self
        for child in self.children:
            yield from child.all()

    @property
    def end(self) -> int:
        """When the last step below it ended."""
        return max(node.span.end for node in self.all())

    @property
    def shape(self) -> tuple[object, ...]:
        """What is the same in two trees in which the same happened."""
        below = tuple(child.shape for child in self.children)
        return (self.span.service, self.span.name, self.span.failed, below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What stands under the tree."""

    traces: int
    spans: int
    statements: int
    services: tuple[str, ...]
    wall_ns: int


def show(home: Path, reference: str) -> None:
    """Print the tree of an application, named by its number or its id.

    Raises:
        typer.Exit: With status 1, if no service has written anything about it.
    """
    if not print_trace(home / "traces", reference, console=Console()):
        raise typer.Exit(1)


def print_trace(folder: Path, reference: str, *, console: Console) -> bool:
    """Print the tree of an application; False if the spans know nothing of it."""

    def read() -> Iterator[Span]:
        return read_spans(folder)

    application_id = find_application(read, reference)
    spans = spans_of_case(read, application_id) if application_id else []
    if not spans:
        console.print(f"链路记录中没有申请 {reference}。", markup=False)
        console.print(f"请核对编号；链路记录在 {folder}", style="dim", markup=False)
        return False
    console.print(f"申请 {reference} · {application_id}", style="bold", markup=False)
    for tree in draw(spans):
        console.print(tree)
    console.print(footer(totals_of(spans)), markup=False)
    return True


def read_spans(folder: Path) -> Iterator[Span]:
    """All spans that services wrote into a folder; a line that is still being written is left."""
    for file in sorted(folder.glob("*.jsonl")):
        with file.open("rb") as lines:
            for line in lines:
                try:
                    yield span_of(orjson.loads(line))
                except orjson.JSONDecodeError:
                    continue


def span_of(record: Mapping[str, Any]) -> Span:
    """Read a span as `shared.telemetry.span_record` writes it."""
    return Span(
        ref=SpanRef(record["trace"], record["span"]),
        parent=record["parent"],
        links=tuple(SpanRef(link["trace"], link["span"]) for link in record["links"]),
        service=record["service"],
        name=record["name"],
        kind=record["kind"],
        start=record["start"],
        end=record["end"] or record["start"],
        failed=record["error"],
        attributes=record["attributes"],
    )


def find_application(read: ReadSpans, reference: str) -> str | None:
    """The id of an application, from its id or its public number."""
    try:
        return str(UUID(reference))
    except ValueError:
        pass
    for span in read():
        if span.attributes.get(APPLICATION_NUMBER) == reference:
            found = span.attributes.get(APPLICATION_ID)
            return str(found) if found else None
    return None


def spans_of_case(read: ReadSpans, application_id: str) -> list[Span]:
    """Every span of every trace that is about a case, or is linked to one that is.

    Links are followed one step only: a batch carries other cases too, and through them
    everything would hang together.

    Args:
        read: Reads the spans from the beginning, each time it is called.
    """
    about = {
        span.ref.trace for span in read() if span.attributes.get(APPLICATION_ID) == application_id
    }
    linked = set()
    for span in read():
        others = {link.trace for link in span.links}
        if span.ref.trace in about:
            linked |= others
        elif others & about:
            linked.add(span.ref.trace)
    wanted = about | linked
    return [span for span in read() if span.ref.trace in wanted]


def forest(spans: Iterable[Span]) -> list[Node]:
    """Spans as trees, in the order they began.

    A span whose parent is not among them begins a tree of its own. Statements to a
    database are counted at their parent.
    """
    spans = list(spans)
    nodes = {span.ref: Node(span=span) for span in spans if not span.is_statement}
    roots: list[Node] = []
    for span in sorted(spans, key=lambda each: each.start):
        parent = nodes.get(SpanRef(span.ref.trace, span.parent)) if span.parent else None
        if not span.is_statement:
            (parent.children if parent else roots).append(nodes[span.ref])
        elif parent:
            parent.statements += span.statements
            parent.statement_ns += span.end - span.start
    return roots


def folded(roots: Sequence[Node]) -> list[Node]:
    """Trees in which the same was only read several times, shown once with their number."""
    first: dict[tuple[object, ...], Node] = {}
    shown = []
    for root in roots:
        if any(node.span.kind in HANDOVERS for node in root.all()):
            shown.append(root)
        elif (same := first.get(root.shape)) is not None:
            same.repeats += 1
        else:
            first[root.shape] = root
            shown.append(root)
    return shown


def compact(node: Node) -> Node:
    """The same tree with fewer lines, and no hop less.

    A call and the request it became are one line, with the time the caller waited. Steps
    beside each other that led to nothing further are shown once with their number.
    """
    children = [_called(compact(child)) for child in node.children]
    first: dict[tuple[object, ...], Node] = {}
    shown = []
    for child in children:
        same = None if child.children else first.setdefault(child.shape, child)
        if same is None or same is child:
            shown.append(child)
        else:
            same.repeats += 1
    return replace(node, children=shown)


def _called(node: Node) -> Node:
    """A call that one request answered becomes that request."""
    if node.span.kind != "CLIENT" or node.span.failed or len(node.children) != 1:
        return node
    (request,) = node.children
    if request.span.kind != "SERVER":
        return node
    return replace(request, waited_ns=node.span.end - node.span.start)


def draw(spans: Sequence[Span]) -> list[Tree]:
    """The trees of a case, one for each beginning, ready to print."""
    began = min(span.start for span in spans)
    names = {span.ref: f"{span.service} {span.name}" for span in spans}
    roots = [compact(root) for root in folded(forest(spans))]
    return [_branch(root, began=began, names=names) for root in roots]


def totals_of(spans: Sequence[Span]) -> Totals:
    """Counts over all spans of a case."""
    return Totals(
        traces=len({span.ref.trace for span in spans}),
        spans=len(spans),
        statements=sum(span.statements for span in spans),
        services=tuple(sorted({span.service for span in spans})),
        wall_ns=max(span.end for span in spans) - min(span.start for span in spans),
    )


def footer(totals: Totals) -> str:
    """The line under the trees."""
    return (
        f"共 {totals.traces} 条链路 · {len(totals.services)} 个程序"
        f"（{'、'.join(totals.services)}）· {totals.spans} 个跨度，其中数据库语句"
        f" {totals.statements} 条 · 首尾 {totals.wall_ns / 1e9:.2f} s"
    )


def _branch(node: Node, *, began: int, names: Mapping[SpanRef, str]) -> Tree:
    tree = Tree(_label(node, began=began, names=names))
    for child in node.children:
        tree.children.append(_branch(child, began=began, names=names))
    return tree


def _label(node: Node, *, began: int, names: Mapping[SpanRef, str]) -> Text:
    span = node.span
    label = Text.assemble(
        (f"+{_ms(span.start - began)} ", "dim"),
        (span.service, f"bold {_colour(span.service)}"),
        f" {span.name}{_detail(node)} ",
        (KIND_NAMES.get(span.kind, span.kind), "dim"),
        (f" {_ms(span.end - span.start)}", "cyan"),
    )
    if node.waited_ns is not None:
        label.append(f"（调用方等候 {_ms(node.waited_ns)}）", "dim")
    if node.statements:
        label.append(f" · 数据库 {node.statements} 次 {_ms(node.statement_ns)}", "dim")
    if node.repeats > 1:
        label.append(f" · 同样 {node.repeats} 次", "yellow")
    if span.failed:
        label.append(f" · 失败 {span.attributes.get('error.type', '')}".rstrip(), "bold red")
    for link, times in _links(span, names).items():
        label.append(f" ⇠ {link}" + (f" × {times}" if times > 1 else ""), "magenta")
    if span.parent is None:
        label.append(f" · {span.ref.trace[:8]}", "dim")
    return label


def _detail(node: Node) -> str:
    """Which event or operation it was; left out where several are shown as one."""
    attributes = node.span.attributes
    event = str(attributes.get("ow.event.type", "")).removeprefix("civil.")
    known = event or attributes.get("graphql.operation.name")
    return f" [{known}]" if known and node.repeats == 1 else ""


def _links(span: Span, names: Mapping[SpanRef, str]) -> Counter[str]:
    """What other traces a step belongs to; those of other cases have no name here."""
    others = [link for link in span.links if link.trace != span.ref.trace]
    return Counter(
        f"{link.trace[:8]} {names[link]}" if link in names else "别的申请" for link in others
    )


def _ms(nanoseconds: int) -> str:
    return f"{nanoseconds / NANOSECONDS_PER_MS:,.1f} ms"


_COLOURS = ("green", "blue", "magenta", "yellow", "cyan", "bright_red", "bright_blue")


def _colour(service: str) -> str:
    """The same service has the same colour in every tree."""
    return _COLOURS[sum(service.encode()) % len(_COLOURS)]
