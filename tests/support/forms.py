"""A lawful form for each item of the catalogue, filled in by residents of the seed."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support.seed import (
    CATALOGUE,
    VILLAGE,
    XIHU,
    account,
    applicant_as,
    authorisation,
    household,
    item_codes,
    item_definition,
    medical_bill,
    named,
    person,
    read_catalogue,
    resident,
    synthetic_id_no,
)

__all__ = [
    "CATALOGUE",
    "FORMS",
    "account",
    "form_of",
    "item_codes",
    "item_definition",
    "person",
    "read_catalogue",
    "resident",
]


def jz201_form(**changes: Any) -> dict[str, Any]:
    """Emergency relief of 3,000 yuan asked for by chen: the township decides."""
    return {
        "applicant": person("chen"),
        "type": "EMERGENCY",
        "event": {"kind": "FIRE", "occurred_at": "2026-11-20T21:30:00+08:00"},
        "place_division": "330106109201",
        "household_size": 3,
        "requested_amount_fen": 300_000,
        "payment_form": "CASH",
        "narrative": "厨房起火，家中暂时无法居住，需要临时安置。",
        "account": account("chen"),
        "commitment": True,
    } | changes


def hy601_form(**changes: Any) -> dict[str, Any]:
    """Liu and wang want to marry at the registry of Xihu."""
    party = {"nationality": "CHN", "stated_marital_status": "UNMARRIED"}
    declaration = {"no_spouse": True, "no_kinship": True, "voluntary": True}
    return {
        "applicant": person("liu") | party,
        "partner": person("wang") | party,
        "declarations": {"applicant": dict(declaration), "partner": dict(declaration)},
        "registry_division": "330106000000",
        "planned_on": "2026-11-23",
    } | changes


def bnd02_form(**changes: Any) -> dict[str, Any]:
    """Zhao applies after the father's death, the housing fund included."""
    deceased = resident("zhao_father")
    return {
        "applicant": person("zhao") | {"relation": "CHILD"},
        "deceased": {"name": deceased["name"], "id_no": deceased["id_no"]},
        "death": {
            "date": "2026-11-19",
            "place_division": "330106109201",
            "certificate_no": deceased["id_no"],
            "kind": "NORMAL",
        },
        "account": account("zhao"),
        "funeral": {"preferred_on": "2026-11-24", "farewell": True, "ashes": "STORED"},
        "matters": ["housing_fund"],
        "commitment": True,
    } | changes


def jz101_form(**changes: Any) -> dict[str, Any]:
    """Chen asks for the minimum living allowance for the household."""
    return {
        "applicant": person("chen"),
        "hukou_division": VILLAGE,
        "apply_mode": "SELF",
        "relative_of_staff": False,
        "cause": "DISABILITY",
        "cause_note": "母亲残疾需要照料，本人只能打零工，收入不足以维持生活。",
        **household(),
        "account": account("chen"),
        "commitment": True,
    } | changes


def jz102_form(**changes: Any) -> dict[str, Any]:
    """Ye, a neighbour, applies for sun, whom nobody supports."""
    return {
        "applicant": applicant_as("ye", "OTHER"),
        "person": named("sun"),
        "hukou_division": VILLAGE,
        "labour_basis": "AGE60",
        "obligors": [],
        "no_obligors": True,
        "incomes": [],
        "assets": [],
        "care_mode": "SCATTERED",
        "caregiver_name": resident("ye")["name"],
        "account": account("fang"),
        "authorisations": [authorisation("sun")],
        "commitment": True,
    } | changes


def jz103_form(**changes: Any) -> dict[str, Any]:
    form = jz101_form()
    return {key: form[key] for key in form if key not in {"account", "cause_note"}} | changes


def jz104_form(**changes: Any) -> dict[str, Any]:
    """The household of chen, with the medical bills of a year."""
    form = jz103_form(expenditures=[medical_bill()])
    return {key: form[key] for key in form if key != "cause"} | changes


def jz202_form(**changes: Any) -> dict[str, Any]:
    """Ye reports a person without a name who needs a doctor."""
    return {
        "applicant": person("ye"),
        "report_id": "0193a5f0-7c1e-7a33-9b1e-2f6d1c0a4b11",
        "person": {"needs": "身体虚弱，需要食宿和就医"},
        "found_at": "2026-11-22T09:30:00+08:00",
        "found_division": VILLAGE,
        "finder": "PUBLIC",
        "is_minor": False,
        "needs_hospital": True,
        "voluntary": True,
    } | changes


