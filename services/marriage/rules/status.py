"""What a marital status means, and how it follows from the records.

Not here: where the records come from.
"""

from collections.abc import Sequence

from services.marriage.errors import StatusUnavailable
from services.marriage.model import (
    EndCause,
    Flag,
    MaritalRecord,
    MaritalStatus,
    MarriageStatus,
    OpenPoint,
    Standing,
    StatedStatus,
    StatusFinding,
)
from shared.answers import CheckAnswer, TaskVerdict

_FREE = (MaritalStatus.SINGLE_CONFIRMED, MaritalStatus.DIVORCED, MaritalStatus.WIDOWED)


def is_married(status: MaritalStatus) -> bool:
    """Whether the records show a marriage in force; a divorce still cooling off is one.

    Source:
        Civil Code (民法典) arts. 1042, 1077, 1080 (a marriage ends with the registration of
        the divorce, not before).
    """
    return status is MaritalStatus.MARRIED


def is_free(status: MaritalStatus) -> bool:
    """Whether complete records show that the person has no spouse.

    Source:
        Civil Code (民法典) arts. 1042, 1046; Marriage Registration Regulation (婚姻登记条例,
        Order 804): unmarried, divorced or widowed.
    """
    return status in _FREE


def needs_declaration(status: MaritalStatus) -> bool:
    """Whether only the person's own signed declaration says that there is no spouse.

    Source:
        Marriage Registration Regulation (婚姻登记条例, Order 804): signed declaration of
        having no spouse; archives are incomplete, so nothing found proves nothing.
    """
    return status is MaritalStatus.NO_RECORD


def unresolved_point(status: MaritalStatus) -> OpenPoint | None:
    """What stands open because the records contradict each other or did not answer.

    Source:
        Marriage Registration Regulation (婚姻登记条例, Order 804): the registry checks the
        status before it registers; no answer is not an answer.
    """
    return {
        MaritalStatus.CONFLICT: OpenPoint.STATUS_IN_CONFLICT,
        MaritalStatus.UNAVAILABLE: OpenPoint.STATUS_UNAVAILABLE,
    }.get(status)


def status_from(
    standings: Sequence[Standing], records: Sequence[MaritalRecord] = ()
) -> MaritalStatus:
    """The marital status of one person, from our register and from what other sources say.

    Our own register decides what happened here; a later outside record may add to it. Two
    marriages in force, or a later source that ends what our register holds in force, is a
    conflict for a person to clear up, never for a program.

    Args:
        standings: The person's marriages in this register, in any order.
        records: What archives and the national base say, in any order.

    Source:
        Marriage Registration Regulation (婚姻登记条例, Order 804): national base of marriage
        information; House rule: "no record" and "no answer" are results of their own.
    """
    own = _own_status(standings)
    outside = _outside_status(standings, records)
    if MaritalStatus.CONFLICT in (own, outside):
        return MaritalStatus.CONFLICT
    if own is MaritalStatus.MARRIED:
        contradicted = outside is not None and is_free(outside)
        return MaritalStatus.CONFLICT if contradicted else MaritalStatus.MARRIED
    if outside in (MaritalStatus.MARRIED, MaritalStatus.UNAVAILABLE):
        return outside
    return own or outside or MaritalStatus.NO_RECORD


def needs_proof_of_end(stated: StatedStatus, status: MaritalStatus) -> bool:
    """Whether somebody says a marriage ended, and no record shows it.

    Then the judgment, the certificate or the proof of death must be brought; a declaration
    alone does not show that an earlier marriage ended.

    Source:
        Marriage Registration Regulation (婚姻登记条例, Order 804): check of status before
        registration; Civil Code (民法典) art. 1080 (how a marriage ends).
    """
    ended = stated in (StatedStatus.DIVORCED, StatedStatus.WIDOWED)
    return ended and status in (MaritalStatus.NO_RECORD, MaritalStatus.SINGLE_CONFIRMED)


