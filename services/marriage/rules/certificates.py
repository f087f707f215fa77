"""How certificates are numbered (结婚证字号, 离婚证字号).

Not here: the counter itself, which is a row locked by the transaction that issues.
"""

from datetime import date

from shared.identifiers import CertificateKind, CertificateNumber


def certificate_number(
    kind: CertificateKind, *, division: str, on: date, last_serial: int
) -> CertificateNumber:
    """The next number of a registry: kind, county code, year of issue, serial of that year.

    The serial starts again at 1 each year, per kind and county code; offices that share a
    county code share one counter.

    Args:
        division: Administrative division code; its first six digits name the registry.
        on: Day of issue in Asia/Shanghai.
        last_serial: Last serial given this year for this kind and code; 0 if none yet.

    Source:
        Rules of Marriage Registration Work (婚姻登记工作规范, 民发〔2025〕23号) on the number
        of certificates, e.g. J110101-2010-000001.
    """
    return CertificateNumber(kind=kind, office=division[:6], year=on.year, serial=last_serial + 1)
