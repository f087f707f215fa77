"""What is good enough to prove that an officer is that officer, and how often one may guess."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import pairwise

import pyotp

from services.registry.model.sign_in import Attempts

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
RECOVERY_CODES = 10
INVITATION_LIFE = timedelta(days=3)
FREE_FAILURES = 4
"""Failures in a row that cost nothing: people mistype."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
FAILURES_FORGOTTEN = timedelta(hours=24)
CODE_SECONDS = 30
CODE_DRIFT = 1
"""Codes accepted before and after the current one: people's clocks differ, and type slowly."""
SESSIONS_TOLD = timedelta(minutes=12)
"""Longer than any access token lives with its leeway."""

_SCRYPT = {"n": 2**15, "r": 8, "p": 3, "maxmem": 64 * 1024 * 1024}
_RECOVERY_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_COMMON = frozenset(
    {
        "password", "passw0rd", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "letmein",
        "welcome", "admin", "administrator", "iloveyou", "woaini", "woaiwojia", "monkey", "dragon",
        "sunshine", "princess", "football", "superman", "changeme", "default", "secret", "login",
        "test", "guest", "root", "user", "abc", "abcd", "abcdef", "zhongguo", "zhonghua", "beijing",
        "shanghai", "hangzhou", "zhejiang", "mima", "minzheng", "yichuang", "onewindow", "civil",
        "registry", "officer", "qazwsx", "qwer", "asdf", "zxcv", "wode", "nihao", "aini", "wangyut",
    }
)  # fmt: skip
_LEET = str.maketrans("@013457$!", "aoieastsi")
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def password_fault(
    password: str, *, officer: str, name: str, breached: Collection[str] = ()
) -> str | None:
    """Why a password will not do, as a stable code; None when it will.

    Nothing is asked of its characters, and nobody has to change one that is not known to be
    lost: both make people choose worse ones.

    Args:
        breached: Passwords the installation knows to be lost, in lower case.

    Source:
        NIST SP 800-63B-4 (2025) section 3.1.1.2: length and a blocklist, no composition rules,
        no change without evidence; from memory, check before go-live. GB/T 22239-2019 8.1.4.1 a)
        also speaks of complexity and regular change: ADR-0025.
    """
    if len(password) < SHORTEST_PASSWORD:
        return "PASSWORD_TOO_SHORT"
    if len(password) > LONGEST_PASSWORD:
        return "PASSWORD_TOO_LONG"
    lowered = password.lower()
    if officer.lower() in lowered or (len(name) > 1 and name in password):
        return "PASSWORD_NAMES_OFFICER"
    if lowered in breached or _is_common(lowered):
        return "PASSWORD_COMMON"
    return None


def _is_common(lowered: str) -> bool:
    """Whether little is left once repeats, keyboard rows and well-known words are taken out."""
    left = list(lowered)
    for spelt in (lowered, lowered.translate(_LEET)):
        for word in _COMMON:
            at = spelt.find(word)
            while at >= 0:
                left[at : at + len(word)] = [""] * len(word)
                at = spelt.find(word, at + len(word))
    rest = "".join(left)
    return _surprises(rest) < SHORTEST_PASSWORD // 2 or len(set(lowered)) < 5


def _surprises(text: str) -> int:
    """Characters that do not simply follow from the one before."""
    return len(text[:1]) + sum(not _follows(a, b) for a, b in pairwise(text))


def _follows(a: str, b: str) -> bool:
    return a == b or any(a + b in row or b + a in row for row in _ROWS)


def hash_password(password: str, *, salt: bytes) -> str:
    """A password as it is kept: `scrypt$<salt>$<hash>`, both in hex.

    Slow on purpose (about 100 ms and 32 MiB): call it outside the event loop.

    Source:
        RFC 7914; OWASP Password Storage Cheat Sheet (N=2^15, r=8, p=3).
    """
    digest = hashlib.scrypt(password.encode(), salt=salt, dklen=32, **_SCRYPT)
    return f"scrypt${salt.hex()}${digest.hex()}"


def is_password(password: str, kept: str | None) -> bool:
    """Whether a password is the one whose hash is kept; costs the same when none is.

    Source:
        RFC 7914; House rule: the time an answer takes does not tell which officers exist.
    """
    salt = bytes.fromhex(kept.split("$")[1]) if kept else b"no such officer"
    return hmac.compare_digest(hash_password(password, salt=salt), kept or "")


def new_totp_secret() -> str:
    """A new secret for an authenticator app: 160 random bits in base32.

    Source:
        RFC 4226 section 4, R6: at least 128 bits, 160 recommended.
    """
    return pyotp.random_base32()


def authenticator_link(secret: str, *, officer: str) -> str:
    """What an authenticator app reads from a QR code.

    Source:
        Key URI format of the authenticator apps; House rule: the officer's id, not the name.
    """
    return pyotp.TOTP(secret).provisioning_uri(name=officer, issuer_name="One Window")


def step_of_code(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step a code belongs to, or None when it is none of those accepted now.

    Source:
        RFC 6238 section 5.2: one step of drift to either side.
    """
    current = int(now.timestamp()) // CODE_SECONDS
    codes = pyotp.TOTP(secret)
    found = None
    for step in range(current - CODE_DRIFT, current + CODE_DRIFT + 1):
        if hmac.compare_digest(codes.at(step * CODE_SECONDS), code):
            found = step
    return found


def new_recovery_code() -> str:
    """A code for the drawer at home: sixteen characters nobody misreads, in four groups.

    Source:
        NIST SP 800-63B (look-up secrets): at least 20 bits each; these have 78.
    """
    drawn = [secrets.choice(_RECOVERY_ALPHABET) for _ in range(16)]
    return "-".join("".join(drawn[at : at + 4]) for at in range(0, 16, 4))


def hash_recovery_code(code: str) -> bytes:
    """A recovery code as it is kept; it has enough random bits for a plain hash.

    Source:
        NIST SP 800-63B (look-up secrets): kept hashed, each good once.
    """
    return hashlib.sha256(code.upper().replace("-", "").encode()).digest()


def seconds_blocked(attempts: Attempts, *, now: datetime) -> int:
    """How long nobody may try this account from there; 0 when they may.

    Source:
        GB/T 22239-2019 (等保2.0) 8.1.4.1 b): failed sign-ins are limited.
    """
    until = attempts.blocked_until
    if until is None or until <= now:
        return 0
    return int((until - now).total_seconds()) + 1


def failures_with_one_more(attempts: Attempts, *, now: datetime) -> tuple[int, datetime | None]:
    """The failures in a row if this attempt fails too, and until when it then is quiet.

    The pause doubles and stops growing: nobody is locked out for good. A refused attempt is not
    counted, so knocking at a closed door does not keep it closed.

    Source:
        GB/T 22239-2019 (等保2.0) 8.1.4.1 b); OWASP "Slow down online guessing with device
        cookies": devices that are known have a count of their own.
    """
    earlier = 0 if now - attempts.last_at >= FAILURES_FORGOTTEN else attempts.failures
    failures = earlier + 1
    if failures <= FREE_FAILURES:
        return failures, None
    doubled = FIRST_PAUSE * 2 ** min(failures - FREE_FAILURES - 1, 10)
    return failures, now + min(doubled, LONGEST_PAUSE)