def status_answer(first: StatusFinding, second: StatusFinding) -> CheckAnswer:
    """Answer the check of both parties' marital status, in one verdict.

    A marriage in force refuses; a contradiction sends the couple to bring proof. Nothing found
    is acceptable on the signed declaration that every application carries, and is flagged for
    the registrar: it is not the same as single.

    Raises:
        StatusUnavailable: A source did not answer and no answer can be given; ask again.

    Source:
        Civil Code (民法典) art. 1042 (no bigamy); Marriage Registration Regulation
        (婚姻登记条例, Order 804): declaration, and check of status before registration.
    """
    findings = (first, second)
    found = [one.status for one in findings]
    if MaritalStatus.UNAVAILABLE in found:
        raise StatusUnavailable
    facts: dict[str, object] = {"applicant": first.status.value, "partner": second.status.value}
    if any(is_married(status) for status in found):
        return _answer(TaskVerdict.REFUSE, _MARRIED_WORDS, facts)
    if MaritalStatus.CONFLICT in found:
        return _answer(TaskVerdict.NEEDS_CORRECTION, _CONFLICT_WORDS, facts)
    if any(needs_proof_of_end(one.stated, one.status) for one in findings):
        return _answer(TaskVerdict.NEEDS_CORRECTION, _UNPROVEN_WORDS, facts)
    if any(needs_declaration(status) for status in found):
        flag = Flag.STATUS_RESTS_ON_DECLARATION.value
        return _answer(TaskVerdict.APPROVE, _NO_RECORD_WORDS, {**facts, "flag": flag})
    return _answer(TaskVerdict.APPROVE, _FREE_WORDS, facts)


_FREE_WORDS = "经核查，双方均无配偶。"
_NO_RECORD_WORDS = (
    "至少一方未查到登记记录。无记录不等于未婚：凭签字的无配偶声明办理，请登记员当面核实。"
)
_UNPROVEN_WORDS = "声明为离婚或丧偶，但未查到相应记录，请提供离婚证、生效法律文书或死亡证明。"
_CONFLICT_WORDS = "婚姻状况记录互相矛盾，请提供证明材料后再核实。"
_MARRIED_WORDS = (
    "登记信息显示一方或双方已有配偶。如婚姻已由法院判决解除或配偶已死亡，请先持证明更新登记信息。"
)


def _answer(verdict: TaskVerdict, opinion: str, facts: dict[str, object]) -> CheckAnswer:
    return CheckAnswer(verdict=verdict, opinion=opinion, facts=facts)


def _own_status(standings: Sequence[Standing]) -> MaritalStatus | None:
    in_force = [one for one in standings if one.status is MarriageStatus.IN_FORCE]
    if len(in_force) > 1:
        return MaritalStatus.CONFLICT
    if in_force:
        return MaritalStatus.MARRIED
    ended = [one for one in standings if one.status is MarriageStatus.ENDED]
    if not ended:
        return None
    last = max(ended, key=lambda one: one.ended_on or one.registered_on)
    widowed = last.end_cause is EndCause.DEATH
    return MaritalStatus.WIDOWED if widowed else MaritalStatus.DIVORCED


def _outside_status(
    standings: Sequence[Standing], records: Sequence[MaritalRecord]
) -> MaritalStatus | None:
    """The newest outside word, unless our register has something newer to say."""
    if not records:
        return None
    newest = max(record.as_of for record in records)
    latest_own = max((one.ended_on or one.registered_on for one in standings), default=None)
    if latest_own is not None and newest < latest_own:
        return None
    said = {record.status for record in records if record.as_of == newest}
    return said.pop() if len(said) == 1 else MaritalStatus.CONFLICT


def marriage_of_deceased_answer(standings: Sequence[Standing]) -> CheckAnswer:
    """Answer whether the deceased was married here; if not, there is nothing to end.

    Source:
        Joint handling of matters after a death (国办函〔2025〕3号): the surviving spouse is
        recorded as widowed, ex officio.
    """
    if any(one.status is MarriageStatus.IN_FORCE for one in standings):
        return _answer(
            TaskVerdict.APPROVE,
            "逝者在本登记机关有有效婚姻登记，将更新为因死亡终止。",
            {"marriages": 1},
        )
    return _answer(TaskVerdict.NOT_APPLICABLE, "逝者在本登记机关无有效婚姻登记。", {"marriages": 0})
