"""What cannot be looked for, or taken away, and why."""

from shared.errors import Unacceptable


class NoOffice(Unacceptable):
    """The officer works in no office, so that there are no cases to look among."""

    title = "您未在任何机构任职，无可查询的办件"
    title_en = "You work in no office, so there is nothing to search"


class PurposeRequired(Unacceptable):
    """Who looks for a person says for what; the purpose is journalled."""

    title = "按人员查询须说明用途"
    title_en = "Looking for a person needs a purpose"


class RangeInvalid(Unacceptable):
    """The range of due dates ends before it starts."""

    title = "日期范围无效"
    title_en = "The range of dates is not usable"


class ExportTooLarge(Unacceptable):
    """More cases were found than one export takes; `most` says how many that is."""

    title = "导出数量超过上限，请缩小范围"
    title_en = "Too many cases for one export: narrow the search"

    def __init__(self, most: int) -> None:
        super().__init__(most=most)
