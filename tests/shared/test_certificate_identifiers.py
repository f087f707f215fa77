"""Does each way of being wrong in an electronic certificate identifier have its own name?"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.identifiers import ECertificateId, InvalidIdentifier
from shared.identifiers.check_characters import ALPHANUMERIC

KNOWN = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
OTHERS = [
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
]


def fault_of(text: str) -> InvalidIdentifier:
    with pytest.raises(InvalidIdentifier) as refused:
        ECertificateId.parse(text)
    return refused.value


@pytest.mark.parametrize("text", [KNOWN, *OTHERS])
def test_known_electronic_certificate_identifiers_are_valid(text):
    assert str(ECertificateId.parse(text)) == text


def test_a_documentation_sample_with_the_wrong_check_character_is_refused():
    sample = (
        "1.2.156.3005.2.11100000000013661B006.113700000045046442"
        ".209FA4E88F9E4C878F3E9BED2CE7EA49.001."
    )
    assert fault_of(sample + "M").code == "E_CERTIFICATE_CHECK"
    assert ECertificateId.parse(sample + "D").issuer == "113700000045046442"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("", "E_CERTIFICATE_FORMAT"),
        (KNOWN[1:], "E_CERTIFICATE_FORMAT"),
        (KNOWN.replace("3005.2", "3005.3"), "E_CERTIFICATE_FORMAT"),
        ("9." + KNOWN, "E_CERTIFICATE_FORMAT"),
        (KNOWN + ".1", "E_CERTIFICATE_FORMAT"),
        (KNOWN[:-2], "E_CERTIFICATE_FORMAT"),
        (KNOWN * 100, "E_CERTIFICATE_FORMAT"),
        (KNOWN.replace("W011.", "W01."), "E_CERTIFICATE_TYPE"),
        (KNOWN.replace("W011.", "W-11."), "E_CERTIFICATE_TYPE"),
        (KNOWN.replace("11430000006122244L", "1143"), "E_CERTIFICATE_ISSUER"),
        (KNOWN.replace("11430000006122244L", "11430000006122244L9"), "E_CERTIFICATE_ISSUER"),
        (KNOWN.replace("20230000403", ""), "E_CERTIFICATE_SERIAL"),
        (KNOWN.replace("20230000403", "2023/403"), "E_CERTIFICATE_SERIAL"),
        (KNOWN.replace(".001.", ".1."), "E_CERTIFICATE_VERSION"),
        (KNOWN.replace(".001.", ".0A1."), "E_CERTIFICATE_VERSION"),
        (KNOWN.replace(".001.", "..0"), "E_CERTIFICATE_VERSION"),
        (KNOWN[:-1] + "V", "E_CERTIFICATE_CHECK"),
        (KNOWN[:-1] + "UU", "E_CERTIFICATE_CHECK"),
        (KNOWN.replace(".001.", ".002."), "E_CERTIFICATE_CHECK"),
    ],
)
def test_each_fault_has_its_own_code_and_words_and_repeats_nothing(wrong, code):
    fault = fault_of(wrong)
    assert fault.code == code
    assert fault.message_zh
    assert fault.message_en
    assert "20230000403" not in str(fault)


def test_what_was_meant_is_understood():
    spaced = KNOWN.lower().replace(".2023", ". 2023").replace("1.2.156", "１.2.156")
    assert str(ECertificateId.parse(f" {spaced} ")) == KNOWN


@given(st.integers(0, 52), st.sampled_from(ALPHANUMERIC))
def test_any_single_wrong_character_is_noticed(place, character):
    head, tail = KNOWN[:15], KNOWN[15:]
    assume(tail[place] not in (".", character))
    wrong = head + tail[:place] + character + tail[place + 1 :]
    assert fault_of(wrong).code in ("E_CERTIFICATE_CHECK", "E_CERTIFICATE_VERSION")
