"""What officers cannot do at the window, and why."""

from collections.abc import Iterable, Mapping

from shared.errors import Conflict, Forbidden, NotFound, Unacceptable


class ConflictOfInterest(Forbidden):
    """The officer must keep away from this case: step back from the task (`recuse`).

    `conflict` says why: `own-case`, `relative`, `entered` (who entered an application does
    not confirm it), or `recused` (they have stepped back before).
    """

    title = "存在利益冲突，应当回避"
    title_en = "A conflict of interest: step back from this task"

    def __init__(self, conflict: str) -> None:
        super().__init__(conflict=conflict)


class NotOfficeLead(Forbidden):
    """Only the lead of the office, or the supervision above it, may direct its work."""

    title = "只有科室负责人或督办人员可以改派"
    title_en = "Only the lead of the office may do this"


class NotAColleague(Unacceptable):
    """The officer named does not work in this office, or not any more."""

    title = "所选人员不在该机构任职"
    title_en = "The officer does not work in this office"


class OfficerAbsent(Conflict):
    """The officer is away today; end the absence first, or choose another."""

    title = "该经办人处于请假期间"
    title_en = "The officer is away"


class PeriodInvalid(Unacceptable):
    """The days cannot be worked with.

    `reason` is `ends-before-it-starts`, `over` or `too-long` (three months are the most).
    """

    title = "起止日期无效"
    title_en = "The period cannot be used"

    def __init__(self, *, reason: str) -> None:
        super().__init__(reason=reason)


class DelegateToOneself(Unacceptable):
    """Work is handed to somebody else."""

    title = "不能委托给本人"
    title_en = "Work cannot be delegated to oneself"


class DelegationNotFound(NotFound):
    """There is no such delegation, or it is not the caller's."""

    title = "没有找到该委托"
    title_en = "There is no such delegation"


class AbsenceNotFound(NotFound):
    """There is no such absence, or it is not the caller's."""

    title = "没有找到该请假记录"
    title_en = "There is no such absence"


class RelationNotFound(NotFound):
    """There is no such declaration, or it is not the caller's."""

    title = "没有找到该申报记录"
    title_en = "There is no such declaration"


class IdNumberUnreadable(Unacceptable):
    """What was given is not an identity number: its length, date or check character is wrong."""

    title = "身份证件号码有误"
    title_en = "The identity number cannot be read"


class NobodyAbove(Conflict):
    """Nobody else in the office may take the task, and no office stands above it."""

    title = "没有可以接办的上级机构"
    title_en = "There is no office above to take the task"


class BulkRefused(Conflict):
    """All or nothing was asked for, and some of it cannot be done: nothing was.

    `results` lists every task with its status and, where it was refused, its problem.
    """

    title = "批量办理未执行：部分任务不能办理"
    title_en = "Nothing was done: some of the tasks cannot be"

    def __init__(self, results: Iterable[Mapping[str, object]]) -> None:
        super().__init__(results=list(results))
