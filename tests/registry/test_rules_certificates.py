"""What does a certificate say, what is it called, and what is it worth when?"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.errors import CorrectionNotAllowed, OutcomeIncomplete
from services.registry.model.certificates import CertificateStatus, Ending, EndKind
from services.registry.rules import certificates as rules
from services.registry.rules.certificate_words import paper_lines, paper_of, public_lines
from services.registry.rules.status_list import LIST_BITS, status_bits, status_place
from shared.identifiers import ECertificateId, InvalidIdentifier
from tests.support.certificates import (
    ISSUED_AT,
    LIU,
    a_certificate_type,
    a_version,
    an_office,
    an_outcome,
)

NOON = ISSUED_AT
KNOWN = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
]


def content(**changes):
    given = {"identifier": next_one(), "issued_at": NOON} | changes
    return rules.certificate_content(
        given.pop("kind", a_certificate_type()),
        given.pop("outcome", an_outcome()),
        an_office(),
        **given,
    )


def next_one(serial: str = "20260000001") -> str:
    return rules.certificate_identifier(a_certificate_type(), an_office(), serial=serial, version=1)


# --- the identifier


def test_an_identifier_of_ours_is_one_of_the_national_form():
    made = ECertificateId.parse(next_one())
    assert (made.issuer, made.serial, made.version) == ("330106", "20260000001", "001")
    assert rules.certificate_serial(403, year=2023) == "20230000403"


@pytest.mark.parametrize("known", KNOWN)
def test_the_next_version_of_a_known_identifier_is_valid_and_only_version_and_check_differ(known):
    following = ECertificateId.parse(rules.next_identifier(known))
    before = ECertificateId.parse(known)
    assert int(following.version) == int(before.version) + 1
    assert (following.type_code, following.issuer, following.serial) == (
        before.type_code,
        before.issuer,
        before.serial,
    )


def test_counting_the_version_up_without_a_new_check_character_is_noticed():
    with pytest.raises(InvalidIdentifier) as refused:
        ECertificateId.parse(KNOWN[0].replace(".001.", ".002."))
    assert refused.value.code == "E_CERTIFICATE_CHECK"


@given(st.integers(1, 9_999_999), st.integers(2020, 2099))
def test_every_serial_gives_an_identifier_that_reads_back(number, year):
    serial = rules.certificate_serial(number, year=year)
    assert ECertificateId.parse(next_one(serial)).serial == serial


# --- what stands on it


def test_a_certificate_says_what_its_type_names_and_nothing_else():
    said = content(outcome=an_outcome(facts={"decidedOn": "2026-11-22", "secret": "x"}))
    assert said["fields"] == {"name": "刘示例", "number": LIU, "decided_on": "2026-11-22"}
    assert (said["number"], said["version"]) == ("示例〔2026〕1号", 1)


def test_without_a_holder_there_is_no_certificate():
    with pytest.raises(OutcomeIncomplete) as refused:
        content(outcome=an_outcome(fields={"applicant": {"name": "刘示例"}}))
    assert refused.value.facts == {"fields": ["applicant.id_no"]}


def test_the_paths_asked_of_the_window_are_those_the_types_name():
    assert rules.paths_of([a_certificate_type()]) == ("applicant.name", "applicant.id_no")


def test_the_paper_masks_the_number_and_the_public_sees_a_masked_name():
    said, kind = content(), a_certificate_type()
    assert {line.key: line.text for line in paper_lines(said, kind)} == {
        "name": "刘示例",
        "number": "330***********0016",
        "decided_on": "2026年11月22日",
    }
    assert {line.key: line.text for line in public_lines(said, kind)} == {
        "name": "刘**",
        "decided_on": "2026年11月22日",
    }


def test_the_address_in_the_qr_code_holds_a_random_token_and_nothing_of_the_holder():
    version = a_version(content=content())
    paper = paper_of(version, a_certificate_type(), public_url="https://example.gov.cn")
    assert paper.verify_url == "https://example.gov.cn/verify/" + "t" * 22
    for personal in (LIU, "刘示例", "20260000001", "J330106"):
        assert personal not in paper.verify_url


# --- corrections


def test_a_correction_changes_the_field_the_version_and_the_identifier():
    before = content()
    after = rules.corrected_content(
        before, a_certificate_type(), {"name": "刘更名"}, issued_at=NOON
    )
    assert after["fields"] == before["fields"] | {"name": "刘更名"}
    assert after["version"] == 2
    assert after["identifier"] == rules.next_identifier(before["identifier"])


@pytest.mark.parametrize(
    "corrections",
    [{}, {"number": LIU}, {"unknown": "x"}, {"name": "刘示例"}, {"name": "  "}],
    ids=["none", "not correctable", "unknown", "no change", "blank"],
)
def test_what_may_not_be_corrected_is_refused(corrections):
    with pytest.raises(CorrectionNotAllowed):
        rules.corrected_content(content(), a_certificate_type(), corrections, issued_at=NOON)


# --- what it is worth


@pytest.mark.parametrize(
    ("changes", "ending", "at", "status"),
    [
        ({}, None, NOON, "VALID"),
        ({}, None, NOON - timedelta(seconds=1), "NOT_YET_VALID"),
        ({"valid_from": date(2026, 12, 1)}, None, NOON, "NOT_YET_VALID"),
        ({"valid_until": date(2026, 11, 22)}, None, NOON, "VALID"),
        # Shanghai midnight is 16:00 UTC: the last day is over then and not before.
        (
            {"valid_until": date(2026, 11, 22)},
            None,
            datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC),
            "VALID",
        ),
        (
            {"valid_until": date(2026, 11, 22)},
            None,
            datetime(2026, 11, 22, 16, tzinfo=UTC),
            "EXPIRED",
        ),
        ({"superseded_at": NOON + timedelta(hours=1)}, None, NOON, "VALID"),
        (
            {"superseded_at": NOON + timedelta(hours=1)},
            None,
            NOON + timedelta(hours=1),
            "SUPERSEDED",
        ),
        ({}, EndKind.CANCELLED, NOON + timedelta(hours=3), "CANCELLED"),
        ({}, EndKind.REVOKED, NOON + timedelta(hours=3), "REVOKED"),
        ({}, EndKind.WITHDRAWN, NOON + timedelta(hours=3), "WITHDRAWN"),
        ({}, EndKind.REVOKED, NOON + timedelta(hours=1), "VALID"),
        ({"superseded_at": NOON}, EndKind.REVOKED, NOON + timedelta(hours=3), "REVOKED"),
    ],
)
def test_status_is_that_of_the_instant_asked_about(changes, ending, at, status):
    over = Ending(kind=ending, reason="X", at=NOON + timedelta(hours=2)) if ending else None
    assert rules.status_at(a_version(**changes), over, at=at) is CertificateStatus(status)


@pytest.mark.parametrize(
    ("begins", "months", "last"),
    [
        ("2026-11-22", 1, date(2026, 12, 21)),
        ("2026-01-31", 1, date(2026, 2, 28)),
        ("2026-01-01", 12, date(2026, 12, 31)),
        ("2027-11-30", 3, date(2028, 2, 29)),
    ],
)
def test_a_period_of_months_ends_the_day_before_the_same_day(begins, months, last):
    kind = replace(a_certificate_type(), valid_from="decidedOn", valid_months=months)
    outcome = an_outcome(facts={"decidedOn": begins})
    assert rules.validity(kind, outcome, issued_on=date(2026, 11, 22)) == (
        date.fromisoformat(begins),
        last,
    )


@pytest.mark.parametrize(
    ("event", "data", "about", "kind", "reason"),
    [
        (
            "marriage.marriage-ended",
            {"marriageId": "m", "cause": "DEATH"},
            "marriageId:m",
            "CANCELLED",
            "DEATH",
        ),
        (
            "marriage.marriage-ended",
            {"marriageId": "m", "cause": "DIVORCE_REGISTERED"},
            "marriageId:m",
            "CANCELLED",
            "DIVORCE",
        ),
        (
            "marriage.marriage-ended",
            {"marriageId": "m", "cause": "DIVORCE_BY_COURT"},
            "marriageId:m",
            "CANCELLED",
            "DIVORCE",
        ),
        (
            "relief.benefit-stopped",
            {"benefitId": "b", "reason": "MOVED"},
            "benefitId:b",
            "CANCELLED",
            "MOVED",
        ),
        (
            "relief.benefit-stopped",
            {"benefitId": "b", "reason": "FRAUD"},
            "benefitId:b",
            "REVOKED",
            "FRAUD",
        ),
    ],
)
def test_a_certificate_ends_with_what_it_proves(event, data, about, kind, reason):
    found, ending = rules.ending_told(f"civil.{event}.v1", data, at=NOON)
    assert (found, ending.kind, ending.reason) == (about, kind, reason)


# --- status lists


def test_no_two_versions_share_a_bit_and_every_bit_of_a_list_is_used():
    places = [status_place(serial) for serial in range(LIST_BITS)]
    assert {place.index for place in places} == set(range(LIST_BITS))
    assert {place.list_number for place in places} == {0}
    assert status_place(LIST_BITS).list_number == 1


def test_the_lowest_bit_of_a_byte_comes_first():
    # The example of the draft: 1 0 0 1 1 1 0 1 | 1 1 0 0 0 1 0 1 is B9 A3.
    over = [0, 3, 4, 5, 7, 8, 9, 13, 15]
    assert status_bits(over)[:2] == bytes([0xB9, 0xA3])
