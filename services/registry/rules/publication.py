"""What a catalogue publishes, and whether it may. Whether it changed is the store's to say."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from services.registry.errors import CatalogueInvalid
from services.registry.model import Catalogue, Draft, PublicationKind
from services.registry.rules.certificates import type_faults
from shared.calendar import calendar_as_data, calendar_from_notices

_OF_A_FACT = (
    "code",
    "title",
    "suppliers",
    "services",
    "items",
    "basis",
    "consent",
    "valid_days",
    "answer",
)

MOST_FAULTS = 20
"""Faults told at once; a person mends a file in several goes."""


def drafts_of(catalogue: Catalogue) -> list[Draft]:
    """Everything a catalogue would publish, offices first, items last.

    A consumer that reads in this order knows the offices and the parameters when it first
    meets an item that needs them.

    Raises:
        CatalogueInvalid: With every fault found, by file and place.

    Source:
        行政许可法 (2019 text) art. 30: items, conditions, limits and papers are public.
    """
    faults = list(catalogue_faults(catalogue))
    if faults:
        raise CatalogueInvalid(faults=faults[:MOST_FAULTS])
    return [
        *(
            _draft(PublicationKind.OFFICE, office["officeId"], office)
            for office in _offices(catalogue)
        ),
        *_parameters(catalogue),
        *_calendar(catalogue),
        *(
            _draft(PublicationKind.SHARED_FACT, fact["code"], fact)
            for fact in catalogue.shared_facts
        ),
        *(_draft(PublicationKind.ITEM, item["code"], item) for item in catalogue.items),
        *(
            _draft(PublicationKind.CERTIFICATE_TYPE, each["code"], each)
            for each in catalogue.certificate_types
        ),
    ]


def canonical(content: Mapping[str, Any]) -> bytes:
    """Content as JSON with sorted names: equal content, equal bytes.

    Source:
        House rule after RFC 8785 (JSON canonicalisation); our content has no floating point.
    """
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def catalogue_faults(catalogue: Catalogue) -> Iterator[str]:
    """What is wrong with a catalogue, each fault with its place.

    Source:
        House rule: a published version never changes, so a mistake is found before.
    """
    yield from _repeated("item", (str(item.get("code")) for item in catalogue.items))
    yield from _repeated("office", (str(office["officeId"]) for office in catalogue.offices))
    known = {division.code for division in catalogue.divisions}
    for office in catalogue.offices:
        if office["division"] not in known:
            yield f"office {office['name']['zh']}: its division is not among the divisions"
    for item in catalogue.items:
        yield from item_faults(item, schema=catalogue.item_schema)
    yield from _certificate_faults(catalogue)
    yield from _calendar_faults(catalogue)
    yield from _fact_faults(catalogue)


def item_faults(item: Mapping[str, Any], *, schema: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one item: against the schema first, then against itself.

    Source:
        House rule: see `catalogue_faults`.
    """
    code = item.get("code")
    against_schema = [
        f"{code}: {'/'.join(map(str, error.absolute_path)) or '/'}: {error.message}"
        for error in Draft202012Validator(schema).iter_errors(item)
    ]
    yield from against_schema
    if against_schema:
        return
    for fault in (*_form_faults(item), *_plan_faults(item), *_path_faults(item)):
        yield f"{code}: {fault}"


def _draft(kind: PublicationKind, key: object, content: Mapping[str, Any]) -> Draft:
    # As JSON values, dates as text; in the order of the file, which is the order of the form.
    plain = orjson.loads(orjson.dumps(content))
    hash_ = hashlib.sha256(canonical(content)).hexdigest()
    return Draft(kind=kind, key=str(key), content=plain, hash=hash_)


def _offices(catalogue: Catalogue) -> Iterable[Mapping[str, Any]]:
    return sorted(catalogue.offices, key=lambda office: str(office["officeId"]))


def _parameters(catalogue: Catalogue) -> Iterator[Draft]:
    if catalogue.parameters:
        content = {"parameters": list(catalogue.parameters)}
        yield _draft(PublicationKind.PARAMETERS, "parameters", content)


def _calendar(catalogue: Catalogue) -> Iterator[Draft]:
    if catalogue.notices:
        calendar = calendar_as_data(calendar_from_notices(catalogue.notices))
        yield _draft(PublicationKind.CALENDAR, calendar["region"], calendar)


