"""What an act at the window needs beside the store: clock, keys, and the published catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from services.intake.errors import ItemNotFound
from services.intake.model import ApplicationId, Limit, LocalParameters, ServiceItem, TaskId
from services.intake.model.kept import Case, CaseTask, CorrectionItem, DueDate
from services.intake.rules.deadline import task_deadline
from services.intake.rules.expressions import Expressions
from services.intake.rules.item import parse_item
from services.intake.rules.paths import subject_path, text_at
from services.intake.store import Store
from shared.calendar import (
    Deadline,
    Unit,
    WorkingCalendar,
    calendar_from_data,
    steps_as_data,
)
from shared.clock import Clock
from shared.database import Transactions
from shared.errors import Unavailable
from shared.sealing import BlindIndex, FieldCipher

DEFAULT_LIMIT = Limit(length=20, unit=Unit.WORKING_DAY, source="行政许可法 第42条 (参照)")
"""For a task whose item sets none: every question has a day on which it is late."""

WindowTransactions = Transactions[Store]
"""What actions are given to open their transaction with."""


@dataclass(slots=True, kw_only=True)
class Catalogue:
    """Published items and calendars, parsed once: a version never changes."""

    expressions: Expressions = field(default_factory=Expressions)
    _items: dict[tuple[str, int], ServiceItem] = field(default_factory=dict)
    _calendars: dict[int, WorkingCalendar] = field(default_factory=dict)
    _parameters: dict[int, Sequence[LocalParameters]] = field(default_factory=dict)

    async def newest_item(self, store: Store, code: str) -> tuple[ServiceItem, int]:
        """The item as it can be applied for now, and its version.

        Raises:
            ItemNotFound: No such item has been published.
        """
        version, _hash = await store.newest_item(code)
        return await self.item(store, code, version), version

    async def item(self, store: Store, code: str, version: int) -> ServiceItem:
        """One version of an item."""
        found = self._items.get((code, version))
        if found is None:
            definition = await store.get_item_definition(code, version)
            found = self._items[code, version] = parse_item(definition)
        return found

    async def parameters(self, store: Store, version: int | None) -> Sequence[LocalParameters]:
        """One version of the local numbers; none where none were published yet."""
        if version is None:
            return ()
        found = self._parameters.get(version)
        if found is None:
            found = self._parameters[version] = await store.get_parameters(version)
        return found

    async def calendar(self, store: Store) -> WorkingCalendar:
        """The newest working calendar.

        Raises:
            Unavailable: The registry has not published any calendar yet.
        """
        version = await store.newest_calendar_version()
        if version is None:
            raise Unavailable("the working calendar has not been published yet")
        found = self._calendars.get(version)
        if found is None:
            found = calendar_from_data(await store.get_calendar(version))
            self._calendars[version] = found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Given to every action that reads or writes cases."""

    clock: Clock
    cipher: FieldCipher
    index: BlindIndex
    catalogue: Catalogue

    def seal_form(self, application_id: ApplicationId, form: Mapping[str, object]) -> bytes:
        """Seal a form for its own row."""
        return self.cipher.seal(orjson.dumps(form), place=_form_place(application_id))

    def open_form(self, case: Case) -> dict[str, Any]:
        """The form of a case."""
        return self.open_sealed_form(case.id, case.form_sealed)

    def open_sealed_form(self, application_id: ApplicationId, sealed: bytes) -> dict[str, Any]:
        """A form as it was read from its row."""
        opened = self.cipher.open(sealed, place=_form_place(application_id))
        form: dict[str, Any] = orjson.loads(opened)
        return form

    def index_persons(self, item: ServiceItem, form: Mapping[str, object]) -> dict[str, str]:
        """Blind indexes by which a case is found: whom it is about, who applies, their name."""
        return {
            "subject_index": self.index.of(text_at(form, subject_path(item)) or ""),
            "applicant_index": self.index.of(text_at(form, item.applicant.id_no) or ""),
            "applicant_name_index": self.index.of_name(text_at(form, item.applicant.name) or ""),
        }

    def seal_opinion(self, task: CaseTask, opinion: str | None) -> bytes | None:
        """Seal an opinion for its task; people write names into opinions."""
        if not opinion:
            return None
        return self.cipher.seal(opinion.encode(), place=_opinion_place(task))

    def open_opinion(self, task: CaseTask) -> str | None:
        """The opinion of a task's latest verdict."""
        if task.opinion_sealed is None:
            return None
        return self.cipher.open(task.opinion_sealed, place=_opinion_place(task)).decode()

    def seal_mark(self, task: CaseTask, position: int, message: str) -> bytes:
        """Seal what a department asks to be corrected, for its own row."""
        place = _mark_place(task.id, task.round, position)
        return self.cipher.seal(message.encode(), place=place)

    def open_mark(self, item: CorrectionItem) -> str:
        """What a department asks to be corrected."""
        place = _mark_place(item.task_id, item.task_round, item.position)
        return self.cipher.open(item.message_sealed, place=place).decode()

    def seal_remedy(self, case: Case, remedy: str) -> bytes:
        """Seal where a refusal to accept can be contested."""
        return self.cipher.seal(remedy.encode(), place=_remedy_place(case.id))

    def open_remedy(self, case: Case) -> str | None:
        """Where the refusal to accept can be contested, if it was refused."""
        if case.remedy_sealed is None:
            return None
        return self.cipher.open(case.remedy_sealed, place=_remedy_place(case.id)).decode()

    def due(self, task: CaseTask, calendar: WorkingCalendar) -> DueDate:
        """When a task that opens now is due, with the days that led there."""
        limit = task.limit or DEFAULT_LIMIT
        deadline = task_deadline(limit, opened_at=self.clock.now(), calendar=calendar)
        if deadline is None:
            raise ItemNotFound
        return due_date(deadline, source=limit.source)


def due_date(deadline: Deadline, *, source: str | None) -> DueDate:
    """A deadline as it is kept with its task."""
    return DueDate(
        due_at=deadline.due_at,
        provisional=deadline.provisional,
        explanation={
            "days": steps_as_data(deadline.steps),
            "source": source,
            "calendar": deadline.calendar_version,
        },
    )


def _mark_place(task_id: TaskId, task_round: int, position: int) -> str:
    return f"correction_item.message:{task_id}:{task_round}:{position}"


def _remedy_place(application_id: ApplicationId) -> str:
    return f"application.remedy:{application_id}"


def _form_place(application_id: ApplicationId) -> str:
    return f"application.form:{application_id}"


def _opinion_place(task: CaseTask) -> str:
    return f"approval_task.opinion:{task.id}"
