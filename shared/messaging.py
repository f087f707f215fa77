"""Events on the wire: CloudEvents in binary mode over aiokafka, nothing in between."""

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.errors import CivilError

Headers = Sequence[tuple[str, bytes]]

MAX_MESSAGE_BYTES = 256 * 1024


class Unreadable(CivilError):
    """A record is not an event we could have sent: it goes to the dead letters."""

    title = "无法识别的消息"
    title_en = "Not a readable event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One event, as a consumer reads it."""

    id: UUID
    type: str
    topic: str
    key: str
    source: str
    data: Mapping[str, Any]
    trace: Mapping[str, str] = field(default_factory=dict)
    """`traceparent` and `tracestate` of the act that made the event true."""

    @property
    def application_id(self) -> str | None:
        """The case the event belongs to, if it belongs to one."""
        found = self.data.get("applicationId")
        return found if isinstance(found, str) else None


Handler = Callable[..., Coroutine[Any, Any, None]]
"""`async handler(message, *, transaction)`; runs inside the inbox's transaction."""


def _everything(_message: Message) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a service listens to: one topic, a handler per event type, others ignored."""

    topic: str
    handlers: Mapping[str, Handler]
    concerns: Callable[[Message], bool] = _everything
    """Passes over messages meant for others before they cost a statement."""

    def takes(self, message: Message) -> bool:
        """Whether there is something to do about a message."""
        return message.type in self.handlers and self.concerns(message)


def to_wire(
    *, id: UUID, type: str, key: str, headers: Mapping[str, str], time: str
) -> list[tuple[str, bytes]]:
    """CloudEvents attributes as Kafka headers, with the trace beside them."""
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": str(id),
        "ce_type": type,
        "ce_time": time,
        "ce_subject": key,
        "content-type": "application/json",
        **headers,
    }
    return [(name, value.encode()) for name, value in attributes.items()]


def from_wire(topic: str, value: bytes | None, headers: Headers) -> Message:
    """Read one record.

    Raises:
        Unreadable: It has no JSON object, no CloudEvents attributes, or is too large.
    """
    if not value or len(value) > MAX_MESSAGE_BYTES:
        raise Unreadable("empty, or larger than an event may be")
    try:
        attributes = {name: raw.decode() for name, raw in headers if len(raw) < 4096}
        data = json.loads(value)
        identity = UUID(attributes["ce_id"])
        type_, key = attributes["ce_type"], attributes["ce_subject"]
    except (ValueError, KeyError, RecursionError, AttributeError):
        raise Unreadable("not a CloudEvent in binary mode with a JSON body") from None
    if not isinstance(data, dict):
        raise Unreadable("the body is not a JSON object")
    return Message(
        id=identity,
        type=type_,
        topic=topic,
        key=key,
        source=attributes.get("ce_source", ""),
        data=data,
        trace={k: v for k, v in attributes.items() if k in ("traceparent", "tracestate")},
    )
