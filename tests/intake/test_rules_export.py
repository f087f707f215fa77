"""Does a spreadsheet open what was exported as text, and nothing else?"""

import csv
import io

import pytest

from services.intake.rules.export import BOM, csv_line, safe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "|cmd", "%0A", " =1+1", "＝1", "＠x"]
)
def test_a_cell_that_looks_like_a_formula_is_made_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "陈**", "110***********002X", "2026-11-23 12:00", "a=b"])
def test_any_other_cell_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_a_line_is_read_back_as_it_was_whatever_stands_in_it():
    cells = ["甲,乙", 'say "yes"', "two\nlines", ""]
    [read] = csv.reader(io.StringIO(csv_line(cells)))
    assert read == cells
    assert csv_line(cells).endswith("\r\n")


def test_excel_is_told_that_it_is_unicode():
    assert BOM.encode() == b"\xef\xbb\xbf"
