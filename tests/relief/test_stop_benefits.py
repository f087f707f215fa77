"""What happens to the benefits of somebody who died?"""

import asyncio
from datetime import date

import pytest

from services.relief.consumers import checks, effects
from services.relief.model import (
    AmountVersion,
    BenefitStatus,
    Month,
    PaymentStatus,
    Recovery,
    StopReason,
)
from services.relief.store import SealedPerson
from shared.money import Money
from shared.visibility import Visibility
from tests.support.departments import INDEX, count_rows, matter_request, published, task_request
from tests.support.relief import beneficiary, benefit, paid, pending

DECEASED = "330106195203040057"
WIDOW = "330106195411110048"


def matter(died_on="2026-03-31", **changed):
    fields = {"deceased": {"id_no": DECEASED}, "death": {"date": died_on}}
    return matter_request("stop-benefits", fields, item_code="BND-02", **changed)


async def stop(desk, request):
    await effects(desk)["stop-benefits"](request)


async def keep(desk, *id_numbers, addition=0, **changed):
    """Put a benefit of these people on file; the first one is the head."""
    people = [INDEX.of(number) for number in id_numbers]
    own = Money.of_yuan(addition)
    kept = benefit(
        beneficiaries=tuple(
            beneficiary(person, is_head=person == people[0], addition=own) for person in people
        ),
        amounts=(
            AmountVersion(
                from_month=Month(2026, 1),
                base=Money.of_yuan(900),
                additions=own.times(len(people)),
            ),
        ),
        **changed,
    )
    sealed = SealedPerson(data_key=b"key", id_number=b"sealed", name=b"sealed")
    async with desk.transaction() as store:
        await store.add_benefit(kept, people=dict.fromkeys(people, sealed))
    return kept


async def read(desk, kept):
    async with desk.transaction() as store:
        return await store.get_benefit(kept.id, visible=Visibility(everything=True))


@pytest.mark.law("国办函〔2025〕3号", 1)
async def test_a_benefit_of_one_person_ends_with_the_month_of_death(desk, relief_database):
    kept = await keep(desk, DECEASED, lines=paid("2026-03", "2026-04", "2026-05"))
    await stop(desk, matter())
    stopped = await read(desk, kept)

    assert stopped.status is BenefitStatus.TERMINATED
    assert (stopped.stops_from, stopped.stop_reason) == (Month(2026, 4), StopReason.DEATH)
    assert stopped.recovery is Recovery.RECOVERING
    [fact] = await published(relief_database, "benefit-stopped")
    assert (fact["stopsFrom"], fact["overpaidFen"]) == ("2026-04", 180_000)


async def test_a_household_goes_on_without_the_deceaseds_addition_and_is_looked_at_again(
    desk, relief_database
):
    kept = await keep(desk, DECEASED, WIDOW, addition=104, lines=paid("2026-04", yuan=1_108))
    await stop(desk, matter())
    changed = await read(desk, kept)

    assert changed.status is BenefitStatus.ACTIVE
    assert changed.amounts[-1].total == Money.of_yuan(1_004)
    assert changed.review_due_on == date(2026, 6, 30)
    assert [one.person for one in changed.living] == [INDEX.of(WIDOW)]
    [fact] = await published(relief_database, "benefit-changed")
    assert (fact["monthlyFen"], fact["overpaidFen"]) == (100_400, 10_400)


async def test_what_was_not_paid_yet_is_withheld(desk):
    kept = await keep(desk, DECEASED, lines=paid("2026-03") + pending("2026-04"))
    await stop(desk, matter())

    lines = (await read(desk, kept)).lines
    assert [line.status for line in lines] == [PaymentStatus.PAID, PaymentStatus.WITHHELD]


async def test_the_same_death_again_changes_nothing(desk, relief_database):
    await keep(desk, DECEASED, lines=paid("2026-04"))
    request = matter()
    await asyncio.gather(*(stop(desk, request) for _ in range(5)))
    await stop(desk, matter())

    assert await count_rows(relief_database, "overpayment") == 1
    assert len(await published(relief_database, "benefit-stopped")) == 1
    assert len(await published(relief_database, "matter-performed")) == 2


async def test_a_death_without_benefits_is_performed_with_nothing_to_do(desk, relief_database):
    await stop(desk, matter())
    assert len(await published(relief_database)) == 1


@pytest.mark.parametrize(("on_file", "verdict"), [(True, "approve"), (False, "not-applicable")])
async def test_the_check_says_whether_the_deceased_drew_anything(
    desk, relief_database, on_file, verdict
):
    if on_file:
        await keep(desk, DECEASED)
    task = task_request("benefits-of-deceased", {"deceased": {"id_no": DECEASED}})
    await checks(desk)["benefits-of-deceased"](task)

    [answer] = await published(relief_database, "task-answered")
    assert answer["verdict"] == verdict
