"""Bodies of officers' sign-in, enrolment, stepping up, and of sessions."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.registry.actions.enrol_officer import Enrolment
from services.registry.actions.sign_in_officer import OfficerSignedIn
from services.registry.model import Session
from services.registry.schemas import SignInResponse
from shared.schemas import Body, Instant, View

OFFICER_ID = r"^[a-z0-9][a-z0-9-]{0,62}$"
CODE = r"^[0-9]{6}$"
TOKEN = r"^[A-Za-z0-9_-]{20,128}$"
RECOVERY_CODE = r"^[0-9A-Za-z]{4}(-?[0-9A-Za-z]{4}){3}$"


class OfficerSignInRequest(Body):
    """What an officer knows and has: a password, and one of the two kinds of code."""

    officer: str = Field(pattern=OFFICER_ID)
    password: str = Field(min_length=1, max_length=256)
    code: str | None = Field(default=None, pattern=CODE)
    recovery_code: str | None = Field(default=None, pattern=RECOVERY_CODE)
    device_token: str | None = Field(default=None, pattern=TOKEN)

    @model_validator(mode="after")
    def _one_code(self) -> Self:
        if (self.code is None) == (self.recovery_code is None):
            raise PydanticCustomError("one_code", "Give either code or recoveryCode")
        return self


class OfficerSignInResponse(SignInResponse):
    """A session, and what makes this device known at the next sign-in."""

    device_token: str

    @classmethod
    def of_officer(cls, signed_in: OfficerSignedIn) -> "OfficerSignInResponse":
        """From what the action gave."""
        session = SignInResponse.of(signed_in.session)
        return cls(**session.model_dump(), device_token=signed_in.device_token)


class StepUpRequest(Body):
    """The authenticator's code of this moment."""

    code: str = Field(pattern=CODE)


class AccessTokenResponse(View):
    """An access token alone; the refresh token stays as it was."""

    access_token: str
    token_type: str = "Bearer"
    expires_in: int


class EnrolmentRequest(Body):
    """An invitation and the password its officer chose."""

    invitation: str = Field(pattern=TOKEN)
    password: str = Field(min_length=1, max_length=256)


class EnrolmentResponse(View):
    """What the authenticator needs; shown this once."""

    officer: str
    secret: str
    link: str
    """`otpauth://`, to be drawn as a QR code on the device that asked, and nowhere else."""

    @classmethod
    def of(cls, enrolment: Enrolment) -> "EnrolmentResponse":
        """From what the action gave."""
        return cls(officer=enrolment.officer, secret=enrolment.secret, link=enrolment.link)


class EnrolmentConfirmation(Body):
    """The same invitation and a first code."""

    invitation: str = Field(pattern=TOKEN)
    code: str = Field(pattern=CODE)


class RecoveryCodes(View):
    """Codes for the drawer, each good once; they can never be shown again."""

    recovery_codes: list[str]


class PasswordChange(Body):
    """The password there is, and the one there is to be."""

    current_password: str = Field(min_length=1, max_length=256)
    new_password: str = Field(min_length=1, max_length=256)


class SessionView(View):
    """One sign-in of the caller."""

    id: UUID
    provider: str
    methods: list[str]
    signed_in_at: Instant
    ends_at: Instant
    is_current: bool


class SessionList(View):
    """Where the caller is signed in."""

    items: list[SessionView]

    @classmethod
    def of(cls, sessions: Sequence[Session], *, current: str | None) -> "SessionList":
        """From the model."""
        return cls(
            items=[
                SessionView(
                    id=each.id,
                    provider=each.provider,
                    methods=sorted(each.methods),
                    signed_in_at=each.signed_in_at,
                    ends_at=each.ends_at,
                    is_current=str(each.id) == current,
                )
                for each in sessions
            ]
        )


class RevokedSessionList(View):
    """Sessions that were ended while a token of theirs may still live; ids, nothing else."""

    sessions: list[UUID]
