"""Everything that can go wrong on purpose, as one tree.

CivilError
├── NotFound        the record is not here (or not yours to see)   HTTP 404
├── Forbidden       this actor may not do this                     HTTP 403
│   └── Unauthenticated   nobody has said who they are             HTTP 401
├── Conflict        the record no longer allows it                 HTTP 409
├── Unacceptable    well-formed, but breaks a rule                 HTTP 422
├── Malformed       not even well-formed                           HTTP 400
├── TooMuch         more than this door takes                      HTTP 413/429
└── Unavailable     an outside system did not answer; retry        HTTP 503

Services subclass these in their own `errors.py`. The class name is the stable
code; `title` is for people. Facts never contain personal data.
"""

import re
from collections.abc import Mapping
from typing import ClassVar


class CivilError(Exception):
    """An expected refusal, told the same way at every door.

    Args:
        detail: One sentence for the person who must act on it; never personal data.
        facts: Extra members of the problem document, JSON values only.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "无法办理"
    title_en: ClassVar[str] = "This cannot be done"

    def __init__(self, detail: str = "", **facts: object) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.facts: Mapping[str, object] = facts

    @property
    def slug(self) -> str:
        """The class name in kebab case; part of the problem type."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()

    @property
    def code(self) -> str:
        """The class name in upper snake case; the code that clients branch on."""
        return self.slug.replace("-", "_").upper()

    @property
    def owner(self) -> str:
        """The service (or `shared`) whose vocabulary the error belongs to."""
        parts = type(self).__module__.split(".")
        return parts[1] if parts[0] == "services" and len(parts) > 1 else "shared"


class NotFound(CivilError):
    """The record does not exist, or is not the actor's to see."""

    status = 404
    title = "没有找到"
    title_en = "Not found"


class Forbidden(CivilError):
    """The actor may not do this."""

    status = 403
    title = "没有权限"
    title_en = "Not permitted"


class Unauthenticated(Forbidden):
    """Nobody has said, in a way we believe, who they are."""

    status = 401
    title = "请先登录"
    title_en = "Sign in first"
    challenge: ClassVar[str] = "Bearer"
    """What `WWW-Authenticate` says."""


class Conflict(CivilError):
    """The record no longer allows it."""

    status = 409
    title = "当前状态不允许"
    title_en = "The record no longer allows this"


class Unacceptable(CivilError):
    """Well-formed, but it breaks a rule."""

    status = 422
    title = "不符合要求"
    title_en = "This breaks a rule"


class Malformed(CivilError):
    """Not well-formed: the request could not be read."""

    status = 400
    title = "请求格式有误"
    title_en = "The request could not be read"


class TooMuch(CivilError):
    """More than this door takes: too large, too deep or too often."""

    status = 413
    title = "内容过大"
    title_en = "Too much"


class Unavailable(CivilError):
    """An outside system did not answer. This is never a "no"; try again."""

    status = 503
    title = "暂时无法办理，请稍后再试"
    title_en = "Temporarily unavailable, please try again"


class IdempotencyKeyReused(Unacceptable):
    """The idempotency key was used before with another request."""

    title = "同一幂等键用于了不同的请求"
    title_en = "The idempotency key was used with another request"


class RequestInProgress(Conflict):
    """A request with the same idempotency key is still being carried out."""

    title = "相同的请求正在处理"
    title_en = "The same request is still in progress"


class IdempotencyKeyMissing(Malformed):
    """A command arrived without an idempotency key, or with an unusable one."""

    title = "缺少幂等键"
    title_en = "The Idempotency-Key header is missing or unusable"


class StaleVersion(CivilError):
    """The record changed since the caller read it."""

    status = 412
    title = "内容已被他人更新"
    title_en = "The record changed since you read it"


class VersionMissing(Malformed):
    """The command changes a record by version, and did not say in `If-Match` which one it read."""

    status = 428
    title = "缺少版本号"
    title_en = "The If-Match header is missing or unusable"
