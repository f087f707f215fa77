"""Put the made-up residents' marriages into an empty development register; repeatable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.marriage.model import (
    MaritalRecord,
    MaritalStatus,
    Marriage,
    MarriageId,
    MarriageStatus,
    PersonIndex,
)
from services.marriage.store import SealedParty, Store
from shared.database import Transactions
from shared.identifiers import CertificateKind, CertificateNumber
from shared.ids import derived_id
from shared.residents import Resident
from shared.sealing import BlindIndex, FieldCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The residents by key, and how their numbers are indexed and sealed."""

    residents: Mapping[str, Resident]
    index: BlindIndex
    cipher: FieldCipher

    def person(self, key: str) -> PersonIndex:
        """The index of a resident."""
        return PersonIndex(self.index.of(self.residents[key].id_number))

    def sealed(self, marriage_id: MarriageId, key: str) -> SealedParty:
        """A resident's personal data, sealed for the row of one marriage."""
        resident, row = self.residents[key], f"{marriage_id}:{self.person(key)}"
        sealing = self.cipher.new_record_key(f"marriage_party:{row}")
        return SealedParty(
            data_key=sealing.wrapped,
            id_number=sealing.seal(
                resident.id_number.encode(), place=f"marriage_party.id_number:{row}"
            ),
            name=sealing.seal(resident.name.encode(), place=f"marriage_party.name:{row}"),
        )


async def seed_development(seed: Seed, *, transaction: Transactions[Store]) -> None:
    """Add what is not there yet; the counters go on after the numbers that were given."""
    async with transaction() as store:
        for resident in seed.residents.values():
            facts = resident.facts.get("marriage", {})
            if "status" in facts:
                await store.keep_record(seed.person(resident.key), _record(facts))
            for each in facts.get("marriages", ()):
                await _add(seed, resident.key, each, store=store)


async def _add(seed: Seed, key: str, facts: Mapping[str, Any], *, store: Store) -> None:
    number = CertificateNumber.parse(facts["certificate_number"])
    marriage = Marriage(
        id=MarriageId(derived_id("marriage.seed", str(number))),
        certificate_number=str(number),
        division=f"{number.office}000000",
        registered_on=_date(facts["registered_on"]),
        status=MarriageStatus(facts["status"]),
        parties=(seed.person(key), seed.person(facts["spouse"])),
    )
    sealed = {seed.person(one): seed.sealed(marriage.id, one) for one in (key, facts["spouse"])}
    if await store.add_marriage(marriage, parties=sealed):
        kind = CertificateKind.MARRIAGE
        last = await store.lock_last_serial(kind=kind, office=number.office, year=number.year)
        await store.set_last_serial(
            max(last, number.serial), kind=kind, office=number.office, year=number.year
        )


def _record(facts: Mapping[str, Any]) -> MaritalRecord:
    return MaritalRecord(
        status=MaritalStatus(facts["status"]),
        source=facts["source"],
        as_of=_date(facts["as_of"]),
    )


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
