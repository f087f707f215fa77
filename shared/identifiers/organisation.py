"""The numbers of organisations: unified social credit code and organisation code."""

import re

from shared.identifiers.check_characters import USCC_ALPHABET, organisation_check, uscc_check
from shared.identifiers.reading import Fault, InvalidIdentifier, digits_only, tidy

USCC_LENGTH = Fault(
    "USCC_LENGTH",
    "统一社会信用代码应为18位",
    "A unified social credit code has 18 characters",
)
USCC_CHARACTERS = Fault(
    "USCC_CHARACTERS",
    "统一社会信用代码只能是数字和大写字母，且不含I、O、S、V、Z",
    "A unified social credit code has digits and letters other than I, O, S, V and Z",
)
USCC_ORGANISATION = Fault(
    "USCC_ORGANISATION_CHECK",
    "统一社会信用代码第9至17位（主体标识码）校验不符",
    "Characters 9 to 17 of the unified social credit code do not fit each other",
)
USCC_CHECK = Fault(
    "USCC_CHECK",
    "统一社会信用代码校验位不符，请核对是否输错",
    "The last character does not fit the rest of the unified social credit code",
)
ORGANISATION_LENGTH = Fault(
    "ORGANISATION_CODE_LENGTH",
    "组织机构代码应为9位",
    "An organisation code has 9 characters",
)
ORGANISATION_CHARACTERS = Fault(
    "ORGANISATION_CODE_CHARACTERS",
    "组织机构代码只能是数字和大写字母，末位为数字或X",
    "An organisation code has digits and letters and ends in a digit or X",
)
ORGANISATION_CHECK = Fault(
    "ORGANISATION_CODE_CHECK",
    "组织机构代码校验位不符，请核对是否输错",
    "The last character does not fit the rest of the organisation code",
)

_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")


def parse_uscc(text: str) -> str:
    """Read a unified social credit code (统一社会信用代码).

    Raises:
        InvalidIdentifier: With the first fault in the order length, characters, organisation
            code, check character. The check character comes last because a slip in the middle
            upsets both, and the narrower fault says where to look.

    Source:
        GB 32100-2015; GB 11714-1997 for characters nine to seventeen.
    """
    code = tidy(text)
    if len(code) != 18:
        raise InvalidIdentifier(USCC_LENGTH)
    if not set(code) <= set(USCC_ALPHABET) or not digits_only(code[2:8]):
        raise InvalidIdentifier(USCC_CHARACTERS)
    if organisation_check(code[8:16]) != code[16]:
        raise InvalidIdentifier(USCC_ORGANISATION)
    if uscc_check(code[:17]) != code[17]:
        raise InvalidIdentifier(USCC_CHECK)
    return code


def make_uscc(prefix: str, division: str, body: str) -> str:
    """Compose a unified social credit code: both check characters are computed.

    Args:
        prefix: Two characters: who registers, and what kind of body (`51` an association).
        division: Six digits of the registry's division.
        body: The eight characters of the organisation code before its own check character.

    Raises:
        InvalidIdentifier: The parts do not make a code.

    Source:
        GB 32100-2015; GB 11714-1997 for characters nine to seventeen.
    """
    if len(body) != 8 or not _ORGANISATION_CODE.fullmatch(f"{body}0"):
        raise InvalidIdentifier(ORGANISATION_CHARACTERS)
    stem = prefix + division + body + organisation_check(body)
    if not set(stem) <= set(USCC_ALPHABET):
        raise InvalidIdentifier(USCC_CHARACTERS)
    return parse_uscc(stem + uscc_check(stem))


def parse_organisation_code(text: str) -> str:
    """Read an organisation code (组织机构代码), with or without its hyphen.

    Raises:
        InvalidIdentifier: With the first fault in the order length, characters, check character.

    Source:
        GB 11714-1997.
    """
    code = tidy(text)
    if len(code) == 10 and code[8] == "-":
        code = code[:8] + code[9:]
    if len(code) != 9:
        raise InvalidIdentifier(ORGANISATION_LENGTH)
    if not _ORGANISATION_CODE.fullmatch(code):
        raise InvalidIdentifier(ORGANISATION_CHARACTERS)
    if organisation_check(code[:8]) != code[8]:
        raise InvalidIdentifier(ORGANISATION_CHECK)
    return code
