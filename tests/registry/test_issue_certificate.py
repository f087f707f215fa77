"""Is a certificate issued once, from an outcome only, and over with what it proves?"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.registry.actions.end_certificate import FactEnded, end_with_fact
from services.registry.actions.issue_certificate import PerformedMatter, certify_matter
from services.registry.actions.keep_certificate_keys import rotate_certificate_key
from services.registry.consumers import CERTIFY, by_topic, certifying
from services.registry.errors import IssuerUnknown, OutcomeIncomplete, OutcomeNotReady
from services.registry.model.certificates import Certificate, CertificateId
from shared.identifiers import ECertificateId
from shared.ids import new_id
from shared.jobs import Job
from shared.messaging import Message, Subscription
from tests.support.certificates import (
    LIU,
    WANG,
    ConcludedWindow,
    a_marriage_outcome,
    certified,
    held,
)
from tests.support.registry import TestRegistry


async def told(registry: TestRegistry, fact: str):
    return [each["data"] for each in await registry.events(f"civil.registry.certificate-{fact}.v1")]


async def the_certificate(registry: TestRegistry) -> Certificate:
    (row,) = await registry.rows("SELECT id FROM certificate")
    async with registry.transaction() as store:
        found = await store.find_certificate(CertificateId(row["id"]))
    assert found is not None
    return found


async def divorce(registry: TestRegistry, marriage: str) -> None:
    fact = FactEnded(
        event_type="civil.marriage.marriage-ended.v1",
        data={"marriageId": marriage, "cause": "DIVORCE_REGISTERED"},
    )
    await end_with_fact(fact, transaction=registry.transaction, clock=registry.clock)


async def test_a_registered_marriage_becomes_one_certificate_in_two_hands(registry):
    outcome = a_marriage_outcome()
    await certified(registry, outcome)
    (of_liu,), (of_wang,) = await held(registry, "liu"), await held(registry, "wang")
    assert of_liu["id"] == of_wang["id"]
    assert (of_liu["status"], of_liu["number"]) == ("VALID", "J330106-2026-000001")
    assert of_liu["issuer"]["zh"] == "西湖区婚姻登记处"
    identifier = ECertificateId.parse(of_liu["identifier"])
    assert (identifier.issuer, identifier.serial, identifier.version) == (
        "330106",
        f"{registry.clock.today().year}0000001",
        "001",
    )
    assert await held(registry, "chen") == []


async def test_four_workers_that_hear_the_same_outcome_issue_once(registry):
    outcome = a_marriage_outcome()
    await asyncio.gather(*(certified(registry, outcome) for _ in range(4)))
    assert len(await registry.rows("SELECT 1 FROM certificate")) == 1
    assert len(await registry.rows("SELECT 1 FROM certificate_version")) == 1
    assert len(await told(registry, "issued")) == 1


async def test_the_database_itself_allows_one_certificate_per_document(registry):
    await certified(registry, a_marriage_outcome())
    with pytest.raises(DBAPIError, match="certificate_one_per_document_key"):
        async with registry.parts.database.engine.begin() as connection:
            await connection.execute(
                text(
                    "INSERT INTO certificate SELECT gen_random_uuid(), type_code, type_version,"
                    " document_kind, document_number, application_id, matter_id, office_id,"
                    " division, about, issued_at FROM certificate"
                )
            )


async def test_what_was_signed_cannot_be_rewritten_by_the_registry_itself(registry):
    await certified(registry, a_marriage_outcome())
    for statement in (
        "UPDATE certificate_version SET signature = 'x'",
        "UPDATE certificate_version SET valid_until = '2099-01-01'",
        "DELETE FROM certificate",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with registry.parts.database.engine.begin() as connection:
                await connection.execute(text(statement))


async def test_ten_marriages_at_once_have_ten_serials_without_a_gap(registry):
    outcomes = [a_marriage_outcome(number=f"J330106-2026-{n:06}") for n in range(1, 11)]
    await asyncio.gather(*(certified(registry, each) for each in outcomes))
    rows = await registry.rows("SELECT identifier FROM certificate_version")
    serials = sorted(int(ECertificateId.parse(row["identifier"]).serial[4:]) for row in rows)
    assert serials == list(range(1, 11))


async def test_nothing_of_a_person_stands_open_in_tables_events_or_journal(registry):
    await certified(registry, a_marriage_outcome())
    tables = ("certificate", "certificate_version", "certificate_holder", "outbox", "journal")
    for table in tables:
        kept = str(await registry.rows(f"SELECT * FROM {table}"))
        for personal in ("刘示例", "王示例", LIU, WANG):
            assert personal not in kept, table


async def test_a_second_case_about_the_same_document_reaches_its_own_applicant(registry):
    def reported_by(name: str, id_no: str):
        return a_marriage_outcome(
            item_code="BND-02",
            kind="死亡登记",
            number="SW330106202600001",
            facts={"registeredOn": "2026-11-22"},
            fields={
                "applicant": {"name": name, "id_no": id_no},
                "deceased": {"name": "赵老示例", "id_no": "330106195203040057"},
                "death": {"date": "2026-11-20"},
            },
        )

    await certified(registry, reported_by("刘示例", LIU))
    await certified(registry, reported_by("王示例", WANG))
    (of_liu,), (of_wang,) = await held(registry, "liu"), await held(registry, "wang")
    assert of_liu["id"] == of_wang["id"]
    assert len(await told(registry, "issued")) == 1


async def test_an_outcome_without_a_type_asks_nobody_for_personal_data(registry):
    window = ConcludedWindow(None)
    await certify_matter(
        PerformedMatter(matter_id=uuid4(), kind="something else"),
        window=window,
        transaction=registry.transaction,
        clock=registry.clock,
        index=registry.index,
    )
    assert window.asked == []


async def test_a_matter_that_is_not_concluded_yet_is_asked_for_again(registry):
    with pytest.raises(OutcomeNotReady):
        await certify_matter(
            PerformedMatter(matter_id=uuid4(), kind="marriage-certificate"),
            window=ConcludedWindow(None),
            transaction=registry.transaction,
            clock=registry.clock,
            index=registry.index,
        )


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"fields": {"applicant": {"name": "刘示例", "id_no": LIU}}}, OutcomeIncomplete),
        ({"facts": {"marriageId": "m"}}, OutcomeIncomplete),
        ({"division": "330105001000"}, IssuerUnknown),
    ],
)
async def test_an_outcome_that_says_too_little_leaves_nothing_behind(registry, changes, refusal):
    with pytest.raises(refusal):
        await certified(registry, a_marriage_outcome(**changes))
    assert await registry.rows("SELECT 1 FROM certificate") == []
    assert await registry.rows("SELECT 1 FROM certificate_serial") == []


# --- the end of what it proves


async def test_a_divorce_ends_the_certificate_of_the_marriage_once(registry):
    outcome = a_marriage_outcome()
    await certified(registry, outcome)
    for _ in range(2):
        await divorce(registry, outcome.facts["marriageId"])
    (of_liu,) = await held(registry, "liu")
    assert (of_liu["status"], of_liu["endReason"]) == ("CANCELLED", "DIVORCE")
    (ended,) = await told(registry, "ended")
    assert (ended["kind"], ended["reason"]) == ("CANCELLED", "DIVORCE")


async def test_a_divorce_heard_before_the_certificate_is_issued_ends_it_all_the_same(registry):
    outcome = a_marriage_outcome()
    await divorce(registry, outcome.facts["marriageId"])
    await certified(registry, outcome)
    (of_liu,) = await held(registry, "liu")
    assert of_liu["status"] == "CANCELLED"
    assert len(await told(registry, "ended")) == 1


async def test_issuing_and_ending_at_the_same_moment_never_leave_it_valid(registry):
    for number in range(1, 9):
        outcome = a_marriage_outcome(number=f"J330106-2026-{number:06}")
        await asyncio.gather(
            certified(registry, outcome), divorce(registry, outcome.facts["marriageId"])
        )
    assert {each["status"] for each in await held(registry, "liu")} == {"CANCELLED"}
    assert len(await told(registry, "ended")) == 8


# --- from event to certificate


async def hear(registry: TestRegistry, window: ConcludedWindow, type_: str, data) -> None:
    for subscription in certifying(window, registry.parts.wiring).subscriptions():
        message = Message(
            id=new_id(), type=type_, topic=subscription.topic, key="k", source="/t", data=data
        )
        if subscription.takes(message):
            await subscription.handlers[type_](message, transaction=registry.transaction)


@pytest.mark.parametrize("service", ["relief", "marriage", "funeral", "registry"])
async def test_a_performed_matter_with_a_document_becomes_work_once(registry, service):
    data = {"applicationId": str(uuid4()), "matterId": str(uuid4()), "document": None}
    type_, window = f"civil.{service}.matter-performed.v1", ConcludedWindow(None)
    await hear(registry, window, type_, data)
    document = {"kind": "marriage-certificate", "number": "J1", "facts": {}}
    for _ in range(2):
        await hear(registry, window, type_, {**data, "document": document})
    (job,) = await registry.rows("SELECT kind, key, payload FROM job")
    assert (job["kind"], job["key"]) == (CERTIFY, data["matterId"])
    assert job["payload"] == {"matterId": data["matterId"], "kind": "marriage-certificate"}


async def test_the_work_asks_the_window_for_what_the_type_names_and_issues(registry):
    outcome = a_marriage_outcome()
    window = ConcludedWindow(outcome)
    payload = {"matterId": str(outcome.matter_id), "kind": outcome.kind}
    job = Job(id=new_id(), kind=CERTIFY, key="k", payload=payload, attempts=1)
    await certifying(window, registry.parts.wiring).jobs()[CERTIFY].handler(job)
    assert window.asked == [("applicant.name", "applicant.id_no", "partner.name", "partner.id_no")]
    data = {"marriageId": outcome.facts["marriageId"], "cause": "DEATH"}
    await hear(registry, window, "civil.marriage.marriage-ended.v1", data)
    (of_wang,) = await held(registry, "wang")
    assert (of_wang["status"], of_wang["endReason"]) == ("CANCELLED", "DEATH")


# --- keys


async def test_a_rotated_key_goes_on_verifying_what_it_signed(registry):
    await certified(registry, a_marriage_outcome())
    before = await the_certificate(registry)
    await rotate_certificate_key(
        transaction=registry.transaction, clock=registry.clock, actor="operator:test"
    )
    registry.clock.advance(timedelta(days=800))
    keys = (await registry.http.get("/.well-known/certificate-keys.json")).json()["keys"]
    assert len(keys) == 2
    assert all("d" not in key for key in keys)
    tokens = (await registry.http.get("/.well-known/jwks.json")).json()["keys"]
    assert not {key["kid"] for key in keys} & {key["kid"] for key in tokens}
    assert replace(before) == await the_certificate(registry)


async def test_who_hears_the_same_event_for_two_reasons_acts_on_both():
    heard = []

    def hearing(name: str, *, about: str) -> Subscription:
        async def hear(message: Message, *, transaction) -> None:
            heard.append(name)

        return Subscription(
            topic="t", handlers={"x": hear}, concerns=lambda message: about in message.data
        )

    (one,) = by_topic([hearing("lives", about="a"), hearing("certificates", about="b")])
    for data in ({"a": 1, "b": 1}, {"b": 1}, {}):
        message = Message(id=new_id(), type="x", topic="t", key="k", source="/t", data=data)
        if one.takes(message):
            await one.handlers["x"](message, transaction=None)
    assert heard == ["lives", "certificates", "certificates"]
