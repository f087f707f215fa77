"""A domain event as a service writes it down, before any broker is involved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from shared.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact in the past tense, told to the other services.

    The envelope becomes CloudEvents attributes on the wire. `data` carries ids,
    codes, times and results; never an ID number, a name, a phone or an account.
    """

    topic: str
    """`civil.<service>.<noun>`."""
    type: str
    """`civil.<service>.<noun>-<fact>.v1`."""
    key: str
    """Id of the thing the fact is about; for everything about a case, the application id."""
    data: Mapping[str, object]
    application_id: UUID | None = None
    """The case this fact belongs to, for traces and for people who search."""
    id: UUID = field(default_factory=new_id)

    @property
    def source(self) -> str:
        """The CloudEvents source: the service that speaks."""
        return "/one-window/" + self.topic.split(".")[1]
