"""Does what the registry's own items grant become real once, and is it told why if it does not?"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.registry.consumers import department
from services.registry.errors.own_items import RegistrationStillToCome
from shared.identifiers import parse_uscc
from shared.ids import new_id
from tests.support.forms import dj502_form, dj801_form, dj802_form
from tests.support.registry import TestRegistry, a_matter, a_task, headers
from tests.support.seed import VILLAGE, named, synthetic_id_no

XIHU = "330106000000"
ANNOUNCED = {"announced_from": "2026-06-01", "announced_to": "2026-08-01"}


def made(effect: str, fields: Mapping[str, Any], **changes: Any):
    return a_matter(effect=effect, fields=fields, division=XIHU, **changes)


async def perform(registry: TestRegistry, *matters) -> None:
    effects = department(None, registry.parts.wiring).effects
    await asyncio.gather(*(effects[matter.effect](matter) for matter in matters))


async def answer(registry: TestRegistry, check: str, fields: Mapping[str, Any], **changes):
    answers = department(None, registry.parts.wiring).checks
    await answers[check](a_task(check=check, fields=fields, **changes))
    return (await told(registry, "task-answered"))[-1]


async def told(registry: TestRegistry, type_: str) -> list[Mapping[str, Any]]:
    return [event["data"] for event in await registry.events(f"civil.registry.{type_}.v1")]


async def failures(registry: TestRegistry) -> list[str]:
    return [each["reason"] for each in await told(registry, "matter-failed")]


def an_adoption(**changes: Any):
    facts = {"announcement": ANNOUNCED}
    return made("register-adoption", dj502_form(**changes), facts=facts)


async def test_the_same_matters_at_once_are_performed_once_each(registry):
    matters = [
        an_adoption(),
        made("register-organisation", dj801_form()),
        made("register-place-name", dj802_form()),
    ]
    await perform(registry, *matters * 4)
    performed = await told(registry, "matter-performed")
    assert sorted(each["matterId"] for each in performed) == sorted(
        str(each.matter_id) for each in matters
    )
    for type_ in ("adoption-registered", "organisation-registered", "place-name-registered"):
        assert len(await told(registry, type_)) == 1


async def test_a_registered_adoption_has_a_number_and_names_nobody(registry):
    await perform(registry, an_adoption())
    (performed,) = await told(registry, "matter-performed")
    assert performed["document"]["kind"] == "adoption-certificate"
    assert performed["document"]["number"].startswith("SY330106")
    everything = str(await registry.events()) + str(
        await registry.rows("SELECT adoption.*, journal.facts FROM adoption, journal")
    )
    for personal in (dj502_form()["adoptee"]["id_no"], "党示例", "胡示例", "福利院"):
        assert personal not in everything


async def test_two_cases_about_one_child_end_in_one_adoption(registry):
    await perform(registry, *(an_adoption() for _ in range(4)))
    assert len(await told(registry, "matter-performed")) == 1
    assert await failures(registry) == ["ALREADY_ADOPTED"] * 3
    assert len(await registry.rows("SELECT 1 FROM adoption")) == 1


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, "ANNOUNCEMENT_NOT_STATED"),
        (
            {"announced_from": "2026-06-01", "announced_to": "2026-07-30"},
            "ANNOUNCEMENT_TOO_SHORT",
        ),
    ],
)
async def test_a_foundling_is_not_adopted_before_the_announcement_is_over(registry, facts, reason):
    matter = made("register-adoption", dj502_form(), facts={"announcement": facts})
    await perform(registry, matter, matter)
    assert await failures(registry) == [reason]


async def test_the_conditions_of_an_adoption_are_answered_from_the_register(registry):
    fine = await answer(registry, "adoption-conditions", dj502_form())
    assert (fine["verdict"], fine["facts"]) == ("approve", {"grounds": ""})
    dead = dj502_form(spouse=named("zhao_father"))
    other = dj502_form(spouse=named("luo") | {"name": "别人"})
    await perform(registry, made("register-death", _death(), matter_id=new_id()))
    assert (await answer(registry, "adoption-conditions", dead))["verdict"] == "refuse"
    mended = await answer(registry, "adoption-conditions", other)
    assert mended["verdict"] == "needs-correction"
    assert "姓名与公民身份号码不一致" in mended["opinion"]
    rows = await registry.rows("SELECT 1 FROM journal WHERE act = 'read-adoption-conditions'")
    assert len(rows) == 3


async def test_a_round_of_a_task_is_answered_once(registry):
    task = new_id()
    for round_ in (1, 1, 2):
        await answer(registry, "place-name", dj802_form(), task_id=task, round=round_)
    assert [each["round"] for each in await told(registry, "task-answered")] == [1, 2]


async def test_an_organisation_gets_a_code_that_proves_itself(registry):
    await perform(registry, made("register-organisation", dj801_form()))
    (performed,) = await told(registry, "matter-performed")
    (registered,) = await told(registry, "organisation-registered")
    code = performed["document"]["number"]
    assert parse_uscc(code) == registered["uscc"] == code
    assert code.startswith("51330106")
    assert "叶示例" not in str(await registry.events())


async def test_two_organisations_of_one_name_at_once_are_one(registry):
    one = dj801_form()
    other = dj801_form(
        org_name=one["org_name"].replace("示例", "·示例"), legal_representative=named("chen")
    )
    await perform(registry, *(made("register-organisation", each) for each in (one, other)))
    assert len(await told(registry, "organisation-registered")) == 1
    assert await failures(registry) == ["NAME_TAKEN"]


async def test_nobody_heads_two_associations(registry):
    names = [f"西湖区{each}示例协会" for each in "甲乙丙"]
    matters = [made("register-organisation", dj801_form(org_name=name)) for name in names]
    await perform(registry, *matters)
    assert len(await told(registry, "organisation-registered")) == 1
    assert await failures(registry) == ["HEADS_ANOTHER_ASSOCIATION"] * 2
    found = await answer(registry, "organisation-conditions", dj801_form())
    assert (found["verdict"], found["facts"]["grounds"]) == (
        "needs-correction",
        "HEADS_ANOTHER_ASSOCIATION",
    )


async def test_a_charity_waits_for_the_registration_of_its_own_case(registry):
    case = new_id()
    charity = made("recognise-charity", dj801_form(), application_id=case)
    with pytest.raises(RegistrationStillToCome):
        await perform(registry, charity)
    await perform(registry, made("register-organisation", dj801_form(), application_id=case))
    await perform(registry, *[charity] * 3)
    documents = [each["document"] for each in await told(registry, "matter-performed")]
    assert [each["kind"] for each in documents] == [
        "social-organisation-certificate",
        "charity-recognition",
    ]
    assert documents[1]["facts"]["uscc"] == documents[0]["number"]
    assert len(await told(registry, "charity-recognised")) == 1


async def test_what_was_not_registered_becomes_no_charity(registry):
    failed = dj801_form(members_individual=3)
    case = new_id()
    await perform(registry, made("register-organisation", failed, application_id=case))
    await perform(registry, made("recognise-charity", failed, application_id=case))
    await perform(registry, made("recognise-charity", dj801_form(requests=["CHARITY"])))
    assert await failures(registry) == [
        "TOO_FEW_MEMBERS",
        "ORGANISATION_NOT_REGISTERED",
        "ORGANISATION_NOT_REGISTERED",
    ]


async def test_a_charity_raises_funds_a_year_later(registry, clock):
    await perform(registry, made("register-organisation", dj801_form()))
    await perform(registry, made("recognise-charity", dj801_form(requests=["CHARITY"])))
    fields = dj801_form(requests=["FUNDRAISING"])
    await perform(registry, made("qualify-fundraising", fields))
    assert await failures(registry) == ["REGISTERED_TOO_RECENTLY"]
    clock.advance(timedelta(days=366))
    await perform(registry, made("qualify-fundraising", fields))
    assert len(await told(registry, "fundraising-qualified")) == 1


async def test_a_name_is_approved_announced_and_replaced(registry):
    case = new_id()
    announcement = made("announce-place-name", {"place_division": VILLAGE}, application_id=case)
    with pytest.raises(RegistrationStillToCome):
        await perform(registry, announcement)
    await perform(registry, made("register-place-name", dj802_form(), application_id=case))
    await perform(registry, announcement)
    renamed = dj802_form(
        act="RENAMING",
        former_name="示例路",
        proposed={"specific_name": "学府", "category": "路"},
    )
    await perform(registry, made("register-place-name", renamed))
    rows = await registry.rows(
        "SELECT name, romanised, replaced_on IS NULL AS is_in_use,"
        " announced_on IS NOT NULL AS is_announced FROM place_name ORDER BY number"
    )
    assert [tuple(each.values()) for each in rows] == [
        ("示例路", "Shili Lu", False, True),
        ("学府路", "Xuefu Lu", True, False),
    ]
    kinds = [each["document"]["kind"] for each in await told(registry, "matter-performed")]
    assert kinds == ["place-name-approval", "place-name-announcement", "place-name-approval"]


async def test_names_that_sound_the_same_at_once_are_one(registry):
    names = [{"specific_name": each, "category": "路"} for each in ("示例", "事例", "示例")]
    matters = [made("register-place-name", dj802_form(proposed=each)) for each in names]
    await perform(registry, *matters)
    assert len(await told(registry, "place-name-registered")) == 1
    assert set(await failures(registry)) <= {"NAME_IN_USE", "SOUNDS_LIKE_ONE_IN_USE"}
    assert len(await failures(registry)) == 2


async def test_officers_read_what_is_in_their_divisions(registry):
    await perform(
        registry,
        an_adoption(),
        made("register-organisation", dj801_form()),
        made("register-place-name", dj802_form()),
    )
    (adoption,) = await registry.rows("SELECT number FROM adoption")
    (organisation,) = await registry.rows("SELECT uscc FROM social_organisation")
    purpose = "?purpose=SERVICE_DELIVERY"
    places = {
        "adoptions/" + adoption["number"] + purpose: ("党**", 200, 404),
        "organisations/" + organisation["uscc"] + purpose: ("叶", 200, 404),
        "organisations": ("邻里互助", 200, 200),
        "place-names?name=示例路": ("Shili Lu", 200, 200),
    }
    county = headers(await registry.token_of("officer:tang"), None)
    elsewhere = headers(await registry.token_of("officer:gao"), None)
    for path, (shown, here, there) in places.items():
        seen = await registry.http.get(f"/v1/{path}", headers=county)
        hidden = await registry.http.get(f"/v1/{path}", headers=elsewhere)
        assert (seen.status_code, hidden.status_code) == (here, there), path
        assert shown in seen.text, path
        assert shown not in hidden.text, path
        assert "示例人" not in seen.text
        assert dj502_form()["adoptee"]["id_no"] not in seen.text
    looks = await registry.rows(
        "SELECT act FROM journal WHERE act IN ('read-adoption', 'read-organisation') ORDER BY act"
    )
    assert [each["act"] for each in looks] == ["read-adoption", "read-organisation"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM adoption",
        "DELETE FROM social_organisation",
        "DELETE FROM place_name",
        "UPDATE item_outcome SET failure = 'x'",
    ],
)
async def test_what_is_registered_cannot_be_taken_back(quiet_registry, statement):
    with pytest.raises(DBAPIError, match="permission denied"):
        async with quiet_registry.parts.database.engine.begin() as connection:
            await connection.execute(text(statement))


async def test_an_adopter_with_two_registered_adoptions_adopts_no_third(registry):
    for serial in ("046", "048"):
        child = {"name": "党示例", "id_no": synthetic_id_no(serial, "20210815")}
        await perform(registry, an_adoption(adoptee=child))
    asked = dj502_form(kind="PARENTS_DIFFICULTY", number_of_children=0)
    found = await answer(registry, "adoption-conditions", asked)
    assert (found["verdict"], found["facts"]["grounds"]) == ("refuse", "TOO_MANY_CHILDREN")


def _death() -> Mapping[str, Any]:
    person = named("zhao_father")
    death = {"date": "2026-11-19", "certificate_no": "SW-1", "place_division": VILLAGE}
    return {"deceased": person, "death": death}
