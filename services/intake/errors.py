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
