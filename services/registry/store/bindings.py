"""Statements about accounts at sign-in providers and whose they are."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from services.registry.errors.bindings import BindingNotFound
from services.registry.model import PersonId
from services.registry.model.bindings import (
    Assurance,
    Binding,
    BindingId,
    ExternalAccount,
    PendingSignIn,
)
from services.registry.store.sealed import SealingStore

_ADD = text("""
    INSERT INTO account_binding
        (id, provider, subject_index, resident_id, assurance, bound_at)
    VALUES (:id, :provider, :subject, :resident, :assurance, :at)
    ON CONFLICT (provider, subject_index) WHERE unbound_at IS NULL DO NOTHING
    RETURNING id
""")
_RESIDENT_OF = text("""
    SELECT resident_id FROM account_binding
    WHERE provider = :provider AND subject_index = :subject AND unbound_at IS NULL
""")
_OF_RESIDENT = text("""
    SELECT id, provider, resident_id AS resident, assurance, bound_at, unbound_at
    FROM account_binding
    WHERE resident_id = :resident AND unbound_at IS NULL ORDER BY bound_at, id LIMIT 100
""")
_LOCK = text("""
    SELECT id, provider, resident_id AS resident, assurance, bound_at, unbound_at
    FROM account_binding
    WHERE id = :id AND resident_id = :resident FOR UPDATE
""")
_UNBIND = text("UPDATE account_binding SET unbound_at = :at WHERE id = :id")
_ADD_TICKET = text("""
    INSERT INTO binding_ticket (hash, provider, subject, expires_at)
    VALUES (:hash, :provider, :subject, :expires_at)
""")
_TICKET = text("""
    SELECT provider, subject FROM binding_ticket WHERE hash = :hash AND expires_at > :now
""")
_USE_TICKET = text("DELETE FROM binding_ticket WHERE hash = :hash RETURNING hash")
_ADD_PENDING = text("""
    INSERT INTO pending_sign_in (hash, provider, verifier, nonce, expires_at)
    VALUES (:hash, :provider, :verifier, :nonce, :expires_at)
""")
_TAKE_PENDING = text("""
    DELETE FROM pending_sign_in WHERE hash = :hash
    RETURNING provider, verifier, nonce, expires_at
""")
_FORGET_TICKETS = text("DELETE FROM binding_ticket WHERE expires_at < :before")
_FORGET_PENDING = text("DELETE FROM pending_sign_in WHERE expires_at < :before")


class BindingStore(SealingStore):
    """Bindings know an account by a keyed hash only; a ticket keeps it sealed for minutes."""

    async def add_binding(self, binding: Binding, *, subject_index: str) -> bool:
        """Bind an account; false when it is somebody's already."""
        added = await self.connection.execute(
            _ADD,
            {
                "id": binding.id,
                "provider": binding.provider,
                "subject": subject_index,
                "resident": binding.resident,
                "assurance": binding.assurance.value,
                "at": binding.bound_at,
            },
        )
        return added.one_or_none() is not None

    async def find_bound_resident(self, provider: str, *, subject_index: str) -> PersonId | None:
        """Whose an account is."""
        values = {"provider": provider, "subject": subject_index}
        found = (await self.connection.execute(_RESIDENT_OF, values)).scalar_one_or_none()
        return None if found is None else PersonId(found)

    async def list_bindings(self, resident: PersonId) -> Sequence[Binding]:
        """The accounts of one resident."""
        rows = await self.connection.execute(_OF_RESIDENT, {"resident": resident})
        return [_binding(row._asdict()) for row in rows]

    async def lock_own_binding(self, binding: BindingId, *, resident: PersonId) -> Binding:
        """A binding of one resident, in force or not.

        Raises:
            BindingNotFound: There is none, or it is another person's.
        """
        values = {"id": binding, "resident": resident}
        row = (await self.connection.execute(_LOCK, values)).one_or_none()
        if row is None:
            raise BindingNotFound
        return _binding(row._asdict())

    async def unbind(self, binding: BindingId, *, at: datetime) -> None:
        """The account is nobody's from now on."""
        await self.connection.execute(_UNBIND, {"id": binding, "at": at})

    async def add_ticket(
        self, token: bytes, account: ExternalAccount, *, expires_at: datetime
    ) -> None:
        """Keep an account until its holder says who they are."""
        await self.connection.execute(
            _ADD_TICKET,
            {
                "hash": token,
                "provider": account.provider,
                "subject": self._seal(account.subject, f"binding_ticket.subject:{token.hex()}"),
                "expires_at": expires_at,
            },
        )

    async def find_ticket(self, token: bytes, *, now: datetime) -> ExternalAccount | None:
        """The account a ticket stands for."""
        row = (await self.connection.execute(_TICKET, {"hash": token, "now": now})).one_or_none()
        if row is None:
            return None
        subject = self._open(row.subject, f"binding_ticket.subject:{token.hex()}")
        return ExternalAccount(provider=row.provider, subject=subject)

    async def use_ticket(self, token: bytes) -> bool:
        """Use a ticket up; false when somebody else just did."""
        used = await self.connection.execute(_USE_TICKET, {"hash": token})
        return used.one_or_none() is not None

    async def add_pending(
        self, state: bytes, pending: PendingSignIn, *, expires_at: datetime
    ) -> None:
        """Keep what a sign-in began with."""
        place = f"pending_sign_in.verifier:{state.hex()}"
        await self.connection.execute(
            _ADD_PENDING,
            {
                "hash": state,
                "provider": pending.provider,
                "verifier": self._seal(pending.verifier, place),
                "nonce": pending.nonce,
                "expires_at": expires_at,
            },
        )

    async def take_pending(self, state: bytes, *, now: datetime) -> PendingSignIn | None:
        """What a sign-in began with, once."""
        row = (await self.connection.execute(_TAKE_PENDING, {"hash": state})).one_or_none()
        if row is None or row.expires_at <= now:
            return None
        verifier = self._open(row.verifier, f"pending_sign_in.verifier:{state.hex()}")
        return PendingSignIn(provider=row.provider, verifier=verifier, nonce=row.nonce)

    async def forget_unfinished(self, *, before: datetime) -> None:
        """Drop sign-ins and tickets that nobody came back with."""
        await self.connection.execute(_FORGET_TICKETS, {"before": before})
        await self.connection.execute(_FORGET_PENDING, {"before": before})


def _binding(row: dict[str, object]) -> Binding:
    return Binding(**{**row, "assurance": Assurance(str(row["assurance"]))})  # type: ignore[arg-type]
