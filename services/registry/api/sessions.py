"""Doors of officers' sign-in with two factors, and of everybody's sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.registry.actions.change_password import ChangePassword, change_password
from services.registry.actions.enrol_officer import (
    BeginEnrolment,
    ConfirmEnrolment,
    begin_enrolment,
    confirm_enrolment,
)
from services.registry.actions.list_sessions import (
    list_revoked_sessions,
    list_sessions,
    revoke_own_session,
)
from services.registry.actions.sign_in_officer import SignInOfficer, sign_in_officer
from services.registry.actions.step_up import StepUp, step_up
from services.registry.api.limits import limited
from services.registry.api.wiring import Wired
from services.registry.schemas.sign_in import (
    AccessTokenResponse,
    EnrolmentConfirmation,
    EnrolmentRequest,
    EnrolmentResponse,
    OfficerSignInRequest,
    OfficerSignInResponse,
    PasswordChange,
    RecoveryCodes,
    RevokedSessionList,
    SessionList,
    StepUpRequest,
)
from shared.auth import Actor, ActorKind
from shared.revocation import REVOKED_PATH
from shared.step_up import freshly
from shared.web import only, open_to_all

Person = Annotated[Actor, Depends(only(ActorKind.CITIZEN, ActorKind.OFFICER))]
Officer = Annotated[Actor, Depends(only(ActorKind.OFFICER))]
FreshOfficer = Annotated[Actor, Depends(freshly(ActorKind.OFFICER))]


def routes() -> APIRouter:
    """Signing in, enrolling, stepping up; looking at sessions and ending them."""
    router = APIRouter(tags=["identity"])
    slow = [Depends(limited), Depends(open_to_all())]
    router.add_api_route(
        "/v1/officers:sign-in", enter, name="sign_in_officer", methods=["POST"], dependencies=slow
    )
    router.add_api_route("/v1/enrolments:begin", enrol, methods=["POST"], dependencies=slow)
    router.add_api_route(
        "/v1/enrolments:confirm",
        confirm,
        name="confirm_enrolment",
        methods=["POST"],
        dependencies=slow,
    )
    router.add_api_route("/v1/session:step-up", prove_again, methods=["POST"])
    router.add_api_route(
        "/v1/officers/me:change-password", change, methods=["POST"], status_code=204
    )
    router.add_api_route("/v1/sessions", list_own, name="list_own_sessions", methods=["GET"])
    router.add_api_route(
        "/v1/sessions/{session_id}:revoke",
        revoke,
        name="revoke_session",
        methods=["POST"],
        status_code=204,
    )
    router.add_api_route(
        REVOKED_PATH, show_revoked, methods=["GET"], dependencies=[Depends(open_to_all())]
    )
    return router


async def enter(body: OfficerSignInRequest, wired: Wired) -> OfficerSignInResponse:
    """Sign in as an officer, with a password and a code.

    There is no idempotency key: each code is good once, and an answer with tokens in it is
    not kept anywhere.
    """
    signed_in = await sign_in_officer(
        SignInOfficer(
            officer=body.officer,
            password=body.password,
            code=body.code,
            recovery_code=body.recovery_code,
            device_token=body.device_token,
        ),
        transaction=wired.transaction,
        clock=wired.clock,
        life_seconds=wired.issuing.life_seconds,
    )
    return OfficerSignInResponse.of_officer(signed_in)


async def enrol(body: EnrolmentRequest, wired: Wired) -> EnrolmentResponse:
    """Choose a password by invitation and get the authenticator's secret."""
    enrolment = await begin_enrolment(
        BeginEnrolment(invitation=body.invitation, password=body.password),
        transaction=wired.transaction,
        clock=wired.clock,
        breached=wired.breached,
    )
    return EnrolmentResponse.of(enrolment)


async def confirm(body: EnrolmentConfirmation, wired: Wired) -> RecoveryCodes:
    """Make password and authenticator count, with a first code."""
    codes = await confirm_enrolment(
        ConfirmEnrolment(invitation=body.invitation, code=body.code),
        transaction=wired.transaction,
        clock=wired.clock,
    )
    return RecoveryCodes(recovery_codes=codes)


async def prove_again(body: StepUpRequest, officer: Officer, wired: Wired) -> AccessTokenResponse:
    """Show the second factor again, before an act that wants it fresh."""
    token = await step_up(
        StepUp(officer=officer, code=body.code),
        transaction=wired.transaction,
        clock=wired.clock,
        life_seconds=wired.issuing.life_seconds,
    )
    return AccessTokenResponse(access_token=token.value, expires_in=token.expires_in_seconds)


async def change(body: PasswordChange, officer: FreshOfficer, wired: Wired) -> None:
    """Take another password; every other session of the officer ends."""
    await change_password(
        ChangePassword(officer=officer, current=body.current_password, chosen=body.new_password),
        transaction=wired.transaction,
        clock=wired.clock,
        breached=wired.breached,
    )


async def list_own(person: Person, wired: Wired) -> SessionList:
    """Where the caller is signed in."""
    found = await list_sessions(person, transaction=wired.transaction, clock=wired.clock)
    return SessionList.of(found, current=person.session)


async def revoke(session_id: UUID, person: Person, wired: Wired) -> None:
    """End one of the caller's sessions; every service knows within half a minute."""
    await revoke_own_session(person, session_id, transaction=wired.transaction, clock=wired.clock)


async def show_revoked(wired: Wired) -> RevokedSessionList:
    """Sessions ended in the last minutes, for those who verify tokens."""
    ended = await list_revoked_sessions(transaction=wired.transaction, clock=wired.clock)
    return RevokedSessionList.model_validate(ended)
