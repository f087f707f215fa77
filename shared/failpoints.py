"""Named places where a test can kill the process, to prove that nothing is lost there.

Inert unless `FAILPOINTS` is set, e.g. `FAILPOINTS=relay.after_send=kill@2`: the
process kills itself, without any clean-up, the second time it comes by.
"""

import os
import signal
from collections import Counter


class Failpoints:
    """The failpoints of one process.

    Args:
        specification: Comma-separated `name=kill` or `name=kill@N`.
    """

    def __init__(self, specification: str = "") -> None:
        self._at: dict[str, int] = {}
        self._hits: Counter[str] = Counter()
        for part in filter(None, specification.split(",")):
            name, _, action = part.partition("=")
            self._at[name] = int(action.partition("@")[2] or 1)

    @classmethod
    def from_environment(cls) -> "Failpoints":
        """Read `FAILPOINTS`."""
        return cls(os.environ.get("FAILPOINTS", ""))

    def reach(self, name: str) -> None:
        """Come by a named place."""
        if name not in self._at:
            return
        self._hits[name] += 1
        if self._hits[name] == self._at[name]:
            os.kill(os.getpid(), signal.SIGKILL)
