"""What the registry cannot do, and why."""

from shared.errors import (
    Conflict,
    Forbidden,
    Malformed,
    NotFound,
    TooMuch,
    Unacceptable,
    Unauthenticated,
    Unavailable,
)


class ClientRefused(Unauthenticated):
    """The program did not prove that it is the client it says it is.

    The same answer for an unknown client, a wrong secret, and an assertion that is
    badly signed, over, meant for another, or used before.
    """

    title = "客户端身份验证未通过"
    title_en = "The client could not be authenticated"

    def __init__(self) -> None:
        super().__init__(error="invalid_client")


class AudienceRefused(Malformed):
    """The client may not call the service it wants a token for, or there is no such service."""

    title = "不能为该服务签发令牌"
    title_en = "No token for this audience"

    def __init__(self) -> None:
        super().__init__(error="invalid_target")


class TokenRequestMalformed(Malformed):
    """The token request lacks a parameter, repeats one, or asks for another kind of grant."""

    title = "令牌请求有误"
    title_en = "The token request is not acceptable"

    def __init__(self, error: str = "invalid_request") -> None:
        super().__init__(error=error)


class SignInRefused(Unauthenticated):
    """The provider did not recognise anyone who may sign in."""

    title = "登录未成功"
    title_en = "Nobody was recognised"


class SignInProviderNotConfigured(Unacceptable):
    """This way to sign in is not set up on this installation."""

    title = "未开通该登录方式"
    title_en = "This sign-in provider is not configured"


class RefreshRefused(Unauthenticated):
    """The refresh token is unknown, over, revoked, or was used before: sign in again."""

    title = "登录已失效，请重新登录"
    title_en = "The session is over; sign in again"


class ClientUnsuitable(Unacceptable):
    """A client cannot be registered as described."""

    title = "客户端登记信息有误"
    title_en = "The client cannot be registered like this"


class CatalogueInvalid(Unacceptable):
    """The catalogue's files contradict their schema or themselves; nothing was published."""

    title = "事项目录有误，未发布"
    title_en = "The catalogue is not valid; nothing was published"


class ItemNotFound(NotFound):
    """No such service item, or no such version of it, has been published."""

    title = "没有该事项"
    title_en = "No such service item"


class DivisionNotFound(NotFound):
    """There is no such administrative division."""

    title = "没有该行政区划"
    title_en = "No such division"


class GrantNotFound(NotFound):
    """There is no such grant, or it is not the caller's."""

    title = "没有该代办授权"
    title_en = "No such grant"


class AgentNotAccepted(Unacceptable):
    """The agent is not a living resident of that name and number, or is the principal."""

    title = "代办人信息不符"
    title_en = "The agent cannot be accepted"


class GrantPeriodNotAccepted(Unacceptable):
    """A grant begins today and ends at most one year later."""

    title = "授权期限不符合要求"
    title_en = "The period of the grant is not acceptable"


class ItemsNotGrantable(Unacceptable):
    """An item is not published, or the law wants the person themselves."""

    title = "所选事项不能委托代办"
    title_en = "An item cannot be done by an agent"


class PrincipalNotAccepted(Forbidden):
    """Only a living resident can let another act for them."""

    title = "无法办理授权"
    title_en = "The caller cannot give a grant"


class DisclosureIncomplete(Unacceptable):
    """The window disclosed less of the case than the question needs."""

    title = "核查所需信息不全"
    title_en = "The disclosed fields are not complete"


class KeysNotReady(Unavailable):
    """There is no signing key yet: the registry was never started on this database."""

    title = "签名密钥尚未生成"
    title_en = "There is no signing key yet"


class CertificateNotFound(NotFound):
    """There is no such certificate, or it is not the caller's to see."""

    title = "没有该电子证照"
    title_en = "No such certificate"


class OutcomeIncomplete(Unacceptable):
    """The outcome's document or fields say less than its certificate must."""

    title = "办理结果信息不全，无法制发证照"
    title_en = "The outcome does not say what its certificate must"


class IssuerUnknown(Unacceptable):
    """No published office of the division has the function that issues this certificate."""

    title = "没有可以制发该证照的机关"
    title_en = "No office can issue this certificate"


class OutcomeNotReady(Unavailable):
    """The window has not concluded the matter yet; the certificate waits for it."""

    title = "办件尚未办结"
    title_en = "The matter is not concluded yet"


class CorrectionNotAllowed(Unacceptable):
    """A field is unknown, may not be corrected, or would stay as it is."""

    title = "证照内容不能这样更正"
    title_en = "The certificate cannot be corrected like this"


class CertificateAlreadyEnded(Conflict):
    """The certificate was cancelled, revoked or withdrawn before; nothing undoes that."""

    title = "证照已注销、撤销或吊销"
    title_en = "The certificate has ended"


class VerifiedTooOften(TooMuch):
    """Too many verifications from one place, or too many wrong codes for one certificate."""

    status = 429
    title = "查验过于频繁，请稍后再试"
    title_en = "Too many verifications; wait a little"


class HolderKeyUnsuitable(Unacceptable):
    """The key to bind a credential to is not the public half of a P-256 key."""

    title = "持有人密钥不可用"
    title_en = "The holder's key is not usable"


class CertificateIdentifierWrong(Unacceptable):
    """What was given is not an electronic certificate identifier; the code says in which way."""

    title = "电子证照标识有误"
    title_en = "This is not an electronic certificate identifier"
