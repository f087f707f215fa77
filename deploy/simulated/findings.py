"""What a simulated department finds when it looks into its own records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from shared.identifiers import InvalidIdentifier, ResidentId

SERIAL_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department as its visitors know it.

    Args:
        papers: The questions it answers: check to the fact that names the paper it
            issues, and the letters its numbers begin with.
        earliest: Where its speed stands between the quickest and the slowest, 0 to 1.
        latest: The same, on a bad day.
    """

    title: str
    papers: Mapping[str, tuple[str, str]]
    earliest: float
    latest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A verdict with its reasons; neither opinion nor facts name anybody."""

    verdict: str
    opinion: str
    facts: Mapping[str, str] = field(default_factory=dict)


DEPARTMENTS: Mapping[str, Department] = {
    "police": Department(
        title="公安机关",
        papers={
            "identity": ("identity_check_no", "SFHC"),
            "hukou-cancellation": ("hukou_cancellation_no", "HKZX"),
            "driving-licence": ("driving_licence_cancellation_no", "JZZX"),
        },
        earliest=0.0,
        latest=0.35,
    ),
    "human-resources": Department(
        title="人力资源和社会保障部门",
        papers={
            "survivor-benefits": ("survivor_benefits_decision_no", "YSDY"),
            "pension-stop": ("pension_stop_no", "YLTF"),
            "social-card-closure": ("social_card_closure_no", "SBKZX"),
        },
        earliest=0.6,
        latest=1.0,
    ),
    "medical-insurance": Department(
        title="医疗保障部门",
        papers={"medical-account": ("medical_account_payment_no", "YBZQ")},
        earliest=0.25,
        latest=0.7,
    ),
    "housing-fund": Department(
        title="住房公积金管理中心",
        papers={"housing-fund": ("housing_fund_payment_no", "GJJTQ")},
        earliest=0.45,
        latest=0.9,
    ),
}


def look_up(
    department: Department,
    *,
    check: str,
    task_id: str,
    fields: Mapping[str, Any],
    today: date,
) -> Finding | None:
    """What the department's records say; None for a question that it does not know.

    The records of a simulated department hold everybody, so it approves unless an identity
    number cannot exist. The number of its paper follows from the task: asked twice, it
    names the same paper.
    """
    paper = department.papers.get(check)
    if paper is None:
        return None
    numbers = list(_identity_numbers(fields))
    if not numbers or not all(_exists(number, today=today) for number in numbers):
        return Finding(
            verdict="needs-correction",
            opinion=f"（模拟）{department.title}：身份号码有误，请核对后补正。",
        )
    fact, letters = paper
    return Finding(
        verdict="approve",
        opinion=f"（模拟）{department.title}：经核对，信息一致，予以办理。",
        facts={fact: f"{letters}{serial(task_id)}"},
    )


def refusal(department: Department) -> Finding:
    """The verdict of a department that was told to refuse."""
    return Finding(
        verdict="refuse",
        opinion=f"（模拟）{department.title}：经核对，不符合办理条件。",
    )


def serial(task_id: str) -> str:
    """Digits that follow from a task and from nothing about a person."""
    number = int.from_bytes(sha256(task_id.encode()).digest()[:8])
    return f"{number % 10**SERIAL_DIGITS:0{SERIAL_DIGITS}}"


def _identity_numbers(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _identity_numbers(value)
        elif name == "id_no":
            yield str(value)


def _exists(number: str, *, today: date) -> bool:
    try:
        ResidentId.parse(number, today=today)
    except InvalidIdentifier:
        return False
    return True
