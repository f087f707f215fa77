"""Is every identifier read strictly, and does each way of being wrong have its own name?"""

from datetime import date
from importlib import import_module

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.identifiers import (
    ApplicationNumber,
    CertificateKind,
    CertificateNumber,
    DivisionCode,
    DivisionLevel,
    ECertificateId,
    Fault,
    InvalidIdentifier,
    ResidentId,
    Sex,
    normalise_id_number,
    parse_bank_account,
    parse_mobile,
    parse_organisation_code,
    parse_phone,
    parse_uscc,
)
from shared.identifiers.check_characters import (
    ALPHANUMERIC,
    USCC_ALPHABET,
    luhn,
    mod_11_2,
    mod_37_36,
    organisation_check,
    uscc_check,
)

TODAY = date(2026, 11, 22)


def resident(text, today=TODAY):
    return ResidentId.parse(text, today=today)


def fault_of(parse, text):
    with pytest.raises(InvalidIdentifier) as refused:
        parse(text)
    return refused.value.code


def refusal(parse, text):
    try:
        parse(text)
    except InvalidIdentifier as refused:
        return refused
    return None


def with_check(seventeen):
    return seventeen + mod_11_2(seventeen)


# --- the resident ID number


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "440524188001010014", "34052419800101001X"]
)
def test_known_resident_numbers_are_valid(number):
    assert resident(number).value == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "ID_NUMBER_LENGTH"),
        ("1101051949123100", "ID_NUMBER_LENGTH"),
        ("11010519491231002X0", "ID_NUMBER_LENGTH"),
        ("9" * 10_000, "ID_NUMBER_LENGTH"),
        ("1101051949123100A1", "ID_NUMBER_CHARACTERS"),
        ("11010519491231002A", "ID_NUMBER_CHARACTERS"),
        ("1101051949123X0021", "ID_NUMBER_CHARACTERS"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢١", "ID_NUMBER_CHARACTERS"),
        ("1101051949123100²1", "ID_NUMBER_CHARACTERS"),
        ("110105194902300021", "ID_NUMBER_BIRTH_DATE"),
        ("110105194913010021", "ID_NUMBER_BIRTH_DATE"),
        ("110105000001010021", "ID_NUMBER_BIRTH_DATE"),
        ("110105179912310021", "ID_NUMBER_BIRTH_DATE"),
        ("110105194912310021", "ID_NUMBER_CHECK"),
        (with_check("11010520261123002"), "ID_NUMBER_FUTURE_BIRTH"),
    ],
)
def test_each_fault_of_a_resident_number_has_its_own_code(typed, code):
    assert fault_of(resident, typed) == code


def test_the_thirtieth_of_february_is_refused_whatever_the_check_character():
    for check in "0123456789X":
        assert fault_of(resident, "11010519490230002" + check) == "ID_NUMBER_BIRTH_DATE"


def test_a_child_born_today_has_a_valid_number_and_one_born_tomorrow_not_yet():
    number = with_check("11010520261122002")
    assert resident(number).born_on == TODAY
    assert fault_of(lambda text: resident(text, date(2026, 11, 21)), number) == (
        "ID_NUMBER_FUTURE_BIRTH"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５　１９４９１２３１　００２ｘ",
    ],
)
def test_what_was_meant_is_understood(typed):
    assert resident(typed).value == "11010519491231002X"


def test_a_number_of_the_first_generation_gets_its_century_and_check_character():
    assert resident("110105491231002").value == "11010519491231002X"
    assert resident("440524010101996").value[6:14] == "18010101"


def test_the_same_person_has_one_spelling():
    spellings = ["11010519491231002x", "110105491231002", " 11010519491231002Ｘ"]
    assert {normalise_id_number(text) for text in spellings} == {"11010519491231002X"}


def test_a_leap_day_is_a_birthday_only_in_leap_years():
    assert resident(with_check("11010520000229002")).born_on == date(2000, 2, 29)
    assert fault_of(resident, "110105190002290021") == "ID_NUMBER_BIRTH_DATE"


def test_abolished_or_unknown_regions_are_not_refused():
    assert resident(with_check("99999919900101003")).issued_in == "999999"


def test_the_order_number_tells_the_sex():
    assert resident("11010519491231002X").sex is Sex.FEMALE
    assert resident("440524188001010014").sex is Sex.MALE


