"""How an identifier is tidied, and how it is refused without being repeated."""

import re
from dataclasses import dataclass

LONGEST = 128
"""No identifier is longer, spaces included; what is longer is not looked at."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = re.compile(r"[\s\u3000]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One way for an identifier to be wrong: a stable code, and words for people."""

    code: str
    zh: str
    en: str


class InvalidIdentifier(ValueError):
    """An identifier is not one of its kind. The value itself is not in the error.

    Attributes:
        code: Stable, such as `ID_NUMBER_CHECK`; what clients branch on.
        message_zh: For the person who typed it.
        message_en: The same in English.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code}: {fault.zh} / {fault.en}")
        self.code = fault.code
        self.message_zh = fault.zh
        self.message_en = fault.en


def tidy(text: str) -> str:
    """The characters that were meant: half-width, upper case, without spaces.

    Only the full-width forms of ASCII are translated. Wider Unicode folding would also accept
    circled digits and superscripts, which nobody types for a number.
    """
    return _SPACES.sub("", text[: LONGEST + 1].translate(_FULL_WIDTH)).upper()


def digits_only(text: str) -> bool:
    """Whether all characters are 0-9; `str.isdigit` would accept other scripts' digits."""
    return text.isascii() and text.isdigit()
