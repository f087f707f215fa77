"""May a place be called this? Whether it lies inside its division is not here: no map is kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pypinyin import Style, lazy_pinyin

from services.registry.errors import DisclosureIncomplete
from services.registry.model.place_names import NameGround, PlaceKind, PlaceName, ProposedName
from services.registry.rules.death import APPROVE, NEEDS_CORRECTION

SHORTEST, LONGEST = 2, 20

GENERICS: Mapping[PlaceKind, frozenset[str]] = {
    PlaceKind.STREET: frozenset({"路", "街", "巷", "弄"}),
    PlaceKind.RESIDENTIAL_AREA: frozenset({"小区", "花园", "苑", "大厦", "广场"}),
    PlaceKind.FACILITY: frozenset({"广场", "桥", "公园", "站", "大厦"}),
}
_COMPANY_WORDS = ("公司", "集团", "商号", "企业")

WORDS: Mapping[NameGround, str] = {
    NameGround.LENGTH_WRONG: "地名应为2至20个汉字",
    NameGround.RARE_CHARACTER: "地名不得使用生僻字或非规范汉字",
    NameGround.GENERIC_DOES_NOT_FIT_KIND: "通名与地名类别不符",
    NameGround.GENERIC_TWICE: "专名不得以通名结尾",
    NameGround.NAMES_A_COMPANY: "不得以企业名称、商标名称命名",
    NameGround.NAME_IN_USE: "范围内已有相同地名",
    NameGround.SOUNDS_LIKE_ONE_IN_USE: "范围内已有同音地名",
}


def read_proposed(fields: Mapping[str, Any]) -> ProposedName:
    """The name proposed, from the fields a task or a matter discloses.

    Raises:
        DisclosureIncomplete: A field is missing, or is not what the form says it is.

    Source:
        地名管理条例 (2022) art. 11: what an application says.
    """
    try:
        is_renaming = fields["act"] == "RENAMING"
        return ProposedName(
            kind=PlaceKind(fields["kind"]),
            specific=str(fields["proposed"]["specific_name"]),
            generic=str(fields["proposed"]["category"]),
            division=str(fields["place_division"]),
            organisation=str(fields.get("organisation", "")),
            former_name=str(fields["former_name"]) if is_renaming else None,
            position=str(fields.get("position", "")),
        )
    except (KeyError, TypeError, ValueError):
        raise DisclosureIncomplete from None


def name_grounds(proposed: ProposedName, in_use: Iterable[PlaceName]) -> list[NameGround]:
    """Everything that stands against a name, as far as characters and sounds tell.

    Whether it is the name of a person, a foreign place or a brand, an officer judges.

    Args:
        in_use: Names in force in the same county that are the same or sound the same.

    Source:
        地名管理条例 (2022) art. 9: no same names or sounds for streets or estates within a
        built-up area, no company names, no rare characters; two to twenty characters, 专名 and
        通名, are a house rule.
    """
    same_kind = [
        each for each in in_use if each.kind is proposed.kind and each.name != proposed.former_name
    ]
    has_namesake = any(each.name == proposed.name for each in same_kind)
    found = {
        NameGround.LENGTH_WRONG: not SHORTEST <= len(proposed.name) <= LONGEST,
        NameGround.RARE_CHARACTER: not is_common(proposed.name),
        NameGround.GENERIC_DOES_NOT_FIT_KIND: proposed.generic not in GENERICS[proposed.kind],
        NameGround.GENERIC_TWICE: proposed.specific.endswith(proposed.generic),
        NameGround.NAMES_A_COMPANY: names_a_company(proposed),
        NameGround.NAME_IN_USE: has_namesake,
        NameGround.SOUNDS_LIKE_ONE_IN_USE: not has_namesake
        and proposed.kind is not PlaceKind.FACILITY
        and any(each.sound == sound_of(proposed.name) for each in same_kind),
    }
    return [ground for ground, stands in found.items() if stands]


def is_common(name: str) -> bool:
    """Whether every character is a common one.

    Source:
        地名管理条例 (2022) art. 9. That the characters of GB 2312 are the common ones is a house
        rule; the list is 通用规范汉字表 (2013), check before go-live.
    """
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return all("\u4e00" <= each <= "\u9fff" for each in name)


def names_a_company(proposed: ProposedName) -> bool:
    """Whether the name is of a company, or of whoever applies.

    Source:
        地名管理条例 (2022) art. 9: not after companies or brands.
    """
    is_applicants = len(proposed.specific) > 1 and proposed.organisation == proposed.specific
    return is_applicants or any(word in proposed.specific for word in _COMPANY_WORDS)


def sound_of(name: str) -> str:
    """Syllables with tones: equal for names that sound the same.

    A character with several readings is read as its word suggests, or as it mostly is.

    Source:
        地名管理条例 (2022) art. 9 (同音); that tones count is a house rule.
    """
    return " ".join(lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True))


def romanised(specific: str, generic: str) -> str:
    """The name in Latin letters: 示例路 is Shili Lu.

    Source:
        地名管理条例 (2022) on writing names in 汉语拼音; joined and capitalised as 中国地名汉语拼音
        字母拼写规则 has it, from memory, check before go-live.
    """
    return " ".join("".join(lazy_pinyin(part)).capitalize() for part in (specific, generic))


def name_verdict(grounds: Iterable[NameGround]) -> str:
    """The registry's answer to the window: another name may always be proposed.

    Source:
        行政许可法 (2019 text) art. 32(1)(4), applied alike.
    """
    return NEEDS_CORRECTION if list(grounds) else APPROVE


def approval_number(division: str, approved_on: date, serial: int) -> str:
    """The number of an approval of a name: county, year, serial.

    Source:
        House rule.
    """
    return f"DM{division[:6]}{approved_on.year}{serial:07}"
