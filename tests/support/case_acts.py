"""What may be done to a case, once as the model foresees it and once through the real actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import orjson
from aiokafka import ConsumerRecord

from services.intake.actions.answer_task import answer_task
from services.intake.actions.claim_task import ClaimTask, claim_task, release_task
from services.intake.actions.correct_application import CorrectApplication, correct_application
from services.intake.actions.deem_accepted import deem_accepted
from services.intake.actions.disclose import disclose_task
from services.intake.actions.give_verdict import GiveVerdict
from services.intake.actions.hand_in import HandedIn
from services.intake.actions.keep_dates import keep_dates
from services.intake.actions.pause_clock import PauseClock, ResumeClock, pause_clock, resume_clock
from services.intake.actions.raise_cards import raise_cards
from services.intake.actions.withdraw_application import WithdrawApplication, withdraw_application
from services.intake.consumers import subscriptions
from services.intake.model import Answer, ApplicationId, Mark, TaskId, Verdict
from services.intake.model.clock import PauseReason
from services.intake.store import Store
from services.intake.store.cases import matter_id_of
from shared.auth import Actor, ActorKind
from shared.errors import CivilError, Unavailable
from shared.failpoints import Failpoints
from shared.ids import derived_id
from shared.inbox import Consumer
from shared.store import RequestKey
from tests.support.case_model import CaseModel, Refused, spoken_for
from tests.support.window import Window, office_id

OFFICES = {"township": "sandun-civil-affairs", "village": "sandun-example-village"}
DONE, UNKNOWN = "done", "unknown"
SWALLOWED = ("TASK_ALREADY_CLOSED", "TASK_NOT_OPEN", "ALREADY_DECIDED")
"""A department's second or late answer changes nothing, and is no fault of anybody's."""


@dataclass
class World:
    """The model of a case, and what the window must remember of those who asked."""

    case: CaseModel
    answered: dict[str, "Act"] = field(default_factory=dict)
    """Acts that took effect, by idempotency key."""
    received: set[str] = field(default_factory=set)

    def copied(self) -> "World":
        return World(self.case.copied(), dict(self.answered), set(self.received))

    def foresee(self, act: "Act") -> str:
        """Let an act happen in the model; `done`, or the code it is refused with."""
        earlier = self.answered.get(act.key)
        if earlier is not None:
            return DONE if earlier == act else "IDEMPOTENCY_KEY_REUSED"
        tried = self.copied()
        try:
            act.on(tried)
        except Refused as refusal:
            if refusal.late is not None:
                self.case.keep_late(refusal.late)
            return refusal.code
        self.case, self.received = tried.case, tried.received
        if act.is_keyed:
            self.answered[act.key] = act
        return DONE


@dataclass(frozen=True)
class Place:
    """Where acts are carried out: a window, and the case they are about."""

    window: Window
    application_id: ApplicationId
    applicant: Actor

    async def carry_out(self, act: "Act") -> str:
        """Do it for real; `done`, the code of the refusal, or `unknown` when the line was cut."""
        try:
            await act.do(self)
        except Unavailable:
            return UNKNOWN
        except CivilError as refusal:
            return refusal.code
        return DONE

    def task_id(self, ref: str) -> TaskId:
        return TaskId(derived_id("task", str(self.application_id), ref))

    def request(self, act: "Act", by: Actor) -> RequestKey:
        fingerprint = orjson.dumps(repr(replace(act, key=""))).hex()  # type: ignore[type-var]
        return RequestKey(
            subject=by.subject, route=type(act).__name__, key=act.key, fingerprint=fingerprint
        )

    @property
    def means(self) -> Mapping[str, Any]:
        return {"transaction": self.window.transaction, "desk": self.window.desk}


class Act(Protocol):
    """One thing somebody does."""

    @property
    def key(self) -> str: ...

    @property
    def is_keyed(self) -> bool: ...

    def on(self, world: World) -> None: ...

    async def do(self, place: Place) -> None: ...


@dataclass(frozen=True)
class Answers:
    """An officer or a partner system answers a task."""

    key: str
    ref: str
    by: str
    verdict: str
    round: int | None = None
    marks: tuple[str, ...] = ()
    opinion: bool = True
    remedy: bool = False
    is_keyed: bool = True

    def on(self, world: World) -> None:
        world.case.answer(
            self.ref,
            self.by,
            self.verdict,
            round=self.round,
            marks=self.marks,
            opinion=self.opinion,
            remedy=self.remedy,
        )

    async def do(self, place: Place) -> None:
        by = actor_of(self.by)
        answer = Answer(
            verdict=Verdict(self.verdict),
            opinion="与核查结果不符" if self.opinion else None,
            conditions=("补交证明",) if self.verdict == "conditional" else (),
            round=self.round,
            marks=tuple(mark_of(each) for each in self.marks),
            remedy="可申请行政复议" if self.remedy else None,
        )
        command = GiveVerdict(
            actor=by,
            task_id=place.task_id(self.ref),
            answer=answer,
            request=place.request(self, by),
        )
        await answer_task(command, **place.means)


@dataclass(frozen=True)
class Hears:
    """An event of a department's service arrives: an answer, or a matter made real or not."""

    key: str
    """The event's id; the same event may come twice."""
    ref: str
    """The task answered, or the matter performed."""
    says: str
    """A verdict, `performed` or `failed`."""
    round: int = 1
    is_keyed: bool = False

    def on(self, world: World) -> None:
        if self.key in world.received:
            return
        world.received.add(self.key)
        before = world.case.copied()
        try:
            if self.says in ("performed", "failed"):
                world.case.perform(self.ref, is_done=self.says == "performed")
            else:
                world.case.answer(self.ref, "service:relief", self.says, round=self.round)
        except Refused as refusal:
            world.case = before
            if refusal.late is not None:
                world.case.keep_late(refusal.late)
            elif refusal.code not in SWALLOWED:
                world.case.events["dead-letter-buried", refusal.code] += 1

    async def do(self, place: Place) -> None:
        consumer = Consumer(
            "intake",
            subscriptions(place.window.desk),
            database=place.window.database,
            store=Store,
            bootstrap_servers="",
            failpoints=Failpoints(),
        )
        await consumer.apply([self._record(place)])

    def _record(self, place: Place) -> "ConsumerRecord[bytes, bytes]":
        data: dict[str, Any] = {"applicationId": str(place.application_id)}
        if self.says in ("performed", "failed"):
            fact = f"matter-{self.says}"
            data["matterId"] = str(matter_id_of(place.application_id, self.ref))
            if self.says == "failed":
                data["reason"] = "NO_SLOT"
        else:
            fact = "task-answered"
            data |= {"taskId": str(place.task_id(self.ref)), "round": self.round}
            data |= {"verdict": self.says, "opinion": "与核查结果不符", "facts": {}}
            if self.says == "conditional":
                data["conditions"] = ["补交证明"]
        headers = {
            "ce_id": str(UUID(self.key)),
            "ce_type": f"civil.relief.{fact}.v1",
            "ce_subject": str(place.application_id),
            "ce_source": "relief",
        }
        return ConsumerRecord(
            topic="civil.relief.matter",
            partition=0,
            offset=0,
            timestamp=0,
            timestamp_type=0,
            key=str(place.application_id).encode(),
            value=orjson.dumps(data),
            checksum=None,
            serialized_key_size=0,
            serialized_value_size=0,
            headers=[(name, value.encode()) for name, value in headers.items()],
        )


