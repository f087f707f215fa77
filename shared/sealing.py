"""Personal data at rest: sealed fields, and a keyed index to find a person by number."""

import base64
import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import CivilError
from shared.identifiers import normalise_id_number

NONCE_BYTES = 12


class SealBroken(CivilError):
    """A sealed field cannot be opened: moved, altered, or sealed with a key we lack."""

    title = "加密字段无法解开"
    title_en = "A sealed field cannot be opened"


class FieldCipher:
    """Seals single fields with AES-256-GCM: `v1.<key id>.<nonce>.<ciphertext>`.

    Args:
        keys: Key id to 32 bytes; all of them open.
        current: The id of the key that seals.
    """

    def __init__(self, keys: Mapping[str, bytes], *, current: str) -> None:
        self._ciphers = {kid: AESGCM(key) for kid, key in keys.items()}
        self._current = current

    @classmethod
    def parse(cls, text: str) -> "FieldCipher":
        """Read `<key id>:<base64>` pairs, comma-separated; the first one seals."""
        pairs = [pair.strip().partition(":") for pair in text.split(",") if pair.strip()]
        keys = {kid: base64.b64decode(encoded, validate=True) for kid, _, encoded in pairs}
        return cls(keys, current=pairs[0][0])

    def seal(self, value: bytes, *, place: str) -> bytes:
        """Seal a value for one place (`table.column:row id`); it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, value, place.encode())
        parts = (b"v1", self._current.encode(), _encode(nonce), _encode(sealed))
        return b".".join(parts)

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Open a sealed value.

        Raises:
            SealBroken: It was altered, moved from another place, or its key is gone.
        """
        try:
            version, kid, nonce, value = bytes(sealed).split(b".")
            cipher = self._ciphers[kid.decode()]
            if version != b"v1":
                raise SealBroken
            return cipher.decrypt(_decode(nonce), _decode(value), place.encode())
        except (ValueError, KeyError, InvalidTag):
            raise SealBroken from None


class BlindIndex:
    """Finds a person by identity number without keeping the number.

    Identity numbers have little entropy: without the key the index could be reversed by
    trying them all, so the key never stands in the database.

    Args:
        key: 32 bytes, other than the sealing keys.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def parse(cls, text: str) -> "BlindIndex":
        """Read the key from base64."""
        return cls(base64.b64decode(text, validate=True))

    def of(self, id_number: str) -> str:
        """Hex HMAC-SHA256 of the normalised number: one value for every way to write it."""
        normalised = normalise_id_number(id_number)
        return hmac.new(self._key, normalised.encode(), hashlib.sha256).hexdigest()


def _encode(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value)


def _decode(value: bytes) -> bytes:
    return base64.urlsafe_b64decode(value)
