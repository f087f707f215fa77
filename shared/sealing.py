"""Personal data at rest: sealed fields, keys per record, and an index to find people by.

Three levels. A *master key* comes from the environment and seals nothing of a person, or
next to nothing. A *record key* is made for one record, wrapped by the master key and kept
in the record's own row: whoever destroys it has destroyed every field it sealed, in every
copy of the row, while the journal, which holds no values, still verifies. A *sealed field*
opens only with its key and only in the place it was sealed for.

Two algorithms stand behind one form: AES-256-GCM, and SM4-GCM where commercial
cryptography (密码法, 2019, art. 27) is asked for. Which one a value was sealed with is
written in it, so both can be open at once while one replaces the other.
"""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import CivilError, NotFound
from shared.identifiers import normalise_id_number

NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(CivilError):
    """A sealed field cannot be opened: moved, altered, or sealed with a key we lack."""

    title = "加密字段无法解开"
    title_en = "A sealed field cannot be opened"


class PersonalDataErased(NotFound):
    """The record's key was destroyed when its time of keeping ended; nothing can open it."""

    status = 410
    title = "个人信息已按规定销毁"
    title_en = "The personal data has been erased as prescribed"


class Algorithm(StrEnum):
    """How a value is sealed; both are authenticated and bind the value to its place."""

    AES_256_GCM = "aes"
    SM4_GCM = "sm4"

    @property
    def key_bytes(self) -> int:
        """Length of a key: 32 for AES-256, 16 for SM4 (GB/T 32907)."""
        return 32 if self is Algorithm.AES_256_GCM else 16


