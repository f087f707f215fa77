"""Follow what other services tell: marriages into lives, benefits into the service objects base.

Events name no person. Whom one is about is asked of its owner, outside any transaction; what is
then noted has ids derived from the event, so that a repeat notes nothing new.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.registry.actions.keep_objects import note_objects
from services.registry.actions.note_life import note_facts
from services.registry.model import PersonIndex
from services.registry.model.objects import Category, ObjectAct, ObjectFact
from services.registry.model.residents import FactId, LifeEvent, LifeFact
from services.registry.ports import Owners
from services.registry.rules.objects import category_of
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import derived_id
from shared.jobs import Job

FOLLOW_MARRIAGE = "follow-marriage"
FOLLOW_BENEFIT = "follow-benefit"

MARRIAGES = "civil.marriage.marriage"
BENEFITS = "civil.relief.benefit"

_ENDINGS = {"DEATH": LifeEvent.BEREAVEMENT}


async def follow_marriage(
    job: Job, *, owners: Owners, transaction: Transactions[Store], clock: Clock
) -> None:
    """Note the beginning or the end of a marriage in the lives of both.

    Raises:
        Unavailable: The marriage registry did not answer.
        Refused: It knows no such marriage, or does not let us ask: for an operator to look at.
    """
    told = job.payload
    marriage = UUID(told["marriageId"])
    kind, on = _of_marriage(told)
    parties = await owners.parties_of(marriage)
    facts = [
        LifeFact(
            id=FactId(derived_id("life-fact", str(marriage), kind, str(place))),
            person=person,
            kind=kind,
            on=on,
            subject=marriage,
            source=f"{MARRIAGES}:{told['eventId']}",
            recorded_at=clock.now(),
        )
        for place, person in enumerate(sorted(parties))
    ]
    async with transaction() as store:
        await note_facts(store, facts, clock=clock)


async def follow_benefit(
    job: Job, *, owners: Owners, transaction: Transactions[Store], clock: Clock
) -> None:
    """Note who became, or ceased to be, an object of a service by a benefit.

    Raises:
        Unavailable: Relief did not answer.
        Refused: It knows no such benefit, or does not let us ask: for an operator to look at.
    """
    told = job.payload
    category = category_of(told["kind"])
    if category is None:
        return
    benefit = UUID(told["benefitId"])
    people = await owners.people_of(benefit)
    facts = []
    for person, left_on in people.items():
        if told.get("decidedOn"):
            began = date.fromisoformat(told["decidedOn"])
            facts.append(_fact(benefit, person, category, ObjectAct.BEGIN, began, clock))
        if left_on is not None:
            facts.append(_fact(benefit, person, category, ObjectAct.END, left_on, clock))
        elif told.get("stopsFrom"):
            ends = date.fromisoformat(f"{told['stopsFrom']}-01")
            facts.append(_fact(benefit, person, category, ObjectAct.END, ends, clock))
    async with transaction() as store:
        await note_objects(store, benefit, facts, clock=clock)


def _of_marriage(told: Mapping[str, Any]) -> tuple[LifeEvent, date]:
    if told.get("registeredOn"):
        return LifeEvent.MARRIAGE, date.fromisoformat(told["registeredOn"])
    kind = _ENDINGS.get(told["cause"], LifeEvent.DIVORCE)
    return kind, date.fromisoformat(told["endedOn"])


def _fact(
    benefit: UUID,
    person: PersonIndex,
    category: Category,
    act: ObjectAct,
    on: date,
    clock: Clock,
) -> ObjectFact:
    # A blind index is keyed, so an id derived from it gives nothing away.
    return ObjectFact(
        id=derived_id("object-fact", str(benefit), person, act, on.isoformat()),
        person=person,
        category=category,
        act=act,
        on=on,
        source=BENEFITS,
        reference=benefit,
        recorded_at=clock.now(),
    )
