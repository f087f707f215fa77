"""Show the registry what a concluded matter ended in, so that it can issue the certificate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.intake.actions.desk import Desk
from services.intake.errors import MatterNotFound
from services.intake.model import MatterId, MatterStatus
from services.intake.model.item import ServiceItem
from services.intake.model.kept import Case, CaseMatter
from services.intake.rules.paths import may_be_certified, select_fields
from services.intake.store import Store
from services.intake.store.cases import stream_of
from shared.auth import Actor
from shared.database import Transactions
from shared.journal import JournalEntry
from shared.telemetry import mark_application

ISSUER = "registry"
"""The one service that issues certificates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDisclosure:
    """A concluded matter's document, and the fields that stand on its certificate."""

    case: Case
    matter: CaseMatter
    document: Mapping[str, object]
    fields: Mapping[str, Any]


async def disclose_outcome(
    actor: Actor,
    matter_id: MatterId,
    paths: Sequence[str],
    *,
    transaction: Transactions[Store],
    desk: Desk,
) -> OutcomeDisclosure:
    """The document a matter ended in, with the form fields a certificate of it shows.

    Args:
        paths: The fields the certificate's type names. Those that the item discloses neither
            to the matter's owner nor as its applicant are left out, as if they stood nowhere.

    Raises:
        MatterNotFound: There is none, it has not ended in a document, or somebody else asks.
    """
    async with transaction() as store:
        case = await store.lock_case_of_matter(matter_id)
        mark_application(case.id)
        matter = next(each for each in case.matters if each.id == matter_id)
        if actor.system != ISSUER or matter.status is not MatterStatus.CONCLUDED:
            raise MatterNotFound
        if matter.document is None:
            raise MatterNotFound
        item = await desk.catalogue.item(store, case.item_code, case.item_version)
        allowed = may_be_certified(paths, matter.discloses, applicant=_applicant(item))
        await store.write_journal(_read(case, matter, actor, allowed))
    return OutcomeDisclosure(
        case=case,
        matter=matter,
        document=matter.document,
        fields=select_fields(desk.open_form(case), allowed),
    )


def _applicant(item: ServiceItem) -> tuple[str, ...]:
    return (item.applicant.name, item.applicant.id_no)


def _read(case: Case, matter: CaseMatter, actor: Actor, allowed: tuple[str, ...]) -> JournalEntry:
    return JournalEntry(
        stream=stream_of(case.id),
        actor=actor.subject,
        act="read",
        target=f"matter:{matter.key}",
        reason="制发电子证照",
        facts={"fields": list(allowed)},
    )
