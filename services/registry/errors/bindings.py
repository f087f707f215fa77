"""What is refused around binding an account of a provider to a resident."""

from shared.errors import Conflict, NotFound, Unacceptable, Unauthenticated


class BindingNeeded(Conflict):
    """The account is good, and nobody's yet: bind it with `bindingTicket`, within ten minutes."""

    title = "该账号尚未绑定，请先实名绑定"
    title_en = "This account is not bound to anybody yet"


class BindingTicketRefused(Unauthenticated):
    """The ticket is unknown, over, or was used: sign in at the provider again."""

    title = "绑定凭据已失效，请重新登录"
    title_en = "The binding ticket is not good any more"


class RealNameNotConfirmed(Unacceptable):
    """Account, name, number and register do not fit together; which of them is not said."""

    title = "实名信息核验未通过"
    title_en = "The real name was not confirmed"


class RealNameCheckMissing(Unacceptable):
    """This provider cannot be asked for a real name, so its accounts cannot be bound."""

    title = "该登录方式不支持实名绑定"
    title_en = "This provider cannot confirm a real name"


class AccountAlreadyBound(Conflict):
    """The account was bound meanwhile."""

    title = "该账号已被绑定"
    title_en = "This account is bound already"


class BindingNotFound(NotFound):
    """There is no such binding, or it is not the caller's."""

    title = "没有该绑定"
    title_en = "No such binding"


class SignInNotBegun(Unauthenticated):
    """The sign-in was not begun here, is over, or was ended already."""

    title = "登录请求已失效，请重新发起"
    title_en = "This sign-in was not begun here, or is over"
