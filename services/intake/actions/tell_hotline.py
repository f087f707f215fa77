"""Tell the hotline's platform where its work order stands: a thin, signed webhook."""

from contextlib import suppress

import orjson

from services.intake.actions.desk import Desk
from services.intake.actions.tell_partner import EndpointGone, EndpointMissing, webhook_id
from services.intake.ports import Partners
from services.intake.store import Store
from services.intake.store.webhooks import WebhookAttempt
from shared.database import Transactions
from shared.errors import Unavailable
from shared.jobs import Job

GONE = 410


async def tell_hotline(
    job: Job, *, transaction: Transactions[Store], desk: Desk, partners: Partners
) -> None:
    """Deliver once; the platform fetches the answer itself, with its own token.

    Raises:
        Unavailable: No 2xx came back; the job is tried again on schedule.
        EndpointGone: Nobody listens there any more.
    """
    system = str(job.payload["system"])
    async with transaction() as store:
        endpoint = await store.find_endpoint(system)
    if endpoint is None:
        raise EndpointMissing(system=system)
    secret = desk.cipher.open(endpoint.secret_sealed, place=f"webhook_endpoint.secret:{system}")
    status: int | None = None
    with suppress(Unavailable):
        status = await partners.tell(
            endpoint.url, secret=secret.decode(), webhook_id=webhook_id(job), body=_body(job)
        )
    async with transaction() as store:
        attempt = WebhookAttempt(
            webhook_id=webhook_id(job),
            attempt=job.attempts,
            system=system,
            at=desk.clock.now(),
            status=status,
        )
        await store.add_attempt(attempt)
    if status == GONE:
        raise EndpointGone(system=system)
    if status is None or not 200 <= status < 300:
        raise Unavailable


def _body(job: Job) -> bytes:
    body = {
        "type": f"work-order.{job.payload['stage']}",
        "timestamp": job.payload["at"],
        "data": {
            "redressId": job.payload["redressId"],
            "externalNumber": job.payload["externalNumber"],
        },
    }
    return orjson.dumps(body)
