"""Random service items: matters, tasks, needs, conditions, joins, refusals, verdict sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

VERDICTS = ("approve", "refuse", "conditional", "needs-correction", "not-applicable")
POLICIES = {
    "all": ("veto", "lead"),
    "required": ("veto", "outvoted", "lead"),
    "any": ("outvoted", "veto", "lead"),
    "at_least": ("outvoted", "veto", "lead"),
    "lead": ("lead", "veto"),
}
"""What a refusal may mean under each rule, as the catalogue's schema has it."""

OFFICES = ("township", "village")
HANDLERS = (*(f"officer:{each}" for each in OFFICES), "partner:police", "service:relief")
FLAGS = ("flag_0", "flag_1", "flag_2")
NOTES = ("note_0", "note_1", "note_2")
UNITS = {"working_day": 12, "civil_day": 20, "calendar_day": 20, "hour": 80, "month": 2}


@dataclass(frozen=True)
class RandomTask:
    """One department's question."""

    matter: str
    key: str
    handler: str
    """`officer:<level>`, `partner:<system>` or `service:<name>`."""
    needs: tuple[tuple[str, bool], ...]
    """The task (`matter.task`) that is needed, and whether its approval is."""
    flag: str | None
    """The field of the form that decides whether it is asked at all."""
    verdicts: tuple[str, ...]
    shows: tuple[str, ...]
    """The fields of the form that it is shown."""
    limit: tuple[int, str]

    @property
    def ref(self) -> str:
        return f"{self.matter}.{self.key}"


@dataclass(frozen=True)
class RandomMatter:
    """A part that is decided on its own."""

    key: str
    flag: str | None
    rule: str
    policy: str
    voters: tuple[str, ...]
    count: int | None
    lead: tuple[str, ...]
    has_effect: bool
    tasks: tuple[RandomTask, ...]


@dataclass(frozen=True)
class RandomItem:
    """A service item, and the form somebody applies with."""

    matters: tuple[RandomMatter, ...]
    is_accepted_by_officer: bool
    flags: Mapping[str, bool]

    @property
    def tasks(self) -> tuple[RandomTask, ...]:
        return tuple(task for matter in self.matters for task in matter.tasks)


@st.composite
def random_items(draw: st.DrawFn) -> RandomItem:
    """Items of up to three matters and twelve tasks, which may need each other across matters."""
    number = draw(st.sampled_from((2, 1, 3)))
    sizes = [draw(st.sampled_from((2, 3, 1, 4))) for _ in range(number)]
    names = [(f"m{m}", f"t{t}") for m, size in enumerate(sizes) for t in range(size)]
    order = draw(st.permutations(names))
    tasks = {name: draw(_tasks(name, order[:place])) for place, name in enumerate(order)}
    matters = []
    for m in range(len(sizes)):
        own = tuple(tasks[name] for name in names if name[0] == f"m{m}")
        matters.append(draw(_matters(f"m{m}", own)))
    return RandomItem(
        matters=tuple(matters),
        is_accepted_by_officer=draw(st.sampled_from((False, False, True))),
        flags={flag: draw(st.booleans()) for flag in FLAGS},
    )


@st.composite
def _tasks(draw: st.DrawFn, name: tuple[str, str], before: Sequence[tuple[str, str]]) -> RandomTask:
    """A task that needs only tasks drawn before it, so that there is no circle."""
    matter, key = name
    needed = draw(st.lists(st.sampled_from(before), max_size=2, unique=True)) if before else []
    without = draw(st.sets(st.sampled_from(VERDICTS[1:])))
    unit = draw(st.sampled_from(("working_day", *sorted(UNITS))))
    return RandomTask(
        matter=matter,
        key=key,
        handler=draw(st.sampled_from(HANDLERS)),
        needs=tuple((".".join(other), draw(st.booleans())) for other in needed),
        flag=draw(st.sampled_from((None, None, None, *FLAGS))),
        verdicts=tuple(each for each in VERDICTS if each not in without),
        shows=tuple(sorted(draw(st.sets(st.sampled_from(NOTES), min_size=1)))),
        limit=(draw(st.integers(1, UNITS[unit])), unit),
    )