def test_a_resident_number_is_masked_wherever_it_is_printed():
    number = resident("11010519491231002X")
    assert str(number) == "110***********002X"
    assert repr(number) == "ResidentId(110***********002X)"
    assert repr([number]) == "[ResidentId(110***********002X)]"


@given(
    st.integers(0, 10**17 - 1).map("{:017}".format),
    st.integers(0, 16),
    st.sampled_from("0123456789"),
)
def test_the_check_character_notices_any_single_wrong_digit(number, place, digit):
    assume(number[place] != digit)
    assert mod_11_2(number[:place] + digit + number[place + 1 :]) != mod_11_2(number)


def test_the_check_character_follows_the_weights_printed_in_the_standard():
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    for number in ("11010519491231002", "44052418800101001", "34052419800101001"):
        total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))
        assert mod_11_2(number) == "10X98765432"[total % 11]


# --- organisations

USCCS = [
    "91350100M000100Y43",
    "11100000000013338W",
    "11370800MB28559184",
    "11430000006122244L",
    "11330105002500287C",
]


@pytest.mark.parametrize("code", USCCS)
def test_known_social_credit_codes_are_valid(code):
    assert parse_uscc(f" {code.lower()} ") == code
    assert parse_organisation_code(code[8:17]) == code[8:17]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("91350100M000100Y4", "USCC_LENGTH"),
        ("91350100M000100Y44", "USCC_CHECK"),
        ("91350100M000100Y53", "USCC_ORGANISATION_CHECK"),
        ("9135010AM000100Y43", "USCC_CHARACTERS"),
        ("91350100M000100Y4中", "USCC_CHARACTERS"),
    ],
)
def test_each_fault_of_a_social_credit_code_has_its_own_code(typed, fault):
    assert fault_of(parse_uscc, typed) == fault


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_that_look_like_digits_are_not_in_the_alphabet(letter):
    assert fault_of(parse_uscc, "91350100M00010" + letter + "Y43") == "USCC_CHARACTERS"


@given(
    st.text(USCC_ALPHABET, min_size=17, max_size=17),
    st.integers(0, 16),
    st.sampled_from(USCC_ALPHABET),
)
def test_a_social_credit_code_notices_any_single_wrong_character(code, place, character):
    assume(code[place] != character)
    assert uscc_check(code[:place] + character + code[place + 1 :]) != uscc_check(code)


def test_an_organisation_code_is_read_with_and_without_its_hyphen():
    assert parse_organisation_code("M000100Y-4") == "M000100Y4"
    assert parse_organisation_code("m000100y4") == "M000100Y4"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("M000100Y", "ORGANISATION_CODE_LENGTH"),
        ("M0001-00Y4", "ORGANISATION_CODE_LENGTH"),
        ("M000100YA", "ORGANISATION_CODE_CHARACTERS"),
        ("M000100Y5", "ORGANISATION_CODE_CHECK"),
    ],
)
def test_each_fault_of_an_organisation_code_has_its_own_code(typed, fault):
    assert fault_of(parse_organisation_code, typed) == fault


@pytest.mark.parametrize(
    ("eight", "check"), [("00000000", "0"), ("00000005", "1"), ("00000006", "X")]
)
def test_an_organisation_check_character_may_be_zero_or_x(eight, check):
    assert organisation_check(eight) == check


# --- papers


def test_a_certificate_number_is_read_and_written():
    number = CertificateNumber.parse(" j110101-2026-003412 ")
    assert number == CertificateNumber(
        kind=CertificateKind.MARRIAGE, office="110101", year=2026, serial=3412
    )
    assert str(number) == "J110101-2026-003412"


@pytest.mark.parametrize(
    ("letters", "kind"),
    [("J", "MARRIAGE"), ("L", "DIVORCE"), ("BJ", "MARRIAGE_REISSUED"), ("BL", "DIVORCE_REISSUED")],
)
def test_the_letters_say_what_was_issued(letters, kind):
    assert CertificateNumber.parse(f"{letters}110101-2010-000001").kind is CertificateKind[kind]


