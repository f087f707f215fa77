"""What is refused around signing in: too often, too weak, not fresh enough."""

from shared.errors import NotFound, TooMuch, Unacceptable, Unauthenticated


class TooManyRequests(TooMuch):
    """This caller knocks too often; `retryAfterSeconds` says when to come back."""

    status = 429
    title = "请求过于频繁，请稍后再试"
    title_en = "Too many requests; try again later"


class SignInPaused(TooMuch):
    """Too many failed sign-ins in a row; `retryAfterSeconds` says when the next is looked at.

    The same for accounts that do not exist. A device on which the officer signed in before
    has a count of its own.
    """

    status = 429
    title = "登录失败次数过多，请稍后再试"
    title_en = "Too many failed sign-ins; try again later"


class OfficerRefused(Unauthenticated):
    """Officer, password and code do not fit together; which of them is not said."""

    title = "账号、密码或验证码不正确"
    title_en = "Officer, password or code is not right"


class InvitationRefused(Unauthenticated):
    """The invitation is unknown, over, replaced by a newer one, or was used."""

    title = "邀请已失效，请联系管理员"
    title_en = "The invitation is not good any more; ask an administrator"


class CodeRefused(Unacceptable):
    """The code is not one of the authenticator's, is over, or was used."""

    title = "验证码不正确"
    title_en = "The code is not right"


class PasswordUnsuitable(Unacceptable):
    """The password will not do; `fault` says why."""

    title = "密码不符合要求"
    title_en = "The password will not do"


class SessionNotFound(NotFound):
    """There is no such session, or it is not the caller's."""

    title = "没有该登录会话"
    title_en = "No such session"
