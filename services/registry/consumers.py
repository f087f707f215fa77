"""Which message does what: the registry answers the window, follows others, and certifies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from services.registry.actions.answer_death_fact import SERVICE, answer_death_fact
from services.registry.actions.end_certificate import FactEnded, end_with_fact
from services.registry.actions.follow_owners import (
    BENEFITS,
    FOLLOW_BENEFIT,
    FOLLOW_MARRIAGE,
    MARRIAGES,
    follow_benefit,
    follow_marriage,
)
from services.registry.actions.issue_certificate import PerformedMatter, certify_matter
from services.registry.actions.register_adoption import answer_adoption, register_adoption
from services.registry.actions.register_death import register_death
from services.registry.actions.register_organisation import (
    answer_organisation,
    qualify_fundraising,
    recognise_charity,
    register_organisation,
)
from services.registry.actions.register_place_name import (
    announce_place_name,
    answer_place_name,
    register_place_name,
)
from services.registry.actions.wiring import RegistryTransactions, Wiring
from services.registry.ports import OutcomeWindow, Owners
from shared.database import Transactions
from shared.department import Department, Window
from shared.jobs import BACK_OFF, Job, JobKind
from shared.messaging import Handler, Message, Subscription
from shared.store import JobRequest, SharedStore


def department(window: Window, wiring: Wiring) -> Department:
    """The registry's part of joint cases (a death), and the items that are its own."""
    kept = partial(partial, transaction=wiring.transaction, clock=wiring.clock)
    indexed = partial(kept, index=wiring.index)
    return Department(
        service=SERVICE,
        window=window,
        checks={
            "death-fact": indexed(answer_death_fact),
            "adoption-conditions": indexed(answer_adoption),
            "organisation-conditions": indexed(answer_organisation),
            "place-name": kept(answer_place_name),
        },
        effects={
            "register-death": indexed(register_death),
            "register-adoption": indexed(register_adoption),
            "register-organisation": indexed(register_organisation),
            "recognise-charity": kept(recognise_charity),
            "qualify-fundraising": kept(qualify_fundraising),
            "register-place-name": kept(register_place_name),
            "announce-place-name": kept(announce_place_name),
        },
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


CERTIFY = "certify-matter"

PATIENCE = (*BACK_OFF, *(timedelta(minutes=10) for _ in range(144)))
"""For a day: the window concludes a matter moments after its owner has performed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifying:
    """What the registry hears in order to issue certificates and to end them."""

    window: OutcomeWindow
    wiring: Wiring

    def subscriptions(self) -> Sequence[Subscription]:
        """What was performed by any department, and what has ended."""
        return (
            Subscription(
                topic="civil.relief.matter",
                handlers={"civil.relief.matter-performed.v1": _hear_performed},
                concerns=_has_document,
            ),
            Subscription(
                topic="civil.marriage.matter",
                handlers={"civil.marriage.matter-performed.v1": _hear_performed},
                concerns=_has_document,
            ),
            Subscription(
                topic="civil.funeral.matter",
                handlers={"civil.funeral.matter-performed.v1": _hear_performed},
                concerns=_has_document,
            ),
            Subscription(
                topic="civil.registry.matter",
                handlers={"civil.registry.matter-performed.v1": _hear_performed},
                concerns=_has_document,
            ),
            Subscription(
                topic="civil.marriage.marriage",
                handlers={"civil.marriage.marriage-ended.v1": self._hear_end},
            ),
            Subscription(
                topic="civil.relief.benefit",
                handlers={"civil.relief.benefit-stopped.v1": self._hear_end},
            ),
        )

    def jobs(self) -> Mapping[str, JobKind]:
        """The kind of job that issues."""
        return {CERTIFY: JobKind(handler=self._certify, schedule=PATIENCE, gives_up=True)}

    async def _certify(self, job: Job) -> None:
        performed = PerformedMatter(
            matter_id=UUID(job.payload["matterId"]), kind=job.payload["kind"]
        )
        await certify_matter(
            performed,
            window=self.window,
            transaction=self.wiring.transaction,
            clock=self.wiring.clock,
            index=self.wiring.index,
        )

    async def _hear_end(self, message: Message, *, transaction: RegistryTransactions) -> None:
        fact = FactEnded(event_type=message.type, data=message.data)
        await end_with_fact(fact, transaction=transaction, clock=self.wiring.clock)


def certifying(window: OutcomeWindow, wiring: Wiring) -> Certifying:
    """The registry as the issuer of certificates."""
    return Certifying(window=window, wiring=wiring)


def _has_document(message: Message) -> bool:
    document = message.data["document"]
    return document is not None and bool(document.get("number"))


async def _hear_performed(message: Message, *, transaction: RegistryTransactions) -> None:
    """Note the work once per matter; the case and the person are asked for outside."""
    data = message.data
    async with transaction() as store:
        await store.enqueue(
            JobRequest(
                kind=CERTIFY,
                key=str(data["matterId"]),
                payload={"matterId": data["matterId"], "kind": data["document"]["kind"]},
                application_id=UUID(data["applicationId"]),
            )
        )


def by_topic(subscriptions: Iterable[Subscription]) -> Sequence[Subscription]:
    """One subscription per topic, as the consumer wants it; all who hear a type act on it."""
    topics: dict[str, list[Subscription]] = {}
    for each in subscriptions:
        topics.setdefault(each.topic, []).append(each)
    return [_together(topic, heard) for topic, heard in topics.items()]


def _together(topic: str, heard: Sequence[Subscription]) -> Subscription:
    if len(heard) == 1:
        return heard[0]

    def concerns(message: Message) -> bool:
        return any(each.takes(message) for each in heard)

    async def hear(message: Message, *, transaction: RegistryTransactions) -> None:
        for each in heard:
            if each.takes(message):
                await each.handlers[message.type](message, transaction=transaction)

    handlers = {type_: hear for each in heard for type_ in each.handlers}
    return Subscription(topic=topic, handlers=handlers, concerns=concerns)
