"""Does a sealed value open only with its key, in its place, and not after its key's end?"""

import base64
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.sealing import (
    Algorithm,
    FieldCipher,
    PersonalDataErased,
    SealBroken,
    master_key_id,
)


def text_of(kid: str, algorithm: Algorithm = Algorithm.AES_256_GCM) -> str:
    key = base64.b64encode(os.urandom(algorithm.key_bytes)).decode()
    return f"{kid}:{key}" if algorithm is Algorithm.AES_256_GCM else f"{kid}:{algorithm}:{key}"


AES, SM4 = text_of("a"), text_of("s", Algorithm.SM4_GCM)
BOTH = pytest.mark.parametrize("keys", [AES, SM4], ids=["aes", "sm4"])
CIPHERS = (FieldCipher.parse(AES), FieldCipher.parse(SM4))
RECORD_KEYS = tuple(cipher.new_record_key("party:1") for cipher in CIPHERS)


@BOTH
def test_a_value_opens_where_it_was_sealed(keys: str) -> None:
    cipher = FieldCipher.parse(keys)
    key = cipher.new_record_key("party:1")

    for sealing in (cipher, cipher.record_key(key.wrapped, "party:1")):
        sealed = sealing.seal("张三".encode(), place="party.name:1")
        assert sealing.open(sealed, place="party.name:1").decode() == "张三"
        assert "张三".encode() not in sealed
        with pytest.raises(SealBroken):
            sealing.open(sealed, place="party.name:2")


@BOTH
def test_a_record_key_unwraps_for_its_record_only(keys: str) -> None:
    cipher = FieldCipher.parse(keys)
    wrapped = cipher.new_record_key("party:1").wrapped

    with pytest.raises(SealBroken):
        cipher.record_key(wrapped, "party:2")


def test_a_field_of_one_record_does_not_open_with_the_key_of_another() -> None:
    cipher = CIPHERS[0]
    sealed = cipher.new_record_key("party:1").seal(b"x", place="party.name:1")

    with pytest.raises(SealBroken):
        cipher.new_record_key("party:1").open(sealed, place="party.name:1")


def test_a_destroyed_key_is_told_as_erased_not_as_broken() -> None:
    with pytest.raises(PersonalDataErased) as told:
        CIPHERS[0].record_key(None, "party:1")

    assert told.value.status == 410


@settings(max_examples=300, deadline=None)
@given(
    value=st.binary(max_size=200),
    place=st.text(max_size=30),
    at=st.integers(0),
    which=st.booleans(),
)
def test_any_flipped_bit_is_noticed(value: bytes, place: str, at: int, which: bool) -> None:
    for sealing in (CIPHERS[which], RECORD_KEYS[which]):
        sealed = sealing.seal(value, place=place)
        assert sealing.open(sealed, place=place) == value
        bit = at % (len(sealed) * 8)
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        if _says_the_same(bytes(altered), sealed):
            continue
        with pytest.raises(SealBroken):
            sealing.open(bytes(altered), place=place)


def _says_the_same(one: bytes, other: bytes) -> bool:
    """Base64 has spare bits at its end: some alterations alter nothing."""
    parts = [each.split(b".") for each in (one, other)]
    if [len(each) for each in parts] != [4, 4] or parts[0][:2] != parts[1][:2]:
        return False
    try:
        left, right = (
            [base64.b64decode(part, altchars=b"-_", validate=True) for part in each[2:]]
            for each in parts
        )
    except ValueError:
        return False
    return left == right


def test_no_nonce_comes_twice() -> None:
    key = RECORD_KEYS[0]

    assert len({key.seal(b"", place="p").split(b".")[2] for _ in range(20_000)}) == 20_000


def test_a_key_is_replaced_while_everything_stays_readable() -> None:
    old = FieldCipher.parse(AES)
    record = old.new_record_key("party:1")
    name = record.seal(b"name", place="party.name:1")
    between = FieldCipher.parse(f"{AES},{SM4}")
    after = FieldCipher.parse(f"{SM4},{AES}")
    alone = FieldCipher.parse(SM4)

    assert between.record_key(record.wrapped, "party:1").open(name, place="party.name:1")
    rewrapped = after.rewrapped(record.wrapped, "party:1")

    assert rewrapped is not None
    assert (master_key_id(record.wrapped), master_key_id(rewrapped)) == ("a", "s")
    assert alone.record_key(rewrapped, "party:1").open(name, place="party.name:1") == b"name"
    assert after.rewrapped(rewrapped, "party:1") is None
    with pytest.raises(SealBroken):
        alone.record_key(record.wrapped, "party:1")


@pytest.mark.parametrize(
    "text",
    ["", " , ", "a", "a:", "a:short", f"{AES},{AES}", "a:des:AAAA", f"a:sm4:{AES[2:]}", "a.b:AAAA"],
    ids=["none", "blank", "no-key", "empty", "short", "twice", "unknown", "too-long", "dotted"],
)
def test_keys_that_cannot_be_read_are_refused_at_start_without_being_told(text: str) -> None:
    with pytest.raises(ValueError) as told:
        FieldCipher.parse(text)

    assert AES[2:] not in str(told.value)
