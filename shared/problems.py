"""How a `CivilError` is told over HTTP: RFC 9457 problem details."""

from typing import Any

from shared.errors import CivilError
from shared.telemetry import current_trace_id

MEDIA_TYPE = "application/problem+json"


def problem_of(error: CivilError, *, instance: str | None = None) -> dict[str, Any]:
    """The problem document of an error; its facts become extension members."""
    problem: dict[str, Any] = {
        "type": f"/problems/{error.owner}/{error.slug}",
        "title": error.title,
        "titleEn": error.title_en,
        "status": error.status,
        "code": error.code,
    }
    if error.detail:
        problem["detail"] = error.detail
    if instance:
        problem["instance"] = instance
    if trace_id := current_trace_id():
        problem["traceId"] = trace_id
    return {**problem, **error.facts}


def unexpected(instance: str | None = None) -> dict[str, Any]:
    """The problem document of a bug: nothing but a trace id to quote."""
    problem: dict[str, Any] = {
        "type": "/problems/shared/unexpected",
        "title": "系统出错，请稍后再试",
        "titleEn": "Something went wrong on our side",
        "status": 500,
        "code": "UNEXPECTED",
    }
    if instance:
        problem["instance"] = instance
    if trace_id := current_trace_id():
        problem["traceId"] = trace_id
    return problem
