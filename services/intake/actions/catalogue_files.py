"""The catalogue's files as data, each value with the line it stands on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

Place = tuple[str | int, ...]
"""Where a value stands in a file: names and indexes, from the outside in."""

ITEM_SCHEMA = "item.schema.json"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A mistake in the catalogue, where a person can find it."""

    file: str
    line: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.code}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file: its values, and their lines."""

    file: str
    value: Any
    lines: Mapping[Place, int]

    def fault(self, place: Sequence[str | int], code: str, message: str) -> Fault:
        """A mistake at a place; at the nearest place above it, where nothing stands there."""
        parts = tuple(place)
        while parts and parts not in self.lines:
            parts = parts[:-1]
        return Fault(self.file, self.lines.get(parts, 1), code, message)

    def entries(self, noun: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The mappings of the list `noun`, with their indexes."""
        found = self.value.get(noun) if isinstance(self.value, Mapping) else None
        for index, entry in enumerate(found if isinstance(found, list) else ()):
            if isinstance(entry, Mapping):
                yield index, entry


@dataclass(slots=True)
class CatalogueFiles:
    """All documents by folder; faults are what kept a file from being read."""

    items: list[Document] = field(default_factory=list)
    places: list[Document] = field(default_factory=list)
    parameters: list[Document] = field(default_factory=list)
    calendar: list[Document] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, files: Mapping[str, str]) -> "CatalogueFiles":
        """Read every YAML file.

        Args:
            files: Text by path inside the catalogue, such as `items/JZ201.yaml`.
        """
        found = cls()
        rooms = {
            "items": found.items,
            "places": found.places,
            "parameters": found.parameters,
            "calendar": found.calendar,
        }
        for file in sorted(files):
            folder, _, name = file.partition("/")
            if folder in rooms and name.endswith(".yaml"):
                document = _read(file, files[file], found.faults)
                if document is not None:
                    rooms[folder].append(document)
        return found

    def listed(self, noun: str) -> Iterator[tuple[Document, int, Mapping[str, Any]]]:
        """Every entry of the list `noun`, in whichever file of `places/` it stands."""
        for document in self.places:
            for index, entry in document.entries(noun):
                yield document, index, entry


def _read(file: str, text: str, faults: list[Fault]) -> Document | None:
    try:
        node, value = _composed(text)
    except (yaml.YAMLError, ValueError) as problem:
        mark = getattr(problem, "problem_mark", None)
        reason = getattr(problem, "problem", None) or problem
        line = mark.line + 1 if mark else 1
        faults.append(Fault(file, line, "unreadable", f"不是有效的 YAML：{reason}"))
        return None
    if not isinstance(node, yaml.MappingNode) or not isinstance(value, Mapping):
        faults.append(Fault(file, 1, "unreadable", "文件内容应为映射"))
        return None
    faults += _twice(file, node)
    return Document(file=file, value=value, lines=dict(_lines(node, ())))


def _composed(text: str) -> tuple[yaml.Node | None, Any]:
    """The nodes of a text, which know their lines, and the values they stand for."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _lines(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    """The line of every value; a value under a name has the line of the name."""
    if not place:
        yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            yield inner, key.start_mark.line + 1
            yield from _lines(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*place, index), value.start_mark.line + 1
            yield from _lines(value, (*place, index))


def _twice(file: str, node: yaml.Node) -> Iterator[Fault]:
    """Names that stand twice in one mapping: YAML forbids it, its readers let it pass."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                yield Fault(file, line, "duplicate-key", f"同一映射中键 {key.value} 出现两次")
            seen.add(key.value)
            yield from _twice(file, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _twice(file, value)
