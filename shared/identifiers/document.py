"""The numbers on papers: civil certificates, electronic certificates, applications."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from shared.identifiers.check_characters import mod_37_36
from shared.identifiers.reading import Fault, InvalidIdentifier, tidy

CERTIFICATE_FORMAT = Fault(
    "CERTIFICATE_NUMBER_FORMAT",
    "证件字号格式应为：类型与6位行政区划代码-4位年份-6位流水号，如J110101-2026-000001",
    "A certificate number looks like J110101-2026-000001",
)
CERTIFICATE_SERIAL = Fault(
    "CERTIFICATE_NUMBER_SERIAL",
    "证件字号流水号从000001起",
    "The serial of a certificate number begins at 000001",
)
E_CERTIFICATE_FORMAT = Fault(
    "E_CERTIFICATE_FORMAT",
    "电子证照标识格式不符",
    "This does not have the form of an electronic certificate identifier",
)
E_CERTIFICATE_TYPE = Fault(
    "E_CERTIFICATE_TYPE",
    "电子证照标识的证照类型代码应为21位数字或大写字母",
    "The type in an electronic certificate identifier has 21 digits or capital letters",
)
E_CERTIFICATE_ISSUER = Fault(
    "E_CERTIFICATE_ISSUER",
    "电子证照标识的制发机构代码应为6至18位数字或大写字母",
    "The issuer in an electronic certificate identifier has 6 to 18 digits or capital letters",
)
E_CERTIFICATE_SERIAL = Fault(
    "E_CERTIFICATE_SERIAL",
    "电子证照标识的流水号只能是数字或大写字母",
    "The serial in an electronic certificate identifier has digits or capital letters only",
)
E_CERTIFICATE_VERSION = Fault(
    "E_CERTIFICATE_VERSION",
    "电子证照标识的版本号应为3位数字",
    "The version in an electronic certificate identifier has three digits",
)
E_CERTIFICATE_CHECK = Fault(
    "E_CERTIFICATE_CHECK",
    "电子证照标识校验位不符",
    "The check character of the electronic certificate identifier does not fit",
)
APPLICATION_LENGTH = Fault(
    "APPLICATION_NUMBER_LENGTH", "办件编号应为23位", "An application number has 23 characters"
)
APPLICATION_FORMAT = Fault(
    "APPLICATION_NUMBER_FORMAT", "办件编号格式不符", "This does not look like an application number"
)
APPLICATION_CHECK = Fault(
    "APPLICATION_NUMBER_CHECK",
    "办件编号校验位不符，请核对是否输错",
    "The last character does not fit the rest of the application number; please compare it",
)

CHANNEL_LETTERS: Mapping[str, str] = MappingProxyType(
    {"WINDOW": "C", "WECHAT": "M", "APP": "A", "WEB": "W"}
)
"""The letter of each channel: counter, mini-program, app, web."""

_CERTIFICATE = re.compile(r"(J|L|BJ|BL)([0-9]{6})-([0-9]{4})-([0-9]{6})")
_E_CERTIFICATE_ROOT = "1.2.156.3005.2"
_E_CERTIFICATE_PARTS = (
    (re.compile(r"[0-9A-Z]{21}"), E_CERTIFICATE_TYPE),
    (re.compile(r"[0-9A-Z]{6,18}"), E_CERTIFICATE_ISSUER),
    (re.compile(r"[0-9A-Z]{1,64}"), E_CERTIFICATE_SERIAL),
    (re.compile(r"[0-9]{3}"), E_CERTIFICATE_VERSION),
    (re.compile(r"[0-9A-Z]"), E_CERTIFICATE_CHECK),
)
_APPLICATION = re.compile(r"([1-9][0-9]{5})([0-9]{8})([CMAW])([0-9]{7})[0-9A-Z]")


class CertificateKind(StrEnum):
    """Which paper a marriage registry issued."""

    MARRIAGE = "J"
    DIVORCE = "L"
    MARRIAGE_REISSUED = "BJ"
    DIVORCE_REISSUED = "BL"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateNumber:
    """The number of a marriage or divorce certificate, `J110101-2026-003412`."""

    kind: CertificateKind
    office: str
    """Six-digit GB/T 2260 code of the registry; offices with one code share one series."""
    year: int
    serial: int
    """From 1, anew each year for each kind and code."""

    def __post_init__(self) -> None:
        if not _CERTIFICATE.fullmatch(str(self)):
            raise InvalidIdentifier(CERTIFICATE_FORMAT)
        if self.serial == 0:
            raise InvalidIdentifier(CERTIFICATE_SERIAL)

    @classmethod
    def parse(cls, text: str) -> "CertificateNumber":
        """Read a number of the present form. Older ones (京海结字...) are kept as free text.

        Raises:
            InvalidIdentifier: The form is another, or the serial is zero.

        Source:
            Work rules for marriage registration (婚姻登记工作规范), on certificate numbers.
        """
        match = _CERTIFICATE.fullmatch(tidy(text))
        if match is None:
            raise InvalidIdentifier(CERTIFICATE_FORMAT)
        kind, office, year, serial = match.groups()
        return cls(kind=CertificateKind(kind), office=office, year=int(year), serial=int(serial))

    def __str__(self) -> str:
        return f"{self.kind}{self.office}-{self.year:04}-{self.serial:06}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ECertificateId:
    """The identifier of an electronic certificate (电子证照标识)."""

    type_code: str
    """USCC of the department that defined the type, and three characters."""
    issuer: str
    """USCC or division code of the issuer."""
    serial: str
    version: str
    """Three digits; every change of the certificate counts it up."""

    @classmethod
    def parse(cls, text: str) -> "ECertificateId":
        """Read `1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>`.

        A valid identifier says nothing about whether the certificate is still in force.

        Raises:
            InvalidIdentifier: With the first fault in the order root and number of parts, type,
                issuer, serial, version, check character.

        Source:
            GB/T 36904-2018; ISO 7064 MOD 37,36 over type, issuer, serial and version.
        """
        root, _, rest = tidy(text).partition(f"{_E_CERTIFICATE_ROOT}.")
        parts = rest.split(".")
        if root or len(parts) != len(_E_CERTIFICATE_PARTS):
            raise InvalidIdentifier(E_CERTIFICATE_FORMAT)
        for part, (shape, fault) in zip(parts, _E_CERTIFICATE_PARTS, strict=True):
            if not shape.fullmatch(part):
                raise InvalidIdentifier(fault)
        type_code, issuer, serial, version, check = parts
        if mod_37_36(type_code + issuer + serial + version) != check:
            raise InvalidIdentifier(E_CERTIFICATE_CHECK)
        return cls(type_code=type_code, issuer=issuer, serial=serial, version=version)

    def __str__(self) -> str:
        parts = (self.type_code, self.issuer, self.serial, self.version)
        return ".".join((_E_CERTIFICATE_ROOT, *parts, mod_37_36("".join(parts))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationNumber:
    """The public number of an application (办件编号); nothing in it comes from a person.

    Region 6, date 8, channel 1, serial 7 and check character 1: twenty-three characters.
    """

    region: str
    """Six-digit code of the county whose window it is."""
    received_on: date
    channel: str
    """A key of `CHANNEL_LETTERS`."""
    serial: int
    """From 1, per region and day."""

    def __post_init__(self) -> None:
        if self.channel not in CHANNEL_LETTERS or not _APPLICATION.fullmatch(self._body() + "0"):
            raise InvalidIdentifier(APPLICATION_FORMAT)
        if self.serial == 0:
            raise InvalidIdentifier(APPLICATION_FORMAT)

    @classmethod
    def parse(cls, text: str) -> "ApplicationNumber":
        """Read a number, as a citizen types it or says it on the telephone.

        Raises:
            InvalidIdentifier: With the first fault in the order length, form, check character.

        Source:
            House rule within GB/T 39046-2020, which leaves the number to the provinces; ISO 7064
            MOD 37,36.
        """
        number = tidy(text)
        if len(number) != 23:
            raise InvalidIdentifier(APPLICATION_LENGTH)
        match = _APPLICATION.fullmatch(number)
        if match is None:
            raise InvalidIdentifier(APPLICATION_FORMAT)
        if mod_37_36(number[:-1]) != number[-1]:
            raise InvalidIdentifier(APPLICATION_CHECK)
        region, day, letter, serial = match.groups()
        channel = next(name for name, known in CHANNEL_LETTERS.items() if known == letter)
        return cls(region=region, received_on=_date_of(day), channel=channel, serial=int(serial))

    def __str__(self) -> str:
        return self._body() + mod_37_36(self._body())

    def _body(self) -> str:
        letter = CHANNEL_LETTERS[self.channel]
        return f"{self.region}{self.received_on:%Y%m%d}{letter}{self.serial:07}"


def _date_of(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidIdentifier(APPLICATION_FORMAT) from None
