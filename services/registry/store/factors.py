"""Statements about officers' factors, and about attempts to guess them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text

from services.registry.model.sign_in import Attempts, OfficerCredential
from services.registry.store.sealed import SealingStore

_KEEP_CREDENTIAL = text("""
    INSERT INTO officer_credential (officer_id, password_hash, password_set_at, totp_secret)
    VALUES (:officer, :password_hash, :at, :totp_secret)
    ON CONFLICT (officer_id) DO UPDATE SET password_hash = excluded.password_hash,
        password_set_at = excluded.password_set_at, totp_secret = excluded.totp_secret,
        confirmed_at = NULL
""")
_CREDENTIAL = text("""
    SELECT officer_id, password_hash, totp_secret, confirmed_at FROM officer_credential
    WHERE officer_id = :officer
""")
_CONFIRM = text("UPDATE officer_credential SET confirmed_at = :at WHERE officer_id = :officer")
_CHANGE_PASSWORD = text("""
    UPDATE officer_credential SET password_hash = :password_hash, password_set_at = :at
    WHERE officer_id = :officer AND password_hash = :before
    RETURNING officer_id
""")
_USE_STEP = text("""
    INSERT INTO totp_use (officer_id, step) VALUES (:officer, :step)
    ON CONFLICT DO NOTHING
    RETURNING step
""")
_FORGET_STEPS = text("DELETE FROM totp_use WHERE step < :before")
_DROP_CODES = text("DELETE FROM recovery_code WHERE officer_id = :officer")
_ADD_CODES = text("""
    INSERT INTO recovery_code (officer_id, hash)
    SELECT :officer, unnest(CAST(:hashes AS bytea[]))
""")
_USE_CODE = text("""
    UPDATE recovery_code SET used_at = :at
    WHERE officer_id = :officer AND hash = :hash AND used_at IS NULL
    RETURNING hash
