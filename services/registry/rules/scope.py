"""Whose residents are whose: the divisions of an officer's own offices, and what lies in them."""

from collections.abc import Iterable

_LENGTHS = (2, 4, 6, 9, 12)
"""How much of a division's code says where it is, by level."""


def prefix_of(division: str) -> str:
    """The part of a code that everything in the division shares: `330106` of a county.

    Args:
        division: Twelve digits.

    Source:
        GB/T 2260 and GB/T 10114: two digits each for province, city and county, three each for
        township and village; zeros where a level is not meant.
    """
    return next(division[:length] for length in _LENGTHS if not division[length:].strip("0"))


def is_within(division: str, scope: Iterable[str]) -> bool:
    """Whether a division is one of, or lies below, those with these prefixes.

    Source:
        个人信息保护法 (2021) art. 6: no more than the task needs.
    """
    return any(division.startswith(prefix) for prefix in scope)
