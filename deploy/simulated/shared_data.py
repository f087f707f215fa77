"""The data-sharing doors of the simulated departments: signed questions, made-up answers."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from deploy.simulated.faults import FaultKind, Faults
from shared.errors import Malformed, NotFound, Unauthenticated, Unavailable
from shared.identifiers import InvalidIdentifier, ResidentId

NEWEST_SECONDS = 300
"""A signature that is older, or as much ahead, is not taken."""

SURNAME_OF_CONFLICT = "异"
"""Whoever's name begins like this is known to these departments under another name."""


class SharingSignatureRefused(Unauthenticated):
    """The question is not signed by the platform, is too old, or was asked before."""

    title = "共享请求签名无效"
    title_en = "The question's signature is not valid"


class SharedFactNotHeld(NotFound):
    """This department has no such data."""

    title = "本部门没有该项数据"
    title_en = "This department has no such data"


class SharingDown(Unavailable):
    """The department's data-sharing door was told to be out of service."""

    title = "模拟部门共享接口故障中"
    title_en = "The simulated department's sharing door is down"


@dataclass(slots=True)
class SharingDoor:
    """One department's door: its secret, its faults, and the questions it has heard."""

    supplier: str
    secret: bytes = field(repr=False)
    faults: Faults
    facts: Mapping[str, Callable[["Records"], Mapping[str, object] | None]]
    seconds: tuple[float, float] = (0.05, 0.4)
    _heard: dict[str, float] = field(default_factory=dict)

    async def answer(self, fact: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:  # noqa: ANN401
        """What this department says to a signed question.

        Raises:
            SharingSignatureRefused: It is not the platform's, or comes again.
            SharedFactNotHeld: It is asked for what it does not have.
            SharingDown: It was told to be down.
        """
        if self.faults.strikes(FaultKind.UNAVAILABLE):
            raise SharingDown
        self._verify(path, headers, body)
        if fact not in self.facts:
            raise SharedFactNotHeld
        question = _question(body)
        await asyncio.sleep(self._pause(question["requestId"]))
        if self.faults.strikes(FaultKind.WRONG):
            return {"requestId": question["requestId"], "found": "perhaps"}
        return self._told(fact, question)

    def _told(self, fact: str, question: Mapping[str, Any]) -> Mapping[str, object]:
        head = {"requestId": question["requestId"], "asOf": date.today().isoformat()}  # noqa: DTZ011 - a department's own day
        try:
            records = Records.of(question["subject"])
        except InvalidIdentifier:
            return head | {"found": False}
        if records.is_other:
            return head | {"found": True, "nameMatches": False}
        held = self.facts[fact](records)
        if held is None:
            return head | {"found": False}
        # `internalNote` is what real departments send along unasked; nobody may take it in.
        data = {**held, "internalNote": "（模拟）内部备注"}
        return head | {"found": True, "nameMatches": True, "data": data}

    def _pause(self, request_id: str) -> float:
        quick, slow = self.seconds
        share = hashlib.sha256(request_id.encode()).digest()[0] / 255
        taken = quick + (slow - quick) * share
        return taken * 10 if self.faults.strikes(FaultKind.SLOW) else taken

    def _verify(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        timestamp, nonce = headers.get("x-timestamp", ""), headers.get("x-nonce", "")
        signed = "\n".join(("POST", path, timestamp, nonce, hashlib.sha256(body).hexdigest()))
        expected = hmac.new(self.secret, signed.encode(), hashlib.sha256).hexdigest()
        now = time.time()
        self._heard = {each: at for each, at in self._heard.items() if now - at < NEWEST_SECONDS}
        fresh = timestamp.isdigit() and abs(now - int(timestamp)) <= NEWEST_SECONDS
        right = hmac.compare_digest(expected, headers.get("x-signature", ""))
        if not (fresh and right) or nonce in self._heard:
            raise SharingSignatureRefused
        self._heard[nonce] = now


@dataclass(frozen=True, slots=True)
class Records:
    """What the departments hold of one made-up person; it follows from the number alone."""

    number: str = field(repr=False)
    is_other: bool
    seed: int
    is_resident: bool

    @classmethod
    def of(cls, subject: Mapping[str, Any]) -> "Records":
        """Look somebody up.

        Raises:
            InvalidIdentifier: There can be nobody with this number.
        """
        parsed = ResidentId.parse(str(subject["idNo"]), today=date.today())  # noqa: DTZ011 - as above
        digest = hashlib.sha256(b"simulated:" + parsed.value.encode()).digest()
        return cls(
            number=parsed.value,
            is_other=str(subject["name"]).startswith(SURNAME_OF_CONFLICT),
            seed=int.from_bytes(digest[:6]),
            is_resident=parsed.value.startswith("33"),
        )

    def between(self, low: int, high: int, what: str) -> int:
        """A number that is always the same for this person and question."""
        digest = hashlib.sha256(f"{self.seed}:{what}".encode()).digest()
        return low + int.from_bytes(digest[:4]) % (high - low + 1)

    @property
    def died_on(self) -> str | None:
        """Half of those born before 1953 are dead, as far as these departments know."""
        if int(self.number[6:10]) < 1953 and self.seed % 2 == 0:
            return "2026-01-15"
        return None


def _life(records: Records) -> Mapping[str, object] | None:
    died_on = records.died_on
    return {"alive": died_on is None} | ({"died_on": died_on} if died_on else {})


def _household(records: Records) -> Mapping[str, object] | None:
    if not records.is_resident:
        return None
    return {"division": "330106109201", "household_size": records.between(1, 5, "household")}


def _vehicles(records: Records) -> Mapping[str, object] | None:
    return {"count": records.between(0, 1, "vehicles")}


def _insurance(records: Records) -> Mapping[str, object] | None:
    return {"insured": True, "pension_fen": records.between(0, 3, "pension") * 50_000}


def _income(records: Records) -> Mapping[str, object] | None:
    if records.between(0, 3, "taxed") == 0:
        return None
    return {"income_fen": records.between(0, 600, "income") * 10_000, "months": 12}


def _estate(records: Records) -> Mapping[str, object] | None:
    count = records.between(0, 2, "estate")
    return {"count": count, "area_square_metres": count * 75} if count else None


def _costs(records: Records) -> Mapping[str, object] | None:
    return {"insured": True, "paid_by_person_fen": records.between(0, 90, "costs") * 10_000}


def _enrolment(records: Records) -> Mapping[str, object] | None:
    if int(records.number[6:10]) < 2004:
        return None
    return {"enrolled": True, "stage": "COLLEGE"}


def _disability(records: Records) -> Mapping[str, object] | None:
    if records.between(0, 9, "disability"):
        return None
    return {"kind": "LIMBS", "grade": records.between(1, 4, "grade")}


def _deposits(records: Records) -> Mapping[str, object] | None:
    return {"balance_fen": records.between(0, 500, "deposits") * 10_000, "as_of_month": "2026-10"}


HELD: Mapping[str, Mapping[str, Callable[[Records], Mapping[str, object] | None]]] = {
    "police": {"life-status": _life, "household-register": _household, "vehicles": _vehicles},
    "health": {"life-status": _life},
    "human-resources": {"social-insurance": _insurance},
    "tax": {"tax-income": _income},
    "natural-resources": {"real-estate": _estate},
    "medical-insurance": {"medical-costs": _costs},
    "education": {"enrolment": _enrolment},
    "disabled-federation": {"disability": _disability},
    "banks": {"deposits": _deposits},
}
"""Who holds what, by supplier and fact."""


def sharing_doors(
    secret_of: Mapping[str, bytes], faults: Mapping[str, Faults]
) -> Iterator[SharingDoor]:
    """A door for every supplier whose secret is known."""
    for supplier, secret in secret_of.items():
        if supplier in HELD:
            yield SharingDoor(
                supplier, secret, faults.get(supplier, Faults()), facts=HELD[supplier]
            )


def sharing_routes(doors: Mapping[str, SharingDoor]) -> APIRouter:
    """`POST /shared-data/{supplier}/{fact}`."""
    router = APIRouter()

    @router.post("/shared-data/{supplier}/{fact}")
    async def ask(supplier: str, fact: str, request: Request) -> Response:
        if supplier not in doors:
            raise SharedFactNotHeld
        told = await doors[supplier].answer(
            fact, request.url.path, request.headers, await request.body()
        )
        return JSONResponse(told)

    return router


def _question(body: bytes) -> Mapping[str, Any]:
    try:
        question = orjson.loads(body)
        subject = question["subject"]
        if not all(isinstance(each, str) for each in (subject["name"], subject["idNo"])):
            raise Malformed
        return {"requestId": str(question["requestId"]), "subject": subject}
    except (ValueError, KeyError, TypeError):
        raise Malformed from None
