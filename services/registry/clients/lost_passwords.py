"""Reads the passwords that an installation knows to be lost."""

from pathlib import Path


def read_lost_passwords(file: Path | None) -> frozenset[str]:
    """One password a line, compared in lower case; none without a file.

    Raises:
        OSError: The file was named and cannot be read: better no start than no list.
    """
    if file is None:
        return frozenset()
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip())
