"""What cannot be done with residents, households and duplicates, and why."""

from shared.errors import Conflict, Forbidden, NotFound, Unacceptable


class ResidentNotFound(NotFound):
    """There is no such resident, or they live where the caller's offices have no say."""

    title = "没有该居民"
    title_en = "No such resident"


class HouseholdNotFound(NotFound):
    """There is no such household, or it is where the caller's offices have no say."""

    title = "没有该户"
    title_en = "No such household"


class FactNotFound(NotFound):
    """Nothing with this id was ever noted of this resident."""

    title = "没有该登记事实"
    title_en = "No such fact"


class DuplicateNotFound(NotFound):
    """There are no such possible duplicates, or one of them is not the caller's to see."""

    title = "没有该疑似重复"
    title_en = "No such possible duplicate"


class MergeNotFound(NotFound):
    """There is no such merge, or it is not the caller's to see."""

    title = "没有该合并"
    title_en = "No such merge"


class ObjectNotFound(NotFound):
    """There is no such entry in the service objects base, or it is not the caller's to see."""

    title = "没有该服务对象记录"
    title_en = "No such service object"


class RegisterRoleLacking(Forbidden):
    """The caller's role lets them read the register, and not write in it."""

    title = "当前角色不能办理该登记"
    title_en = "The caller's role does not allow this entry"


class IdNumberInvalid(Unacceptable):
    """The ID number is not one; `fault` says in which way."""

    title = "公民身份号码有误"
    title_en = "The ID number is not valid"

    def __init__(self, *, fault: str, zh: str, en: str) -> None:
        super().__init__(zh, fault=fault, faultEn=en)


class ResidentKnownAlready(Conflict):
    """Somebody with this number is in the register."""

    title = "该号码已有登记"
    title_en = "The number is in the register already"


class NumberTaken(Conflict):
    """Somebody has, or had, the new number: perhaps the two are one person."""

    title = "新号码已属他人，请先核查是否重复登记"
    title_en = "The new number belongs to another record"


class DayInFuture(Unacceptable):
    """What happened cannot have happened on a day to come."""

    title = "日期不能晚于今天"
    title_en = "The day is still to come"


class FactCorrectedAlready(Conflict):
    """The fact was corrected before; the correction is what can be corrected now."""

    title = "该登记事实已被更正"
    title_en = "The fact has been corrected already"


class FactOfAnotherService(Conflict):
    """Marriages and deaths are corrected where they were registered, not here."""

    title = "该事实由其登记机关更正"
    title_en = "The fact is corrected by whoever registered it"


class InTwoHouseholds(Conflict):
    """The resident would be a member of two households on one day."""

    title = "同一人同一日只能在一户"
    title_en = "Nobody is in two households at once"


class InTwoPlaces(Conflict):
    """The household would be in two places on one day."""

    title = "同一户同一日只能在一处"
    title_en = "No household is in two places at once"


class NotMergeable(Conflict):
    """One of the two was merged already, or both are one; look again."""

    title = "两条登记已不能合并，请刷新"
    title_en = "The two records can no longer be merged"


class DuplicateDecided(Conflict):
    """Somebody decided about the two before."""

    title = "该疑似重复已有处理结果"
    title_en = "The possible duplicate has been decided"


class MergeUndone(Conflict):
    """The merge was taken back before."""

    title = "该合并已撤销"
    title_en = "The merge has been undone"


class ObjectEnded(Conflict):
    """The entry has an end already, or would end before it began."""

    title = "该服务对象记录已终止"
    title_en = "The entry has ended"


class DivisionOutOfReach(NotFound):
    """There is no such division among those of the caller's offices."""

    title = "没有该辖区"
    title_en = "No such division here"