@st.composite
def _matters(draw: st.DrawFn, key: str, tasks: tuple[RandomTask, ...]) -> RandomMatter:
    keys = [task.key for task in tasks]
    rule = draw(st.sampled_from(sorted(POLICIES)))
    policy = draw(st.sampled_from(POLICIES[rule]))
    named = draw(st.sets(st.sampled_from(keys), min_size=1))
    voters = tuple(sorted(named)) if rule == "required" or draw(st.booleans()) else ()
    leads = rule == "lead" or policy == "lead"
    return RandomMatter(
        key=key,
        flag=draw(st.sampled_from((None, None, None, *FLAGS))),
        rule=rule,
        policy=policy,
        voters=voters,
        count=draw(st.integers(1, len(voters or keys))) if rule == "at_least" else None,
        lead=tuple(draw(st.permutations(keys))[: draw(st.integers(1, len(keys)))]) if leads else (),
        has_effect=draw(st.booleans()),
        tasks=tasks,
    )


def definition_of(item: RandomItem, code: str) -> dict[str, Any]:
    """The item as a catalogue file would define it."""
    return {
        "code": code,
        "title": {"zh": "随机事项", "en": "Random item"},
        "owner": "relief",
        "category": 1,
        "kind": "benefit",
        "legal_basis": ["示例办法 第1条"],
        "applicant": {"id_no": "applicant.id_no", "name": "applicant.name"},
        "subject": None,
        "division": "place",
        "summary": ["place", *FLAGS],
        "form": _form_schema(),
        "materials": [
            {
                "key": "paper",
                "title": {"zh": "证明", "en": "Proof"},
                "required": "deferrable",
                "limit": {"length": 5, "unit": "working_day"},
            }
        ],
        "limits": {
            "statutory": {"length": 20, "unit": "working_day", "source": "行政许可法 第42条"}
        },
        "acceptance": "officer" if item.is_accepted_by_officer else "automatic",
        **(
            {"acceptance_office": {"function": "civil-affairs", "level": "township"}}
            if item.is_accepted_by_officer
            else {}
        ),
        "matters": [_matter(matter) for matter in item.matters],
    }


def form_of(item: RandomItem, *, name: str, id_no: str) -> dict[str, Any]:
    """The form somebody applies with."""
    return {
        "applicant": {"name": name, "id_no": id_no},
        "place": "330106109201",
        **item.flags,
        **dict.fromkeys(NOTES, "如实填写"),
    }


def _form_schema() -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    person = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "id_no"],
        "properties": {"name": text, "id_no": text},
    }
    fields = {
        "applicant": person,
        "place": {"type": "string", "format": "division"},
        **{flag: {"type": "boolean"} for flag in FLAGS},
        **dict.fromkeys(NOTES, text),
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(fields),
        "properties": fields,
    }


def _matter(matter: RandomMatter) -> dict[str, Any]:
    join: dict[str, Any] = {"rule": matter.rule, "on_refusal": matter.policy}
    if matter.voters:
        join["tasks"] = list(matter.voters)
    if matter.count is not None:
        join["count"] = matter.count
    if matter.lead:
        join["lead"] = list(matter.lead)
    return {
        "key": matter.key,
        "title": {"zh": "子事项", "en": "Matter"},
        "join": join,
        "tasks": [_task(task) for task in matter.tasks],
        **({"when": f"form.{matter.flag}"} if matter.flag else {}),
        **({"effect": {"service": "relief", "name": "grant"}} if matter.has_effect else {}),
    }


def _task(task: RandomTask) -> dict[str, Any]:
    kind, _, name = task.handler.partition(":")
    place: dict[str, Any] = {"handler": task.handler, "check": "identity"}
    if kind == "officer":
        function = "civil-affairs" if name == "township" else "village-committee"
        place = {"handler": "officer", "office": {"function": function, "level": name}}
    length, unit = task.limit
    return {
        "key": task.key,
        "title": {"zh": "审核", "en": "Review"},
        **place,
        "needs": [ref + (":approved" if approved else "") for ref, approved in task.needs],
        "verdicts": list(task.verdicts),
        "limit": {"length": length, "unit": unit},
        "discloses": list(task.shows),
        **({"when": f"form.{task.flag}"} if task.flag else {}),
    }
