"""A concluded case as people read it: who was asked when, who answered when, what came of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from deploy.local.journey.people import Case

BAR_WIDTH = 28
VERDICTS: Mapping[str, str] = {
    "APPROVE": "同意",
    "REFUSE": "不同意",
    "CONDITIONAL": "附条件同意",
    "NEEDS_CORRECTION": "需补正",
    "NOT_APPLICABLE": "不适用",
}
OUTCOMES: Mapping[str, str] = {
    "GRANTED": "准予",
    "PARTLY_GRANTED": "部分准予",
    "REFUSED": "不予",
    "NOT_APPLICABLE": "不适用",
}
STAGES: Mapping[str, str] = {
    "SUBMITTED": "已提交",
    "CORRECTING": "待补正",
    "ACCEPTED": "已受理",
    "IN_REVIEW": "并联办理中",
    "DECIDED": "已决定，正在办成",
    "CONCLUDED": "已办结",
    "WITHDRAWN": "已撤回",
    "NOT_ACCEPTED": "不予受理",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One department's part in a case."""

    who: str
    what: str
    asked_at: datetime
    answered_at: datetime | None
    verdict: str | None

    @property
    def took(self) -> timedelta:
        """From the question to the answer; nothing while it is open."""
        return self.answered_at - self.asked_at if self.answered_at else timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """How long the departments took together, and how long one after another."""

    parallel: timedelta
    sequence: timedelta

    @property
    def saved(self) -> timedelta:
        """What asking all at once has saved."""
        return self.sequence - self.parallel


def answers_of(case: Case) -> list[Answered]:
    """Every question that was put to a department, in the order they were put."""
    asked = [
        Answered(
            who=_words(task["handlerName"]) or task["officeName"] or "",
            what=_words(task["title"]),
            asked_at=datetime.fromisoformat(task["openedAt"]),
            answered_at=_instant(task["closedAt"]) if task["verdict"] else None,
            verdict=task["verdict"],
        )
        for task in tasks_of(case)
        if task["openedAt"]
    ]
    return sorted(asked, key=lambda each: (each.asked_at, each.answered_at or each.asked_at))


def tasks_of(case: Case) -> Iterator[Mapping[str, Any]]:
    """All approval tasks of a case."""
    for matter in case["matters"]:
        yield from matter["tasks"]


def progress_of(case: Case) -> tuple[int, int]:
    """How many departments have answered, of how many that are asked."""
    states = [task["state"] for task in tasks_of(case) if task["state"] != "CANCELLED"]
    return states.count("CLOSED"), len(states)


def spent_on(answers: Sequence[Answered]) -> Spent | None:
    """The parallel and the sequential time; None while nobody has answered.

    In sequence each department would be asked only after the one before has answered, and
    would take as long as it took.
    """
    answered = [each for each in answers if each.answered_at]
    if not answered:
        return None
    last = max(each.answered_at for each in answered if each.answered_at)
    return Spent(
        parallel=last - min(each.asked_at for each in answered),
        sequence=sum((each.took for each in answered), timedelta()),
    )


def draw_case(case: Case, *, note: str = "", with_bars: bool = True) -> RenderableType:
    """The whole story of a case, ready to print.

    Args:
        note: Stands beside the heading.
        with_bars: Whether the screen is wide enough to draw when everybody worked.
    """
    answers = answers_of(case)
    table = _table(case, answers, with_bars=with_bars)
    lines: list[RenderableType] = [Text(), _heading(case, note), table]
    spent = spent_on(answers)
    if spent:
        lines.append(Text(spent_text(spent), "bold green"))
    lines.extend(Text(line) for line in _results(case))
    return Group(*lines)


def spent_text(spent: Spent) -> str:
    """The line under the table."""
    return (
        f"并联用时 {_seconds(spent.parallel)}；同样的答复若逐个部门串联须 "
        f"{_seconds(spent.sequence)}；节省 {_seconds(spent.saved)}"
    )