@dataclass(frozen=True, slots=True)
class SealingKey:
    """One key and the algorithm it is for.

    Raises:
        ValueError: The key has not the algorithm's length.
    """

    algorithm: Algorithm
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != self.algorithm.key_bytes:
            raise ValueError(f"a key for {self.algorithm} has {self.algorithm.key_bytes} bytes")

    def encrypt(self, nonce: bytes, value: bytes, place: bytes) -> bytes:
        """Ciphertext with its tag at the end."""
        if self.algorithm is Algorithm.AES_256_GCM:
            return AESGCM(self.key).encrypt(nonce, value, place)
        encryptor = Cipher(algorithms.SM4(self.key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place)
        return encryptor.update(value) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, sealed: bytes, place: bytes) -> bytes:
        """The value, if nothing was altered.

        Raises:
            InvalidTag: Another key, another place, or altered bytes.
        """
        if self.algorithm is Algorithm.AES_256_GCM:
            return AESGCM(self.key).decrypt(nonce, sealed, place)
        value, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        if len(tag) < TAG_BYTES:
            raise InvalidTag
        decryptor = Cipher(algorithms.SM4(self.key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(place)
        return decryptor.update(value) + decryptor.finalize()


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The key of one record, opened: seals and opens that record's fields.

    A sealed field reads `v2.<algorithm>.<nonce>.<ciphertext>`.
    """

    _key: SealingKey
    wrapped: bytes
    """What is kept in the record's row; only a master key turns it into the key again."""

    def seal(self, value: bytes, *, place: str) -> bytes:
        """Seal a value for one place (`table.column:row id`); it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._key.encrypt(nonce, value, place.encode())
        head = self._key.algorithm.value.encode()
        return b".".join((b"v2", head, _encode(nonce), _encode(sealed)))

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Open a field of this record.

        Raises:
            SealBroken: It was altered, or moved from another place or record.
        """
        try:
            version, algorithm, nonce, value = bytes(sealed).split(b".")
            if version != b"v2" or algorithm.decode() != self._key.algorithm:
                raise SealBroken
            return self._key.decrypt(_decode(nonce), _decode(value), place.encode())
        except (ValueError, InvalidTag):
            raise SealBroken from None


class FieldCipher:
    """The master keys: wrap record keys, and seal what belongs to no person's record.

    A value sealed with a master key reads `v1.<key id>.<nonce>.<ciphertext>`.

    Args:
        keys: Key id to key; all of them open.
        current: The id of the key that seals.
    """

    def __init__(self, keys: Mapping[str, SealingKey], *, current: str) -> None:
        self._keys = dict(keys)
        self.current = current

    @classmethod
    def parse(cls, text: str) -> "FieldCipher":
        """Read `<key id>:<base64>` or `<key id>:sm4:<base64>`, comma-separated.

        The first one seals, the others only open: a new key is put last everywhere, then
        first everywhere, then what is old is wrapped anew, then the old key is taken out.

        Raises:
            ValueError: A pair cannot be read, or an id comes twice; the text is not told.
        """
        keys: dict[str, SealingKey] = {}
        for pair in filter(None, (each.strip() for each in text.split(","))):
            kid, *rest = pair.split(":")
            if kid in keys or not 1 <= len(rest) <= 2 or "." in kid:
                raise ValueError("field keys: a key cannot be read, or its id comes twice")
            algorithm = Algorithm(rest[0]) if len(rest) == 2 else Algorithm.AES_256_GCM
            keys[kid] = SealingKey(algorithm, base64.b64decode(rest[-1], validate=True))
        if not keys:
            raise ValueError("field keys: there is none")
        return cls(keys, current=next(iter(keys)))

    def seal(self, value: bytes, *, place: str) -> bytes:
        """Seal a value for one place (`table.column:row id`); it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._keys[self.current].encrypt(nonce, value, place.encode())
        return b".".join((b"v1", self.current.encode(), _encode(nonce), _encode(sealed)))

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Open a sealed value.

        Raises:
            SealBroken: It was altered, moved from another place, or its key is gone.
        """
        try:
            version, kid, nonce, value = bytes(sealed).split(b".")
            if version != b"v1":
                raise SealBroken
            key = self._keys[kid.decode()]
            return key.decrypt(_decode(nonce), _decode(value), place.encode())
        except (ValueError, KeyError, InvalidTag):
            raise SealBroken from None

    def new_record_key(self, record: str) -> RecordKey:
        """Make the key of a new record.

        Args:
            record: The record it is for (`table:row id`); it unwraps for no other.
        """
        algorithm = self._keys[self.current].algorithm
        key = SealingKey(algorithm, os.urandom(algorithm.key_bytes))
        plain = b":".join((algorithm.value.encode(), key.key))
        return RecordKey(key, self.seal(plain, place=_key_place(record)))

    def record_key(self, wrapped: bytes | None, record: str) -> RecordKey:
        """Unwrap the key of a record.

        Raises:
            PersonalDataErased: The key was destroyed: there is nothing to unwrap.
            SealBroken: It is another record's, was altered, or its master key is gone.
        """
        if wrapped is None:
            raise PersonalDataErased
        plain = self.open(wrapped, place=_key_place(record))
        algorithm, _, key = plain.partition(b":")
        return RecordKey(SealingKey(Algorithm(algorithm.decode()), key), bytes(wrapped))

    def renewed(self, sealed: bytes, *, place: str) -> bytes | None:
        """A value sealed anew with the current master key; None if it already is.

        Raises:
            SealBroken: It cannot be opened.
        """
        if master_key_id(sealed) == self.current:
            return None
        return self.seal(self.open(sealed, place=place), place=place)

    def rewrapped(self, wrapped: bytes, record: str) -> bytes | None:
        """A record key wrapped anew with the current master key; None if it already is.

        The record's fields stay as they are: their key has not changed.

        Raises:
            SealBroken: It cannot be unwrapped.
        """
        return self.renewed(wrapped, place=_key_place(record))


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

    def of_name(self, name: str) -> str:
        """The same for a whole name: however its width, case and spaces are written.

        The prefix keeps names and numbers apart: neither is ever found for the other.
        """
        folded = "".join(unicodedata.normalize("NFKC", name).casefold().split())
        return hmac.new(self._key, f"name:{folded}".encode(), hashlib.sha256).hexdigest()

    def of_words(self, *words: str) -> str:
        """Hex HMAC-SHA256 of words that are personal together; never equal to that of a number.

        Lengths keep ("ab", "c") and ("a", "bc") apart.
        """
        text = "".join(f"{len(each)}:{each}" for each in ("words", *words))
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


def master_key_id(sealed: bytes) -> str:
    """Id of the master key a value was sealed with; empty if none can be read."""
    version, _, rest = bytes(sealed).partition(b".")
    return rest.partition(b".")[0].decode(errors="replace") if version == b"v1" else ""


def _key_place(record: str) -> str:
    return f"data-key:{record}"


def _encode(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value)


def _decode(value: bytes) -> bytes:
    try:
        return base64.b64decode(value, altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
