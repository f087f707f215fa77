"""Refusals that a screen has to deal with: members of the result unions."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import strawberry

from services.gateway.errors import Declined
from services.gateway.schema.ids import APPLICATION, to_global_id
from services.gateway.schema.values import local_text

_PATHS: Mapping[str, list[str]] = {
    "FORM_INVALID": ["input", "form"],
    "MATERIAL_MISSING": ["input", "materials"],
    "MATERIAL_UNKNOWN": ["input", "materials"],
    "GRANT_REQUIRED": ["input", "onBehalfOf"],
    "ITEM_NOT_FOUND": ["input", "itemCode"],
    "ITEM_NOT_OPEN": ["input", "itemCode"],
    "VERDICT_NOT_ALLOWED": ["input", "verdict"],
    "OPINION_REQUIRED": ["input", "opinion"],
    "CONDITIONS_REQUIRED": ["input", "conditions"],
    "PURPOSE_REQUIRED": ["wanted", "purpose"],
    "RANGE_INVALID": ["wanted", "dueTo"],
    "NOT_A_COLLEAGUE": ["input", "officer"],
    "OFFICER_ABSENT": ["input", "officer"],
    "PERIOD_INVALID": ["input", "endsOn"],
    "IDEMPOTENCY_KEY_REUSED": ["input", "idempotencyKey"],
    "REQUEST_IN_PROGRESS": ["input", "idempotencyKey"],
}
_MISTAKES = frozenset({"FORM_INVALID", "MATERIAL_MISSING", "MATERIAL_UNKNOWN", "BODY_INVALID"})
"""Refusals of what was written, as opposed to of what was asked."""


@strawberry.interface
class UserError:
    """A refusal to tell the user, and to branch on by its code."""

    code: str = strawberry.field(description="Stable; of the service that refused.")
    message: str = strawberry.field(description="In the caller's language.")
    path: list[str] = strawberry.field(description="The part of the input it is about.")


@strawberry.type
class FieldError:
    """One thing wrong with what was handed in, by place and code; never what was written."""

    pointer: str = strawberry.field(description="JSON pointer into the part named by `path`.")
    code: str
    message: str


@strawberry.type
class ValidationFailed(UserError):
    """What was handed in has mistakes; all of them are listed at once."""

    errors: list[FieldError]


@strawberry.type
class NotEligible(UserError):
    """Well filled in, but a rule does not allow it for this person, item or place."""


@strawberry.type
class Conflict(UserError):
    """The record no longer allows it: somebody was first, or it has moved on."""

    application_id: strawberry.ID | None = strawberry.field(
        description="The caller's own application that stands in the way, if one does."
    )


@strawberry.type
class Forbidden(UserError):
    """The signed-in person may not do this."""


@strawberry.type
class NotFound(UserError):
    """There is no such thing, or it is not the caller's to see."""


Failure: TypeAlias = ValidationFailed | Conflict | Forbidden | NotFound


def failure_of(declined: Declined, language: str) -> Failure:
    """The union member that tells a refusal.

    Raises:
        Declined: No member can tell it: nobody is signed in, the request was malformed, or
            there were too many.
    """
    told: dict[str, Any] = {
        "code": declined.code,
        "message": declined.message(language),
        "path": _PATHS.get(declined.code, ["input"]),
    }
    match declined.http_status:
        case 403:
            return Forbidden(**told)
        case 404:
            return NotFound(**told)
        case 409 | 412:
            return Conflict(**told, application_id=_own_application(declined.problem))
        case 422 if declined.code == "IDEMPOTENCY_KEY_REUSED":
            return Conflict(**told, application_id=None)
        case 422:
            return ValidationFailed(**told, errors=_field_errors(declined, language))
        case _:
            raise declined


def eligibility_of(declined: Declined, language: str) -> Failure | NotEligible:
    """Like `failure_of`, for a submission: a broken rule is not a mistake in the form."""
    failure = failure_of(declined, language)
    if isinstance(failure, ValidationFailed) and failure.code not in _MISTAKES:
        return NotEligible(code=failure.code, message=failure.message, path=failure.path)
    return failure


def _field_errors(declined: Declined, language: str) -> list[FieldError]:
    problem = declined.problem
    listed = problem.get("errors")
    if isinstance(listed, list):
        return [_field_error(each, language) for each in listed if isinstance(each, Mapping)]
    keys = problem.get("keys")
    if isinstance(keys, list):
        return [
            FieldError(pointer=f"/{key}", code=declined.code, message=declined.message(language))
            for key in keys
        ]
    return []


def _field_error(given: Mapping[str, Any], language: str) -> FieldError:
    words = local_text(given.get("message"))
    return FieldError(
        pointer=str(given.get("pointer", "")),
        code=str(given.get("code", "")),
        message=(words.en or words.zh) if language == "en" else words.zh,
    )


def _own_application(problem: Mapping[str, Any]) -> strawberry.ID | None:
    found = problem.get("applicationId")
    return to_global_id(APPLICATION, found) if isinstance(found, str) else None
