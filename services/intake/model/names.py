"""What names things: ids, texts for people, and the place of a task in a case."""

from dataclasses import dataclass
from typing import NamedTuple, NewType
from uuid import UUID

ApplicationId = NewType("ApplicationId", UUID)
MatterId = NewType("MatterId", UUID)
TaskId = NewType("TaskId", UUID)
OfficeId = NewType("OfficeId", UUID)
FileId = NewType("FileId", UUID)
GrantId = NewType("GrantId", UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words for people, in Chinese and in English."""

    zh: str
    en: str


class TaskRef(NamedTuple):
    """Names a task inside a case: the matter's key and the task's key."""

    matter: str
    task: str

    def __str__(self) -> str:
        return f"{self.matter}.{self.task}"


ACCEPTANCE_TASK = TaskRef("acceptance", "acceptance")
"""The window's own task, where an officer accepts; no matter of an item may have this key."""
