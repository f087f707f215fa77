"""What cannot be done with ratings, complaints, work orders and rectifications, and why."""

from shared.errors import Conflict, Forbidden, NotFound, Unacceptable


class RedressNotFound(NotFound):
    """There is no such complaint, work order or rectification, or it is not yours to see."""

    title = "没有找到该诉求或整改事项"
    title_en = "There is no such complaint or rectification"


class RedressActNotAllowed(Conflict):
    """The loop does not allow this act at its stage. `allowed` lists what it does."""

    title = "当前环节不能这样办理"
    title_en = "The loop does not allow this act at its stage"


class NotYourHand(Forbidden):
    """The act lies with somebody else: the office, its supervisor, or who complained."""

    title = "该步骤不由您办理"
    title_en = "This step is not yours to take"


class NoteRequired(Unacceptable):
    """This act needs words: a plan, an explanation, an answer or a reason."""

    title = "请写明情况或理由"
    title_en = "This act needs words"


class OfficeRequired(Unacceptable):
    """A dispatch names the office that is to answer."""

    title = "派单须指定承办单位"
    title_en = "A dispatch names an office"


class ContestTooLate(Conflict):
    """An office may contest a bad rating within three working days, and once."""

    title = "已超过差评申诉期限"
    title_en = "The time to contest the rating is over"


class ReturnTooLate(Conflict):
    """A wrong dispatch is returned within one working day."""

    title = "已超过退单期限"
    title_en = "The time to return a wrong dispatch is over"


class RedressExtensionNotAllowed(Conflict):
    """A work order is extended once, by no more than its own limit."""

    title = "工单只能延期一次且不超过原期限"
    title_en = "A work order is extended once, by no more than its own limit"


class WorkOrderKnown(Conflict):
    """The hotline has handed in this work order before, with other content."""

    title = "该工单号已经登记"
    title_en = "This work order is known already"


class MatterNotRateable(Conflict):
    """A matter is rated once it is concluded, refused or not accepted."""

    title = "办结后方可评价"
    title_en = "A matter is rated once it is concluded"


class AlreadyRated(Conflict):
    """There is one rating for one service; it may be changed once, within seven days."""

    title = "本次服务已经评价"
    title_en = "This service has been rated"


class RatingNotFound(NotFound):
    """This service has not been rated, or not by you."""

    title = "没有找到该评价"
    title_en = "There is no such rating"


class RatingFinal(Conflict):
    """A rating may be changed once, within seven days of being given."""

    title = "评价已不能修改"
    title_en = "The rating can no longer be changed"


class RatingScaleUnknown(Unacceptable):
    """A rating is a satisfaction code or a number of stars, from 1 to 5, and says which."""

    title = "评价等级无效"
    title_en = "The rating is not on a known scale"
