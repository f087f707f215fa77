"""What intake cannot do, and why; each docstring is the public text of a problem type."""

from collections.abc import Iterable

from services.intake.model import FieldProblem, Verdict
from shared.errors import Conflict, Forbidden, NotFound, Unacceptable


class ItemNotFound(NotFound):
    """There is no service item with this code."""

    title = "没有这个事项"
    title_en = "There is no such service item"


class ItemNotOpen(Conflict):
    """The service item exists, but cannot be applied for now or in this place."""

    title = "该事项目前不受理"
    title_en = "The service item is not open for applications"


class ItemMalformed(Unacceptable):
    """The definition of a service item breaks its own format.

    `path` names the place in the definition, `reason` what is wrong there.
    """

    title = "事项定义不符合格式"
    title_en = "The item definition is malformed"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}", path=path, reason=reason)


class ExpressionUnusable(Unacceptable):
    """A condition of a service item cannot be compiled, or cannot be answered.

    `expression` is the item's own text and `reason` what stands in the way; the values
    it was asked about are never repeated.
    """

    title = "条件表达式无法计算"
    title_en = "A condition of the item cannot be evaluated"

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(
            f"{reason}: {expression}",
            expression=expression,
            reason=reason,
        )


class FormInvalid(Unacceptable):
    """The form has mistakes. `errors` lists each once, by JSON pointer, code and message.

    The list is complete, and never repeats what was written into the form.
    """

    title = "表单内容有误"
    title_en = "The form has mistakes"

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        super().__init__(
            errors=[
                {
                    "pointer": problem.pointer,
                    "code": problem.code,
                    "message": {"zh": problem.message.zh, "en": problem.message.en},
                }
                for problem in problems
            ]
        )


class MaterialMissing(Unacceptable):
    """Materials are missing without which the application cannot be taken.

    `keys` lists every one of them: the applicant is told once, everything.
    """

    title = "缺少必要材料"
    title_en = "Required materials are missing"

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(keys=list(keys))


class MaterialUnknown(Unacceptable):
    """A material was handed in that the service item does not ask for."""

    title = "提交了该事项不需要的材料"
    title_en = "The item does not ask for this material"

    def __init__(self, keys: Iterable[str]) -> None:
        super().__init__(count=len(list(keys)))


class MaterialTwice(Unacceptable):
    """The same material was handed in twice in one application."""

    title = "同一材料重复提交"
    title_en = "A material was handed in twice"


class NotYourself(Forbidden):
    """A citizen applies for themselves; the applicant in the form is somebody else."""

    title = "申请人与登录人不一致"
    title_en = "The applicant is not the person signed in"


class GrantRequired(Forbidden):
    """Applying for another person takes a valid grant from that person for this item."""

    title = "代办需要本人授权"
    title_en = "Applying for another person takes their grant"


class OpenApplicationExists(Conflict):
    """There is already an open application for the same person and item.

    `applicationId` names it when it is the caller's own.
    """

    title = "已有正在办理的同类申请"
    title_en = "An application for the same person and item is still open"


class ApplicationNotFound(NotFound):
    """There is no such application, or it is not the caller's to see."""

    title = "没有找到该申请"
    title_en = "There is no such application"


class MatterNotFound(NotFound):
    """There is no such matter, or it is not the caller's to see."""

    title = "没有找到该办理事项"
    title_en = "There is no such matter"


class TaskNotFound(NotFound):
    """There is no such approval task, or it is not the caller's to see."""

    title = "没有找到该审批任务"
    title_en = "There is no such approval task"


class FileNotFound(NotFound):
    """There is no such file, or it is not the caller's to use."""

    title = "没有找到该文件"
    title_en = "There is no such file"


class TaskNotOpen(Conflict):
    """The task cannot be answered now: it waits for another, or was cancelled.

    `state` says where it is.
    """

    title = "该任务目前不能办理"
    title_en = "The task is not open"


class TaskAlreadyClosed(Conflict):
    """The task has been answered; the first answer stands."""

    title = "该任务已办结"
    title_en = "The task is already closed"


class TaskClaimedByAnother(Conflict):
    """Another officer of the office has taken the task."""

    title = "该任务已由他人领取"
    title_en = "Another officer has claimed the task"


class StaleRound(Conflict):
    """The answer was given to an earlier round of the task; look again before answering.

    `round` is the current one.
    """

    title = "答复对应的轮次已过"
    title_en = "The answer belongs to an earlier round"


class VerdictNotAllowed(Unacceptable):
    """The item does not allow this verdict for this task. `allowed` lists those it does."""

    title = "该任务不能作出这种结论"
    title_en = "The task does not allow this verdict"

    def __init__(self, allowed: Iterable[Verdict]) -> None:
        super().__init__(allowed=[str(verdict) for verdict in allowed])


class OpinionRequired(Unacceptable):
    """This verdict needs reasons in writing."""

    title = "该结论须写明理由"
    title_en = "This verdict needs a written opinion"


class ConditionsRequired(Unacceptable):
    """A conditional approval must say its conditions, and only it may have any."""

    title = "附条件同意须列明条件"
    title_en = "A conditional approval must list its conditions"


class OfficeNotFound(Unacceptable):
    """No office is competent for this place.

    `function`, `level` and `division` say what was looked for.
    """

    title = "该地区没有受理机构"
    title_en = "No office is competent for this place"

    def __init__(self, *, function: str, level: str, division: str) -> None:
        super().__init__(function=function, level=level, division=division)


class NothingToAsk(Unacceptable):
    """The application selects nothing that anybody could decide."""

    title = "没有可办理的内容"
    title_en = "The application asks for nothing"


