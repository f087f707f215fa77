"""Reading a form by dotted paths such as `applicant.id_no`."""

from collections.abc import Iterable, Mapping, Sequence

from services.intake.model import ServiceItem


def value_at(form: Mapping[str, object], path: str) -> object:
    """What stands in a form at a path; None where nothing does.

    Source:
        House rule: the catalogue names fields by dotted paths.
    """
    value: object = form
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def text_at(form: Mapping[str, object], path: str | None) -> str | None:
    """The text in a form at a path; None where there is no text.

    Source:
        House rule: the catalogue names fields by dotted paths.
    """
    value = None if path is None else value_at(form, path)
    return value if isinstance(value, str) else None


def select_fields(form: Mapping[str, object], paths: Iterable[str]) -> dict[str, object]:
    """The part of a form that the paths name, nested as the form is.

    This is all that a department is shown: what is not named is not there, not even as an
    empty value. Paths that stand nowhere in the form are left out.

    Source:
        个人信息保护法 art. 6 (smallest scope necessary for the purpose).
    """
    selected: dict[str, object] = {}
    for path in paths:
        value = value_at(form, path)
        if value is not None:
            _put(selected, path.split("."), value)
    return selected


def may_be_certified(
    paths: Iterable[str], discloses: Sequence[str], *, applicant: Sequence[str]
) -> tuple[str, ...]:
    """The paths among those asked for that a certificate may show.

    A field may stand on a certificate when whoever made the matter real was shown it, or
    when it names the applicant, into whose hands the certificate goes.

    Args:
        discloses: What the item discloses to the matter's owner.
        applicant: Where the applicant's name and number stand.

    Source:
        个人信息保护法 art. 6 (smallest scope necessary for the purpose).
    """
    return tuple(
        path
        for path in dict.fromkeys(paths)
        if path in applicant
        or any(path == shown or path.startswith(f"{shown}.") for shown in discloses)
    )


def subject_path(item: ServiceItem) -> str:
    """Where in the form the number of the person stands whom the application is about.

    Source:
        House rule: one open application per subject and item.
    """
    return item.subject or item.applicant.id_no


def whole_form(item: ServiceItem) -> tuple[str, ...]:
    """Paths of everything in an item's form: what must be seen to accept an application.

    Source:
        行政许可法 art. 32 (whether papers are complete and in legal form is examined).
    """
    properties = item.form.get("properties")
    return tuple(properties) if isinstance(properties, Mapping) else ()


def schema_at(
    form: Mapping[str, object], parts: Sequence[str | int]
) -> Mapping[str, object] | None:
    """The part of a form's schema that describes a place; None if no form has that place.

    Args:
        form: The schema, which may refer to its own `$defs`.
        parts: Names of fields and indexes of list entries, from the outside in.

    Source:
        JSON Schema 2020-12, as far as our forms use it.
    """
    schema = _resolve(form, form)
    for part in parts:
        if schema is None:
            return None
        inside = schema.get("items") if isinstance(part, int) else _property(schema, part)
        schema = _resolve(form, inside)
    return schema


def _property(schema: Mapping[str, object], name: str) -> object:
    properties = schema.get("properties")
    return properties.get(name) if isinstance(properties, Mapping) else None


def _resolve(form: Mapping[str, object], schema: object) -> Mapping[str, object] | None:
    """Follow a reference within the form; what stands beside it (a title) comes first."""
    if not isinstance(schema, Mapping):
        return None
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    target: object = form
    for part in reference.removeprefix("#/").split("/"):
        target = target.get(part) if isinstance(target, Mapping) else None
    return {**target, **schema} if isinstance(target, Mapping) else None


def _put(target: dict[str, object], parts: list[str], value: object) -> None:
    *parents, last = parts
    for parent in parents:
        # A parent named in full before already holds this field; copying keeps the form as it is.
        inner = target.get(parent)
        target[parent] = dict(inner) if isinstance(inner, Mapping) else {}
        target = target[parent]  # type: ignore[assignment]
    target[last] = value
