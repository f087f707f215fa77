"""What cannot be done about an answer that came too late."""

from shared.errors import Conflict, NotFound


class LateAnswerNotFound(NotFound):
    """There is no such late answer, or it is not the caller's to see."""

    title = "没有找到该迟到的答复"
    title_en = "There is no such late answer"


class LateAnswerReviewed(Conflict):
    """The lead office has reviewed this late answer; `effect` says what it made of it."""

    title = "该迟到的答复已经处理"
    title_en = "The late answer has been reviewed"


class NotReopenable(Conflict):
    """The matter cannot be reopened for this late answer.

    `reason` says why: `application-decided` (a decision is reviewed on appeal, not reopened),
    `matter-made-real` (a grant is about to take effect, or has), `still-asked` (the department
    is being asked already), `correction-open` (the applicant is correcting), `never-asked`
    (a task named was never put to anybody), or `changes-nothing` (without another department's
    new answer the outcome would be the same).
    """

    title = "不能重新办理"
    title_en = "The matter cannot be reopened"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
