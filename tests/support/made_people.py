"""A made town of records, some of them twice, with errors as registers have them. Seeded.

Nobody in it exists. Names are drawn by how frequent they are, so that strangers share names;
twins, fathers and sons of one name, and namesakes born on one day are among them, because they
are what a matcher takes for one person.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.registry.model import PersonId
from services.registry.model.duplicates import Traits
from shared.identifiers.check_characters import mod_11_2
from shared.ids import new_id

FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红建国华玉梅志文海东春晓燕云飞雪婷浩宇欣怡"
SOUNDS_ALIKE = {
    "伟": "玮", "芳": "方", "英": "瑛", "静": "婧", "丽": "莉", "磊": "垒", "洋": "阳",
    "艳": "燕", "杰": "洁", "涛": "韬", "明": "铭", "兰": "岚", "平": "萍", "刚": "钢",
    "红": "虹", "建": "健", "国": "帼", "华": "桦", "玉": "钰", "梅": "玫", "志": "智",
    "文": "雯", "海": "骸", "东": "冬", "云": "芸", "飞": "菲", "婷": "廷", "浩": "皓",
    "宇": "雨", "欣": "馨", "怡": "宜", "晓": "小", "春": "椿", "勇": "永", "军": "君",
    "强": "墙", "敏": "闵", "霞": "暇", "桂": "贵", "雪": "血", "超": "抄", "秀": "绣",
    "娟": "涓", "燕": "艳", "娜": "那",
}  # fmt: skip
COUNTIES = ("330106", "330105", "330110", "330127", "341004", "362330")
ROADS = ("文一路", "古墩路", "学院路", "天目山路", "莫干山路", "丰潭路", "竞舟路", "益乐路")


@dataclass(frozen=True)
class Town:
    """Records, and which of them are one person."""

    records: tuple[Traits, ...]
    twice: frozenset[frozenset[PersonId]]


def a_town(*, people: int, twice: int, seed: int) -> Town:
    """A town of so many people, of whom so many stand in it twice."""
    rng = random.Random(seed)
    records = [_person(rng) for _ in range(people)]
    lookalikes = [
        make(rng, each) for make in _LOOKALIKES for each in rng.sample(records, people // 40)
    ]
    spoiled = [
        (each, rng.choices(_ERRORS, weights=_OFTEN)[0](rng, each))
        for each in rng.sample(records, twice)
    ]
    doubles = [replace(double, id=PersonId(new_id())) for _, double in spoiled]
    pairs = {
        frozenset((each.id, double.id)) for (each, _), double in zip(spoiled, doubles, strict=True)
    }
    everybody = [*records, *lookalikes, *doubles]
    rng.shuffle(everybody)
    return Town(tuple(everybody), frozenset(pairs))


def _person(rng: random.Random, **given: str) -> Traits:
    born = date(1935, 1, 1) + timedelta(days=int(rng.triangular(0, 33000, 16000)))
    weights = [1 / (place + 2) for place in range(len(FAMILIES))]
    family = rng.choices(FAMILIES, weights=weights)[0]
    name = family + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2))))
    known = {
        "name": name,
        "county": rng.choices(COUNTIES, weights=(60, 10, 10, 8, 6, 6))[0],
        "born": born.strftime("%Y%m%d"),
        "order": f"{rng.randrange(1, 700):03}",
        "address": _address(rng),
        **given,
    }
    return Traits(
        id=PersonId(new_id()),
        names=(known["name"],),
        id_number=_number(known["county"] + known["born"] + known["order"]),
        address=known["address"],
    )


def _address(rng: random.Random) -> str:
    house, block, room = (rng.randrange(*span) for span in ((1, 400), (1, 30), (101, 1800)))
    return f"{rng.choice(ROADS)}{house}号{block}幢{room}室"


def _number(head: str) -> str:
    return head + mod_11_2(head)


# --- people who are not one, and look it -------------------------------------------------------


def _twin(rng: random.Random, one: Traits) -> Traits:
    """Born on the day, in the house; often half of the given name is shared."""
    order = (int(one.id_number[14:17]) + rng.choice((1, 2))) % 1000
    name = one.names[0][:-1] + rng.choice(GIVEN.replace(one.names[0][-1], ""))
    return replace(
        one,
        id=PersonId(new_id()),
        names=(name,),
        id_number=_number(one.id_number[:14] + f"{order:03}"),
    )


def _child_of_the_name(rng: random.Random, one: Traits) -> Traits:
    """A son or daughter with the parent's family name and sound, in the same house."""
    year = min(int(one.id_number[6:10]) + rng.randrange(22, 35), 2025)
    name = one.names[0][0] + "".join(SOUNDS_ALIKE.get(each, each) for each in one.names[0][1:])
    born = f"{year}{one.id_number[10:12]}{rng.randrange(1, 28):02}"
    return _person(rng, name=name, county=one.id_number[:6], born=born, address=one.address)