@dataclass(frozen=True)
class Corrects:
    """The applicant answers a correction notice."""

    key: str
    notes: tuple[tuple[str, str], ...]
    papers: tuple[str, ...]
    is_keyed: bool = True

    def on(self, world: World) -> None:
        world.case.correct(dict(self.notes), self.papers)

    async def do(self, place: Place) -> None:
        command = CorrectApplication(
            actor=place.applicant,
            application_id=place.application_id,
            form=dict(self.notes),
            materials=[HandedIn(key=each) for each in self.papers],
            request=place.request(self, place.applicant),
        )
        await correct_application(command, **place.means)


@dataclass(frozen=True)
class Withdraws:
    """The applicant takes the application back."""

    key: str
    is_keyed: bool = True

    def on(self, world: World) -> None:
        world.case.withdraw()

    async def do(self, place: Place) -> None:
        command = WithdrawApplication(
            actor=place.applicant,
            application_id=place.application_id,
            request=place.request(self, place.applicant),
        )
        await withdraw_application(command, **place.means)


@dataclass(frozen=True)
class Handles:
    """Somebody takes a task, lets go of it, or reads what it discloses."""

    key: str
    what: str
    """`claim`, `release` or `read`."""
    ref: str
    by: str
    is_keyed: bool = False

    def on(self, world: World) -> None:
        getattr(world.case, self.what)(self.ref, self.by)

    async def do(self, place: Place) -> None:
        by, task_id = actor_of(self.by), place.task_id(self.ref)
        if self.what == "read":
            await disclose_task(by, task_id, **place.means)
            return
        action = claim_task if self.what == "claim" else release_task
        await action(ClaimTask(actor=by, task_id=task_id), **place.means)


@dataclass(frozen=True)
class StopsClock:
    """The lead office lets the procedure stand still, or run on."""

    key: str
    what: str
    """`pause` or `resume`."""
    by: str
    is_keyed: bool = True

    def on(self, world: World) -> None:
        getattr(world.case, self.what)()

    async def do(self, place: Place) -> None:
        by = actor_of(self.by)
        about = {"actor": by, "application_id": place.application_id}
        request = place.request(self, by)
        if self.what == "resume":
            await resume_clock(ResumeClock(**about, request=request), **place.means)
            return
        pause = PauseClock(**about, reason=PauseReason.HEARING, days=3, request=request)
        await pause_clock(pause, **place.means)


@dataclass(frozen=True)
class TimePasses:
    """The clock processes wake at a later time."""

    key: str
    now: datetime
    is_keyed: bool = False

    def on(self, world: World) -> None:
        world.case.time_passes(self.now)

    async def do(self, place: Place) -> None:
        place.window.clock.set(self.now)
        await deem_accepted(**place.means)
        await keep_dates(**place.means)
        while await raise_cards(**place.means, failpoints=Failpoints()):
            pass


def actor_of(by: str) -> Actor:
    """Who speaks for an office, a partner or a service; `/2` is a colleague."""
    kind, _, name = spoken_for(by).partition(":")
    if kind == "officer":
        office = str(office_id(OFFICES[name]))
        person = by.replace(":", "-").replace("/", "-")
        return Actor(kind=ActorKind.OFFICER, id=person, offices=frozenset({office}))
    return Actor(kind=ActorKind(kind), id=name, system=name)


def mark_of(place: str) -> Mark:
    """A mark on a field of the form, or on the paper."""
    if place == "paper":
        return Mark(message="请补正", material=place)
    return Mark(message="请补正", pointer=f"/{place}")
