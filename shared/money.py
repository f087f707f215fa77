"""Money in whole fen, so that no amount is ever nearly right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LARGEST_FEN = 2**53 - 1
"""The largest integer every JSON reader keeps exactly; about ninety trillion yuan."""

_YUAN = re.compile(r"(-?)[¥￥]?((?:[0-9]{1,3}(?:,[0-9]{3})+)|[0-9]{1,16})(?:\.([0-9]{1,2}))?元?")


class Rounding(StrEnum):
    """Which way a fraction goes. Local rules name one; there is no default."""

    UP = "up"
    """To the next larger amount (进一)."""
    DOWN = "down"
    """To the next smaller amount (舍去)."""
    HALF_UP = "half_up"
    """To the nearest, a half to the larger (四舍五入)."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of renminbi. It may be negative, such as a correction or a loss.

    Raises:
        TypeError: The amount is not a whole number (floats and booleans are refused).
        ValueError: The amount is larger than JSON can carry exactly.
    """

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError("money is a whole number of fen")
        if abs(self.fen) > LARGEST_FEN:
            raise ValueError("the amount is too large")

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read an amount in yuan as people write it: `1234.5`, `1,234.50`, `¥1234.50`, `1234元`.

        Raises:
            ValueError: The text is not an amount with at most two decimals.
        """
        match = _YUAN.fullmatch(text.strip())
        if match is None:
            raise ValueError("not an amount in yuan with at most two decimals")
        sign, yuan, decimals = match.groups()
        fen = int(yuan.replace(",", "")) * 100 + int((decimals or "").ljust(2, "0"))
        return cls(-fen if sign else fen)

    @classmethod
    def of_yuan(cls, yuan: int) -> "Money":
        """Whole yuan."""
        if type(yuan) is not int:
            raise TypeError("yuan is a whole number here; parse text for decimals")
        return cls(yuan * 100)

    @classmethod
    def sum(cls, amounts: Iterable["Money"]) -> "Money":
        """All amounts together; nothing at all is zero."""
        return cls(sum(amount.fen for amount in amounts))

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(self.fen - other.fen)

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def times(self, count: int) -> "Money":
        """The amount a whole number of times, such as per person and month."""
        if type(count) is not int:
            raise TypeError("an amount is multiplied by a whole number; use portion() for a rate")
        return Money(self.fen * count)

    def portion(self, numerator: int, denominator: int, rounding: Rounding) -> "Money":
        """A fraction of the amount in whole fen, computed exactly and rounded once.

        Args:
            numerator: Such as 20 for a rate of 20 %, or 1 to divide.
            denominator: Such as 100 for a rate of 20 %, or the number of heads; positive.
            rounding: Which way a fraction of a fen goes.
        """
        return Money(_divide(self.fen * numerator, denominator, rounding))

    def to_whole_yuan(self, rounding: Rounding) -> "Money":
        """The amount in whole yuan, for benefits paid without jiao and fen."""
        return Money(_divide(self.fen, 100, rounding) * 100)

    @property
    def yuan(self) -> str:
        """The amount as a plain decimal, `1234.50`; `Money.parse` reads it back."""
        return str(self).replace(",", "")

    def __str__(self) -> str:
        """The amount as people read it, `1,234.50`."""
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{'-' if self.fen < 0 else ''}{yuan:,}.{fen:02}"


def _divide(dividend: int, divisor: int, rounding: Rounding) -> int:
    if type(dividend) is not int or type(divisor) is not int or divisor <= 0:
        raise ValueError("a portion is a fraction of whole numbers with a positive denominator")
    if rounding is Rounding.UP:
        return -(-dividend // divisor)
    if rounding is Rounding.DOWN:
        return dividend // divisor
    return (2 * dividend + divisor) // (2 * divisor)