def _namesake(rng: random.Random, one: Traits) -> Traits:
    """A stranger of the same name and age from the same county."""
    born = one.id_number[6:10] + f"{rng.randrange(1, 13):02}{rng.randrange(1, 28):02}"
    return _person(rng, name=one.names[0], county=one.id_number[:6], born=born)


def _born_together(rng: random.Random, one: Traits) -> Traits:
    """A stranger of the same name, born on the same day somewhere else."""
    return _person(rng, name=one.names[0], county="362330", born=one.id_number[6:14])


_LOOKALIKES = (_twin, _child_of_the_name, _namesake, _born_together)


# --- one person, written down a second time ----------------------------------------------------


def _wrong_digit(rng: random.Random, one: Traits) -> Traits:
    place = rng.randrange(17)
    digit = rng.choice("0123456789".replace(one.id_number[place], ""))
    return replace(one, id_number=one.id_number[:place] + digit + one.id_number[place + 1 :])


def _swapped_digits(rng: random.Random, one: Traits) -> Traits:
    number = one.id_number
    places = [each for each in range(16) if number[each] != number[each + 1]]
    at = rng.choice(places)
    return replace(one, id_number=number[:at] + number[at + 1] + number[at] + number[at + 2 :])


def _longer_by_hand(rng: random.Random, one: Traits) -> Traits:
    """A number of fifteen digits made eighteen by somebody who guessed the last one."""
    guessed = rng.choice("0123456789X".replace(one.id_number[17], ""))
    return replace(one, id_number=one.id_number[:17] + guessed)


def _sounds_alike(rng: random.Random, one: Traits) -> Traits:
    name = one.names[0][0] + "".join(SOUNDS_ALIKE.get(each, each) for each in one.names[0][1:])
    return _wrong_digit(rng, replace(one, names=(name,)))


def _given_another_number(rng: random.Random, one: Traits) -> Traits:
    """A number was given anew, because two people had the old one; both are right."""
    order = f"{rng.randrange(700, 996):03}"
    parity = int(one.id_number[16]) % 2
    order = order[:2] + str((int(order[2]) // 2) * 2 + parity)
    return replace(one, id_number=_number(one.id_number[:14] + order))


def _born_otherwise(rng: random.Random, one: Traits) -> Traits:
    """The birth date was corrected, and the number with it; both are right."""
    day = int(one.id_number[12:14])
    other = f"{day % 28 + 1:02}"
    return replace(one, id_number=_number(one.id_number[:12] + other + one.id_number[14:17]))


def _moved(rng: random.Random, one: Traits) -> Traits:
    return _wrong_digit(rng, replace(one, address=_address(rng)))


def _renamed(rng: random.Random, one: Traits) -> Traits:
    """Another given name, under a number that was copied wrong."""
    name = one.names[0][0] + "".join(rng.choices(GIVEN, k=2))
    return _wrong_digit(rng, replace(one, names=(name,)))


Error = Callable[[random.Random, Traits], Traits]
_ERRORS: tuple[Error, ...] = (
    _wrong_digit,
    _swapped_digits,
    _longer_by_hand,
    _sounds_alike,
    _given_another_number,
    _born_otherwise,
    _moved,
    _renamed,
)
_OFTEN = (25, 15, 10, 15, 10, 8, 12, 5)
