"""Which message does what: the checks the registry answers and the effects it makes real."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.marriage.actions.answer_marital_status import (
    AnswerMaritalStatus,
    answer_marital_status,
)
from services.marriage.actions.answer_marriage_of_deceased import answer_marriage_of_deceased
from services.marriage.actions.desk import Desk
from services.marriage.actions.end_marriage_by_death import (
    EndMarriageByDeath,
    end_marriage_by_death,
)
from services.marriage.actions.register_marriage import (
    PartyNamed,
    RegisterMarriage,
    register_marriage,
)
from services.marriage.errors import PartyUnreadable
from services.marriage.model import AgeAttained, PersonIndex, StatedStatus
from shared.department import Answer, Department, MatterRequest, Perform, TaskRequest, Window
from shared.identifiers import InvalidIdentifier, ResidentId


def department(desk: Desk, *, window: Window) -> Department:
    """The marriage registry as a department of the window."""
    return Department(service="marriage", window=window, checks=checks(desk), effects=effects(desk))


def checks(desk: Desk) -> Mapping[str, Answer]:
    """What the registry can be asked."""

    async def marital_status(task: TaskRequest) -> None:
        applicant, partner = task.fields["applicant"], task.fields["partner"]
        command = AnswerMaritalStatus(
            task=task,
            applicant=_person(desk, applicant),
            applicant_states=StatedStatus(applicant["stated_marital_status"]),
            partner=_person(desk, partner),
            partner_states=StatedStatus(partner["stated_marital_status"]),
        )
        await answer_marital_status(command, transaction=desk.transaction)

    async def marriage_of_deceased(task: TaskRequest) -> None:
        await answer_marriage_of_deceased(
            task, deceased=_person(desk, task.fields["deceased"]), transaction=desk.transaction
        )

    return {"marital-status": marital_status, "marriage-of-deceased": marriage_of_deceased}


def effects(desk: Desk) -> Mapping[str, Perform]:
    """What the registry can make real."""

    async def registration(matter: MatterRequest) -> None:
        command = RegisterMarriage(
            matter=matter,
            first=_party(desk, matter, "applicant"),
            second=_party(desk, matter, "partner"),
            division=matter.fields["registry_division"],
            attained=AgeAttained(
                matter.params.get("marriage_age_attained_on", AgeAttained.ON_BIRTHDAY)
            ),
        )
        await register_marriage(
            command, transaction=desk.transaction, cipher=desk.cipher, clock=desk.clock
        )

    async def end_by_death(matter: MatterRequest) -> None:
        command = EndMarriageByDeath(
            matter=matter,
            deceased=_person(desk, matter.fields["deceased"]),
            died_on=date.fromisoformat(matter.fields["death"]["date"]),
        )
        await end_marriage_by_death(command, transaction=desk.transaction)

    return {"register-marriage": registration, "end-marriage-by-death": end_by_death}


def _party(desk: Desk, matter: MatterRequest, which: str) -> PartyNamed:
    fields, declared = matter.fields[which], matter.fields["declarations"][which]
    try:
        number = ResidentId.parse(fields["id_no"], today=desk.clock.today())
    except InvalidIdentifier as fault:
        raise PartyUnreadable(fault=fault.code) from None
    return PartyNamed(
        person=_person(desk, fields),
        id_number=number.value,
        name=fields["name"],
        sex=number.sex,
        born_on=number.born_on,
        declares_no_spouse=declared["no_spouse"],
        declares_no_kinship=declared["no_kinship"],
        willing=declared["voluntary"],
    )


def _person(desk: Desk, fields: Mapping[str, Any]) -> PersonIndex:
    return PersonIndex(desk.index.of(fields["id_no"]))