class RemedyRequired(Unacceptable):
    """A refusal to accept says where it can be contested, and no other answer does."""

    title = "不予受理须告知救济途径"
    title_en = "A refusal to accept must name the remedy"


class MarkInvalid(Unacceptable):
    """A mark names neither a field of the form nor a material of the item, or both at once.

    `marks` lists the positions of all such marks. Marks belong to `needs-correction` only.
    """

    title = "补正标注无效"
    title_en = "A correction mark names no field or material"

    def __init__(self, marks: Iterable[int]) -> None:
        super().__init__(marks=list(marks))


class NoticeAlreadyGiven(Conflict):
    """What must be corrected is told once, everything, and that notice has gone out.

    Before acceptance the window gives it; in review it goes out for all departments that
    asked in time, and whoever was silent until then decides on what is there.

    A further notice may only be about what the corrected papers brought; `marks` lists the
    positions of the marks that lie elsewhere, and is empty when no mark was made at all.
    """

    title = "补正内容应当一次性告知"
    title_en = "The one-time notice has already been given"

    def __init__(self, marks: Iterable[int]) -> None:
        super().__init__(marks=list(marks))


class CorrectionAlreadyAsked(Conflict):
    """A department asks for corrections once; what it could see then it cannot ask for now.

    A further round may only be about what the corrected papers brought; `marks` lists the
    positions of the marks that lie elsewhere, and is empty when no mark was made at all.
    """

    title = "首轮可见的问题不得再次要求补正"
    title_en = "A correction of what was already visible cannot be asked for again"

    def __init__(self, marks: Iterable[int]) -> None:
        super().__init__(marks=list(marks))


class NothingToCorrect(Conflict):
    """No correction notice of this application waits for an answer."""

    title = "没有待补正的内容"
    title_en = "No correction is asked for"


class FieldNotMarked(Unacceptable):
    """A correction may touch what the notice marks and nothing else.

    `pointers` and `materials` list what was changed beside it.
    """

    title = "只能修改补正通知列明的内容"
    title_en = "Only what the notice marks may change"

    def __init__(self, *, pointers: Iterable[str], materials: Iterable[str]) -> None:
        super().__init__(pointers=list(pointers), materials=list(materials))


class CorrectionIncomplete(Unacceptable):
    """Everything the notice marks is corrected together.

    `pointers` and `materials` list what is still as it was.
    """

    title = "补正不完整"
    title_en = "The correction is not complete"

    def __init__(self, *, pointers: Iterable[str], materials: Iterable[str]) -> None:
        super().__init__(pointers=list(pointers), materials=list(materials))


class AnotherApplication(Unacceptable):
    """The corrected papers would make it another application: withdraw, and apply anew.

    `reason` says what would be another: `applicant` or `division`.
    """

    title = "补正后已属另一申请，请撤回后重新提交"
    title_en = "The correction would make it another application"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class AlreadyDecided(Conflict):
    """The application, or this part of it, has been decided."""

    title = "已作出决定"
    title_en = "This has already been decided"


class WithdrawalTooLate(Conflict):
    """An application can be withdrawn until it is decided, not after."""

    title = "已作出决定，不能撤回"
    title_en = "It is too late to withdraw the application"


class ActNotAllowed(Conflict):
    """At its present stage the application does not allow this act.

    `stage` is where it is, `act` what was asked.
    """

    title = "申请所处环节不允许该操作"
    title_en = "The application's stage does not allow this"

    def __init__(self, *, act: str, stage: str) -> None:
        super().__init__(act=act, stage=stage)


class ClockNotRunning(Conflict):
    """The procedure has not begun, or has been decided: its clock does not run."""

    title = "期限未在计算"
    title_en = "The clock is not running"


class ClockAlreadyPaused(Conflict):
    """The clock stands still already."""

    title = "期限已经中止"
    title_en = "The clock is paused already"


class ClockNotPaused(Conflict):
    """The clock runs; there is no pause to end."""

    title = "期限未中止"
    title_en = "The clock is not paused"


class PauseBasisRequired(Unacceptable):
    """This reason stops the clock only where the item's own rule says so; name that rule."""

    title = "该中止事由须写明依据"
    title_en = "This reason for a pause needs its legal basis"


class ClockNotFound(NotFound):
    """The application is not measured by a clock of this name."""

    title = "没有这个时限"
    title_en = "There is no such clock"


class ClockAlreadyExtended(Conflict):
    """A limit can be extended once, and it has been."""

    title = "期限已经延长过"
    title_en = "The limit has been extended before"


class ExtensionTooLate(Conflict):
    """A limit can be extended before it is over, not after."""

    title = "期限已届满，不能延长"
    title_en = "It is too late to extend the limit"


class ExtensionNotAllowed(Unacceptable):
    """The legal basis named does not allow this extension.

    `mostWorkingDays` is how many working days it may add, to a limit of working days.
    """

    title = "延长超出法定范围"
    title_en = "The legal basis does not allow this extension"

    def __init__(self, *, basis: str, most_working_days: int) -> None:
        super().__init__(basis=basis, mostWorkingDays=most_working_days)


class PromiseBeyondStatute(Unacceptable):
    """A promised limit cannot reach beyond the statutory one."""

    title = "承诺期限不得超过法定期限"
    title_en = "The promise would outlast the statutory limit"


class NotLeadOffice(Forbidden):
    """Only the office that leads the case may stop its clock, let it run on, or extend it."""

    title = "只有牵头机关可以调整期限"
    title_en = "Only the lead office may change the clock"
