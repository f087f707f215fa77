"""Reads the catalogue's files: strict YAML in, plain data out."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import orjson
import yaml

from services.registry.errors import CatalogueInvalid
from services.registry.model import Catalogue, Division, LifeStatus, Officer, SeedResident
from services.registry.model.divisions import DivisionChange
from shared.identifiers import DivisionCode, DivisionLevel, InvalidIdentifier
from shared.ids import derived_id

T = TypeVar("T")
Raw = Mapping[str, Any]

_ABOVE = {
    DivisionLevel.VILLAGE: DivisionLevel.TOWNSHIP,
    DivisionLevel.TOWNSHIP: DivisionLevel.COUNTY,
    DivisionLevel.COUNTY: DivisionLevel.CITY,
    DivisionLevel.CITY: DivisionLevel.PROVINCE,
}


class _StrictLoader(yaml.SafeLoader):
    """Refuses a mapping that has a key twice: YAML says so, the library lets it pass."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(keys)) != len(keys) or not all(isinstance(key, str) for key in keys):
            raise yaml.constructor.ConstructorError(
                None, None, "a key stands twice, or is not a text", node.start_mark
            )
        return super().construct_mapping(node, deep)


def read_catalogue(folder: Path) -> Catalogue:
    """Read `items/`, `parameters/`, `calendar/`, `places/`, `sharing/`, `certificates/`, schemas.

    Raises:
        CatalogueInvalid: A file is missing, is not YAML, or lacks what it must have.
    """
    certificates = list(_documents(folder / "certificates"))
    return Catalogue(
        items=list(_documents(folder / "items")),
        item_schema=_schema(folder / "item.schema.json"),
        certificate_types=certificates,
        # A catalogue without certificates needs no schema of them.
        certificate_schema=_schema(folder / "certificate.schema.json") if certificates else {},
        parameters=[_parameter(file, each) for file, each in _each(folder, "parameters")],
        notices=list(_documents(folder / "calendar")),
        offices=_places(folder, "offices", _office),
        divisions=_places(folder, "divisions", _division),
        division_changes=_places(folder, "changes", _division_change),
        officers=_places(folder, "officers", _officer),
        residents=_places(folder, "residents", _resident),
        partners=_places(folder, "partners", lambda raw: str(raw["system"])),
        shared_facts=[fact for _, fact in _each(folder, "sharing", noun="shared_facts")],
    )


def office_id(key: str) -> str:
    """The id of an office; the same on every machine, so that a renamed office stays itself."""
    return str(derived_id("office", key))


def _schema(path: Path) -> Raw:
    try:
        schema: Raw = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        raise CatalogueInvalid(faults=[f"{path.name} cannot be read"]) from None
    return schema


def _documents(folder: Path) -> Iterator[Raw]:
    for path in sorted(folder.glob("*.yaml")):
        yield _document(path)


def _document(path: Path) -> Raw:
    name = f"{path.parent.name}/{path.name}"
    try:
        # The loader is a SafeLoader; it only refuses more.
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)
    except (OSError, ValueError, yaml.YAMLError) as fault:
        raise CatalogueInvalid(faults=[f"{name}: {fault}"]) from None
    if not isinstance(document, dict):
        raise CatalogueInvalid(faults=[f"{name}: is not a mapping"])
    return document


def _each(folder: Path, name: str, *, noun: str = "") -> Iterator[tuple[Raw, Raw]]:
    """Every entry of the list `noun`, by default the folder's name, beside its file."""
    for document in _documents(folder / name):
        for entry in document.get(noun or name, ()):
            yield document, entry


def _places(folder: Path, noun: str, read: Callable[[Raw], T]) -> list[T]:
    """The entries of the list `noun`, in whichever file of `places/` they stand."""
    found = []
    for document in _documents(folder / "places"):
        for number, entry in enumerate(document.get(noun, ())):
            try:
                found.append(read(entry))
            except (KeyError, TypeError, ValueError) as fault:
                place = f"places: {noun}[{number}]"
                raise CatalogueInvalid(faults=[f"{place}: {type(fault).__name__}"]) from None
    return found


def _parameter(file: Raw, entry: Raw) -> Raw:
    """A set of local numbers, with the file's own version and whether it is only an example."""
    return {
        **entry,
        "version": file.get("version"),
        "illustrative": bool(file.get("illustrative", False)),
    }


def _office(raw: Raw) -> Raw:
    return {
        "officeId": office_id(raw["key"]),
        "name": {"zh": raw["name"]["zh"], "en": raw["name"]["en"]},
        "division": str(raw["division"]),
        "level": str(DivisionLevel(raw["level"])),
        "functions": list(raw["functions"]),
        "items": list(raw.get("items", ())),
    }


def _division(raw: Raw) -> Division:
    try:
        code = DivisionCode.parse(raw["code"])
    except InvalidIdentifier as fault:
        raise ValueError(fault.code) from None
    above = _ABOVE.get(code.level)
    return Division(
        code=code.value,
        name=raw["name"]["zh"],
        name_en=raw["name"]["en"],
        level=str(DivisionLevel(raw["level"])),
        parent=code.at(above).value if above else None,
    )


def _division_change(raw: Raw) -> DivisionChange:
    return DivisionChange(
        on=raw["since"],
        code=str(raw["from"]),
        name=raw["name"],
        kind=raw["kind"],
        to=[str(each) for each in raw["to"]],
    )


def _officer(raw: Raw) -> Officer:
    return Officer(
        id=raw["key"],
        name=raw["name"],
        division=str(raw["division"]),
        offices=frozenset(office_id(key) for key in raw["offices"]),
        roles=frozenset(raw["roles"]),
    )


def _resident(raw: Raw) -> SeedResident:
    known = raw.get("facts", {}).get("registry", {})
    return SeedResident(
        key=raw["key"],
        name=raw["name"],
        id_number=str(raw["id_no"]),
        status=LifeStatus(known.get("status", LifeStatus.ALIVE)),
        died_on=known.get("died_on"),
        division=str(raw["division"]),
        household=frozenset(known.get("household", ())),
    )
