"""Which message does what: the checks relief answers and the effects it makes real."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.relief.actions.answer_benefits_of_deceased import answer_benefits_of_deceased
from services.relief.actions.answer_duplicate_relief import (
    AnswerDuplicateRelief,
    answer_duplicate_relief,
)
from services.relief.actions.desk import Desk
from services.relief.actions.grant_temporary_relief import (
    GrantTemporaryRelief,
    grant_temporary_relief,
)
from services.relief.actions.stop_benefits import StopBenefits, stop_benefits
from services.relief.model import EventKind, Level, PersonIndex, TemporaryReliefParameters
from shared.department import Answer, Department, MatterRequest, Perform, TaskRequest, Window
from shared.money import Money

_DECISIONS = {"township_decision": Level.TOWNSHIP, "county_decision": Level.COUNTY}
"""Tasks of the catalogue in which somebody decides on temporary relief."""


def department(desk: Desk, *, window: Window) -> Department:
    """Relief as a department of the window."""
    return Department(service="relief", window=window, checks=checks(desk), effects=effects(desk))


def checks(desk: Desk) -> Mapping[str, Answer]:
    """What relief can be asked."""

    async def duplicate_relief(task: TaskRequest) -> None:
        command = AnswerDuplicateRelief(
            task=task,
            person=_person(desk, task.fields["applicant"]),
            event_kind=EventKind(task.fields["event"]["kind"]),
            parameters=parameters_of(task.params),
        )
        await answer_duplicate_relief(command, transaction=desk.transaction, clock=desk.clock)

    async def benefits_of_deceased(task: TaskRequest) -> None:
        await answer_benefits_of_deceased(
            task, deceased=_person(desk, task.fields["deceased"]), transaction=desk.transaction
        )

    return {"duplicate-relief": duplicate_relief, "benefits-of-deceased": benefits_of_deceased}


def effects(desk: Desk) -> Mapping[str, Perform]:
    """What relief can make real."""

    async def temporary_relief(matter: MatterRequest) -> None:
        applicant = matter.fields["applicant"]
        granted, decided_by = decision_in(matter.facts)
        command = GrantTemporaryRelief(
            matter=matter,
            person=_person(desk, applicant),
            id_number=applicant["id_no"],
            name=applicant["name"],
            account=matter.fields.get("account"),
            event_kind=EventKind(matter.fields["event"]["kind"]),
            asked=Money(matter.fields["requested_amount_fen"]),
            granted=granted,
            decided_by=decided_by,
            parameters=parameters_of(matter.params),
        )
        await grant_temporary_relief(
            command, transaction=desk.transaction, cipher=desk.cipher, clock=desk.clock
        )

    async def stop(matter: MatterRequest) -> None:
        command = StopBenefits(
            matter=matter,
            deceased=_person(desk, matter.fields["deceased"]),
            died_on=date.fromisoformat(matter.fields["death"]["date"]),
        )
        await stop_benefits(command, transaction=desk.transaction, clock=desk.clock)

    return {"grant-temporary-relief": temporary_relief, "stop-benefits": stop}


def parameters_of(params: Mapping[str, Any]) -> TemporaryReliefParameters:
    """The local numbers of temporary relief among all local numbers.

    A length that the place does not set keeps the default of the rules; an amount has none.
    """
    lengths = {
        name: params[f"temporary_relief_{name}"]
        for name in (
            "duplicate_months",
            "start_hours",
            "payment_working_days",
            "return_visit_working_days",
            "paperwork_working_days",
        )
        if f"temporary_relief_{name}" in params
    }
    return TemporaryReliefParameters(
        township_limit=Money(params["temporary_relief_township_limit_fen"]),
        case_cap=Money(params["temporary_relief_case_cap_fen"]),
        **lengths,
    )


def decision_in(facts: Mapping[str, Any]) -> tuple[Money | None, Level | None]:
    """The amount that whoever decided wrote down, and their level; nothing if they wrote none."""
    for task, level in _DECISIONS.items():
        amount = facts.get(task, {}).get("grantedFen")
        if amount is not None:
            return Money(amount), level
    return None, None


def _person(desk: Desk, fields: Mapping[str, Any]) -> PersonIndex:
    return PersonIndex(desk.index.of(fields["id_no"]))