""")
_INVITE = text("""
    INSERT INTO officer_invitation (officer_id, hash, expires_at)
    VALUES (:officer, :hash, :expires_at)
    ON CONFLICT (officer_id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at
""")
_LOCK_INVITATION = text("""
    SELECT officer_id FROM officer_invitation WHERE hash = :hash AND expires_at > :now FOR UPDATE
""")
_USE_INVITATION = text("DELETE FROM officer_invitation WHERE hash = :hash")
_ADD_DEVICE = text("""
    INSERT INTO known_device (hash, officer_id, known_at) VALUES (:hash, :officer, :at)
""")
_DEVICE = text("SELECT hash FROM known_device WHERE hash = :hash AND officer_id = :officer")
_DROP_DEVICES = text("DELETE FROM known_device WHERE officer_id = :officer")
_BEGIN_ATTEMPTS = text("""
    INSERT INTO sign_in_attempt (account, device, failures, last_at)
    VALUES (:account, :device, 0, :now)
    ON CONFLICT DO NOTHING
""")
_LOCK_ATTEMPTS = text("""
    SELECT account, device, failures, blocked_until, last_at FROM sign_in_attempt
    WHERE account = :account AND device = :device FOR UPDATE
""")
_COUNT_ATTEMPT = text("""
    UPDATE sign_in_attempt SET failures = :failures, blocked_until = :until, last_at = :at
    WHERE account = :account AND device = :device
""")
_DROP_ATTEMPTS = text("DELETE FROM sign_in_attempt WHERE account = :account AND device = :device")
_FORGET_ATTEMPTS = text("DELETE FROM sign_in_attempt WHERE last_at < :before")


class FactorStore(SealingStore):
    """Passwords and codes are kept as hashes, the authenticator's secret sealed."""

    async def keep_credential(self, credential: OfficerCredential, *, at: datetime) -> None:
        """Keep new factors in place of the old; they open nothing until confirmed."""
        place = _place(credential.officer)
        await self.connection.execute(
            _KEEP_CREDENTIAL,
            {
                "officer": credential.officer,
                "password_hash": credential.password_hash,
                "totp_secret": self._seal(credential.totp_secret, place),
                "at": at,
            },
        )

    async def find_credential(self, officer: str) -> OfficerCredential | None:
        """An officer's factors, confirmed or not."""
        row = (await self.connection.execute(_CREDENTIAL, {"officer": officer})).one_or_none()
        if row is None:
            return None
        return OfficerCredential(
            officer=row.officer_id,
            password_hash=row.password_hash,
            totp_secret=self._open(row.totp_secret, _place(officer)),
            confirmed_at=row.confirmed_at,
        )

    async def confirm_credential(self, officer: str, *, at: datetime) -> None:
        """The officer's app has the secret: from now on the factors count."""
        await self.connection.execute(_CONFIRM, {"officer": officer, "at": at})

    async def change_password(
        self, officer: str, password_hash: str, *, before: str, at: datetime
    ) -> bool:
        """Keep another password; false when it was changed by somebody else meanwhile."""
        values = {"officer": officer, "password_hash": password_hash, "before": before, "at": at}
        return (await self.connection.execute(_CHANGE_PASSWORD, values)).one_or_none() is not None

    async def use_step(self, officer: str, step: int) -> bool:
        """Note that the code of a step was used; false when it had been used before."""
        used = await self.connection.execute(_USE_STEP, {"officer": officer, "step": step})
        return used.one_or_none() is not None

    async def replace_recovery_codes(self, officer: str, hashes: Iterable[bytes]) -> None:
        """Keep new recovery codes; the old ones are good for nothing."""
        await self.connection.execute(_DROP_CODES, {"officer": officer})
        await self.connection.execute(_ADD_CODES, {"officer": officer, "hashes": list(hashes)})

    async def use_recovery_code(self, officer: str, code_hash: bytes, *, at: datetime) -> bool:
        """Use a recovery code up; false when there is none such, or it was used before."""
        values = {"officer": officer, "hash": code_hash, "at": at}
        return (await self.connection.execute(_USE_CODE, values)).one_or_none() is not None

    async def keep_invitation(self, officer: str, token: bytes, *, expires_at: datetime) -> None:
        """Keep the hash of an invitation; an earlier one ends."""
        values = {"officer": officer, "hash": token, "expires_at": expires_at}
        await self.connection.execute(_INVITE, values)

    async def lock_invitation(self, token: bytes, *, now: datetime) -> str | None:
        """The officer whom an invitation invites; nobody else uses it until the commit."""
        found = await self.connection.execute(_LOCK_INVITATION, {"hash": token, "now": now})
        return found.scalar_one_or_none()

    async def use_invitation(self, token: bytes) -> None:
        """The invitation has served."""
        await self.connection.execute(_USE_INVITATION, {"hash": token})

    async def add_device(self, officer: str, token: bytes, *, at: datetime) -> None:
        """Remember a device on which an officer signed in."""
        await self.connection.execute(_ADD_DEVICE, {"officer": officer, "hash": token, "at": at})

    async def is_known_device(self, officer: str, token: bytes) -> bool:
        """Whether an officer signed in on this device before."""
        found = await self.connection.execute(_DEVICE, {"officer": officer, "hash": token})
        return found.one_or_none() is not None

    async def forget_devices(self, officer: str) -> None:
        """Every device is a stranger again."""
        await self.connection.execute(_DROP_DEVICES, {"officer": officer})

    async def lock_attempts(self, account: str, device: str, *, now: datetime) -> Attempts:
        """The failures in a row; guesses from there queue here until the commit."""
        place = {"account": account, "device": device}
        await self.connection.execute(_BEGIN_ATTEMPTS, {**place, "now": now})
        row = (await self.connection.execute(_LOCK_ATTEMPTS, place)).one()
        return Attempts(**row._mapping)

    async def count_attempt(self, attempts: Attempts) -> None:
        """Keep the count as it is now."""
        await self.connection.execute(
            _COUNT_ATTEMPT,
            {
                "account": attempts.account,
                "device": attempts.device,
                "failures": attempts.failures,
                "until": attempts.blocked_until,
                "at": attempts.last_at,
            },
        )

    async def forget_attempts_at(self, account: str, device: str) -> None:
        """A success: the count from there begins anew."""
        await self.connection.execute(_DROP_ATTEMPTS, {"account": account, "device": device})

    async def forget_factors(self, *, step: int, attempts_before: datetime) -> None:
        """Drop used codes that no clock would accept, and counts nobody looks at."""
        await self.connection.execute(_FORGET_STEPS, {"before": step})
        await self.connection.execute(_FORGET_ATTEMPTS, {"before": attempts_before})


def _place(officer: str) -> str:
    return f"officer_credential.totp_secret:{officer}"
