"""When is a certificate issued, what stands on it, and is it good? How it looks is not here."""

import calendar
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.registry.errors import (
    CertificateIdentifierWrong,
    CorrectionNotAllowed,
    OutcomeIncomplete,
)
from services.registry.model import Publication
from services.registry.model.certificates import (
    CertificateField,
    CertificateStatus,
    CertificateType,
    CertificateVersion,
    Ending,
    EndKind,
    FieldKind,
    HolderPaths,
    IssuingOffice,
    Outcome,
    Shown,
)
from shared.clock import SHANGHAI, local_date
from shared.identifiers import ECertificateId, InvalidIdentifier

PROVED_BY_EVENT: Mapping[str, str] = {
    "civil.marriage.marriage-ended.v1": "marriageId",
    "civil.relief.benefit-stopped.v1": "benefitId",
}
"""Which fact each event ends; a certificate type names the same fact as `about`."""

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of what only the paper says: no letter or digit that is taken for another."""

CODE_LENGTH = 8

_REASONS = {"DIVORCE_REGISTERED": "DIVORCE", "DIVORCE_BY_COURT": "DIVORCE"}
_ISSUER_DIGITS = {"province": 6, "city": 6, "county": 6, "township": 9, "village": 12}


def certificate_type(publication: Publication) -> CertificateType:
    """A type as its publication says it.

    Source:
        House rule: types are data, published as immutable versions, checked before.
    """
    content = publication.content
    return CertificateType(
        code=content["code"],
        version=publication.version,
        title=content["title"],
        type_code=content["type_code"],
        outcome=content["outcome"],
        items=frozenset(content["items"]),
        office_function=content["issuer"]["function"],
        office_level=content["issuer"]["level"],
        holder_category=content["holder_category"],
        holders=[
            HolderPaths(name=each["name"], id_no=each["id_no"]) for each in content["holders"]
        ],
        fields=[_field(each) for each in content["fields"]],
        about=content.get("about"),
        valid_from=content.get("valid_from"),
        valid_months=content.get("valid_months"),
    )


def paths_of(types: Iterable[CertificateType]) -> tuple[str, ...]:
    """Every form field that certificates of these types need, and no other.

    Source:
        个人信息保护法 art. 6 (smallest scope necessary for the purpose).
    """
    named: dict[str, None] = {}
    for each in types:
        for holder in each.holders:
            named |= {holder.name: None, holder.id_no: None}
        named |= {field.path: None for field in each.fields if field.path is not None}
    return tuple(named)


def certificate_serial(number: int, *, year: int) -> str:
    """The serial of a certificate: the year and seven digits, as in 20230000403.

    Args:
        number: From 1, anew each year for each type and issuer.

    Source:
        GB/T 36904-2018 leaves the serial to the issuer; house rule.
    """
    return f"{year:04}{number:07}"


def certificate_identifier(
    kind: CertificateType, office: IssuingOffice, *, serial: str, version: int
) -> str:
    """The national identifier of one version of a certificate.

    The issuer is told by its division: of a county six digits, of a township nine.

    Source:
        GB/T 36904-2018; ISO 7064 MOD 37,36 over type, issuer, serial and version.
    """
    issuer = office.division[: _ISSUER_DIGITS[kind.office_level]]
    identifier = ECertificateId(
        type_code=kind.type_code, issuer=issuer, serial=serial, version=f"{version:03}"
    )
    return str(identifier)


def read_identifier(text: str) -> ECertificateId:
    """The identifier a department asks about.

    Raises:
        CertificateIdentifierWrong: With the one fault it has, in words, not repeated.

    Source:
        GB/T 36904-2018; ISO 7064 MOD 37,36.
    """
    try:
        return ECertificateId.parse(text)
    except InvalidIdentifier as fault:
        said = {"code": fault.code, "message": fault.message_zh, "messageEn": fault.message_en}
        raise CertificateIdentifierWrong(
            fault.message_zh, errors=[{"pointer": "/body/identifier", **said}]
        ) from None


def next_identifier(identifier: str) -> str:
    """The identifier of the version after this one: all the same but version and check.

    Source:
        GB/T 36904-2018: the version goes up with every change.
    """
    known = ECertificateId.parse(identifier)
    version = f"{int(known.version) + 1:03}"
    return str(
        ECertificateId(
            type_code=known.type_code, issuer=known.issuer, serial=known.serial, version=version
        )
    )


def validity(
    kind: CertificateType, outcome: Outcome, *, issued_on: date
) -> tuple[date, date | None]:
    """The first and the last day on which a certificate is good; None: until it ends.

    Raises:
        OutcomeIncomplete: The document does not say from which day it is good.

    Source:
        House rule: the type says both; 民法典 art. 202 for the last day of a period of months.
    """
    begins = issued_on
    if kind.valid_from is not None:
        try:
            begins = date.fromisoformat(str(outcome.facts[kind.valid_from]))
        except (KeyError, ValueError):
            raise OutcomeIncomplete(facts=[kind.valid_from]) from None
    if kind.valid_months is None:
        return begins, None
    return begins, _months_after(begins, kind.valid_months)


def certified_fields(kind: CertificateType, outcome: Outcome) -> dict[str, str]:
    """What stands in each field, as text; a field that has nothing to say is left out.

    Raises:
        OutcomeIncomplete: A holder's name or number was not disclosed.

    Source:
        国务院令第716号 arts 7-12: an e-certificate says what the paper says.
    """
    missing = [
        path
        for holder in kind.holders
        for path in (holder.name, holder.id_no)
        if not isinstance(form_value(outcome.fields, path), str)
    ]
    if missing:
        raise OutcomeIncomplete(fields=missing)
    found = {each.key: _value(each, outcome) for each in kind.fields}
    return {key: str(value) for key, value in found.items() if value is not None}


def certificate_content(
    kind: CertificateType,
    outcome: Outcome,
    office: IssuingOffice,
    *,
    identifier: str,
    issued_at: datetime,
) -> dict[str, Any]:
    """What is signed: everything the certificate says, in one canonical object.

    Raises:
        OutcomeIncomplete: The document or the case says less than the certificate must.

    Source:
        国务院令第716号 arts 8-10; GB/T 36904-2018 for the identifier.
    """
    begins, ends = validity(kind, outcome, issued_on=local_date(issued_at))
    return {
        "identifier": identifier,
        "type": kind.code,
        "typeCode": kind.type_code,
        "title": dict(kind.title),
        "number": outcome.number,
        "holderCategory": kind.holder_category,
        "issuer": {"name": dict(office.name), "division": office.division},
        "issuedAt": issued_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "validFrom": begins.isoformat(),
        "validUntil": ends.isoformat() if ends else None,
        "version": 1,
        "fields": certified_fields(kind, outcome),
    }


def corrected_content(
    content: Mapping[str, Any],
    kind: CertificateType,
    corrections: Mapping[str, str],
    *,
    issued_at: datetime,
) -> dict[str, Any]:
    """The content of the next version: only what may be corrected differs.

    Raises:
        CorrectionNotAllowed: A field is unknown, may not be corrected, or would not change;
            or nothing is corrected at all.

    Source:
        GB/T 36904-2018: every change is a new version; the one before it is superseded (变更).
    """
    allowed = {each.key for each in kind.fields if each.is_correctable}
    fields = dict(content["fields"])
    wrong = [
        key
        for key, value in corrections.items()
        if key not in allowed or fields.get(key) == value or not value.strip()
    ]
    if wrong or not corrections:
        # The names of fields are ours only when we know them.
        raise CorrectionNotAllowed(fields=sorted(set(wrong) & {each.key for each in kind.fields}))
    return {
        **content,
        "identifier": next_identifier(content["identifier"]),
        "version": content["version"] + 1,
        "issuedAt": issued_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "fields": fields | dict(corrections),
    }


def status_at(
    version: CertificateVersion, ending: Ending | None, *, at: datetime
) -> CertificateStatus:
    """What a version is worth at an instant; asked at the time of use, never remembered.

    Source:
        Domain note 3.10: 有效, 变更, 撤销, 注销, 吊销, 过期; whoever takes a certificate asks for
        its status when it is used, for a signature verifies for ever.
    """
    if at < version.issued_at:
        return CertificateStatus.NOT_YET_VALID
    if ending is not None and ending.at <= at:
        return CertificateStatus(ending.kind.value)
    if version.superseded_at is not None and version.superseded_at <= at:
        return CertificateStatus.SUPERSEDED
    today = local_date(at)
    if today < version.valid_from:
        return CertificateStatus.NOT_YET_VALID
    if version.valid_until is not None and today > version.valid_until:
        return CertificateStatus.EXPIRED
    return CertificateStatus.VALID


def about_of(kind: CertificateType, outcome: Outcome) -> str | None:
    """What a certificate proves, by a name that the event of its end carries too.

    Source:
        House rule: a certificate ends with what it proves.
    """
    if kind.about is None or kind.about not in outcome.facts:
        return None
    return f"{kind.about}:{outcome.facts[kind.about]}"


def ending_told(event_type: str, data: Mapping[str, Any], *, at: datetime) -> tuple[str, Ending]:
    """Which fact an event ends, and how the certificates that prove it end with it.

    A divorce or a death ends the marriage that the certificate proves: it is cancelled
    (注销), and stays a true record of what was. What was got by fraud is revoked (撤销).

    Source:
        民法典 arts 1051, 1080 (a marriage is over with its registration or judgment);
        社会救助暂行办法 (国务院令第649号) art. 68 (what was got by fraud is taken back), from
        memory, check before go-live.
    """
    name = PROVED_BY_EVENT[event_type]
    told = str(data.get("cause") or data.get("reason") or "ENDED")
    kind = EndKind.REVOKED if told == "FRAUD" else EndKind.CANCELLED
    return f"{name}:{data[name]}", Ending(kind=kind, reason=_REASONS.get(told, told), at=at)


def token_hash(token: str) -> bytes:
    """Under what a QR code's token is found; it has 128 random bits, so a plain hash is enough.

    Source:
        House rule: what is kept does not open what is printed.
    """
    return hashlib.sha256(token.encode()).digest()


def form_value(form: Mapping[str, Any], path: str) -> object:
    """What stands in a form at a dotted path; None where nothing does.

    Source:
        House rule: the catalogue names fields by dotted paths.
    """
    value: object = form
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value


def type_faults(content: Mapping[str, Any]) -> Sequence[str]:
    """What is wrong with a type in itself, beyond what its schema says.

    Source:
        House rule: a published version never changes, so a mistake is found before.
    """
    keys = [each["key"] for each in content["fields"]]
    return ["a field stands twice"] if len(set(keys)) != len(keys) else []


def _field(raw: Mapping[str, Any]) -> CertificateField:
    return CertificateField(
        key=raw["key"],
        title=raw["title"],
        kind=FieldKind(raw["kind"]),
        path=raw.get("path"),
        fact=raw.get("fact"),
        paper=Shown(raw["paper"]),
        public=Shown(raw["public"]),
        is_correctable=bool(raw.get("correctable", False)),
        words=raw.get("words", {}),
    )


def _value(named: CertificateField, outcome: Outcome) -> object:
    if named.path is not None:
        return form_value(outcome.fields, named.path)
    return outcome.facts.get(named.fact or "")


def _months_after(begins: date, months: int) -> date:
    """The last day of a period of months that begins on a day."""
    year, month = divmod(begins.month - 1 + months, 12)
    year, month = begins.year + year, month + 1
    last = calendar.monthrange(year, month)[1]
    if begins.day > last:
        return date(year, month, last)
    return date(year, month, begins.day) - timedelta(days=1)
