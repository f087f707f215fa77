"""What the bodies of possible duplicates look like; names and numbers go out masked."""

from uuid import UUID

from services.registry.model import Resident
from services.registry.model.duplicates import CandidateFile
from services.registry.schemas import Id
from shared.masking import mask_id_number, mask_name
from shared.schemas import Body, Instant, View


class MergeRequest(Body):
    """Which of the two records stands for both from now on."""

    keep: Id


class RecordView(View):
    """One of two records."""

    id: UUID
    name: str
    """Masked."""
    id_no: str
    """Masked."""

    @classmethod
    def of(cls, resident: Resident) -> "RecordView":
        """Show a record; nothing of name or number as it is."""
        return cls(
            id=resident.id,
            name=mask_name(resident.name),
            id_no=mask_id_number(resident.id_number),
        )


class CandidateView(View):
    """Two records that may be one person, and why."""

    id: UUID
    score: int
    evidence: list[str]
    records: list[RecordView]
    found_at: Instant

    @classmethod
    def of(cls, file: CandidateFile) -> "CandidateView":
        """Show a pair."""
        return cls(
            id=file.candidate.id,
            score=file.candidate.likeness.score,
            evidence=sorted(each.value for each in file.candidate.likeness.evidence),
            records=[RecordView.of(each) for each in file.residents],
            found_at=file.candidate.found_at,
        )


class CandidatePage(View):
    """A page of pairs, the oldest first."""

    items: list[CandidateView]
    after: UUID | None
    """Where the next page begins; None: this was the last."""


class Reviewed(View):
    """What became of a pair."""

    id: UUID
    merge_id: UUID | None
