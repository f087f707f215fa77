"""Reading a definition strictly: every member has its type, and none is left over.

Mistakes are told by their place (`matters[0].tasks[2].handler`), because a person has to
find them in a file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn, TypeVar

from services.intake.errors import ItemMalformed
from services.intake.model import Text

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


@dataclass(slots=True)
class Reader:
    """A mapping that is being read; what was not asked for by the end is a mistake."""

    path: str
    source: Mapping[str, object]
    _seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, value: object, path: str) -> "Reader":
        """Begin to read a value that must be a mapping with text keys.

        Raises:
            ItemMalformed: It is not one.
        """
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise ItemMalformed(path or "/", "must be a mapping")
        return cls(path=path, source=value)

    def at(self, key: str) -> str:
        """The place of a member, for messages."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, reason: str) -> NoReturn:
        """Say what is wrong with a member."""
        raise ItemMalformed(self.at(key), reason)

    def get(self, key: str) -> object:
        """A member as it stands; None when absent. An empty value is a mistake, not an absence."""
        self._seen.add(key)
        value = self.source.get(key)
        if value is None and key in self.source and key != "subject":
            self.fail(key, "must not be empty")
        return value

    def string(self, key: str) -> str:
        """A text that must be there."""
        value = self.optional_string(key)
        if value is None:
            self.fail(key, "is required")
        return value

    def optional_string(self, key: str) -> str | None:
        """A text that may be absent."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.fail(key, "must be a text")
        return value

    def integer(self, key: str) -> int:
        """A whole number that must be there."""
        value = self.optional_integer(key)
        if value is None:
            self.fail(key, "is required")
        return value

    def optional_integer(self, key: str) -> int | None:
        """A whole number that may be absent."""
        value = self.get(key)
        if value is None:
            return None
        if type(value) is not int:
            self.fail(key, "must be a whole number")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts without repeats; empty when absent."""
        values = self._list(key)
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) < len(values) or len(set(texts)) < len(texts):
            self.fail(key, "must be a list of different texts")
        return texts

    def choice(self, key: str, kinds: type[E], default: E | None = None) -> E:
        """One of a closed set."""
        value = self.optional_string(key)
        if value is None and default is not None:
            return default
        try:
            return kinds(value or "")
        except ValueError:
            self.fail(key, "must be one of " + ", ".join(kinds))

    def text(self, key: str) -> Text:
        """Words for people, in both languages."""
        inner = self.inner(key)
        text = Text(zh=inner.string("zh"), en=inner.string("en"))
        inner.close()
        return text

    def mapping(self, key: str) -> Mapping[str, object]:
        """A mapping that is kept as it stands."""
        return Reader.of(self.get(key), self.at(key)).source

    def inner(self, key: str) -> "Reader":
        """A reader of a member that must be a mapping."""
        return Reader.of(self.get(key), self.at(key))

    def optional(self, key: str, read: Callable[["Reader"], T]) -> T | None:
        """A member read by a function, to its last key; None when absent."""
        if self.get(key) is None:
            return None
        inner = self.inner(key)
        value = read(inner)
        inner.close()
        return value

    def each(self, key: str, read: Callable[["Reader"], T]) -> tuple[T, ...]:
        """The members of a list, each read by a function to its last key; empty when absent."""
        found = []
        for index, value in enumerate(self._list(key)):
            inner = Reader.of(value, f"{self.at(key)}[{index}]")
            found.append(read(inner))
            inner.close()
        return tuple(found)

    def close(self) -> None:
        """Finish.

        Raises:
            ItemMalformed: Something in the mapping was never asked for.
        """
        for key in self.source:
            if key not in self._seen:
                self.fail(key, "is not known here")

    def _list(self, key: str) -> list[object]:
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.fail(key, "must be a list")
        return list(value)
