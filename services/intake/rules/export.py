"""How a list becomes a file that a spreadsheet opens. What stands in it is not here."""

import csv
import io
from collections.abc import Sequence

BOM = "\ufeff"
"""Excel reads UTF-8 as Chinese only behind this mark."""

_FORMULA = tuple("=+-@\t\r\n|%") + tuple("＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula or a command."""


def csv_line(cells: Sequence[str]) -> str:
    """One line of RFC 4180 text, with every cell made harmless.

    Source:
        House rule, after RFC 4180 and the OWASP advice on CSV injection.
    """
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return written.getvalue()


def safe_cell(text: str) -> str:
    """The text of a cell that no spreadsheet takes for a formula.

    Source:
        House rule, after the OWASP advice on CSV injection: an apostrophe goes before.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