def draw_still_open(case: Case) -> Iterator[str]:
    """Who holds a case that did not come to its end, and what could not be made real."""
    for matter in case["matters"]:
        for task in matter["tasks"]:
            if task["state"] in ("OPEN", "CLAIMED"):
                holder = _words(task["handlerName"]) or task["officeName"]
                state = "已领取" if task["state"] == "CLAIMED" else "待答复"
                yield f"{_words(matter['title'])}：{_words(task['title'])} 在 {holder}（{state}）"
        if matter["failure"]:
            yield f"{_words(matter['title'])}：未能办成，{_words(matter['failure'])}"
        elif matter["status"] == "DECIDED":
            yield f"{_words(matter['title'])}：已决定，等待主管业务系统办成"


def _heading(case: Case, note: str) -> Text:
    outcome = OUTCOMES.get(case["outcome"] or "", "")
    stage = STAGES.get(case["stage"], case["stage"])
    heading = Text.assemble(
        (_words(case["item"]["title"]), "bold"), f" {case['number']} · {stage} {outcome}"
    )
    if note:
        heading.append(f" · {note}", "yellow")
    return heading


def _table(case: Case, answers: Sequence[Answered], *, with_bars: bool) -> Table:
    began = _instant(case["submittedAt"])
    whole = max((each.answered_at for each in answers if each.answered_at), default=began) - began
    table = Table(show_edge=False, pad_edge=False)
    for name in ("部门", "办什么"):
        table.add_column(name, overflow="fold")
    for name in ("收到", "答复", "用时"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("结论", no_wrap=True)
    if with_bars:
        table.add_column(f"并联 {_seconds(whole)}", no_wrap=True, width=BAR_WIDTH)
    for each in answers:
        bar = [_bar(each, began=began, whole=whole)] if with_bars else []
        table.add_row(*_cells(each, began=began), *bar)
    return table


def _cells(each: Answered, *, began: datetime) -> list[str | Text]:
    return [
        each.who,
        each.what,
        _milliseconds(each.asked_at - began),
        _milliseconds(each.answered_at - began) if each.answered_at else "—",
        _milliseconds(each.took) if each.answered_at else "—",
        _verdict(each.verdict),
    ]


def _results(case: Case) -> Iterator[str]:
    for matter in case["matters"]:
        document = matter["document"]
        if document and document["number"]:
            title = _words(document["title"]) or _words(matter["title"])
            yield f"  ✔ {title} {document['number']}"
        if matter["failure"]:
            yield f"  ✘ {_words(matter['title'])}：未能办成，{_words(matter['failure'])}"
    for material in case["missingMaterials"]:
        yield f"  容缺：{_words(material['title'])}，{material['dueOn']} 前补交"
    if len(case["matters"]) > 1:
        outcomes = Counter(matter["outcome"] for matter in case["matters"])
        counted = (f"{OUTCOMES.get(key or '', '未决定')} {n}" for key, n in outcomes.items())
        yield f"  {len(case['matters'])} 个事项：{'、'.join(counted)}"
    if case["concludedAt"]:
        whole = _instant(case["concludedAt"]) - _instant(case["submittedAt"])
        yield f"  从提交到办结 {_seconds(whole)}"


def _bar(each: Answered, *, began: datetime, whole: timedelta) -> Text:
    if each.answered_at is None or not whole:
        return Text()
    start = round((each.asked_at - began) / whole * BAR_WIDTH)
    length = max(1, round(each.took / whole * BAR_WIDTH))
    return Text(" " * min(start, BAR_WIDTH - 1) + "█" * length, "cyan")


def _verdict(verdict: str | None) -> Text:
    if verdict is None:
        return Text("未答复", "yellow")
    colour = {"APPROVE": "green", "REFUSE": "red"}.get(verdict, "yellow")
    return Text(VERDICTS.get(verdict, verdict), colour)


def _words(text: Mapping[str, Any] | None) -> str:
    return str(text["text"]) if text else ""


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _seconds(time: timedelta) -> str:
    return f"{time.total_seconds():.2f} s"


def _milliseconds(time: timedelta) -> str:
    return f"{time / timedelta(milliseconds=1):,.0f} ms"
