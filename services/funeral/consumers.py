"""Which message does what: the check the funeral service answers and what it makes real."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.funeral.actions.answer_funeral_arrangement import answer_funeral_arrangement
from services.funeral.actions.arrange_funeral import ArrangeFuneral, arrange_funeral
from services.funeral.actions.desk import Desk
from services.funeral.model import ArrangementRequest, Ashes, DeathFact, PersonIndex
from services.funeral.rules.arrangement import wishes
from shared.department import Answer, Department, MatterRequest, Perform, TaskRequest, Window


def department(desk: Desk, *, window: Window) -> Department:
    """The funeral service as a department of the window."""
    return Department(service="funeral", window=window, checks=checks(desk), effects=effects(desk))


def checks(desk: Desk) -> Mapping[str, Answer]:
    """What the funeral service can be asked."""

    async def funeral_arrangement(task: TaskRequest) -> None:
        asked = "funeral" in task.fields
        await answer_funeral_arrangement(
            task,
            request=_request(task.fields, today=desk.clock.today()) if asked else None,
            transaction=desk.transaction,
            clock=desk.clock,
        )

    return {"funeral-arrangement": funeral_arrangement}


def effects(desk: Desk) -> Mapping[str, Perform]:
    """What the funeral service can make real."""

    async def arrangement(matter: MatterRequest) -> None:
        deceased, applicant = matter.fields["deceased"], matter.fields["applicant"]
        command = ArrangeFuneral(
            matter=matter,
            deceased=PersonIndex(desk.index.of(deceased["id_no"])),
            id_number=deceased["id_no"],
            name=deceased["name"],
            family={key: applicant[key] for key in ("name", "phone", "relation")},
            request=_request(matter.fields, today=desk.clock.today()),
            ashes=Ashes(matter.fields["funeral"]["ashes"]),
        )
        await arrange_funeral(
            command, transaction=desk.transaction, cipher=desk.cipher, clock=desk.clock
        )

    return {"arrange-funeral": arrangement}


def _request(fields: Mapping[str, Any], *, today: date) -> ArrangementRequest:
    death, funeral = fields["death"], fields["funeral"]
    return wishes(
        DeathFact(
            died_on=date.fromisoformat(death["date"]),
            is_certified=bool(death.get("certificate_no")),
        ),
        preferred_on=date.fromisoformat(funeral["preferred_on"]),
        wants_farewell=funeral["farewell"],
        today=today,
    )