@pytest.mark.parametrize(
    "text", ["J110101-10-1", "京海结字20250001", "X110101-2026-000001", "J110101-2026-0000001", ""]
)
def test_other_forms_are_not_present_day_certificate_numbers(text):
    assert fault_of(CertificateNumber.parse, text) == "CERTIFICATE_NUMBER_FORMAT"


def test_serials_begin_at_one_and_fit_six_digits():
    assert fault_of(CertificateNumber.parse, "J110101-2026-000000") == "CERTIFICATE_NUMBER_SERIAL"
    with pytest.raises(InvalidIdentifier):
        CertificateNumber(kind=CertificateKind.DIVORCE, office="110101", year=2026, serial=10**6)


@given(
    st.integers(100_000, 999_999).map(str),
    st.dates(date(2024, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["WINDOW", "WECHAT", "APP", "WEB"]),
    st.integers(1, 9_999_999),
)
def test_an_application_number_is_read_back_as_it_was_made(region, day, channel, serial):
    number = ApplicationNumber(region=region, received_on=day, channel=channel, serial=serial)
    assert len(str(number)) == 23
    assert ApplicationNumber.parse(f" {str(number).lower()} ") == number


def test_an_application_number_reads_region_day_channel_serial_check():
    made = ApplicationNumber(region="330106", received_on=TODAY, channel="WECHAT", serial=42)
    assert str(made)[:-1] == "33010620261122M0000042"


@given(
    st.text(ALPHANUMERIC, min_size=22, max_size=22),
    st.integers(0, 21),
    st.sampled_from(ALPHANUMERIC),
)
def test_a_public_number_notices_any_single_wrong_character(body, place, character):
    assume(body[place] != character)
    assert mod_37_36(body[:place] + character + body[place + 1 :]) != mod_37_36(body)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda number: number[:-1], "APPLICATION_NUMBER_LENGTH"),
        (lambda number: number[:14] + "X" + number[15:], "APPLICATION_NUMBER_FORMAT"),
        (lambda number: number[:10] + "13" + number[12:], "APPLICATION_NUMBER_CHECK"),
        (lambda number: number[:-2] + "3" + number[-1], "APPLICATION_NUMBER_CHECK"),
    ],
)
def test_each_fault_of_an_application_number_has_its_own_code(change, fault):
    good = ApplicationNumber(region="330106", received_on=TODAY, channel="APP", serial=42)
    assert fault_of(ApplicationNumber.parse, change(str(good))) == fault


def test_a_date_that_does_not_exist_is_refused_even_with_a_fitting_check_character():
    body = "33010620260230A0000042"
    assert fault_of(ApplicationNumber.parse, body + mod_37_36(body)) == "APPLICATION_NUMBER_FORMAT"


@pytest.mark.parametrize(
    "wrong", [{"region": "33010"}, {"channel": "FAX"}, {"serial": 0}, {"serial": 10**7}]
)
def test_no_application_number_is_made_that_could_not_be_read(wrong):
    right = {"region": "330106", "received_on": TODAY, "channel": "APP", "serial": 1}
    with pytest.raises(InvalidIdentifier):
        ApplicationNumber(**(right | wrong))


# --- phones, accounts, places


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("057188881234", "0571-88881234"),
        ("0571-8888 1234", "0571-88881234"),
        ("010-65120000", "010-65120000"),
        ("0970-8651234", "0970-8651234"),
    ],
)
def test_mobile_numbers_and_fixed_lines_are_read(typed, number):
    assert parse_phone(typed) == number


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "PHONE_CHARACTERS"),
        ("one two", "PHONE_CHARACTERS"),
        ("12812345678", "PHONE_FORMAT"),
        ("1381234567", "PHONE_FORMAT"),
        ("88881234", "PHONE_FORMAT"),
        ("0571-08881234", "PHONE_FORMAT"),
    ],
)
def test_each_fault_of_a_phone_number_has_its_own_code(typed, fault):
    assert fault_of(parse_phone, typed) == fault


def test_a_fixed_line_is_not_a_mobile_number():
    assert parse_mobile("138-1234-5678") == "13812345678"
    assert fault_of(parse_mobile, "0571-88881234") == "MOBILE_FORMAT"


@given(st.integers(10**14, 10**18 - 1).map(str))
def test_a_card_number_with_its_luhn_digit_is_read(digits):
    number = digits + luhn(digits)
    assert parse_bank_account(f"{number[:4]} {number[4:]}") == number


