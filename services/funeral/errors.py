"""What the funeral service cannot do, and why."""

from shared.errors import Conflict, NotFound, Unacceptable


class FuneralNotFound(NotFound):
    """There is no such funeral case, or it is not the caller's to see."""

    title = "没有找到该治丧事项"
    title_en = "No such funeral case"


class CremationBarred(Conflict):
    """Something the law requires before a cremation is missing, or a hold is in force."""

    title = "不具备火化条件"
    title_en = "The cremation may not take place"


class AlreadyArranged(Conflict):
    """There is a funeral for this person already."""

    title = "该逝者已安排治丧"
    title_en = "A funeral is already arranged for this person"


class SlotTaken(Conflict):
    """Another family booked the slot first."""

    title = "该时段已被预约"
    title_en = "The slot is already booked"


class NoFreeSlot(Conflict):
    """No hall or furnace is free in the days the family asked for."""

    title = "所选日期内无可用时段"
    title_en = "No slot is free on the days asked for"


class PackageDearerThanItsItems(Unacceptable):
    """A package was offered at more than its items cost one by one."""

    title = "套餐价格高于所含项目之和"
    title_en = "The package costs more than its items"


class NotOnThePriceList(Unacceptable):
    """A service outside the published list was to be charged; that is never allowed."""

    title = "收费项目不在公示清单内"
    title_en = "Not on the published price list"


class PriceOutOfRange(Unacceptable):
    """A price differs from the set one, or lies outside the published range."""

    title = "价格超出公示标准"
    title_en = "The price is outside the published one"


class NotSigned(Conflict):
    """The bill holds a service, a quantity or a price the family has not signed."""

    title = "该项目未经家属签字确认"
    title_en = "The family has not signed this"


class ExemptionAlreadyGranted(Conflict):
    """The deceased was already exempted for one of these services."""

    title = "该逝者已享受过此项减免"
    title_en = "The exemption was already granted for this person"


class AlreadyReissued(Conflict):
    """The death certificate was already issued again for this reason; once is all."""

    title = "死亡证明已补发过一次"
    title_en = "The death certificate was already reissued once"


class ExtensionTooShort(Unacceptable):
    """An extension does not reach beyond the present end of the storage."""

    title = "延期后的日期不晚于现到期日"
    title_en = "The extension does not reach beyond the present due date"
