"""How long a body may be kept, and when somebody must be told.

Nothing here ever leads to a cremation: an overdue storage is told to people.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.funeral.errors import ExtensionTooShort
from services.funeral.model import Extension, Storage, StorageDue
from shared.clock import end_of_day, local_date

FREE_DAYS = 3
ALERT_BEFORE = timedelta(hours=24)


def storage_due(storage: Storage) -> StorageDue:
    """Until when a body may be kept: three days after it came, or as extended.

    Calendar days, never moved for holidays: funeral homes work every day.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), art. 27.
    """
    due_on = local_date(storage.received_at) + timedelta(days=FREE_DAYS)
    for extension in storage.extensions:
        due_on = max(due_on, extension.until)
    ends_at = end_of_day(due_on)
    return StorageDue(due_on=due_on, alert_at=ends_at - ALERT_BEFORE, ends_at=ends_at)


def is_overdue(storage: Storage, *, at: datetime) -> bool:
    """Whether a body is kept beyond its time without an extension.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), art. 27.
    """
    return at >= storage_due(storage).ends_at


def extend(storage: Storage, extension: Extension) -> Storage:
    """Record a longer storage; the earlier ones stay on record.

    Raises:
        ExtensionTooShort: It does not reach beyond the present end.

    Source:
        Regulation on Funeral Management (殡葬管理条例, Order 824), art. 27 (extension procedure
        at the funeral home).
    """
    if extension.until <= storage_due(storage).due_on:
        raise ExtensionTooShort
    return replace(storage, extensions=(*storage.extensions, extension))
