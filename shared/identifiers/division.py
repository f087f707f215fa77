"""The code of an administrative division (行政区划代码): where, and at which level."""

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.identifiers.reading import Fault, InvalidIdentifier, digits_only, tidy

LENGTH = Fault(
    "DIVISION_CODE_LENGTH", "行政区划代码应为12位", "An administrative division code has 12 digits"
)
CHARACTERS = Fault(
    "DIVISION_CODE_CHARACTERS",
    "行政区划代码只能是数字",
    "An administrative division code consists of digits",
)
LEVELS = Fault(
    "DIVISION_CODE_LEVELS",
    "行政区划代码层级有误：上级为空时下级也应为0",
    "The division code skips a level: below an empty level everything is zero",
)

# A city may have no counties (东莞 441900), and its townships then follow it directly;
# every other level needs the one above it.
_SHAPE = re.compile(
    r"[1-9][0-9](?:0{10}|(?!00)[0-9]{2}(?:[0-9]{2}(?:0{6}|(?!000)[0-9]{3}[0-9]{3})))"
)


class DivisionLevel(StrEnum):
    """The five levels at which a division is governed."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


_LENGTHS = {
    DivisionLevel.PROVINCE: 2,
    DivisionLevel.CITY: 4,
    DivisionLevel.COUNTY: 6,
    DivisionLevel.TOWNSHIP: 9,
    DivisionLevel.VILLAGE: 12,
}


@dataclass(frozen=True, slots=True)
class DivisionCode:
    """A code of twelve digits: province 2, city 2, county 2, township 3, village 3."""

    value: str

    @classmethod
    def parse(cls, text: str) -> "DivisionCode":
        """Read a code of twelve digits. Whether the division exists is the registry's to say.

        Raises:
            InvalidIdentifier: With the first fault in the order length, characters, levels.

        Source:
            GB/T 2260 (six digits) and GB/T 10114 (township, village).
        """
        code = tidy(text)
        if len(code) != 12:
            raise InvalidIdentifier(LENGTH)
        if not digits_only(code):
            raise InvalidIdentifier(CHARACTERS)
        if not _SHAPE.fullmatch(code):
            raise InvalidIdentifier(LEVELS)
        return cls(code)

    @property
    def level(self) -> DivisionLevel:
        """The lowest level whose digits are not all zero."""
        used = len(self.value.rstrip("0"))
        return next(level for level, length in _LENGTHS.items() if used <= length)

    def at(self, level: DivisionLevel) -> "DivisionCode":
        """The division at or above this one that a level names: county 330106000000 of a township.

        Asking for a lower level than the code has gives the code itself.
        """
        return DivisionCode(self.value[: _LENGTHS[level]].ljust(12, "0"))

    def contains(self, other: "DivisionCode") -> bool:
        """Whether the other division is this one or lies in it."""
        return other.at(self.level) == self

    def __str__(self) -> str:
        return self.value