def jz203_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": person("chen"),
        "disaster": {"kind": "TYPHOON", "occurred_on": "2026-10-03"},
        "place_division": VILLAGE,
        "loss": "HOUSE",
        "house_damage": "SERIOUS",
        "household_size": 2,
        "nominated_by": "SELF",
        "narrative": "台风中屋顶严重损坏，目前借住在邻居家中。",
        "commitment": True,
    } | changes


def jz301_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": applicant_as("zhao", "CHILD"),
        "patient": named("sun"),
        "residence_division": VILLAGE,
        "status_basis": "EDGE",
        "settlements": [
            {
                "settlement_no": "JS202610150001",
                "hospital": "示例医院",
                "total_fen": 3_000_000,
                "insurance_fen": 1_500_000,
                "serious_illness_fen": 300_000,
                "commercial_fen": 0,
            }
        ],
        "account": account("zhao"),
        "commitment": True,
    } | changes


def jz302_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": person("tan") | {"relation": "SELF"},
        "student": named("tan"),
        "school_division": XIHU,
        "school_name": "示例大学",
        "student_no": "G330106200505010092",
        "stage": "UNDERGRADUATE",
        "aid_kind": "GRANT",
        "status_basis": "MINIMUM_LIVING",
        "commitment": True,
    } | changes


def jz303_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": person("chen"),
        "residence_division": VILLAGE,
        "status_basis": "EDGE",
        **household(),
        "mode": "PUBLIC_RENTAL",
        "tenure": "RENTED",
        "area_dm2": 3_500,
        "commitment": True,
    } | changes


def jz304_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": person("chen"),
        "residence_division": VILLAGE,
        "status_basis": "MINIMUM_LIVING",
        "job_wishes": ["保洁", "仓库管理"],
        "skills": ["电工"],
        "available_from": "2026-12-01",
        "unemployed": True,
        "commitment": True,
    } | changes


def jz401_form(**changes: Any) -> dict[str, Any]:
    """Zhao applies for an uncle of eighty-two."""
    return {
        "applicant": applicant_as("zhao", "RELATIVE"),
        "elder": {"name": "赵大示例", "id_no": synthetic_id_no("021", "19440506")},
        "hukou_division": VILLAGE,
        "kinds": ["ALLOWANCE", "CARE_SUBSIDY"],
        "account": account("zhao"),
        "commitment": True,
    } | changes


def jz402_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": person("fang") | {"relation": "SELF"},
        "person": named("fang"),
        "hukou_division": VILLAGE,
        "kinds": ["LIVING", "NURSING"],
        "account": account("fang"),
        "commitment": True,
    } | changes


def jz501_form(**changes: Any) -> dict[str, Any]:
    """Zhao brings up a child whose father is dead and whose mother is in prison."""
    return {
        "applicant": applicant_as("zhao", "CARER"),
        "child": {"name": "陈小示例", "id_no": synthetic_id_no("031")},
        "hukou_division": VILLAGE,
        "kind": "DE_FACTO",
        "father": {"name": "陈二示例", "status": "DEAD", "since": "2024-03-01"},
        "mother": {"status": "IN_PRISON", "since": "2025-08-01", "term_months": 36},
        "account": account("zhao"),
        "commitment": True,
    } | changes


def dj502_form(**changes: Any) -> dict[str, Any]:
    """Hu and luo adopt a child from an institution."""
    return {
        "applicant": person("hu"),
        "spouse": named("luo"),
        "adoptee": {"name": "党示例", "id_no": synthetic_id_no("042", "20210815")},
        "registry_division": XIHU,
        "kind": "INSTITUTION_FOUNDLING",
        "number_of_children": 0,
        "sender_name": "示例市儿童福利院",
        "consent_of_child": "UNDER_EIGHT",
        "commitment": True,
    } | changes


def hy602_form(**changes: Any) -> dict[str, Any]:
    """Hu and luo apply for divorce; the cooling-off period follows its acceptance."""
    declaration = {"voluntary": True, "full_capacity": True, "cooling_off_known": True}
    return {
        "applicant": person("hu"),
        "partner": person("luo"),
        "registry_division": XIHU,
        "planned_on": "2026-11-23",
        "certificate_no": "J330106-2018-001205",
        "certificates": "BOTH",
        "agreement": {"children": "无", "property": "各自名下财产归各自所有", "debts": "无"},
        "declarations": {"applicant": dict(declaration), "partner": dict(declaration)},
    } | changes


def hy603_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": person("hu"),
        "partner": named("luo"),
        "registry_division": XIHU,
        "record": "MARRIAGE",
        "kinds": ["CERTIFICATE", "EXTRACT"],
        "reason": "LOST",
        "unchanged": True,
    } | changes


