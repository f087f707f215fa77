"""Does every route say who may use it, and every record who finds it?"""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIWebSocketRoute, iter_route_contexts

from docs.access import SCOPES, declared_at, names_in, routes_of
from docs.contracts import application_of
from services.gateway.app import create as create_gateway
from services.gateway.settings import GatewaySettings
from shared.auth import ActorKind
from shared.web import HEALTH_PATHS, OpenToAll, PassedOn, Permission
from tests.contracts.test_openapi import OPEN_TO_ALL

NAMES = ("funeral", "intake", "marriage", "registry", "relief", "gateway")
NOT_PERSONAL = {"code", "version", "token"}
"""What a path names that is published for all."""


def application(name: str) -> FastAPI:
    if name == "gateway":
        return create_gateway(GatewaySettings(roles="api", ENVIRONMENT="development"))
    return application_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_route_declares_once_who_may_use_it(name: str) -> None:
    silent = {
        route.path: [str(each) for each in declared_at(route)]
        for route in iter_route_contexts(application(name).routes)
        if isinstance(route.original_route, APIRoute | APIWebSocketRoute)
        and route.path not in HEALTH_PATHS
        and len(list(declared_at(route))) != 1
    }
    assert silent == {}


def test_a_route_that_says_nothing_is_found() -> None:
    api = FastAPI()
    api.add_api_route("/forgotten", lambda: None)
    [forgotten] = routes_of(api)
    assert list(declared_at(forgotten)) == []


@pytest.mark.parametrize("name", NAMES)
def test_only_public_doors_are_open_and_only_the_gateway_leaves_it_to_others(name: str) -> None:
    for route in routes_of(application(name)):
        [declared] = declared_at(route)
        is_public = route.unique_id in OPEN_TO_ALL.get(name, set())
        assert isinstance(declared, OpenToAll) is is_public, route.path
        assert isinstance(declared, PassedOn) is (name == "gateway"), route.path


def test_every_record_that_a_path_names_has_its_line_in_the_table() -> None:
    named = {
        each
        for name in NAMES[:-1]
        for route in routes_of(application(name))
        for each in names_in(route)
    }
    assert named - NOT_PERSONAL == set(SCOPES)


def test_who_changes_something_is_never_everybody() -> None:
    for name in NAMES[:-1]:
        for route in routes_of(application(name)):
            [declared] = declared_at(route)
            if isinstance(declared, Permission) and "POST" in route.methods:
                assert set(declared.kinds) < set(ActorKind), route.path
