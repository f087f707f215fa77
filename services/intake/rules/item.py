"""From the definition of a service item, as published, to the item; strictly."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from services.intake.errors import ItemMalformed
from services.intake.model import (
    ACCEPTANCE_TASK,
    Acceptance,
    ApplicantPaths,
    Effect,
    Handler,
    HandlerKind,
    Join,
    JoinRule,
    Limit,
    MaterialRule,
    MaterialSpec,
    MatterSpec,
    Need,
    NeedKind,
    OfficeQuery,
    OutcomeDocument,
    RefusalPolicy,
    ServiceItem,
    TaskRef,
    TaskSpec,
    Verdict,
)
from services.intake.rules.acceptance import acceptance_query
from services.intake.rules.definition import Reader
from shared.calendar import Unit
from shared.identifiers import DivisionLevel

_POLICIES = {
    JoinRule.ALL: (RefusalPolicy.VETO, RefusalPolicy.LEAD),
    JoinRule.REQUIRED: (RefusalPolicy.VETO, RefusalPolicy.OUTVOTED, RefusalPolicy.LEAD),
    JoinRule.ANY: (RefusalPolicy.OUTVOTED, RefusalPolicy.VETO, RefusalPolicy.LEAD),
    JoinRule.AT_LEAST: (RefusalPolicy.OUTVOTED, RefusalPolicy.VETO, RefusalPolicy.LEAD),
    JoinRule.LEAD: (RefusalPolicy.LEAD, RefusalPolicy.VETO),
}
"""What a refusal may mean under each rule; the first is meant when nothing is said."""


def parse_item(definition: Mapping[str, object]) -> ServiceItem:
    """Read a whole definition, and check that its parts fit each other.

    What needs the form's schema or compiled conditions is `check_item`'s.

    Raises:
        ItemMalformed: With the place and what is wrong there.

    Source:
        House rule: the catalogue is data, and wrong data is refused when it is published.
    """
    reader = Reader.of(definition, "")
    limits = reader.optional("limits", _limits) or (None, None)
    item = ServiceItem(
        code=reader.string("code"),
        title=reader.text("title"),
        owner=reader.string("owner"),
        category=reader.integer("category"),
        kind=reader.string("kind"),
        legal_basis=reader.strings("legal_basis"),
        applicant=_applicant(reader.inner("applicant")),
        subject=_nullable(reader, "subject"),
        division=reader.string("division"),
        summary=reader.strings("summary"),
        form=reader.mapping("form"),
        materials=reader.each("materials", _material),
        statutory=limits[0],
        promised=limits[1],
        acceptance=reader.choice("acceptance", Acceptance, Acceptance.OFFICER),
        matters=reader.each("matters", _matter),
        acceptance_office=reader.optional("acceptance_office", _office),
    )
    reader.close()
    _check_keys("matters", [matter.key for matter in item.matters])
    _check_keys("materials", [material.key for material in item.materials], may_be_empty=True)
    _check_needs(item)
    _check_acceptance(item)
    return item


def _nullable(reader: Reader, key: str) -> str | None:
    return None if reader.get(key) is None else reader.string(key)


def _applicant(reader: Reader) -> ApplicantPaths:
    paths = ApplicantPaths(
        id_no=reader.string("id_no"),
        name=reader.string("name"),
        phone=reader.optional_string("phone"),
    )
    reader.close()
    return paths


def _limits(reader: Reader) -> tuple[Limit | None, Limit | None]:
    return reader.optional("statutory", _limit), reader.optional("promised", _limit)


def _limit(reader: Reader) -> Limit:
    limit = Limit(
        length=reader.integer("length"),
        unit=reader.choice("unit", Unit),
        source=reader.optional_string("source"),
    )
    try:
        _ = limit.duration
    except ValueError as problem:
        raise ItemMalformed(reader.at("length"), str(problem)) from None
    return limit


def _material(reader: Reader) -> MaterialSpec:
    return MaterialSpec(
        key=reader.string("key"),
        title=reader.text("title"),
        rule=reader.choice("required", MaterialRule),
        when=reader.optional_string("when"),
        limit=reader.optional("limit", _limit),
    )


def _matter(reader: Reader) -> MatterSpec:
    key = reader.string("key")
    tasks = reader.each("tasks", lambda inner: _task(inner, key))
    keys = [task.key for task in tasks]
    _check_keys(reader.at("tasks"), keys)
    return MatterSpec(
        key=key,
        title=reader.text("title"),
        when=reader.optional_string("when"),
        join=reader.optional("join", lambda inner: _join(inner, keys))
        or Join(rule=JoinRule.ALL, on_refusal=RefusalPolicy.VETO),
        effect=reader.optional("effect", _effect),
        discloses=reader.strings("discloses"),
        outcome_document=reader.optional("outcome_document", _document),
        tasks=tasks,
    )


def _effect(reader: Reader) -> Effect:
    return Effect(service=reader.string("service"), name=reader.string("name"))


def _document(reader: Reader) -> OutcomeDocument:
    return OutcomeDocument(kind=reader.string("kind"), title=reader.text("title"))


def _join(reader: Reader, keys: list[str]) -> Join:
    rule = reader.choice("rule", JoinRule)
    policies = _POLICIES[rule]
    policy = reader.choice("on_refusal", RefusalPolicy, policies[0])
    if policy not in policies:
        reader.fail("on_refusal", f"{policy} does not go with the rule {rule}")
    join = Join(
        rule=rule,
        on_refusal=policy,
        voters=reader.strings("tasks"),
        count=reader.optional_integer("count"),
        lead=_lead(reader),
    )
    for key in (*join.voters, *join.lead):
        if key not in keys:
            reader.fail("tasks", f"there is no task {key}")
    _check_join(reader, join, keys)
    return join


def _lead(reader: Reader) -> tuple[str, ...]:
    lead = reader.get("lead")
    return (lead,) if isinstance(lead, str) else reader.strings("lead")


def _check_join(reader: Reader, join: Join, keys: list[str]) -> None:
    voters = join.voters or tuple(keys)
    if (join.rule is JoinRule.AT_LEAST) != (join.count is not None):
        reader.fail("count", "belongs to the rule at_least, and only to it")
    if join.count is not None and not 1 <= join.count <= len(voters):
        reader.fail("count", f"must be from 1 to {len(voters)}")
    leads = join.rule is JoinRule.LEAD or join.on_refusal is RefusalPolicy.LEAD
    if leads != bool(join.lead):
        reader.fail("lead", "belongs to a lead rule or policy, and only to one")
    if join.rule is JoinRule.REQUIRED and not join.voters:
        reader.fail("tasks", "is required: which tasks are the required set")


def _task(reader: Reader, matter: str) -> TaskSpec:
    handler = _handler(reader)
    task = TaskSpec(
        key=reader.string("key"),
        title=reader.text("title"),
        handler=handler,
        check=reader.optional_string("check"),
        office=reader.optional("office", _office),
        needs=tuple(_need(reader, need, matter) for need in reader.strings("needs")),
        when=reader.optional_string("when"),
        limit=reader.optional("limit", _limit),
        verdicts=_verdicts(reader),
        discloses=reader.strings("discloses"),
    )
    if (handler.kind is HandlerKind.OFFICER) != (task.office is not None):
        reader.fail("office", "belongs to an officer's task, and every such task has one")
    if handler.kind is HandlerKind.SERVICE and task.check is None:
        reader.fail("check", "is required: which question is the service asked")
    return task


def _handler(reader: Reader) -> Handler:
    kind, colon, system = reader.string("handler").partition(":")
    if kind == HandlerKind.OFFICER and not colon:
        return Handler(kind=HandlerKind.OFFICER)
    if kind not in {HandlerKind.PARTNER, HandlerKind.SERVICE} or not system:
        reader.fail("handler", "must be officer, partner:<system> or service:<name>")
    return Handler(kind=HandlerKind(kind), system=system)


def _office(reader: Reader) -> OfficeQuery:
    return OfficeQuery(
        function=reader.string("function"), level=reader.choice("level", DivisionLevel)
    )


def _need(reader: Reader, text: str, matter: str) -> Need:
    name, colon, kind = text.partition(":")
    if colon and kind != NeedKind.APPROVED:
        reader.fail("needs", f"{text}: only :approved may follow a task")
    first, dot, second = name.partition(".")
    task = TaskRef(first, second) if dot else TaskRef(matter, first)
    return Need(task=task, kind=NeedKind.APPROVED if colon else NeedKind.CLOSED)


def _verdicts(reader: Reader) -> tuple[Verdict, ...]:
    named = reader.strings("verdicts")
    known = {str(verdict): verdict for verdict in Verdict}
    for name in named:
        if name not in known:
            reader.fail("verdicts", "must be among " + ", ".join(known))
    return tuple(known[name] for name in named) or tuple(Verdict)


def _check_keys(path: str, keys: list[str], *, may_be_empty: bool = False) -> None:
    if not keys and not may_be_empty:
        raise ItemMalformed(path, "must not be empty")
    for key in keys:
        # A dot or a colon would make a need ambiguous.
        if not key.replace("_", "").isalnum() or not key.isascii():
            raise ItemMalformed(path, f"{key} may have only letters, digits and underscores")
    repeated = {key for key in keys if keys.count(key) > 1}
    if repeated:
        raise ItemMalformed(path, "has the same key twice: " + ", ".join(sorted(repeated)))


def _check_acceptance(item: ServiceItem) -> None:
    if any(matter.key == ACCEPTANCE_TASK.matter for matter in item.matters):
        raise ItemMalformed("matters", f"{ACCEPTANCE_TASK.matter} is the window's own key")
    if item.acceptance is Acceptance.AUTOMATIC:
        if item.acceptance_office is not None:
            raise ItemMalformed("acceptance_office", "belongs to acceptance by an officer")
    elif acceptance_query(item) is None:
        raise ItemMalformed("acceptance_office", "is required: no officer's task says which office")


def _check_needs(item: ServiceItem) -> None:
    needs = {
        TaskRef(matter.key, task.key): {need.task for need in task.needs}
        for matter in item.matters
        for task in matter.tasks
    }
    for ref, needed in needs.items():
        for missing in needed - needs.keys():
            raise ItemMalformed(f"task {ref}", f"needs {missing}, which does not exist")
    circle = _circle(needs)
    if circle:
        raise ItemMalformed("matters", "tasks need each other in a circle: " + circle)


def _circle(needs: Mapping[TaskRef, Iterable[TaskRef]]) -> str:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as problem:
        return " → ".join(str(ref) for ref in problem.args[1])
    return ""
