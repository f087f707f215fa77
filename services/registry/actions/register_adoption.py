"""Judge an adoption for the window, and register a granted one: one record per child."""

from functools import partial

from services.registry.actions.own_matter import Finding, Made, answer_once, perform_once
from services.registry.events.own_items import adoption_registered
from services.registry.model import LifeStatus, PersonIndex, Resident
from services.registry.model.adoption import (
    Adoption,
    AdoptionGround,
    AdoptionKnown,
    AdoptionRequest,
    NamedPerson,
)
from services.registry.model.residents import CivilStatus
from services.registry.rules import adoption as rules
from services.registry.rules import life
from services.registry.rules.death import is_same_name
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import MatterRequest, TaskRequest
from shared.ids import new_id
from shared.sealing import BlindIndex

DOCUMENT_KIND = "adoption-certificate"


async def answer_adoption(
    request: TaskRequest, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> None:
    """Compare an adoption with the law and the register, and answer the task once per round.

    Raises:
        DisclosureIncomplete: The window disclosed less than the question needs.
    """
    asked = rules.read_adoption(request.fields)
    async with transaction() as store:
        known = await _known(store, asked, clock=clock, index=index)
        grounds = rules.adoption_grounds(asked, known, today=clock.today())
        finding = Finding(
            verdict=rules.adoption_verdict(grounds),
            grounds=grounds,
            words=[rules.WORDS[each] for each in grounds],
            act="read-adoption-conditions",
            reason="收养条件核查",
        )
        await answer_once(request, finding, store=store, clock=clock)


async def register_adoption(
    request: MatterRequest, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> None:
    """Register an adoption, or say why it cannot be; ages count on the day of registration.

    Raises:
        DisclosureIncomplete: The window disclosed less than the registration needs.
    """
    make = partial(
        _register, request, rules.read_adoption(request.fields), clock=clock, index=index
    )
    await perform_once(request, make, transaction=transaction, clock=clock)


async def _register(
    request: MatterRequest,
    asked: AdoptionRequest,
    store: Store,
    *,
    clock: Clock,
    index: BlindIndex,
) -> Made | AdoptionGround:
    known = await _known(store, asked, clock=clock, index=index)
    today, proceedings = clock.today(), rules.read_proceedings(request.facts)
    grounds = [
        *rules.adoption_grounds(asked, known, today=today),
        *rules.proceeding_grounds(asked.kind, proceedings, today=today),
    ]
    if grounds:
        return grounds[0]
    serial = await store.next_adoption_serial()
    adoption = Adoption(
        id=new_id(),
        matter_id=request.matter_id,
        application_id=request.application_id,
        number=rules.adoption_number(request.division, today, serial),
        kind=asked.kind,
        division=request.division,
        adopters=asked.adopters,
        adopter_indexes=[_index(each, index) for each in asked.adopters],
        adoptee=asked.adoptee,
        adoptee_index=_index(asked.adoptee, index),
        sender=asked.sender,
        registered_on=today,
    )
    if not await store.add_adoption(adoption):
        return AdoptionGround.ALREADY_ADOPTED
    return Made(
        record=adoption.id,
        kind=DOCUMENT_KIND,
        number=adoption.number,
        facts={"registeredOn": today.isoformat()},
        event=adoption_registered(adoption),
    )


async def _known(
    store: Store, asked: AdoptionRequest, *, clock: Clock, index: BlindIndex
) -> AdoptionKnown:
    residents = [await store.find_resident_by_index(_index(each, index)) for each in asked.people]
    applicant = residents[0]
    return AdoptionKnown(
        names_fit=all(_fits(*pair) for pair in zip(asked.people, residents, strict=True)),
        is_anybody_deceased=any(
            each is not None and each.status is LifeStatus.DECEASED for each in residents
        ),
        has_spouse=applicant is not None and await _is_married(store, applicant, clock=clock),
        adoptions=await store.most_adoptions(_index(each, index) for each in asked.adopters),
        is_adopted=await store.is_adopted(_index(asked.adoptee, index)),
    )


async def _is_married(store: Store, resident: Resident, *, clock: Clock) -> bool:
    numbers = await store.list_numbers(resident.id)
    facts = life.standing(await store.list_facts(numbers))
    return life.civil_status(facts, on=clock.today()) is CivilStatus.MARRIED


def _fits(person: NamedPerson, resident: Resident | None) -> bool:
    return resident is None or is_same_name(person.name, resident.name)


def _index(person: NamedPerson, index: BlindIndex) -> PersonIndex:
    return PersonIndex(index.of(person.id_number))
