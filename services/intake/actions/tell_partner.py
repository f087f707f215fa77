"""Tell a partner system that a task waits for it: a thin, signed webhook, retried on schedule."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from services.intake.actions.desk import Desk
from services.intake.errors import TaskNotFound
from services.intake.model import TaskId, TaskState
from services.intake.ports import Partners
from services.intake.store import Store
from services.intake.store.inbox import InboxScope
from services.intake.store.webhooks import WebhookAttempt, WebhookEndpoint
from shared.database import Transactions
from shared.errors import CivilError, Unavailable
from shared.jobs import Job

SCHEDULE = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Pauses between attempts (Standard Webhooks); after the last the job is parked."""

GONE = 410

OPENED = "task.opened"


class EndpointMissing(Unavailable):
    """The partner system has not said where it listens; its tasks wait in its list."""

    title = "对接系统未登记回调地址"
    title_en = "The partner system has no webhook endpoint"


class EndpointGone(CivilError):
    """The partner's endpoint answered that it is gone for good."""

    title = "对接系统回调地址已停用"
    title_en = "The partner's endpoint is gone"


async def tell_partner(
    job: Job, *, transaction: Transactions[Store], desk: Desk, partners: Partners
) -> None:
    """Deliver one webhook once; a task answered meanwhile needs no telling.

    Raises:
        Unavailable: No 2xx came back; the job is tried again on schedule.
        EndpointGone: 410: nobody listens there any more.
    """
    system = str(job.payload["system"])
    found = await _endpoint_if_open(job, system, transaction=transaction)
    if found is None:
        return
    secret = desk.cipher.open(found.secret_sealed, place=f"webhook_endpoint.secret:{system}")
    status = await _deliver(job, found, secret.decode(), partners=partners)
    async with transaction() as store:
        await store.add_attempt(
            WebhookAttempt(
                webhook_id=webhook_id(job),
                attempt=job.attempts,
                system=system,
                at=desk.clock.now(),
                status=status,
            )
        )
    if status == GONE:
        raise EndpointGone(system=system)
    if status is None or not 200 <= status < 300:
        raise Unavailable


async def keep_endpoints(
    endpoints: Mapping[str, Mapping[str, str]], *, transaction: Transactions[Store], desk: Desk
) -> None:
    """Write where partner systems listen, as the settings say."""
    async with transaction() as store:
        for system, endpoint in endpoints.items():
            sealed = desk.cipher.seal(
                endpoint["secret"].encode(), place=f"webhook_endpoint.secret:{system}"
            )
            await store.keep_endpoint(
                WebhookEndpoint(system=system, url=endpoint["url"], secret_sealed=sealed)
            )


def webhook_id(job: Job) -> str:
    """The same for every attempt, so that the partner can tell a repeat."""
    return f"msg_{job.id.hex}"


def webhook_body(job: Job) -> bytes:
    """Thin: what happened and the task's id; the partner fetches the rest with its token."""
    body: dict[str, Any] = {
        "type": _happened(job),
        "timestamp": job.payload["openedAt"],
        "data": {"taskId": job.payload["taskId"], "round": job.payload["round"]},
    }
    return orjson.dumps(body)


def _happened(job: Job) -> str:
    return str(job.payload.get("type", OPENED))


def _is_still_so(job: Job, state: TaskState) -> bool:
    """A task answered meanwhile needs no telling; nor one that was opened anew since."""
    if _happened(job) == OPENED:
        return state in (TaskState.OPEN, TaskState.CLAIMED)
    return state is TaskState.CANCELLED


async def _endpoint_if_open(
    job: Job, system: str, *, transaction: Transactions[Store]
) -> WebhookEndpoint | None:
    scope = InboxScope(kind="partner", system=system)
    async with transaction() as store:
        try:
            row = await store.get_task(TaskId(UUID(str(job.payload["taskId"]))), scope)
        except TaskNotFound:
            return None
        if not _is_still_so(job, row.task.state):
            return None
        endpoint = await store.find_endpoint(system)
    if endpoint is None:
        raise EndpointMissing(system=system)
    return endpoint


async def _deliver(
    job: Job, endpoint: WebhookEndpoint, secret: str, *, partners: Partners
) -> int | None:
    try:
        return await partners.tell(
            endpoint.url, secret=secret, webhook_id=webhook_id(job), body=webhook_body(job)
        )
    except Unavailable:
        return None
