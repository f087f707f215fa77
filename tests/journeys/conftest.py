"""A whole stack of processes, and people who use it; shared by the journeys of one session."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.stack import LocalStack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Everything up, on free ports, in a folder of its own."""
    home: Path = tmp_path_factory.mktemp("journeys")
    with LocalStack(home, fixed_ports=False) as running:
        yield running
