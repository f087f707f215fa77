"""The numbers that people, organisations, papers and places carry, read strictly.

Reading tidies what a hand at a keyboard does (spaces, full-width characters, a small x) and
refuses the rest with `InvalidIdentifier`, which says what is wrong and never repeats the value.
"""

from shared.identifiers.contact import parse_bank_account, parse_mobile, parse_phone
from shared.identifiers.division import DivisionCode, DivisionLevel
from shared.identifiers.document import (
    ApplicationNumber,
    CertificateKind,
    CertificateNumber,
    ECertificateId,
)
from shared.identifiers.organisation import make_uscc, parse_organisation_code, parse_uscc
from shared.identifiers.person import ResidentId, Sex, normalise_id_number
from shared.identifiers.reading import Fault, InvalidIdentifier

__all__ = [
    "ApplicationNumber",
    "CertificateKind",
    "CertificateNumber",
    "DivisionCode",
    "DivisionLevel",
    "ECertificateId",
    "Fault",
    "InvalidIdentifier",
    "ResidentId",
    "Sex",
    "make_uscc",
    "normalise_id_number",
    "parse_bank_account",
    "parse_mobile",
    "parse_organisation_code",
    "parse_phone",
    "parse_uscc",
]
