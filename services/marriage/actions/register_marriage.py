"""Register a decided marriage: the number, both parties, the certificate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.marriage.errors import (
    PersonStatusChanged,
    RegistrationIncomplete,
    RegistrationRefused,
)
from services.marriage.events import marriage_registered
from services.marriage.model import (
    AgeAttained,
    Couple,
    Kinship,
    Marriage,
    MarriageId,
    MarriageStatus,
    Party,
    PersonIndex,
    RefusalGround,
)
from services.marriage.rules.certificates import certificate_number
from services.marriage.rules.eligibility import examine
from services.marriage.rules.status import status_from
from services.marriage.store import SealedParty, Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import MatterRequest
from shared.errors import CivilError
from shared.identifiers import CertificateKind, Sex
from shared.ids import derived_id
from shared.sealing import FieldCipher


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNamed:
    """One party as the application names them, with what they signed."""

    person: PersonIndex
    id_number: str = field(repr=False)
    name: str = field(repr=False)
    sex: Sex
    born_on: date
    declares_no_spouse: bool
    declares_no_kinship: bool
    willing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMarriage:
    """What the registrar decided, and for whom."""

    matter: MatterRequest
    first: PartyNamed
    second: PartyNamed
    division: str
    """Division of the registry (12 digits)."""
    attained: AgeAttained = AgeAttained.ON_BIRTHDAY

    @property
    def marriage_id(self) -> MarriageId:
        """One per matter, however often the matter arrives."""
        return MarriageId(derived_id("marriage", str(self.matter.matter_id)))

    @property
    def people(self) -> tuple[PersonIndex, PersonIndex]:
        """Both parties, in the order they were named."""
        return (self.first.person, self.second.person)


async def register_marriage(
    command: RegisterMarriage,
    *,
    transaction: Transactions[Store],
    cipher: FieldCipher,
    clock: Clock,
) -> None:
    """Register once per matter, or tell why it cannot be: the check may be minutes old.

    A failed registration is rolled back whole, so no certificate number is consumed; only
    then is the failure written, in a transaction of its own.
    """
    try:
        await _register(command, transaction=transaction, cipher=cipher, today=clock.today())
    except (PersonStatusChanged, RegistrationRefused, RegistrationIncomplete) as refusal:
        await _tell_failed(command, refusal, transaction=transaction)


async def _register(
    command: RegisterMarriage,
    *,
    transaction: Transactions[Store],
    cipher: FieldCipher,
    today: date,
) -> None:
    async with transaction() as store:
        if not await store.claim_matter(command.matter):
            return
        await _ensure_may_register(command, store=store, today=today)
        marriage = await _numbered(command, store=store, today=today)
        await store.add_marriage(
            marriage,
            parties=_sealed(command, cipher),
            matter_id=command.matter.matter_id,
        )
        await store.publish(marriage_registered(marriage))
        await store.tell_performed("marriage", command.matter, document=_certificate(marriage))


async def _ensure_may_register(command: RegisterMarriage, *, store: Store, today: date) -> None:
    standings = await store.list_standings(command.people)
    records = await store.list_records(command.people)

    def party(named: PartyNamed) -> Party:
        return Party(
            person=named.person,
            sex=named.sex,
            born_on=named.born_on,
            status=status_from(standings[named.person], records[named.person]),
            declares_no_spouse=named.declares_no_spouse,
            willing=named.willing,
        )

    declared = command.first.declares_no_kinship and command.second.declares_no_kinship
    couple = Couple(
        first=party(command.first),
        second=party(command.second),
        kinship=Kinship.NONE if declared else Kinship.UNDECLARED,
    )
    examination = examine(couple, on=today, attained=command.attained)
    if RefusalGround.ALREADY_MARRIED in examination.grounds:
        raise PersonStatusChanged
    if examination.grounds:
        raise RegistrationRefused(grounds=[ground.value for ground in examination.grounds])
    if examination.open_points:
        raise RegistrationIncomplete(points=[point.value for point in examination.open_points])


async def _numbered(command: RegisterMarriage, *, store: Store, today: date) -> Marriage:
    kind, office = CertificateKind.MARRIAGE, command.division[:6]
    last = await store.lock_last_serial(kind=kind, office=office, year=today.year)
    number = certificate_number(kind, division=command.division, on=today, last_serial=last)
    await store.set_last_serial(number.serial, kind=kind, office=office, year=today.year)
    return Marriage(
        id=command.marriage_id,
        certificate_number=str(number),
        division=command.division,
        registered_on=today,
        status=MarriageStatus.IN_FORCE,
        parties=command.people,
        application_id=command.matter.application_id,
    )


async def _tell_failed(
    command: RegisterMarriage, refusal: CivilError, *, transaction: Transactions[Store]
) -> None:
    async with transaction() as store:
        if await store.claim_matter(command.matter):
            await store.tell_failed("marriage", command.matter, reason=refusal.code)


def _sealed(command: RegisterMarriage, cipher: FieldCipher) -> Mapping[PersonIndex, SealedParty]:
    sealed: dict[PersonIndex, SealedParty] = {}
    for named in (command.first, command.second):
        row = f"{command.marriage_id}:{named.person}"
        key = cipher.new_record_key(f"marriage_party:{row}")
        sealed[named.person] = SealedParty(
            data_key=key.wrapped,
            id_number=key.seal(named.id_number.encode(), place=f"marriage_party.id_number:{row}"),
            name=key.seal(named.name.encode(), place=f"marriage_party.name:{row}"),
        )
    return sealed


def _certificate(marriage: Marriage) -> dict[str, object]:
    """结婚证: both parties get one with the same number."""
    return {
        "kind": "marriage-certificate",
        "number": marriage.certificate_number,
        "facts": {
            "marriageId": str(marriage.id),
            "registeredOn": marriage.registered_on.isoformat(),
            "division": marriage.division,
            "copies": 2,
        },
    }
