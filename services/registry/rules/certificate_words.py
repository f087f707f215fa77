"""How the lines of a certificate are written out, and for whose eyes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.registry.model.certificates import (
    CertificateField,
    CertificateStatus,
    CertificateType,
    CertificateVersion,
    FieldKind,
    Shown,
)
from shared.clock import SHANGHAI, local_date
from shared.masking import mask_id_number, mask_name

STATUS_WORDS: Mapping[CertificateStatus, tuple[str, str]] = {
    CertificateStatus.NOT_YET_VALID: ("尚未生效", "Not yet valid"),
    CertificateStatus.VALID: ("有效", "Valid"),
    CertificateStatus.SUPERSEDED: ("已变更，请使用新版本", "Superseded by a newer version"),
    CertificateStatus.EXPIRED: ("已过期", "Expired"),
    CertificateStatus.CANCELLED: ("已注销", "Cancelled"),
    CertificateStatus.REVOKED: ("已撤销", "Revoked"),
    CertificateStatus.WITHDRAWN: ("已吊销", "Withdrawn"),
}
"""The words of GB/T 36904's states, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line, as somebody sees it."""

    key: str
    title: str
    title_en: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A certificate as it is printed, every word of it."""

    title: str
    title_en: str
    issuer: str
    number: str
    identifier: str
    lines: Sequence[Line] = field(repr=False)
    issued: str
    validity: str
    code: str = field(repr=False)
    """校验码, for those who type instead of scanning."""
    verify_url: str = field(repr=False)
    """What the QR code says: an address with a random token, and nothing of the holder."""
    verify_page: str
    """Where one types."""


def paper_of(version: CertificateVersion, kind: CertificateType, *, public_url: str) -> Paper:
    """The words of one version's paper; the same whenever it is printed.

    Args:
        public_url: Where the registry is reached from outside, without a slash at its end.

    Source:
        House rule: nothing personal in an address; 个人信息保护法 art. 6 for the lines.
    """
    content = version.content
    return Paper(
        title=kind.title["zh"],
        title_en=kind.title["en"],
        issuer=content["issuer"]["name"]["zh"],
        number=content["number"],
        identifier=version.identifier,
        lines=paper_lines(content, kind),
        issued=written_date(local_date(version.issued_at)),
        validity=_validity(version),
        code=f"{version.secrets.code[:4]} {version.secrets.code[4:]}",
        verify_url=f"{public_url}/verify/{version.secrets.token}",
        verify_page=f"{public_url}/verify",
    )


def paper_lines(content: Mapping[str, Any], kind: CertificateType) -> list[Line]:
    """What stands on the holder's own copy: what is needed, numbers masked.

    Source:
        个人信息保护法 art. 6 (smallest scope); the type says which field is shown how.
    """
    return [_line(each, content, each.paper) for each in kind.fields if _is_shown(each, content)]


def public_lines(content: Mapping[str, Any], kind: CertificateType) -> list[Line]:
    """What whoever verifies the paper is shown: enough to compare it, names masked.

    Source:
        个人信息保护法 arts 6, 51(3) (smallest scope, de-identification).
    """
    return [
        _line(each, content, each.public)
        for each in kind.fields
        if each.public is not Shown.NONE and each.key in content["fields"]
    ]


def holder_names(content: Mapping[str, Any], kind: CertificateType) -> list[str]:
    """The names on a certificate, masked.

    Source:
        个人信息保护法 art. 51(3) (de-identification).
    """
    return [
        mask_name(content["fields"][each.key])
        for each in kind.fields
        if each.kind is FieldKind.NAME and each.key in content["fields"]
    ]


def written_date(day: date) -> str:
    """A date as it stands on a certificate: 2026年11月22日.

    Source:
        GB/T 7408.1 allows it beside the numeric form; house rule.
    """
    return f"{day.year}年{day.month}月{day.day}日"


def written_instant(at: datetime) -> str:
    """An instant as it stands on a certificate, in Shanghai: 2026年11月22日 12:00.

    Source:
        House rule: people read legal time.
    """
    local = at.astimezone(SHANGHAI)
    return f"{written_date(local.date())} {local:%H:%M}"


def _validity(version: CertificateVersion) -> str:
    begins = written_date(version.valid_from)
    if version.valid_until is None:
        return f"自 {begins} 起"
    return f"{begins} 至 {written_date(version.valid_until)}"


def _is_shown(named: CertificateField, content: Mapping[str, Any]) -> bool:
    return named.paper is not Shown.NONE and named.key in content["fields"]


def _line(named: CertificateField, content: Mapping[str, Any], shown: Shown) -> Line:
    value = content["fields"][named.key]
    text = _masked(named.kind, value) if shown is Shown.MASKED else _written(named, value)
    return Line(key=named.key, title=named.title["zh"], title_en=named.title["en"], text=text)


def _masked(kind: FieldKind, value: str) -> str:
    if kind is FieldKind.NAME:
        return mask_name(value)
    if kind is FieldKind.ID_NUMBER:
        return mask_id_number(value)
    return "*" * len(value)


def _written(named: CertificateField, value: str) -> str:
    """The field in words; a value that is not what its kind says stands as it is."""
    try:
        match named.kind:
            case FieldKind.DATE:
                return written_date(date.fromisoformat(value))
            case FieldKind.INSTANT:
                return written_instant(datetime.fromisoformat(value))
            case FieldKind.MONEY_FEN:
                return f"人民币 {int(value) // 100:,}.{int(value) % 100:02} 元"
    except ValueError:
        return value
    return named.words.get(value, {}).get("zh", value)
