"""What is told of divisions that changed."""

from datetime import date

from services.registry.model.divisions import Succession
from shared.schemas import View


class DivisionChangeView(View):
    """One change on the way."""

    since: date
    code: str
    name: str
    """What it was called until then."""
    kind: str
    successors: list[str]


class SuccessionView(View):
    """What a code stands for; several codes when its area was split."""

    codes: list[str]
    is_exact: bool
    """False when a lower division was asked and only its county's change is known."""
    changes: list[DivisionChangeView]

    @classmethod
    def of(cls, found: Succession) -> "SuccessionView":
        """From the model."""
        return cls(
            codes=list(found.codes),
            is_exact=found.is_exact,
            changes=[
                DivisionChangeView(
                    since=each.on,
                    code=each.code,
                    name=each.name,
                    kind=each.kind,
                    successors=list(each.to),
                )
                for each in found.changes
            ],
        )
