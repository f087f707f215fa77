"""Whether an item that reads well can also work: its form, its paths, its conditions."""

from collections.abc import Iterator, Mapping

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from services.intake.errors import ExpressionUnusable, ItemMalformed
from services.intake.model import ServiceItem
from services.intake.rules.expressions import Expressions
from services.intake.rules.format import FORMATS
from services.intake.rules.paths import schema_at, subject_path


def check_item(item: ServiceItem, *, expressions: Expressions) -> None:
    """Refuse an item whose form, paths or conditions cannot work; done once, at publication.

    Raises:
        ItemMalformed: With the place and what is wrong there.

    Source:
        House rule: a mistake in the catalogue is found before a citizen meets it.
    """
    _check_schema(item.form)
    for place, path in _named_paths(item):
        if schema_at(item.form, path.split(".")) is None:
            raise ItemMalformed(place, f"the form has no field {path}")
    for place, source in _conditions(item):
        _check_condition(item, place, source, expressions)


def _check_schema(form: Mapping[str, object]) -> None:
    try:
        Draft202012Validator.check_schema(form)
    except SchemaError as problem:
        place = ".".join(str(part) for part in problem.absolute_path)
        raise ItemMalformed(f"form.{place}", "is not valid JSON Schema 2020-12") from None
    for place, schema in _objects(form, "form"):
        if schema.get("additionalProperties") is not False:
            raise ItemMalformed(place, "must say additionalProperties: false")
    for place, name in _format_names(form, "form"):
        if name not in FORMATS:
            raise ItemMalformed(place, f"{name} is not a format of our forms")


def _objects(schema: object, place: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every part of a schema that describes an object's properties on its own."""
    for path, part in _parts(schema, place):
        if part.get("type") == "object":
            yield path, part


def _format_names(schema: object, place: str) -> Iterator[tuple[str, object]]:
    for path, part in _parts(schema, place):
        if "format" in part and "properties" not in part:
            yield path, part["format"]


def _parts(schema: object, place: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    if isinstance(schema, Mapping):
        yield place, schema
        for key, value in schema.items():
            yield from _parts(value, f"{place}.{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from _parts(value, f"{place}[{index}]")


def _named_paths(item: ServiceItem) -> Iterator[tuple[str, str]]:
    yield "applicant.id_no", item.applicant.id_no
    yield "applicant.name", item.applicant.name
    if item.applicant.phone is not None:
        yield "applicant.phone", item.applicant.phone
    yield "subject", subject_path(item)
    yield "division", item.division
    for path in item.summary:
        yield "summary", path
    for matter in item.matters:
        for path in matter.discloses:
            yield f"matter {matter.key} discloses", path
        for task in matter.tasks:
            for path in task.discloses:
                yield f"task {matter.key}.{task.key} discloses", path


def _conditions(item: ServiceItem) -> Iterator[tuple[str, str]]:
    for material in item.materials:
        if material.when is not None:
            yield f"material {material.key}", material.when
    for matter in item.matters:
        if matter.when is not None:
            yield f"matter {matter.key}", matter.when
        for task in matter.tasks:
            if task.when is not None:
                yield f"task {matter.key}.{task.key}", task.when


def _check_condition(item: ServiceItem, place: str, source: str, expressions: Expressions) -> None:
    try:
        paths = expressions.get(source).paths
    except ExpressionUnusable as problem:
        raise ItemMalformed(f"{place} when", str(problem.facts["reason"])) from None
    for path in paths:
        root, _, inner = path.partition(".")
        # A plan is made before anybody has answered: there are no facts to look at yet.
        if root == "facts":
            raise ItemMalformed(f"{place} when", "a plan cannot depend on facts")
        if root == "form" and schema_at(item.form, inner.split(".")) is None:
            raise ItemMalformed(f"{place} when", f"the form has no field {inner}")
