"""Check characters: the arithmetic by which a number proves that it was copied right.

Each function takes the number without its check character and returns that character.
"""

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, S, V and Z, which are mistaken for digits."""

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def mod_11_2(digits: str) -> str:
    """The check character of a resident ID number: 0-9 or X.

    Source:
        GB 11643-1999, 4.1.3; ISO 7064, MOD 11-2. The weights 7 9 10 5 8 4 2 1 6 ... printed in
        the standard are the powers of two, modulo eleven, which the loop below multiplies up.
    """
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    return "0123456789X"[(12 - remainder) % 11]


def mod_37_36(characters: str) -> str:
    """The check character of an e-certificate id or an application number: 0-9 or A-Z.

    Source:
        GB/T 36904-2018 (electronic certificate identifiers); ISO 7064, MOD 37,36.
    """
    product = 36
    for character in characters:
        product = ((product + ALPHANUMERIC.index(character)) % 36 or 36) * 2 % 37
    return ALPHANUMERIC[(37 - product) % 36]


def uscc_check(characters: str) -> str:
    """The eighteenth character of a unified social credit code.

    Source:
        GB 32100-2015: powers of three, modulo thirty-one.
    """
    weighted = sum(
        USCC_ALPHABET.index(character) * pow(3, place, 31)
        for place, character in enumerate(characters)
    )
    return USCC_ALPHABET[-weighted % 31]


def organisation_check(characters: str) -> str:
    """The ninth character of an organisation code: 0-9 or X.

    Source:
        GB 11714-1997: eight weights, modulo eleven.
    """
    weighted = sum(
        ALPHANUMERIC.index(character) * weight
        for character, weight in zip(characters, _ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-weighted % 11]


def luhn(digits: str) -> str:
    """The last digit of a bank card number.

    Source:
        ISO/IEC 7812-1, annex B (Luhn).
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)
