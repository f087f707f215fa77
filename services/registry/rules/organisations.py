"""May this organisation be registered, be a charity, raise funds? Its purpose is not judged."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.registry.errors import DisclosureIncomplete
from services.registry.model.organisations import (
    Organisation,
    OrganisationGround,
    OrganisationLevel,
    OrganisationRequest,
    OrganisationType,
)
from services.registry.rules.adoption import named, years_between
from services.registry.rules.death import APPROVE, NEEDS_CORRECTION, REFUSE
from shared.identifiers import make_uscc

INDIVIDUALS = 50
UNITS = 30
MIXED = 50
YEARS_BEFORE_FUNDRAISING = 1
RESERVED_WORDS = ("中国", "全国", "中华")

_YUAN = 100
_PREFIXES = {
    OrganisationType.ASSOCIATION: "51",
    OrganisationType.NON_ENTERPRISE: "52",
    OrganisationType.FOUNDATION: "53",
}
_CORRECTABLE = frozenset(
    {
        OrganisationGround.NAME_NOT_ALLOWED,
        OrganisationGround.NAME_TAKEN,
        OrganisationGround.NUMBER_WRONG,
        OrganisationGround.TOO_FEW_MEMBERS,
        OrganisationGround.FUNDS_TOO_SMALL,
        OrganisationGround.HEADS_ANOTHER_ASSOCIATION,
    }
)

WORDS: Mapping[OrganisationGround, str] = {
    OrganisationGround.NAME_NOT_ALLOWED: "名称含有未经批准不得使用的字样，或长度不符",
    OrganisationGround.NAME_TAKEN: "本登记区域内已有同名社会组织",
    OrganisationGround.TOO_FEW_MEMBERS: "会员数不足：个人会员50个、单位会员30个或混合50个以上",
    OrganisationGround.FUNDS_TOO_SMALL: "注册（原始）资金低于法定数额",
    OrganisationGround.HEADS_ANOTHER_ASSOCIATION: "拟任法定代表人已担任其他社会团体法定代表人",
    OrganisationGround.NUMBER_WRONG: "公民身份号码有误",
}


def read_organisation(fields: Mapping[str, Any]) -> OrganisationRequest:
    """The organisation asked for, from the fields a task or a matter discloses.

    Raises:
        DisclosureIncomplete: A field is missing, or is not what the form says it is.

    Source:
        社会团体登记管理条例 (2016) art. 11: what the application and the charter say.
    """
    try:
        return OrganisationRequest(
            type=OrganisationType(fields["org_type"]),
            name=str(fields["org_name"]),
            division=str(fields["office_division"]),
            representative=named(fields["legal_representative"]),
            members_individual=int(fields.get("members_individual", 0)),
            members_unit=int(fields.get("members_unit", 0)),
            funds_fen=int(fields["funds_fen"]),
            raises_in_public="FUNDRAISING" in fields["requests"],
            purpose=str(fields.get("purpose", "")),
            scope=str(fields.get("scope", "")),
            address=str(fields.get("address", "")),
            supervisor=str(fields.get("supervisor", "")),
        )
    except (KeyError, TypeError, ValueError):
        raise DisclosureIncomplete from None


def organisation_grounds(
    request: OrganisationRequest,
    *,
    is_name_taken: bool,
    heads_another: bool,
    level: OrganisationLevel = OrganisationLevel.LOCAL,
) -> list[OrganisationGround]:
    """Everything that stands against a registration, as far as it can be counted.

    Args:
        is_name_taken: Another organisation of the same area bears the name.
        heads_another: The representative heads an association already.

    Source:
        社会团体登记管理条例 (2016) arts 10 and 12; 民办非企业单位登记管理暂行条例 (1998) arts 8-13;
        基金会管理条例 (2004) art. 8.
    """
    is_association = request.type is OrganisationType.ASSOCIATION
    floor = funds_floor_fen(request.type, level, raises_in_public=request.raises_in_public)
    found = {
        OrganisationGround.NAME_NOT_ALLOWED: not is_name_allowed(request.name),
        OrganisationGround.NAME_TAKEN: is_name_taken,
        OrganisationGround.TOO_FEW_MEMBERS: is_association
        and not has_enough_members(request.members_individual, request.members_unit),
        OrganisationGround.FUNDS_TOO_SMALL: request.funds_fen < floor,
        OrganisationGround.HEADS_ANOTHER_ASSOCIATION: is_association and heads_another,
    }
    return [ground for ground, stands in found.items() if stands]


def has_enough_members(individuals: int, units: int) -> bool:
    """Whether an association has members enough: fifty people, thirty units, or fifty of both.

    Source:
        社会团体登记管理条例 (2016) art. 10(1)(1).
    """
    if individuals and units:
        return individuals + units >= MIXED
    return individuals >= INDIVIDUALS or units >= UNITS


def funds_floor_fen(
    type_: OrganisationType, level: OrganisationLevel, *, raises_in_public: bool
) -> int:
    """The least an organisation must own, in fen; zero where the law names no sum.

    Source:
        社会团体登记管理条例 (2016) art. 10(1)(5): 30,000 yuan, national ones 100,000;
        基金会管理条例 (2004) art. 8: 2 million, raising in public 4 million, nationally 8 million.
    """
    is_national = level is OrganisationLevel.NATIONAL
    match type_:
        case OrganisationType.ASSOCIATION:
            return (100_000 if is_national else 30_000) * _YUAN
        case OrganisationType.FOUNDATION if raises_in_public:
            return (8_000_000 if is_national else 4_000_000) * _YUAN
        case OrganisationType.FOUNDATION:
            return 2_000_000 * _YUAN
        case OrganisationType.NON_ENTERPRISE:
            return 0


def is_name_allowed(name: str, *, is_approved: bool = False) -> bool:
    """Whether a name has a lawful length, and no word that needs an approval it lacks.

    Args:
        is_approved: The words of the whole country were approved for it.

    Source:
        民办非企业单位登记管理暂行条例 (1998) art. 11; 社会团体登记管理条例 (2016) art. 10(2).
    """
    if not 4 <= len(name) <= 60:
        return False
    return is_approved or not any(word in name for word in RESERVED_WORDS)


def name_key(name: str) -> str:
    """What two names that read alike have in common, however brackets, dots and spaces are typed.

    Source:
        House rule: 西湖区（示例）协会 and 西湖区(示例)协会 are one name.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(each for each in folded if each.isalnum())


