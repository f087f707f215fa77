"""Which message does what: the registry is a department of the window, and follows others."""

from collections.abc import Mapping, Sequence
from functools import partial

from services.registry.actions.answer_death_fact import SERVICE, answer_death_fact
from services.registry.actions.follow_owners import (
    BENEFITS,
    FOLLOW_BENEFIT,
    FOLLOW_MARRIAGE,
    MARRIAGES,
    follow_benefit,
    follow_marriage,
)
from services.registry.actions.register_death import register_death
from services.registry.actions.wiring import Wiring
from services.registry.ports import Owners
from shared.database import Transactions
from shared.department import Department, Window
from shared.jobs import JobKind
from shared.messaging import Handler, Message, Subscription
from shared.store import JobRequest, SharedStore


def department(window: Window, wiring: Wiring) -> Department:
    """The registry's part of joint cases: the fact of a death, and its registration."""
    answer = partial(
        answer_death_fact,
        transaction=wiring.transaction,
        clock=wiring.clock,
        index=wiring.index,
    )
    perform = partial(
        register_death,
        transaction=wiring.transaction,
        clock=wiring.clock,
        index=wiring.index,
    )
    return Department(
        service=SERVICE,
        window=window,
        checks={"death-fact": answer},
        effects={"register-death": perform},
    )


def followed() -> Sequence[Subscription]:
    """What the registry hears of marriages and benefits; each becomes a job that asks whose."""
    return (
        Subscription(
            topic=MARRIAGES,
            handlers={
                "civil.marriage.marriage-registered.v1": _follow(FOLLOW_MARRIAGE),
                "civil.marriage.marriage-ended.v1": _follow(FOLLOW_MARRIAGE),
            },
        ),
        Subscription(
            topic=BENEFITS,
            handlers={
                "civil.relief.benefit-granted.v1": _follow(FOLLOW_BENEFIT),
                "civil.relief.benefit-changed.v1": _follow(FOLLOW_BENEFIT),
                "civil.relief.benefit-stopped.v1": _follow(FOLLOW_BENEFIT),
            },
        ),
    )


def following(owners: Owners, wiring: Wiring) -> Mapping[str, JobKind]:
    """The jobs that ask whose a marriage or a benefit is, and note it."""
    marriages = partial(
        follow_marriage, owners=owners, transaction=wiring.transaction, clock=wiring.clock
    )
    benefits = partial(
        follow_benefit, owners=owners, transaction=wiring.transaction, clock=wiring.clock
    )
    return {
        FOLLOW_MARRIAGE: JobKind(handler=marriages),
        FOLLOW_BENEFIT: JobKind(handler=benefits),
    }


def _follow(kind: str) -> Handler:
    async def follow(message: Message, *, transaction: Transactions[SharedStore]) -> None:
        payload = {**message.data, "eventId": str(message.id)}
        async with transaction() as store:
            await store.enqueue(JobRequest(kind=kind, key=str(message.id), payload=payload))

    return follow
