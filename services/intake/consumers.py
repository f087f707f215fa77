"""Which message does what at the window: departments' answers, and what the registry publishes."""

from collections.abc import Sequence
from uuid import UUID

from services.intake.actions.answer_task import answer_task
from services.intake.actions.desk import Desk, WindowTransactions
from services.intake.actions.follow_registry import (
    follow_calendar,
    follow_item,
    follow_office,
    follow_parameters,
)
from services.intake.actions.give_verdict import GiveVerdict
from services.intake.actions.record_performance import RecordPerformance, record_performance
from services.intake.errors import AlreadyDecided, StaleRound, TaskAlreadyClosed, TaskNotOpen
from services.intake.model import Answer, MatterId, TaskId, Verdict
from shared.auth import Actor, ActorKind
from shared.messaging import Handler, Message, Subscription

DEPARTMENTS = ("relief", "marriage", "funeral", "registry")


def subscriptions(desk: Desk) -> Sequence[Subscription]:
    """Everything the window listens to."""
    return (
        Subscription(
            topic="civil.registry.catalogue",
            handlers={
                "civil.registry.item-published.v1": _item_published(desk),
                "civil.registry.parameters-published.v1": _parameters_published,
                "civil.registry.calendar-published.v1": _calendar_published,
            },
        ),
        Subscription(
            topic="civil.registry.office",
            handlers={"civil.registry.office-published.v1": _office_published},
        ),
        *(_department(service, desk) for service in DEPARTMENTS),
    )


def _department(service: str, desk: Desk) -> Subscription:
    return Subscription(
        topic=f"civil.{service}.matter",
        handlers={
            f"civil.{service}.task-answered.v1": _task_answered(service, desk),
            f"civil.{service}.matter-performed.v1": _matter_performed(service, desk),
            f"civil.{service}.matter-failed.v1": _matter_performed(service, desk),
        },
    )


def _task_answered(service: str, desk: Desk) -> Handler:
    async def task_answered(message: Message, *, transaction: WindowTransactions) -> None:
        data = message.data
        command = GiveVerdict(
            actor=Actor(kind=ActorKind.SERVICE, id=service, system=service),
            task_id=TaskId(UUID(data["taskId"])),
            answer=Answer(
                verdict=Verdict(data["verdict"]),
                opinion=data.get("opinion") or None,
                conditions=tuple(data.get("conditions", ())),
                facts=data.get("facts", {}),
                round=data["round"],
            ),
        )
        try:
            await answer_task(command, transaction=transaction, desk=desk)
        except (TaskAlreadyClosed, TaskNotOpen, AlreadyDecided):
            # A late answer is kept, or known; it never changes an outcome.
            return
        except StaleRound as refusal:
            # An answer to a round that has not begun is nobody's late answer.
            if not refusal.facts.get("kept"):
                raise

    return task_answered


def _matter_performed(service: str, desk: Desk) -> Handler:
    async def matter_performed(message: Message, *, transaction: WindowTransactions) -> None:
        data = message.data
        command = RecordPerformance(
            service=service,
            matter_id=MatterId(UUID(data["matterId"])),
            document=data.get("document"),
            failure=data.get("reason"),
        )
        await record_performance(command, transaction=transaction, desk=desk)

    return matter_performed


def _item_published(desk: Desk) -> Handler:
    async def item_published(message: Message, *, transaction: WindowTransactions) -> None:
        await follow_item(
            message.data, transaction=transaction, expressions=desk.catalogue.expressions
        )

    return item_published


async def _parameters_published(message: Message, *, transaction: WindowTransactions) -> None:
    await follow_parameters(message.data, transaction=transaction)


async def _calendar_published(message: Message, *, transaction: WindowTransactions) -> None:
    await follow_calendar(message.data, transaction=transaction)


async def _office_published(message: Message, *, transaction: WindowTransactions) -> None:
    await follow_office(message.data, transaction=transaction)
