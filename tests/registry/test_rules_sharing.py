"""Is an answer of another department read as what it says, and silence never as "no"?"""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from services.registry.model.sharing import AskRefusal, SharedFact, SharingStatus, SupplierAnswer
from services.registry.rules import sharing

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
S = SharingStatus

FACT = SharedFact(
    code="life-status",
    version=1,
    title={"zh": "生死", "en": "Life"},
    suppliers=("police", "health"),
    services=frozenset({"relief"}),
    items=frozenset({"JZ101"}),
    basis="社会救助暂行办法 第58条",
    consent=False,
    valid_days=30,
    agree_on=("alive",),
    answer={
        "type": "object",
        "additionalProperties": False,
        "required": ["alive"],
        "properties": {"alive": {"type": "boolean"}, "died_on": {"format": "date"}},
    },
)
GOOD = {
    "requestId": "r1",
    "asOf": "2026-11-20",
    "found": True,
    "nameMatches": True,
    "data": {"alive": True},
}


def read(raw: object) -> SupplierAnswer:
    return sharing.read_answer(FACT, "police", raw, request_id="r1", at=NOW)


def test_a_good_answer_is_taken_in_with_the_day_it_speaks_of() -> None:
    told = read(GOOD)

    assert (told.status, told.as_of, told.payload) == (S.OK, date(2026, 11, 20), {"alive": True})


def test_only_a_plain_statement_is_not_found() -> None:
    told = read({"requestId": "r1", "asOf": "2026-11-20", "found": False})

    assert (told.status, told.payload) == (S.NOT_FOUND, None)


def test_another_name_is_a_conflict_and_nothing_of_that_person_is_taken_in() -> None:
    told = read(GOOD | {"nameMatches": False})

    assert (told.status, told.reason, told.payload) == (S.CONFLICT, "other-name", None)


def test_a_field_that_was_not_asked_for_is_not_taken_in() -> None:
    told = read(GOOD | {"data": {"alive": True, "internalNote": "…", "address": "…"}})

    assert told.payload == {"alive": True}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "",
        {},
        GOOD | {"requestId": "r2"},
        GOOD | {"found": "perhaps"},
        GOOD | {"found": None},
        GOOD | {"found": 0},
        GOOD | {"nameMatches": None},
        GOOD | {"asOf": "2026-13-01"},
        GOOD | {"asOf": "2027-01-01"},
        GOOD | {"asOf": 20261120},
        GOOD | {"data": None},
        GOOD | {"data": {}},
        GOOD | {"data": {"alive": "yes"}},
        GOOD | {"data": {"alive": False, "died_on": "yesterday"}},
        {"code": "NOT_FOUND"},
    ],
    ids=str,
)
def test_what_cannot_be_read_is_unavailable_and_never_no(raw: object) -> None:
    told = read(raw)

    assert (told.status, told.reason, told.payload) == (S.UNAVAILABLE, "unreadable", None)


def answer(status: SharingStatus, *, alive: bool = True) -> SupplierAnswer:
    payload = {"alive": alive} if status is S.OK else None
    return SupplierAnswer(supplier="x", status=status, payload=payload)


@pytest.mark.parametrize(("one", "other"), list(product(S, S)))
def test_two_suppliers_amount_to_the_worse_of_what_they_say(
    one: SharingStatus, other: SharingStatus
) -> None:
    order = [S.CONFLICT, S.PENDING, S.UNAVAILABLE, S.OK, S.NOT_FOUND]

    joined = sharing.joined_status(FACT, [answer(one), answer(other)])

    assert joined is min((one, other), key=order.index)


def test_two_suppliers_who_contradict_each_other_are_a_conflict() -> None:
    said = [answer(S.OK, alive=True), answer(S.OK, alive=False)]

    assert sharing.joined_status(FACT, said) is S.CONFLICT


@pytest.mark.parametrize(
    ("service", "item", "refusal"),
    [
        ("relief", "JZ101", None),
        ("marriage", "JZ101", AskRefusal.NOT_FOR_THIS_SERVICE),
        ("relief", "HY601", AskRefusal.NOT_FOR_THIS_ITEM),
    ],
)
def test_shared_data_serves_only_its_purpose(
    service: str, item: str, refusal: AskRefusal | None
) -> None:
    assert sharing.refusal_to_ask(FACT, service=service, item=item, consent=None) is refusal


def test_the_record_is_kept_three_years_to_the_day() -> None:
    assert sharing.keep_record_until(date(2026, 11, 22)) == date(2029, 11, 22)
    assert sharing.keep_record_until(date(2028, 2, 29)) == date(2031, 2, 28)
