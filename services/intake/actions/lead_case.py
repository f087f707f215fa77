"""Find the case an officer's office leads, locked, for acts only the lead office may do."""

from services.intake.actions.authorise import require_reader
from services.intake.errors.lead import LeadOfficeOnly
from services.intake.model.kept import Case
from services.intake.rules.supervision import lead_office
from services.intake.store import Store
from shared.auth import Actor


async def require_lead(store: Store, actor: Actor, case: Case) -> None:
    """Refuse whoever does not sit in the office that leads the case.

    Raises:
        ApplicationNotFound: The case is not theirs to see at all.
        LeadOfficeOnly: They may see it, but another office leads it.
    """
    candidates = await store.list_lead_candidates([case.id])
    lead = lead_office(candidates.get(case.id, ()))
    if lead is None or str(lead) not in actor.offices:
        require_reader(actor, case)
        raise LeadOfficeOnly
