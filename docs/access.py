"""Who may open which door, and which records they find behind it, as a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from docs.contracts import application_of
from shared.auth import ActorKind
from shared.web import OpenToAll, PassedOn, Permission

Declared = Permission | OpenToAll | PassedOn

SERVICES = ("intake", "registry", "relief", "marriage", "funeral")
KINDS = tuple(ActorKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which records of a kind are there for whom, and where that is asked."""

    citizen: str = "—"
    officer: str = "—"
    partner: str = "—"
    service: str = "—"
    operator: str = "—"
    asked_by: str


OWN = "own; one they represent by a grant in force; one handed in for them"
SCOPES: Mapping[str, Scope] = {
    "application_id": Scope(
        citizen=OWN,
        officer="lies or lay with an office of theirs; acts of the lead office by that office",
        operator="any, to move it to a version",
        asked_by="`require_reader`, `require_owner`, `require_lead`, `take_standing`",
    ),
    "number": Scope(
        citizen=OWN,
        officer="lies or lay with an office of theirs",
        asked_by="`require_reader`",
    ),
    "task_id": Scope(
        citizen="due dates of their case",
        officer="of an office of theirs, once open; its lead, and the supervisor, hand it over",
        partner="of their system, once open",
        service="of the service, once open",
        asked_by="`inbox_scope`, `may_handle`, `require_lead` of hand-overs",
    ),
    "matter_id": Scope(
        service="that makes it real, once decided; the registry, once it has ended in a paper",
        asked_by="`disclose_matter`, `disclose_outcome`",
    ),
    "delivery_id": Scope(
        officer="fetched at a window of theirs",
        partner="the carrier's parcel",
        asked_by="`_require_hand` of deliveries",
    ),
    "appeal_id": Scope(
        citizen=f"{OWN}: of that case",
        officer="role `review`, division of the case or above",
        asked_by="`require_appellant`, `require_review_room`",
    ),
    "redress_id": Scope(
        citizen="their complaint, or of a case of theirs",
        officer="of an office of theirs; supervisor of the division or above",
        partner="the work order of their system",
        asked_by="`require_hands`, `scope_of`",
    ),
    "late_id": Scope(officer="of a case their office leads", asked_by="`require_lead`"),
    "delegation_id": Scope(officer="they gave", asked_by="in the statement"),
    "absence_id": Scope(officer="their own", asked_by="in the statement"),
    "relation_id": Scope(officer="their own", asked_by="in the statement"),
    "office_id": Scope(officer="their own", service="any", asked_by="`list_officers`"),
    "grant_id": Scope(citizen="they gave", asked_by="in the statement"),
    "resident_id": Scope(
        officer="living in the division of an office of theirs; writing needs a role",
        asked_by="`scope_of`, `home_within`",
    ),
    "household_id": Scope(
        officer="lying in the division of an office of theirs; writing needs a role",
        asked_by="`scope_of`, `require_household`",
    ),
    "object_id": Scope(
        officer="of a resident in the division of an office of theirs",
        asked_by="`scope_of`",
    ),
    "candidate_id": Scope(
        officer="role `decision`, both residents within reach", asked_by="`scope_of`"
    ),
    "merge_id": Scope(officer="role `decision`, within reach", asked_by="`scope_of`"),
    "enquiry_id": Scope(service="that asked", asked_by="in the statement"),
    "certificate_id": Scope(
        citizen="they hold", officer="issued by an office of theirs", asked_by="in the statement"
    ),
    "binding_id": Scope(citizen="their own", asked_by="in the statement"),
    "session_id": Scope(citizen="their own", officer="their own", asked_by="in the statement"),
    "officer_id": Scope(
        officer="never themselves; administrators only, with a fresh second factor",
        asked_by="`authorise_change`, `freshly`",
    ),
    "change_id": Scope(
        officer="not asked for by themselves; administrators only, with a fresh second factor",
        asked_by="`authorise_change`, `freshly`",
    ),
    "adoption_number": Scope(
        officer="of the division of an office of theirs", asked_by="`scope_of`"
    ),
    "uscc": Scope(officer="of the division of an office of theirs", asked_by="`scope_of`"),
    "benefit_id": Scope(
        citizen="a beneficiary",
        officer="of its division or one above",
        service="any; whose it is, only the registry",
        asked_by="`Visibility`, in the statement and again in the table's policy",
    ),
    "marriage_id": Scope(
        citizen="a party",
        officer="of its division or one above",
        service="any; whose it is, only the registry",
        asked_by="`Visibility`, in the statement and again in the table's policy",
    ),
    "case_id": Scope(
        officer="of its division or one above",
        service="any",
        asked_by="`Visibility`, in the statement and again in the table's policy",
    ),
}
"""By what a path names. What is not there for somebody is answered 404, as if it were not."""


def routes_of(api: FastAPI) -> Iterator[RouteContext]:
    """Every route of an application that its document describes."""
    for route in iter_route_contexts(api.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            yield route


def declared_at(route: RouteContext) -> Iterator[Declared]:
    """What a route declares about who may use it; a sound one declares exactly one thing."""
    found: set[Declared] = set()
    waiting = [route.dependant]
    while waiting:
        each = waiting.pop()
        waiting.extend(each.dependencies)
        if isinstance(each.call, Permission | OpenToAll | PassedOn):
            found.add(each.call)
    yield from found


def access_page() -> str:
    """The page: two tables, one of doors and one of records."""
    lines = [
        "# Who may do what",
        "",
        "Made by `make docs` from what the routes declare. Without a token every door that is not",
        "open answers 401; an actor it is not for is answered 403; a record that is not there for",
        "an actor, 404. What everybody is really answered about every record is asked in",
        "`tests/contracts/test_access_matrix.py` against a policy written apart from the code.",
        "",
        "## Doors",
        "",
        f"| Door | {' | '.join(KINDS)} | about |",
        f"| --- |{' :-: |' * len(KINDS)} --- |",
        *(_line(service, route) for service in SERVICES for route in _sorted(service)),
        "",
        "At the gateway every operation goes on with the caller's own token: these doors decide.",
        "",
        "## Records",
        "",
        f"| Named by | {' | '.join(KINDS)} | asked by |",
        f"| --- |{' --- |' * len(KINDS)} --- |",
        *(_scope_line(name, scope) for name, scope in SCOPES.items()),
    ]
    return "\n".join(lines) + "\n"


def _sorted(service: str) -> list[RouteContext]:
    return sorted(routes_of(application_of(service)), key=lambda each: (each.path, _method(each)))


def _line(service: str, route: RouteContext) -> str:
    [declared] = declared_at(route)
    if isinstance(declared, Permission):
        marks = ["●" if kind in declared.kinds else "" for kind in KINDS]
    else:
        marks = ["open"] * len(KINDS)
    about = ", ".join(f"`{name}`" for name in names_in(route) if name in SCOPES)
    return f"| `{service}` `{_method(route)} {route.path}` | {' | '.join(marks)} | {about} |"


def names_in(route: RouteContext) -> list[str]:
    """What the path of a route names."""
    return [each.name for each in route.dependant.path_params]


def _method(route: RouteContext) -> str:
    return ", ".join(sorted(route.methods or ()))


def _scope_line(name: str, scope: Scope) -> str:
    cells = (getattr(scope, str(kind)) for kind in KINDS)
    return f"| `{name}` | {' | '.join(cells)} | {scope.asked_by} |"
