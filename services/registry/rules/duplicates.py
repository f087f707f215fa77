"""Which two records may be one person: in which blocks they meet, and how alike they are."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product

from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from services.registry.model.duplicates import Evidence, Likeness, Traits
from services.registry.rules.death import is_same_name
from shared.identifiers import normalise_id_number
from shared.identifiers.check_characters import mod_11_2
from shared.identifiers.reading import digits_only

WORTH_A_LOOK = 60
"""Pairs from this score on are shown to an officer. Nothing is ever merged by a score."""

LARGEST_BLOCK = 200
"""Records that share a key with more others say nothing by it, and are not compared by it."""

_WEIGHTS = {
    Evidence.SAME_NAME: 28,
    Evidence.SAME_SOUND: 22,
    Evidence.SIMILAR_NAME: 8,
    Evidence.OTHER_NAME: -30,
    Evidence.SAME_NUMBER: 60,
    Evidence.ONE_DIGIT_APART: 30,
    Evidence.TWO_DIGITS_APART: 12,
    Evidence.NUMBER_NOT_VALID: 14,
    Evidence.BOTH_NUMBERS_VALID: -8,
    Evidence.SAME_BIRTH_DATE: 18,
    Evidence.SIMILAR_BIRTH_DATE: 8,
    Evidence.OTHER_BIRTH_DATE: -14,
    Evidence.OTHER_SEX: -14,
    Evidence.SAME_ADDRESS: 18,
    Evidence.SIMILAR_ADDRESS: 8,
}
_ZERO = 10
"""What two records have in common by having met in a block at all."""


def blocking_words(traits: Traits) -> Iterator[tuple[str, ...]]:
    """In which blocks a record stands: two records are compared if they share one.

    Each kind of error leaves some block untouched: a wrong digit in the first half of the
    number leaves its last half, and the other way round; a wrong number leaves name and
    address; a name written otherwise leaves its sound, the number and the birth date.

    Source:
        House rule. The words are personal data: they leave this process only as keyed hashes.
    """
    number = normalise_id_number(traits.id_number)
    sounds = {sound_of(name) for name in traits.names}
    for sound in sounds:
        family, *given = sound
        yield ("sound and year", *sound, number[6:10])
        yield ("sound and day", *sound, number[10:14])
        yield ("family and birth", family, number[6:14])
        yield ("sound and county", *sound, number[:6])
        if traits.address:
            yield ("given and address", *given, plain_address(traits.address))
    yield ("last half", number[-8:])
    yield ("first half", number[:11], *sorted({sound[0] for sound in sounds})[:1])


def compare(one: Traits, other: Traits) -> Likeness:
    """How alike two records are, by names, number, birth date, sex and address.

    Source:
        House rule after Fellegi and Sunter (1969): what agrees is weighed by how seldom it
        agrees by chance. The weights were set on made data; docs/decisions tells how well.
    """
    numbers = normalise_id_number(one.id_number), normalise_id_number(other.id_number)
    evidence = frozenset(
        (
            _by_name(one.names, other.names),
            *_by_number(*numbers),
            *_by_birth(*numbers),
            *_by_address(one.address, other.address),
        )
    )
    score = _ZERO + sum(_WEIGHTS[each] for each in evidence)
    return Likeness(score=max(0, min(100, score)), evidence=evidence)


@cache
def sound_of(name: str) -> tuple[str, ...]:
    """A name as it is spoken, a syllable for each character, without tones.

    Source:
        House rule: people and machines type what they hear.
    """
    return tuple(lazy_pinyin(name.strip(), style=Style.NORMAL, errors="default")) or ("",)


def plain_address(address: str) -> str:
    """An address without what is typed in many ways.

    Source:
        House rule: 号, 室, hyphens and spaces come and go.
    """
    return "".join(each for each in address if each.isalnum() and each not in "号室栋幢单元")


def _by_name(ones: Iterable[str], others: Iterable[str]) -> Evidence:
    """The best that any two names of the two give."""
    found = {_of_names(one, other) for one, other in product(ones, others)}
    order = (Evidence.SAME_NAME, Evidence.SAME_SOUND, Evidence.SIMILAR_NAME)
    return next((each for each in order if each in found), Evidence.OTHER_NAME)


def _of_names(one: str, other: str) -> Evidence:
    if is_same_name(one, other):
        return Evidence.SAME_NAME
    if sound_of(one) == sound_of(other):
        return Evidence.SAME_SOUND
    if fuzz.ratio("".join(sound_of(one)), "".join(sound_of(other))) >= 80:
        return Evidence.SIMILAR_NAME
    return Evidence.OTHER_NAME


def _by_number(one: str, other: str) -> Iterator[Evidence]:
    apart = OSA.distance(one, other)
    if apart == 0:
        yield Evidence.SAME_NUMBER
        return
    if apart == 1:
        yield Evidence.ONE_DIGIT_APART
    elif apart == 2:
        yield Evidence.TWO_DIGITS_APART
    both_valid = _fits(one) and _fits(other)
    yield Evidence.BOTH_NUMBERS_VALID if both_valid else Evidence.NUMBER_NOT_VALID
    if len(one) == len(other) == 18 and int(one[16], 36) % 2 != int(other[16], 36) % 2:
        yield Evidence.OTHER_SEX


def _by_birth(one: str, other: str) -> Iterator[Evidence]:
    born, other_born = one[6:14], other[6:14]
    if born == other_born:
        yield Evidence.SAME_BIRTH_DATE
    elif OSA.distance(born, other_born) == 1 or (
        born[:4] == other_born[:4] and born[4:6] == other_born[6:] and born[6:] == other_born[4:6]
    ):
        yield Evidence.SIMILAR_BIRTH_DATE
    else:
        yield Evidence.OTHER_BIRTH_DATE


def _by_address(one: str, other: str) -> Iterator[Evidence]:
    if not one or not other:
        return
    alike = fuzz.ratio(plain_address(one), plain_address(other))
    if alike == 100:
        yield Evidence.SAME_ADDRESS
    elif alike >= 80:
        yield Evidence.SIMILAR_ADDRESS


def _fits(number: str) -> bool:
    """Whether the check character of a number is right."""
    return len(number) == 18 and digits_only(number[:17]) and mod_11_2(number[:17]) == number[17]
