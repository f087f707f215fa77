"""What is refused around managing officers."""

from shared.errors import Conflict, Forbidden, NotFound, Unacceptable


class OfficerNotFound(NotFound):
    """There is no such officer, or not in a division the caller manages."""

    title = "没有该经办人"
    title_en = "No such officer"


class OfficerIdTaken(Conflict):
    """An officer with this id exists, here or elsewhere."""

    title = "该账号已被使用"
    title_en = "This officer id is taken"


class OwnRightsForbidden(Forbidden):
    """Nobody changes what they themselves may do."""

    title = "不能变更本人的权限"
    title_en = "Nobody may change their own rights"


class AssignmentUnsuitable(Unacceptable):
    """An office does not exist, or a division is not known or not the caller's to give."""

    title = "岗位信息有误"
    title_en = "The assignment is not acceptable"


class ChangePending(Conflict):
    """Another change of this officer still waits for a second pair of eyes."""

    title = "该经办人有待复核的变更"
    title_en = "A change of this officer still waits"


class ChangeNotFound(NotFound):
    """There is no such change, or it is not the caller's to decide."""

    title = "没有该变更"
    title_en = "No such change"


class ChangeDecided(Conflict):
    """The change was decided already."""

    title = "该变更已处理"
    title_en = "This change was decided already"


class SecondPersonNeeded(Forbidden):
    """Who proposed the change, or whom it is about, does not decide it."""

    title = "须由另一名管理员复核"
    title_en = "Another administrator must decide this"
