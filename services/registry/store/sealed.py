"""A store that seals personal fields on the way in and opens them on the way out."""

from shared.connection import Connection
from shared.sealing import FieldCipher
from shared.store import SharedStore


class SealingStore(SharedStore):
    """What the registry's stores by noun begin with."""

    def __init__(self, connection: Connection, *, cipher: FieldCipher) -> None:
        super().__init__(connection)
        self._cipher = cipher

    def _seal(self, value: str, place: str) -> bytes:
        return self._cipher.seal(value.encode(), place=place)

    def _open(self, sealed: bytes, place: str) -> str:
        return self._cipher.open(sealed, place=place).decode()
