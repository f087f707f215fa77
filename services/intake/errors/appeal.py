"""What cannot be done with appeals, and why."""

from shared.errors import Conflict, Forbidden, NotFound


class AppealNotFound(NotFound):
    """There is no such appeal, or it is not yours to see."""

    title = "没有找到该复议事项"
    title_en = "There is no such appeal"


class NothingToAppeal(Conflict):
    """Only a decision can be contested; this matter has none."""

    title = "尚未作出可以复议的决定"
    title_en = "There is no decision to contest"


class AppealTooLate(Conflict):
    """The sixty days from the day the decision became known are over."""

    title = "已超过复议申请期限"
    title_en = "The time to contest the decision is over"


class AppealExists(Conflict):
    """This decision is contested already, or has been reviewed once."""

    title = "该决定已经申请复议"
    title_en = "This decision is contested, or has been reviewed"


class ReviewerNotIndependent(Forbidden):
    """Whoever had a hand in the decision, or works where it was made, does not review it."""

    title = "参与原决定的人员和机构不得复议"
    title_en = "Who had a hand in the decision does not review it"


class AppealActNotAllowed(Conflict):
    """The appeal is not at a stage that allows this."""

    title = "复议事项当前环节不允许该操作"
    title_en = "The appeal is not at a stage that allows this"


class NotTheReviewer(Forbidden):
    """Another reviewer has taken this appeal on."""

    title = "该复议事项由其他人员审理"
    title_en = "Another reviewer has taken this appeal on"
