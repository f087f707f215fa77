"""What relief cannot do, and why."""

from shared.errors import Conflict, NotFound, Unacceptable


class BenefitNotFound(NotFound):
    """There is no such benefit, or it is not the caller's to see."""

    title = "没有找到该救助待遇"
    title_en = "No such benefit"


class BenefitTransitionIllegal(Conflict):
    """The benefit is in a status in which this cannot happen to it."""

    title = "待遇当前状态不允许此操作"
    title_en = "The benefit's status does not allow this"


class NothingAsked(Unacceptable):
    """Temporary relief was asked for with no amount, or with less than nothing."""

    title = "申请金额应大于零"
    title_en = "The amount asked must be more than zero"


class InstalmentsDoNotAddUp(Unacceptable):
    """The instalments of one decision are none, out of order, or not together the grant."""

    title = "分期金额与审批金额不符"
    title_en = "The instalments do not add up to the grant"


class GraceTooLong(Unacceptable):
    """A grace period was asked for that is longer than the rule set allows."""

    title = "渐退期超过规定期限"
    title_en = "The grace period is longer than allowed"


class GrantAboveLevel(Unacceptable):
    """The office that granted may not grant so much; the level above must decide."""

    title = "审批金额超过本级权限"
    title_en = "The grant is above this level's limit"


class GrantAboveAsked(Unacceptable):
    """More was to be granted than was asked or than one case may have."""

    title = "审批金额超过申请金额或救助上限"
    title_en = "The grant is above what was asked or above the cap"
