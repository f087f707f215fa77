"""May an agent act only while the grant lasts, and the applicant always?"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.intake.model import ApplicationId, GrantId
from services.intake.model.standing import Capacity, Parties
from services.intake.rules.standing import capacity_of
from tests.support.forms import jz201_form, resident
from tests.support.window import INDEX, Caller, Window

PARTIES = Parties(
    application_id=ApplicationId(uuid4()),
    item_code="JZ201",
    submitted_by="citizen:agent",
    grant=GrantId(uuid4()),
    principal_index="principal",
)


@pytest.mark.parametrize(
    ("subject", "index", "capacity"),
    [
        ("citizen:agent", "agent", Capacity.AGENT),
        ("citizen:other", "principal", Capacity.PRINCIPAL),
        ("citizen:other", "other", None),
        ("citizen:other", None, None),
    ],
)
def test_who_an_agent_applied_for_keeps_the_rights_of_an_applicant(
    subject: str, index: str | None, capacity: Capacity | None
) -> None:
    assert capacity_of(PARTIES, subject=subject, person_index=index) is capacity


@dataclass
class Represented:
    """Chen's application, handed in by Liu."""

    window: Window
    application: dict[str, Any]
    grant: tuple[UUID, str, str, str]
    agent: Caller
    principal: Caller

    def revoke(self) -> None:
        self.window.grants.granted.discard(self.grant)


@pytest.fixture
async def represented(window: Window) -> Represented:
    agent, grant = window.citizen("liu"), uuid4()
    granted = (grant, agent.actor.id, INDEX.of(resident("chen")["id_no"]), "JZ201")
    window.grants.granted.add(granted)
    body = {
        "itemCode": "JZ201",
        "form": jz201_form(),
        "materials": [],
        "onBehalfOf": str(grant),
    }
    answer = await agent.post("/v1/applications", body)
    assert answer.status_code == 201, answer.text
    return Represented(window, answer.json(), granted, agent, window.citizen("chen"))


READS = ("", "/explanation", "/clocks")


async def test_agent_and_applicant_both_read_the_case_and_only_the_agents_look_is_journalled(
    represented: Represented,
) -> None:
    path = f"/v1/applications/{represented.application['id']}"
    for caller in (represented.agent, represented.principal):
        assert [(await caller.get(path + each)).status_code for each in READS] == [200] * 3
        assert (await caller.get("/v1/applications")).json()["total"] == 1
    stranger = represented.window.citizen("wang")
    assert [(await stranger.get(path + each)).status_code for each in READS] == [404] * 3
    readers = await represented.window.rows("SELECT DISTINCT actor FROM journal WHERE act = 'read'")
    assert [row["actor"] for row in readers] == [represented.agent.actor.subject]


async def test_a_revoked_grant_ends_every_act_of_the_agent_at_once(
    represented: Represented,
) -> None:
    represented.revoke()
    path = f"/v1/applications/{represented.application['id']}"
    number = represented.application["number"]
    task = represented.application["matters"][0]["tasks"][0]
    agent = represented.agent
    answers = [
        *[await agent.get(path + each) for each in READS],
        await agent.get(f"/v1/applications/by-number/{number}"),
        await agent.get(f"/v1/tasks/{task['id']}/deadline"),
        await agent.post(f"{path}:withdraw"),
        await agent.post(f"{path}:correct", {"form": {}}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert (await agent.get("/v1/applications")).json()["items"] == []
    assert (await represented.principal.get(path)).json()["stage"] == "in-review"


async def test_the_applicant_withdraws_what_an_agent_handed_in(represented: Represented) -> None:
    path = f"/v1/applications/{represented.application['id']}:withdraw"
    answer = await represented.principal.post(path)

    assert answer.json()["stage"] == "withdrawn"
    actor = await represented.window.value("SELECT actor FROM journal WHERE act = 'withdraw'")
    assert actor == represented.principal.actor.subject
