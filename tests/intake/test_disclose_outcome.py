"""What is the registry shown of a concluded matter, and is anybody else shown it?"""

from uuid import UUID, uuid4

from services.intake.actions.record_performance import RecordPerformance, record_performance
from services.intake.model import MatterId
from services.intake.rules.paths import may_be_certified
from tests.intake.test_give_verdict import (
    REGISTRY,
    answer_as_service,
    say,
    submitted_marriage,
    tasks_of,
)
from tests.support.window import Window

DOCUMENT = {
    "kind": "marriage-certificate",
    "number": "J330106-2026-000001",
    "facts": {"registeredOn": "2026-11-23"},
}
ASKED = "applicant.name,applicant.id_no,applicant.phone,partner.name,planned_on,nothing.here"


async def decided_marriage(window: Window) -> str:
    tasks = tasks_of(await submitted_marriage(window))
    assert await say(window.partner("police"), tasks["identity_check"]) == 200
    await answer_as_service(window, tasks["marital_status_check"])
    assert await say(window.officer("shen", REGISTRY), tasks["registrar_inquiry"]) == 200
    return str(await window.value("SELECT id FROM matter"))


async def conclude(window: Window, matter: str) -> None:
    command = RecordPerformance(
        service="marriage", matter_id=MatterId(UUID(matter)), document=DOCUMENT
    )
    await record_performance(command, transaction=window.transaction, desk=window.desk)


async def test_the_registry_is_shown_the_document_and_the_named_fields_and_it_is_journalled(
    window: Window,
) -> None:
    matter = await decided_marriage(window)
    await conclude(window, matter)
    answer = await window.service("registry").get(f"/v1/matters/{matter}/outcome?fields={ASKED}")
    shown = answer.json()
    assert (shown["kind"], shown["number"]) == ("marriage-certificate", "J330106-2026-000001")
    assert (shown["itemCode"], shown["facts"]) == ("HY601", DOCUMENT["facts"])
    assert shown["fields"]["applicant"].keys() == {"name", "id_no", "phone"}
    assert shown["fields"]["partner"] == {"name": "王示例"}
    assert "planned_on" not in shown["fields"]
    line = await window.rows("SELECT actor, facts FROM journal WHERE reason = '制发电子证照'")
    assert line[0]["actor"].startswith("service:")
    assert "planned_on" not in line[0]["facts"]["fields"]


async def test_nobody_else_is_shown_it_and_nothing_before_it_is_concluded(window: Window) -> None:
    matter = await decided_marriage(window)
    path = f"/v1/matters/{matter}/outcome?fields={ASKED}"
    assert (await window.service("registry").get(path)).status_code == 404
    await conclude(window, matter)
    assert (await window.service("marriage").get(path)).status_code == 404
    assert (await window.citizen("liu").get(path)).status_code == 403
    unknown = f"/v1/matters/{uuid4()}/outcome"
    assert (await window.service("registry").get(unknown)).status_code == 404


async def test_without_names_of_fields_no_field_is_shown(window: Window) -> None:
    matter = await decided_marriage(window)
    await conclude(window, matter)
    answer = await window.service("registry").get(f"/v1/matters/{matter}/outcome")
    assert answer.json()["fields"] == {}
    spoilt = await window.service("registry").get(f"/v1/matters/{matter}/outcome?fields=a..b,")
    assert spoilt.status_code == 422


def test_a_certificate_shows_what_was_disclosed_and_its_applicant_and_nothing_beside() -> None:
    asked = ["deceased.name", "deceased.id_no", "applicant.name", "applicant.phone", "deceased"]
    discloses = ["deceased.name", "death"]
    applicant = ("applicant.name", "applicant.id_no")
    assert may_be_certified(asked, discloses, applicant=applicant) == (
        "deceased.name",
        "applicant.name",
    )
