"""What the marriage registry cannot do, and why."""

from shared.errors import Conflict, NotFound, Unacceptable, Unavailable


class MarriageNotFound(NotFound):
    """There is no such marriage in this register, or it is not the caller's to see."""

    title = "没有找到该婚姻登记"
    title_en = "No such marriage"


class PersonStatusChanged(Conflict):
    """One of the parties was registered as married after the checks were made."""

    title = "当事人婚姻状况已变化"
    title_en = "A party's marital status has changed"


class StatusUnavailable(Unavailable):
    """A source of marital status did not answer; nothing may be concluded from that."""

    title = "婚姻状况暂时无法核查"
    title_en = "Marital status cannot be checked for the moment"


class RegistrationRefused(Unacceptable):
    """The conditions of marriage are not met on the day of registration."""

    title = "不予登记"
    title_en = "The registration is refused"


class RegistrationIncomplete(Unacceptable):
    """Something must be cleared up before the registrar may decide."""

    title = "尚有事项待核实"
    title_en = "Something is still to be cleared up"


class PartyUnreadable(Unacceptable):
    """The ID number of a party is not one, so neither age nor sex can be read from it."""

    title = "当事人证件号码无法识别"
    title_en = "A party's ID number cannot be read"


class DeathBeforeMarriage(Conflict):
    """The date of death lies before the registration of the marriage it is said to end."""

    title = "死亡日期早于婚姻登记日期"
    title_en = "The death lies before the marriage"


class DivorceOfficeClosed(Conflict):
    """The act was attempted after the registry's close of business."""

    title = "登记机关已下班"
    title_en = "The registry is closed"


class DivorceWindowClosed(Conflict):
    """The act does not belong to the period the divorce application is in."""

    title = "不在法定办理期间"
    title_en = "Not within the statutory period"


class OtherRegistry(Conflict):
    """A divorce is withdrawn and registered only at the registry that accepted it."""

    title = "应到受理该申请的登记机关办理"
    title_en = "Go to the registry that accepted the application"
