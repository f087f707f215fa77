"""Whose case it is on the citizen's side; whether a grant is in force is asked elsewhere."""

from services.intake.model.standing import Capacity, Parties


def capacity_of(parties: Parties, *, subject: str, person_index: str | None) -> Capacity | None:
    """In which capacity somebody may act in a case; None: it is not there for them.

    The person for whom an agent applied keeps every right of an applicant: an agent acts in
    their name, not in their place.

    Args:
        subject: `citizen:<id>` of who asks.
        person_index: Blind index of their identity number, if the token carries one.

    Source:
        民法典 (2020) arts 161, 162 (what an agent does within the authority binds the
        principal).
    """
    if parties.submitted_by == subject:
        return Capacity.APPLICANT if parties.grant is None else Capacity.AGENT
    if person_index is not None and person_index == parties.principal_index:
        return Capacity.PRINCIPAL
    return None
