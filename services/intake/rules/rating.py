"""What a rating means, who may give one and when; what follows a bad one is not here."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.intake.errors.redress import MatterNotRateable, RatingFinal, RatingScaleUnknown
from services.intake.model import MatterStatus
from services.intake.model.rating import Satisfaction, Scale

EDITABLE_FOR = timedelta(days=7)
QUIET_AFTER_FUNERAL = timedelta(days=7)
_OVER = frozenset({MatterStatus.CONCLUDED, MatterStatus.NOT_ACCEPTED})
_BAD = frozenset({Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED})
_MOURNING = frozenset({"funeral", "registry"})


def satisfaction_of(value: int, scale: Scale) -> Satisfaction:
    """What was meant, whichever way the scale runs: codes begin with the best, stars end there.

    Args:
        value: 1 to 5 on its scale.

    Raises:
        RatingScaleUnknown: It is not on the scale.

    Source:
        GB/T 39046-2020 A.8: 1 非常满意, 2 满意, 3 基本满意, 4 不满意, 5 非常不满意. Stars of
        provincial systems run the other way and are mapped, never stored.
    """
    if not 1 <= value <= 5:
        raise RatingScaleUnknown
    return Satisfaction(value if scale is Scale.SATISFACTION_CODE else 6 - value)


def is_bad(satisfaction: Satisfaction) -> bool:
    """Whether it opens the rectification loop (差评).

    Source:
        国办发〔2019〕51号 as local rules carry it out: the last two of five levels.
    """
    return satisfaction in _BAD


def require_rateable(status: MatterStatus) -> None:
    """Refuse a rating before there is anything to rate.

    Raises:
        MatterNotRateable: The matter is still under way, or was taken back.

    Source:
        国办发〔2019〕51号: online, one matter is rated once (一事一评), after it is done.
    """
    if status not in _OVER:
        raise MatterNotRateable


def require_editable(*, rated_at: datetime, edited_at: datetime | None, at: datetime) -> None:
    """Refuse a second change, and a change too late.

    Raises:
        RatingFinal: It was changed before, or seven days are over.

    Source:
        House rule: one change, within seven days.
    """
    if edited_at is not None or at >= rated_at + EDITABLE_FOR:
        raise RatingFinal


def invited_from(concluded_at: datetime, owners: Iterable[str | None]) -> datetime:
    """From when on somebody is asked how it was.

    Args:
        concluded_at: When the matter was concluded.
        owners: The services that had a part in it; a bereaved family is left in peace first.

    Source:
        House rule after 建立殡葬服务评价制度: seven days of quiet after a funeral or a death.
    """
    quiet = QUIET_AFTER_FUNERAL if _MOURNING & set(owners) else timedelta(0)
    return concluded_at + quiet
