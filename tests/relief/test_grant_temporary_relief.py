"""What becomes of a decided grant of temporary relief?"""

import asyncio

from services.relief.consumers import effects
from services.relief.model import Level, PaymentStatus
from shared.money import Money
from shared.visibility import Visibility
from tests.support.departments import (
    INDEX,
    count_rows,
    every_column_as_text,
    published,
)
from tests.support.relief import ACCOUNT, CHEN, grant_matter


async def grant(desk, request):
    await effects(desk)["grant-temporary-relief"](request)


async def granted(desk, request):
    async with desk.transaction() as store:
        found = await store.list_benefits_of_application(
            request.application_id, visible=Visibility(everything=True)
        )
        return found[0]


async def test_a_grant_is_a_benefit_with_its_payment_line_and_a_numbered_notice(desk):
    request = grant_matter()
    await grant(desk, request)
    benefit = await granted(desk, request)

    assert benefit.appraisal.granted == Money.of_yuan(2_000)
    assert benefit.appraisal.level is Level.TOWNSHIP
    assert [(line.amount, line.status) for line in benefit.lines] == [
        (Money.of_yuan(2_000), PaymentStatus.PENDING)
    ]
    assert benefit.notice_number == "LJ330106-2026-000001"


async def test_the_window_gets_the_notice_and_the_others_the_fact(desk, relief_database):
    request = grant_matter()
    await grant(desk, request)
    [performed] = await published(relief_database, "matter-performed")
    [fact] = await published(relief_database, "benefit-granted")

    assert performed["matterId"] == str(request.matter_id)
    assert performed["document"]["number"] == "LJ330106-2026-000001"
    assert performed["document"]["facts"]["grantedFen"] == 200_000
    assert fact["grantedFen"] == 200_000
    assert fact["applicationId"] == str(request.application_id)


async def test_above_the_cap_the_notice_shows_asked_granted_cap_and_the_way_on(
    desk, relief_database
):
    await grant(desk, grant_matter(asked_fen=1_200_000))
    [performed] = await published(relief_database, "matter-performed")
    facts = performed["document"]["facts"]

    assert (facts["askedFen"], facts["grantedFen"], facts["capFen"]) == (
        1_200_000,
        900_000,
        900_000,
    )
    assert facts["excessFen"] == 300_000
    assert facts["level"] == "COUNTY"
    assert "一事一议" in facts["text"]


async def test_the_amount_the_officer_wrote_is_granted(desk):
    request = grant_matter(facts={"township_decision": {"grantedFen": 150_000}})
    await grant(desk, request)

    assert (await granted(desk, request)).appraisal.granted == Money.of_yuan(1_500)


async def test_an_amount_above_what_was_asked_is_told_as_a_failure(desk, relief_database):
    await grant(desk, grant_matter(facts={"township_decision": {"grantedFen": 200_001}}))
    [failed] = await published(relief_database, "matter-failed")

    assert failed["reason"] == "GRANT_ABOVE_ASKED"
    assert await count_rows(relief_database, "benefit") == 0


async def test_a_matter_that_arrives_again_changes_nothing_and_says_nothing(desk, relief_database):
    request = grant_matter()
    await grant(desk, request)
    before = await published(relief_database)
    await grant(desk, request)

    assert await published(relief_database) == before
    assert await count_rows(relief_database, "benefit") == 1
    assert await count_rows(relief_database, "payment_line") == 1


async def test_ten_workers_with_the_same_matter_pay_once(desk, relief_database):
    request = grant_matter()
    await asyncio.gather(*(grant(desk, request) for _ in range(10)))

    assert await count_rows(relief_database, "payment_line") == 1
    assert len(await published(relief_database, "matter-performed")) == 1


async def test_notices_of_one_office_are_numbered_without_gaps(desk, relief_database):
    await asyncio.gather(*(grant(desk, grant_matter()) for _ in range(8)))
    numbers = sorted(
        one["document"]["number"] for one in await published(relief_database, "matter-performed")
    )
    assert numbers == [f"LJ330106-2026-{serial:06}" for serial in range(1, 9)]


async def test_the_kind_of_event_is_kept_with_the_grant(desk):
    request = grant_matter(event_kind="FIRE")
    await grant(desk, request)

    assert (await granted(desk, request)).event_kind.value == "FIRE"


async def test_no_number_name_or_account_is_kept_or_told_in_clear(desk, relief_database):
    await grant(desk, grant_matter())
    kept = await every_column_as_text(relief_database)

    for secret in (CHEN, "陈示例", ACCOUNT["number"]):
        assert secret not in kept
        assert secret.encode().hex() not in kept
    assert INDEX.of(CHEN) in kept
