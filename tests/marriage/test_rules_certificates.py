"""How are certificates numbered?"""

from datetime import date

import pytest

from services.marriage.rules.certificates import certificate_number
from shared.identifiers import CertificateKind, CertificateNumber, InvalidIdentifier

WORK_RULES = "婚姻登记工作规范"


def number(kind, *, on, last_serial, division="110101000000"):
    return str(certificate_number(kind, division=division, on=on, last_serial=last_serial))


@pytest.mark.law(WORK_RULES, 1)
def test_the_first_marriage_of_a_year_is_number_one_whatever_the_last_year_reached():
    assert str(CertificateNumber.parse("J110101-2026-003412")) == "J110101-2026-003412"
    first = number(CertificateKind.MARRIAGE, on=date(2027, 1, 2), last_serial=0)
    assert first == "J110101-2027-000001"


@pytest.mark.law(WORK_RULES, 1)
def test_a_reissue_has_a_series_of_its_own():
    reissued = number(CertificateKind.MARRIAGE_REISSUED, on=date(2027, 1, 2), last_serial=0)
    assert reissued == "BJ110101-2027-000001"


def test_numbers_go_on_within_the_year():
    following = number(CertificateKind.MARRIAGE, on=date(2026, 12, 31), last_serial=3_412)
    assert following == "J110101-2026-003413"


@pytest.mark.parametrize("written", ["J110101-10-1", "京海结字20250001"])
def test_other_forms_are_no_numbers_of_today(written):
    with pytest.raises(InvalidIdentifier):
        CertificateNumber.parse(written)
