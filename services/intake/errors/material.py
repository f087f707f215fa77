"""What cannot be done with a paper that was promised for later."""

from collections.abc import Iterable

from shared.errors import Conflict


class MaterialNotAwaited(Conflict):
    """A paper was handed in later that nobody waits for: it is there, or was never deferred.

    `keys` lists those that the case knows of; what a caller made up is not repeated.
    """

    title = "该材料不在待补之列"
    title_en = "The material is not awaited"

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(keys=list(keys))
