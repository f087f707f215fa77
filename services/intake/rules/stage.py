"""The workflow of an application as one table: which act is allowed at which stage."""

from collections.abc import Mapping
from types import MappingProxyType

from services.intake.errors import ActNotAllowed, AlreadyDecided, WithdrawalTooLate
from services.intake.model import Act, Stage

WORKFLOW: Mapping[Stage, Mapping[Act, Stage]] = MappingProxyType(
    {
        Stage.SUBMITTED: {
            Act.ACCEPT: Stage.ACCEPTED,
            Act.REFUSE_ACCEPTANCE: Stage.NOT_ACCEPTED,
            Act.ASK_CORRECTION: Stage.CORRECTING,
            Act.WITHDRAW: Stage.WITHDRAWN,
            Act.HAND_IN: Stage.SUBMITTED,
        },
        Stage.CORRECTING: {
            Act.CORRECT: Stage.SUBMITTED,
            # The correction never came: the application counts as given up.
            Act.LAPSE: Stage.WITHDRAWN,
            Act.WITHDRAW: Stage.WITHDRAWN,
        },
        Stage.ACCEPTED: {
            Act.DISPATCH: Stage.IN_REVIEW,
            Act.WITHDRAW: Stage.WITHDRAWN,
            Act.HAND_IN: Stage.ACCEPTED,
        },
        Stage.IN_REVIEW: {
            Act.ANSWER: Stage.IN_REVIEW,
            # In a joint case one matter is made real while others are still reviewed.
            Act.PERFORM: Stage.IN_REVIEW,
            Act.DECIDE: Stage.DECIDED,
            # Departments correct side by side; what is not touched goes on.
            Act.ASK_CORRECTION: Stage.IN_REVIEW,
            Act.CORRECT: Stage.IN_REVIEW,
            Act.WITHDRAW: Stage.WITHDRAWN,
            Act.HAND_IN: Stage.IN_REVIEW,
        },
        Stage.DECIDED: {
            Act.PERFORM: Stage.DECIDED,
            Act.CONCLUDE: Stage.CONCLUDED,
        },
        Stage.CONCLUDED: {},
        Stage.WITHDRAWN: {},
        Stage.NOT_ACCEPTED: {},
    }
)

_AFTER_DECISION = frozenset({Stage.DECIDED, Stage.CONCLUDED})


def next_stage(stage: Stage, act: Act) -> Stage:
    """The stage an act leads to; what the table does not list is refused.

    Raises:
        WithdrawalTooLate: A withdrawal after the decision.
        AlreadyDecided: An answer or a decision after the decision.
        ActNotAllowed: Any other act the stage does not allow.

    Source:
        行政许可法 arts 32, 37, 38 (acceptance, decision); house rule for the table itself.
    """
    following = WORKFLOW[stage].get(act)
    if following is not None:
        return following
    if stage in _AFTER_DECISION and act is Act.WITHDRAW:
        raise WithdrawalTooLate
    if stage in _AFTER_DECISION and act in {Act.ANSWER, Act.DECIDE}:
        raise AlreadyDecided
    raise ActNotAllowed(act=str(act), stage=str(stage))


def allowed_acts(stage: Stage) -> tuple[Act, ...]:
    """Every act the stage allows, in the order of the table.

    Source:
        House rule, the table above.
    """
    return tuple(WORKFLOW[stage])


def is_open(stage: Stage) -> bool:
    """Whether a case at this stage still counts as open for its subject and item.

    Source:
        House rule: one open application per person and item.
    """
    return bool(WORKFLOW[stage])
