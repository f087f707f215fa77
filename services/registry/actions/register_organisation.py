"""Judge an organisation for the window, register a granted one, and make charities of some."""

from dataclasses import replace
from functools import partial

from services.registry.actions.own_matter import Finding, Made, answer_once, perform_once
from services.registry.errors.own_items import RegistrationStillToCome
from services.registry.events.own_items import (
    charity_recognised,
    fundraising_qualified,
    organisation_registered,
)
from services.registry.model import PersonIndex
from services.registry.model.organisations import (
    Organisation,
    OrganisationGround,
    OrganisationRequest,
)
from services.registry.rules import organisations as rules
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import MatterRequest, TaskRequest
from shared.identifiers import InvalidIdentifier, ResidentId
from shared.ids import new_id
from shared.sealing import BlindIndex

REGISTER = "register-organisation"
RECOGNISE = "recognise-charity"
QUALIFY = "qualify-fundraising"

_REGISTRATION = "REGISTRATION"
_CHARITY = "CHARITY"


async def answer_organisation(
    request: TaskRequest, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> None:
    """Check name, members, funds and representative, and answer the task once per round.

    Raises:
        DisclosureIncomplete: The window disclosed less than the question needs.
    """
    asked = rules.read_organisation(request.fields)
    async with transaction() as store:
        grounds = await _grounds(store, asked, clock=clock, index=index)
        finding = Finding(
            verdict=rules.organisation_verdict(grounds),
            grounds=grounds,
            words=[rules.WORDS[each] for each in grounds],
            act="read-organisation-conditions",
            reason="社会组织名称和设立条件核查",
        )
        await answer_once(request, finding, store=store, clock=clock)


async def register_organisation(
    request: MatterRequest, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> None:
    """Register an organisation under a new credit code, or say why it cannot be.

    Raises:
        DisclosureIncomplete: The window disclosed less than the registration needs.
    """
    asked = rules.read_organisation(request.fields)
    make = partial(_register, request, asked, clock=clock, index=index)
    await perform_once(request, make, transaction=transaction, clock=clock)


async def recognise_charity(
    request: MatterRequest, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Recognise a registered organisation as a charity, or say why it cannot be.

    Raises:
        DisclosureIncomplete: The window disclosed less than the recognition needs.
        RegistrationStillToCome: The same case registers it, and has not yet.
    """
    asked = rules.read_organisation(request.fields)
    make = partial(_recognise, request, asked, clock=clock)
    await perform_once(request, make, transaction=transaction, clock=clock)


async def qualify_fundraising(
    request: MatterRequest, *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Qualify a charity for public fund-raising, or say why it cannot be.

    Raises:
        DisclosureIncomplete: The window disclosed less than the qualification needs.
        RegistrationStillToCome: The same case recognises it, and has not yet.
    """
    asked = rules.read_organisation(request.fields)
    make = partial(_qualify, request, asked, clock=clock)
    await perform_once(request, make, transaction=transaction, clock=clock)


async def _register(
    request: MatterRequest,
    asked: OrganisationRequest,
    store: Store,
    *,
    clock: Clock,
    index: BlindIndex,
) -> Made | OrganisationGround:
    grounds = await _grounds(store, asked, clock=clock, index=index)
    if grounds:
        return grounds[0]
    serial = await store.next_organisation_serial()
    organisation = Organisation(
        id=new_id(),
        matter_id=request.matter_id,
        application_id=request.application_id,
        uscc=rules.credit_code(asked.type, request.division, serial),
        type=asked.type,
        name=asked.name,
        division=asked.division,
        address=asked.address,
        purpose=asked.purpose,
        scope=asked.scope,
        supervisor=asked.supervisor,
        funds_fen=asked.funds_fen,
        representative=asked.representative,
        representative_index=PersonIndex(index.of(asked.representative.id_number)),
        registered_on=clock.today(),
    )
    if not await store.add_organisation(organisation):
        # Another case was quicker by the blink of an eye; now it can be seen which way.
        return (await _grounds(store, asked, clock=clock, index=index))[0]
    return Made(
        record=organisation.id,
        kind="social-organisation-certificate",
        number=organisation.uscc,
        facts={"uscc": organisation.uscc, "registeredOn": clock.today().isoformat()},
        event=organisation_registered(organisation),
    )


async def _recognise(
    request: MatterRequest, asked: OrganisationRequest, store: Store, *, clock: Clock
) -> Made | OrganisationGround:
    organisation = await store.lock_organisation(asked.division, asked.name)
    await _wait_for(store, request, organisation is not None, _REGISTRATION, REGISTER)
    grounds = rules.charity_grounds(organisation)
    if organisation is None or grounds:
        return grounds[0]
    today = clock.today()
    if organisation.charity_on is None:
        serial = await store.next_recognition_serial()
        number = rules.recognition_number(request.division, today, serial)
        await store.recognise_charity(organisation.id, on=today, number=number)
        organisation = replace(organisation, charity_on=today, charity_number=number)
    return Made(
        record=organisation.id,
        kind="charity-recognition",
        number=organisation.charity_number or "",
        facts={"uscc": organisation.uscc, "recognisedOn": str(organisation.charity_on)},
        event=charity_recognised(organisation, request.application_id),
    )


async def _qualify(
    request: MatterRequest, asked: OrganisationRequest, store: Store, *, clock: Clock
) -> Made | OrganisationGround:
    organisation = await store.lock_organisation(asked.division, asked.name)
    is_charity = organisation is not None and organisation.charity_on is not None
    await _wait_for(store, request, is_charity, _CHARITY, RECOGNISE)
    today = clock.today()
    grounds = rules.fundraising_grounds(organisation, today=today)
    if organisation is None or grounds:
        return grounds[0]
    if organisation.fundraising_on is None:
        serial = await store.next_recognition_serial()
        number = rules.fundraising_number(request.division, today, serial)
        await store.qualify_fundraising(organisation.id, on=today, number=number)
        organisation = replace(organisation, fundraising_on=today, fundraising_number=number)
    return Made(
        record=organisation.id,
        kind="fundraising-qualification",
        number=organisation.fundraising_number or "",
        facts={"uscc": organisation.uscc, "qualifiedOn": str(organisation.fundraising_on)},
        event=fundraising_qualified(organisation, request.application_id),
    )


async def _wait_for(
    store: Store, request: MatterRequest, is_there: bool, part: str, effect: str
) -> None:
    """Let what the same case grants first be made real first; messages know no such order.

    Raises:
        RegistrationStillToCome: It is granted with this one, and was not made real yet.
    """
    if is_there or part not in request.fields["requests"]:
        return
    if not await store.has_failed(request.application_id, effect):
        raise RegistrationStillToCome


async def _grounds(
    store: Store, asked: OrganisationRequest, *, clock: Clock, index: BlindIndex
) -> list[OrganisationGround]:
    try:
        number = ResidentId.parse(asked.representative.id_number, today=clock.today())
    except InvalidIdentifier:
        return [OrganisationGround.NUMBER_WRONG]
    return rules.organisation_grounds(
        asked,
        is_name_taken=await store.is_organisation_name_taken(asked.division, asked.name),
        heads_another=await store.heads_association(PersonIndex(index.of(number.value))),
    )