def bz701_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": applicant_as("zhao", "CHILD"),
        "deceased": named("zhao_father"),
        "died_on": "2026-11-19",
        "death_certificate_no": resident("zhao_father")["id_no"],
        "place_division": XIHU,
        "scope_basis": "MINIMUM_LIVING",
        "cremated_here": True,
        "lines": [
            {"service": "TRANSPORT", "quantity": 1, "amount_fen": 40_000},
            {"service": "CREMATION", "quantity": 1, "amount_fen": 58_000},
        ],
        "commitment": True,
    } | changes


def bz702_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": applicant_as("zhao", "CHILD"),
        "deceased": named("zhao_father"),
        "place_division": VILLAGE,
        "kind": "NICHE",
        "ground": "VILLAGE_PUBLIC",
        "cremation_certificate_no": "HH330106202600123",
        "term_years": 20,
        "no_resale": True,
        "commitment": True,
    } | changes


def bz703_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": applicant_as("zhao", "CHILD"),
        "deceased": named("zhao_father"),
        "hukou_division": VILLAGE,
        "burial_kind": "TREE",
        "buried_on": "2026-11-21",
        "provider_name": "示例生态陵园",
        "account": account("zhao"),
        "commitment": True,
    } | changes


def dj801_form(**changes: Any) -> dict[str, Any]:
    """Ye founds an association for neighbours under the education department."""
    return {
        "applicant": person("ye"),
        "requests": ["REGISTRATION", "CHARITY"],
        "org_type": "ASSOCIATION",
        "org_name": "西湖区邻里互助示例协会",
        "purpose": "组织邻里互助，关爱老人和儿童。",
        "scope": "邻里互助、关爱老人、儿童课后陪伴等公益服务。",
        "office_division": VILLAGE,
        "address": "三墩镇示例村一号",
        "supervisor": "EDUCATION",
        "legal_representative": named("ye"),
        "heads_no_other": True,
        "members_individual": 60,
        "members_unit": 0,
        "funds_fen": 5_000_000,
        "commitment": True,
    } | changes


def dj802_form(**changes: Any) -> dict[str, Any]:
    return {
        "applicant": person("ye"),
        "organisation": "三墩镇示例村村民委员会",
        "act": "NAMING",
        "kind": "STREET",
        "proposed": {"specific_name": "示例", "category": "路"},
        "place_division": VILLAGE,
        "position": "东起示例大道，西至示例河，全长约八百米。",
        "reason": "新建道路尚无名称，居民出行和寄递不便。",
        "commitment": True,
    } | changes


def bnd01_form(**changes: Any) -> dict[str, Any]:
    """Chen asks once for whatever relief the household is entitled to."""
    return {
        "applicant": person("chen"),
        "hukou_division": VILLAGE,
        "apply_mode": "SELF",
        "relative_of_staff": False,
        "narrative": "母亲患病残疾，本人失业，医疗支出较大，生活困难。",
        "household_size": 2,
        **household(),
        "expenditures": [medical_bill()],
        "extreme_difficulty": False,
        "wishes": ["TEMPORARY_RELIEF", "EMPLOYMENT"],
        "type": "EXPENDITURE",
        "event": {"kind": "ILLNESS", "occurred_at": "2026-10-10T08:00:00+08:00"},
        "requested_amount_fen": 300_000,
        "payment_form": "CASH",
        "account": account("chen"),
        "commitment": True,
    } | changes


FORMS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "BND-01": bnd01_form,
    "BND-02": bnd02_form,
    "BZ701": bz701_form,
    "BZ702": bz702_form,
    "BZ703": bz703_form,
    "DJ502": dj502_form,
    "DJ801": dj801_form,
    "DJ802": dj802_form,
    "HY601": hy601_form,
    "HY602": hy602_form,
    "HY603": hy603_form,
    "JZ101": jz101_form,
    "JZ102": jz102_form,
    "JZ103": jz103_form,
    "JZ104": jz104_form,
    "JZ201": jz201_form,
    "JZ202": jz202_form,
    "JZ203": jz203_form,
    "JZ301": jz301_form,
    "JZ302": jz302_form,
    "JZ303": jz303_form,
    "JZ304": jz304_form,
    "JZ401": jz401_form,
    "JZ402": jz402_form,
    "JZ501": jz501_form,
}
"""A lawful form for every item of the catalogue."""


def form_of(code: str) -> dict[str, Any]:
    """The sample form of an item."""
    return FORMS[code]()
