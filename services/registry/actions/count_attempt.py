"""Count attempts to guess a factor, and use codes up; steps of the actions that ask for one."""

import hashlib
from dataclasses import replace

from services.registry.errors.sign_in import SignInPaused
from services.registry.model.sign_in import OfficerCredential
from services.registry.rules import factors
from services.registry.store import Store
from shared.clock import Clock


async def count_attempt(store: Store, account: str, device: str, *, clock: Clock) -> None:
    """Count one more failure in a row, until a success takes them all back.

    To be committed before anything is looked at: then any number of guesses at once are no
    more than the same guesses one after the other, and a killed process gives none away.

    Args:
        device: Hex hash of a known device's token; empty for all others.

    Raises:
        SignInPaused: There were too many; this one is not counted.
    """
    now = clock.now()
    attempts = await store.lock_attempts(account, device, now=now)
    if seconds := factors.seconds_blocked(attempts, now=now):
        raise SignInPaused(retryAfterSeconds=seconds)
    failures, until = factors.failures_with_one_more(attempts, now=now)
    await store.count_attempt(
        replace(attempts, failures=failures, blocked_until=until, last_at=now)
    )


async def use_code(store: Store, credential: OfficerCredential, code: str, *, clock: Clock) -> bool:
    """Whether a code is the authenticator's and was not used before; then it is now."""
    step = factors.step_of_code(credential.totp_secret, code, now=clock.now())
    return step is not None and await store.use_step(credential.officer, step)


def hash_token(token: str) -> bytes:
    """A random token as it is kept: it has 256 bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()