def charity_grounds(organisation: Organisation | None) -> list[OrganisationGround]:
    """What stands against the recognition as a charity.

    Source:
        慈善法 (2023) art. 10: a body that is registered applies to its registry.
    """
    return [] if organisation else [OrganisationGround.ORGANISATION_NOT_REGISTERED]


def fundraising_grounds(
    organisation: Organisation | None, *, today: date
) -> list[OrganisationGround]:
    """What stands against a qualification for public fund-raising.

    Source:
        慈善法 (2023) art. 22: a charity, one year after its registration.
    """
    if organisation is None:
        return [OrganisationGround.ORGANISATION_NOT_REGISTERED]
    found = []
    if organisation.charity_on is None:
        found.append(OrganisationGround.NOT_A_CHARITY)
    if years_between(organisation.registered_on, today) < YEARS_BEFORE_FUNDRAISING:
        found.append(OrganisationGround.REGISTERED_TOO_RECENTLY)
    return found


def organisation_verdict(grounds: Iterable[OrganisationGround]) -> str:
    """The registry's answer to the window: all that it counts can be put right.

    Source:
        行政许可法 (2019 text) art. 32(1)(4): what is lacking is told at once, all of it.
    """
    standing = set(grounds)
    if not standing:
        return APPROVE
    return NEEDS_CORRECTION if standing <= _CORRECTABLE else REFUSE


def credit_code(type_: OrganisationType, division: str, serial: int) -> str:
    """The unified social credit code of a new organisation.

    Characters nine to sixteen are drawn from the block MJ and our own serial, where a real
    registry draws from the block its code centre has given it.

    Args:
        serial: From 1 to 999,999.

    Source:
        GB 32100-2015: 51, 52, 53 for bodies that civil affairs registers, the registry's
        division, the organisation code of GB 11714 and a check character. The block MJ is from
        memory, check before go-live.
    """
    return make_uscc(_PREFIXES[type_], division[:6], f"MJ{serial:06}")


def recognition_number(division: str, on: date, serial: int) -> str:
    """The number of a recognition as a charity: county, year, serial.

    Source:
        House rule.
    """
    return f"CS{division[:6]}{on.year}{serial:07}"


def fundraising_number(division: str, on: date, serial: int) -> str:
    """The number of a certificate of public fund-raising: county, year, serial.

    Source:
        House rule.
    """
    return f"GM{division[:6]}{on.year}{serial:07}"
