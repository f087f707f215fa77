"""What an act of the service needs beside its command: records, keys, and what day it is."""

from dataclasses import dataclass

from services.funeral.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.sealing import BlindIndex, FieldCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Made once at start, given to every act."""

    transaction: Transactions[Store]
    index: BlindIndex
    cipher: FieldCipher
    clock: Clock
