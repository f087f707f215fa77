"""What the gateway itself refuses, and the refusals of others that it passes on."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from shared.errors import CivilError, Malformed, TooMuch

_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,79}")


class Declined(CivilError):
    """Another service said no; its own code and words are passed on.

    Args:
        status: The HTTP status it answered with.
        problem: Its problem document.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(_text(problem, "detail"))
        self.http_status = status
        self.problem = problem

    @property
    def code(self) -> str:
        """The other service's code, if it gave one."""
        given = _text(self.problem, "code")
        return given if _CODE.fullmatch(given) else "DECLINED"

    def message(self, language: str) -> str:
        """The other service's words, in `zh` or `en`."""
        english = _text(self.problem, "titleEn") if language == "en" else ""
        return english or self.detail or _text(self.problem, "title") or self.title


class BadUserInput(Malformed):
    """An argument has the right type and yet cannot be meant: an id, a cursor, a page size."""

    title = "参数有误"
    title_en = "An argument is not acceptable"


class RequestUnreadable(Malformed):
    """The GraphQL request is not one: a part is missing or has the wrong type."""

    title = "GraphQL 请求格式有误"
    title_en = "This is not a GraphQL request"


class NotAcceptable(Malformed):
    """The door answers in none of the media types that the caller accepts."""

    status: ClassVar[int] = 406
    title = "不支持所要求的响应类型"
    title_en = "None of the accepted media types can be given here"


class OperationNotAllowed(Malformed):
    """The operation does not travel this way: mutations go by POST, subscriptions by a stream."""

    status: ClassVar[int] = 405
    title = "该操作不支持此方式"
    title_en = "This operation cannot be sent this way"


class PersistedQueryOnly(Malformed):
    """Here only the documents of the published screens are carried out, named by their hash."""

    title = "仅接受已登记的查询文档"
    title_en = "Only trusted documents are accepted"


class PersistedQueryNotFound(Malformed):
    """No published screen has a document with this hash."""

    title = "没有这个已登记的查询文档"
    title_en = "PersistedQueryNotFound"


class TooManyWatchers(TooMuch):
    """As many screens watch cases on this machine as it can serve; try again later."""

    status: ClassVar[int] = 429
    title = "当前订阅人数过多，请稍后再试"
    title_en = "Too many subscriptions at the moment"


class OneFileOnly(Malformed):
    """An upload carries exactly one part, named `file`, and nothing else."""

    title = "每次只能上传一个文件"
    title_en = "An upload is one part named `file`"


class FileTooLarge(TooMuch):
    """A file is larger than five megabytes."""

    title = "文件超过 5 MB"
    title_en = "The file is larger than 5 MB"


def _text(problem: Mapping[str, Any], name: str) -> str:
    value = problem.get(name)
    return value if isinstance(value, str) else ""