@given(st.integers(10**14, 10**18 - 1).map(str), st.integers(0, 14), st.sampled_from("0123456789"))
def test_luhn_notices_any_single_wrong_digit(digits, place, digit):
    assume(digits[place] != digit)
    assert luhn(digits[:place] + digit + digits[place + 1 :]) != luhn(digits)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "BANK_ACCOUNT_CHARACTERS"),
        ("62220212345678901A", "BANK_ACCOUNT_CHARACTERS"),
        ("62220212", "BANK_ACCOUNT_LENGTH"),
        ("62220212345678901234", "BANK_ACCOUNT_LENGTH"),
        ("4111111111111112", "BANK_ACCOUNT_CHECK"),
        ("0" * 16, "BANK_ACCOUNT_CHECK"),
    ],
)
def test_each_fault_of_a_bank_account_has_its_own_code(typed, fault):
    assert parse_bank_account("4111 1111 1111 1111") == "4111111111111111"
    assert fault_of(parse_bank_account, typed) == fault


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("330000000000", DivisionLevel.PROVINCE),
        ("330100000000", DivisionLevel.CITY),
        ("330106000000", DivisionLevel.COUNTY),
        ("330106109000", DivisionLevel.TOWNSHIP),
        ("330106109201", DivisionLevel.VILLAGE),
        ("441900003000", DivisionLevel.TOWNSHIP),
        ("100000000000", DivisionLevel.PROVINCE),
        ("330110000000", DivisionLevel.COUNTY),
        ("330106100000", DivisionLevel.TOWNSHIP),
    ],
)
def test_the_level_is_the_lowest_that_is_not_zero(code, level):
    assert DivisionCode.parse(code).level is level


def test_a_division_knows_those_above_it():
    village = DivisionCode.parse("330106109201")
    assert [str(village.at(level)) for level in DivisionLevel] == [
        "330000000000",
        "330100000000",
        "330106000000",
        "330106109000",
        "330106109201",
    ]
    county = village.at(DivisionLevel.COUNTY)
    assert county.contains(village)
    assert county.contains(county)
    assert not village.contains(county)
    assert not DivisionCode.parse("330110000000").contains(village)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("330106", "DIVISION_CODE_LENGTH"),
        ("33010610920A", "DIVISION_CODE_CHARACTERS"),
        ("330000109000", "DIVISION_CODE_LEVELS"),
        ("330006000000", "DIVISION_CODE_LEVELS"),
        ("330106000201", "DIVISION_CODE_LEVELS"),
        ("000000000000", "DIVISION_CODE_LEVELS"),
    ],
)
def test_each_fault_of_a_division_code_has_its_own_code(typed, fault):
    assert fault_of(DivisionCode.parse, typed) == fault


# --- all of them

PARSERS = [
    resident,
    parse_uscc,
    parse_organisation_code,
    CertificateNumber.parse,
    ECertificateId.parse,
    ApplicationNumber.parse,
    parse_mobile,
    parse_phone,
    parse_bank_account,
    DivisionCode.parse,
]


def all_faults():
    modules = ("contact", "division", "document", "organisation", "person")
    return [
        thing
        for module in modules
        for thing in vars(import_module(f"shared.identifiers.{module}")).values()
        if isinstance(thing, Fault)
    ]


@pytest.mark.parametrize("parse", PARSERS)
@given(text=st.text(max_size=40) | st.text(ALPHANUMERIC + "-. x", min_size=8, max_size=24))
def test_any_text_is_either_read_or_refused_without_being_repeated(parse, text):
    refused = refusal(parse, text)
    if refused is not None:
        # What is told is one of our sentences, so nothing of the text can be in it.
        told = Fault(refused.code, refused.message_zh, refused.message_en)
        assert told in all_faults()
        assert refused.args == (f"{told.code}: {told.zh} / {told.en}",)
        assert refused.__cause__ is None


def test_every_fault_has_its_own_code_and_words_in_two_languages():
    faults = all_faults()
    assert faults
    assert len({fault.code for fault in faults}) == len(faults)
    for fault in faults:
        assert fault.code == fault.code.upper()
        assert any("一" <= character <= "鿿" for character in fault.zh)
        assert fault.en.isascii()
