"""Token status lists: which bit is whose, and what a list says. Signing it is not here."""

import base64
import zlib
from collections.abc import Iterable

from services.registry.model.certificates import StatusPlace

LIST_BITS = 2**16
"""Credentials in one list: eight kilobytes before it is compressed."""

TOKEN_SECONDS = 300
"""How long a list may be kept by whoever read it; so long a revocation may go unnoticed there."""

_SPREAD = 40_503
"""Odd, so that it reaches every place of a list once."""


def status_place(serial: int) -> StatusPlace:
    """The list and bit of the version with this number in order of issue.

    Neighbours in time are spread over the list. That hides no order that matters: the
    identifier of a certificate carries its serial anyway.

    Args:
        serial: From 0.

    Source:
        Token Status List (draft-ietf-oauth-status-list): an index is used once.
    """
    return StatusPlace(
        list_number=serial // LIST_BITS, index=serial % LIST_BITS * _SPREAD % LIST_BITS
    )


def status_bits(over: Iterable[int]) -> bytes:
    """One bit a place, the lowest bit of a byte first: 0 is good, 1 is over.

    Source:
        Token Status List (draft-ietf-oauth-status-list), section on the bit array.
    """
    bits = bytearray(LIST_BITS // 8)
    for index in over:
        bits[index // 8] |= 1 << (index % 8)
    return bytes(bits)


def encoded_list(bits: bytes) -> str:
    """The list as it stands in the token: compressed with DEFLATE in ZLIB form, base64url.

    Source:
        Token Status List (draft-ietf-oauth-status-list): `lst`.
    """
    return base64.urlsafe_b64encode(zlib.compress(bits, level=9)).decode().rstrip("=")
