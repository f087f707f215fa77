"""How a person is reached and paid: phone numbers and bank accounts."""

import re

from shared.identifiers.check_characters import luhn
from shared.identifiers.reading import Fault, InvalidIdentifier, digits_only, tidy

MOBILE = Fault(
    "MOBILE_FORMAT",
    "手机号码应为1开头的11位数字",
    "A mobile number has 11 digits and begins with 1",
)
PHONE_CHARACTERS = Fault(
    "PHONE_CHARACTERS",
    "联系电话只能是数字，固定电话可用连字符分隔区号",
    "A phone number has digits, and a hyphen after the area code of a fixed line",
)
PHONE_FORMAT = Fault(
    "PHONE_FORMAT",
    "联系电话应为11位手机号码，或带区号的固定电话",
    "A phone number is a mobile number of 11 digits, or a fixed line with its area code",
)
ACCOUNT_LENGTH = Fault(
    "BANK_ACCOUNT_LENGTH",
    "银行卡号应为12至19位",
    "A bank card number has 12 to 19 digits",
)
ACCOUNT_CHARACTERS = Fault(
    "BANK_ACCOUNT_CHARACTERS",
    "银行卡号只能是数字",
    "A bank card number consists of digits",
)
ACCOUNT_CHECK = Fault(
    "BANK_ACCOUNT_CHECK",
    "银行卡号校验位不符，请核对是否输错",
    "The last digit does not fit the rest of the bank card number; please compare it",
)

_COUNTRY = re.compile(r"^(?:\+|00)86-?")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_FIXED_LINE = re.compile(r"(010|02[0-9]|0[3-9][0-9]{2})-?([1-9][0-9]{6,7})")


def parse_mobile(text: str) -> str:
    """Read a mobile number to its eleven digits; +86, spaces and hyphens fall away.

    Raises:
        InvalidIdentifier: It is not a mobile number of the mainland.

    Source:
        House rule on the numbering plan: eleven digits, the first two 13 to 19.
    """
    number = _without_country(text).replace("-", "")
    if not _MOBILE.fullmatch(number):
        raise InvalidIdentifier(MOBILE)
    return number


def parse_phone(text: str) -> str:
    """Read a mobile number, or a fixed line to the form `0571-88888888`.

    Raises:
        InvalidIdentifier: It holds other characters, or is neither of the two.
    """
    number = _without_country(text)
    digits = number.replace("-", "")
    if not digits_only(digits):
        raise InvalidIdentifier(PHONE_CHARACTERS)
    if _MOBILE.fullmatch(digits):
        return digits
    fixed = _FIXED_LINE.fullmatch(digits)
    if fixed is None:
        raise InvalidIdentifier(PHONE_FORMAT)
    return f"{fixed[1]}-{fixed[2]}"


def parse_bank_account(text: str) -> str:
    """Read a bank card number; spaces and hyphens fall away.

    Raises:
        InvalidIdentifier: With the first fault in the order characters, length, check digit.

    Source:
        ISO/IEC 7812-1 (length, Luhn). Passbook accounts of some banks have no check digit and
        are not accepted: benefits are paid to cards (一卡通).
    """
    number = tidy(text).replace("-", "")
    if not digits_only(number):
        raise InvalidIdentifier(ACCOUNT_CHARACTERS)
    if not 12 <= len(number) <= 19:
        raise InvalidIdentifier(ACCOUNT_LENGTH)
    # Nothing but zeros has a fitting check digit, and is what people type to get on.
    if luhn(number[:-1]) != number[-1] or not int(number):
        raise InvalidIdentifier(ACCOUNT_CHECK)
    return number


def _without_country(text: str) -> str:
    return _COUNTRY.sub("", tidy(text))
