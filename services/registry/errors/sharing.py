"""Why another department is not asked, or what it said is not shown."""

from shared.errors import NotFound, Unacceptable


class SharedFactUnknown(Unacceptable):
    """The sharing catalogue holds no such fact."""

    title = "数据共享目录中没有该项"
    title_en = "The sharing catalogue has no such fact"


class EnquiryNotPermitted(Unacceptable):
    """The caller may not ask for this fact in this item, or without the person's authorisation."""

    title = "不得查询该项数据"
    title_en = "This may not be asked here"


class EnquiryNotFound(NotFound):
    """There is no such enquiry, or another service asked it."""

    title = "没有该查询"
    title_en = "No such enquiry"