def _calendar_faults(catalogue: Catalogue) -> Iterator[str]:
    try:
        list(_calendar(catalogue))
    except (ValueError, KeyError, TypeError) as fault:
        yield f"calendar: {fault}"


def _fact_faults(catalogue: Catalogue) -> Iterator[str]:
    """Facts that nobody could be asked, or whose answer nobody could check."""
    yield from _repeated("shared fact", (str(each.get("code")) for each in catalogue.shared_facts))
    for fact in catalogue.shared_facts:
        place = f"shared fact {fact.get('code')}"
        missing = [name for name in _OF_A_FACT if name not in fact]
        if missing:
            yield f"{place}: lacks {', '.join(missing)}"
            continue
        try:
            Draft202012Validator.check_schema(fact["answer"])
        except SchemaError as fault:
            yield f"{place}: answer: {fault.message}"
            continue
        for name in fact.get("agree_on", ()):
            if name not in fact["answer"]["properties"]:
                yield f"{place}: suppliers cannot agree on {name}, which no answer has"


def _certificate_faults(catalogue: Catalogue) -> Iterator[str]:
    types = catalogue.certificate_types
    yield from _repeated("certificate", (str(each.get("code")) for each in types))
    validator = Draft202012Validator(catalogue.certificate_schema)
    for each in types:
        name = f"certificate {each.get('code')}"
        against_schema = [
            f"{'/'.join(map(str, error.absolute_path)) or '/'}: {error.message}"
            for error in validator.iter_errors(each)
        ]
        for fault in against_schema or (*type_faults(each), *_certified_paths(each, catalogue)):
            yield f"{name}: {fault}"


def _certified_paths(kind: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    """Form fields that a type names and its items lack; an absent item stays as published."""
    holders = [path for each in kind["holders"] for path in each.values()]
    fields = [each["path"] for each in kind["fields"] if "path" in each]
    for item in catalogue.items:
        if item.get("code") in kind["items"]:
            for path in (*holders, *fields):
                if not _has_field(item["form"], item["form"], path.split(".")):
                    yield f"the form of {item['code']} has no field {path}"


def _repeated(what: str, keys: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield f"{what} {key}: stands in the catalogue twice"
        seen.add(key)


def _form_faults(item: Mapping[str, Any]) -> Iterator[str]:
    try:
        Draft202012Validator.check_schema(item["form"])
    except SchemaError as fault:
        yield f"form/{'/'.join(map(str, fault.absolute_path))}: {fault.message}"


def _plan_faults(item: Mapping[str, Any]) -> Iterator[str]:
    """Tasks that need what does not exist, or each other."""
    needs = {
        f"{matter['key']}.{task['key']}": {
            _full_name(need, matter["key"]) for need in task.get("needs", ())
        }
        for matter in item["matters"]
        for task in matter["tasks"]
    }
    for task, needed in needs.items():
        for missing in sorted(needed - needs.keys()):
            yield f"task {task}: needs {missing}, which does not exist"
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as circle:
        yield "tasks need each other in a circle: " + " -> ".join(circle.args[1])


def _full_name(need: str, matter: str) -> str:
    name = need.partition(":")[0]
    return name if "." in name else f"{matter}.{name}"


def _path_faults(item: Mapping[str, Any]) -> Iterator[str]:
    """Named fields that the form does not have: nobody could be shown them."""
    for place, path in _named_paths(item):
        if not _has_field(item["form"], item["form"], path.split(".")):
            yield f"{place}: the form has no field {path}"


def _named_paths(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from (("applicant", path) for path in item["applicant"].values())
    yield "division", item["division"]
    if item.get("subject"):
        yield "subject", item["subject"]
    yield from (("summary", path) for path in item.get("summary", ()))
    for matter in item["matters"]:
        for part in (matter, *matter["tasks"]):
            yield from ((part["key"], path) for path in part.get("discloses", ()))


def _has_field(form: Mapping[str, Any], schema: Mapping[str, Any], path: list[str]) -> bool:
    if not path:
        return True
    reference = str(schema.get("$ref", ""))
    if reference.startswith("#/$defs/"):
        return _has_field(form, form["$defs"][reference.removeprefix("#/$defs/")], path)
    field = schema.get("properties", {}).get(path[0])
    return field is not None and _has_field(form, field, path[1:])
