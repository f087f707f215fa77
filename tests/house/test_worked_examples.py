"""Has every worked example of the domain a test, and does every test the page names exist?"""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "worked-examples.md").read_text(encoding="utf-8")
EXAMPLES = {f"T{n}" for n in range(1, 27)} | {f"E{n:02}" for n in range(1, 19)}


def test_every_worked_example_has_a_row():
    found = set(re.findall(r"^\| ([TE]\d+) \|", PAGE, re.MULTILINE))
    for first, last in re.findall(r"^\| T(\d+) to T(\d+) \|", PAGE, re.MULTILINE):
        found |= {f"T{n}" for n in range(int(first), int(last) + 1)}
    assert found == EXAMPLES


def test_every_test_named_for_an_example_exists():
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    assert sorted(set(re.findall(r"`(test_\w+)`", PAGE)) - written) == []
