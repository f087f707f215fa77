"""Note the days on which an officer is away, and take them back."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.actions.desk import Desk
from services.intake.model.officer import Absence, AbsenceId, Period
from services.intake.rules.direction import check_period
from services.intake.store import Store
from shared.auth import Actor
from shared.database import Transactions
from shared.ids import new_id
from shared.journal import JournalEntry
from shared.store import RequestKey, StoredAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAbsence:
    """The command: on these days I do not work."""

    actor: Actor
    period: Period
    request: RequestKey


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAbsence:
    """The command: I am back."""

    actor: Actor
    id: AbsenceId
    request: RequestKey


async def note_absence(
    command: NoteAbsence, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | AbsenceId:
    """Keep an absence; on its first day the clock gives back what the officer had claimed.

    Raises:
        PeriodInvalid: It ends before it starts, is over, or is longer than three months.
    """
    check_period(command.period, today=desk.clock.today())
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        absence = Absence(
            id=AbsenceId(new_id()), officer=command.actor.subject, period=command.period
        )
        await store.add_absence(absence, at=desk.clock.now())
        await _note(store, command.actor, "note-absence", absence.id, command.period)
        await store.remember_answer(
            command.request, status=201, body={"absenceId": str(absence.id)}
        )
    return absence.id


async def end_absence(
    command: EndAbsence, *, transaction: Transactions[Store], desk: Desk
) -> StoredAnswer | None:
    """Take an absence back; twice changes nothing.

    Raises:
        AbsenceNotFound: There is none, or it is another's.
    """
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        await store.end_absence(command.id, officer=command.actor.subject, at=desk.clock.now())
        await _note(store, command.actor, "end-absence", command.id, None)
        await store.remember_answer(
            command.request, status=200, body={"absenceId": str(command.id)}
        )
    return None


async def list_absences(
    actor: Actor, *, transaction: Transactions[Store], desk: Desk
) -> Sequence[Absence]:
    """The officer's own absences that are not over."""
    async with transaction() as store:
        return await store.list_absences(actor.subject, since=desk.clock.today())


async def _note(store: Store, actor: Actor, act: str, id: AbsenceId, period: Period | None) -> None:
    days = (
        {"from": period.starts_on.isoformat(), "until": period.ends_on.isoformat()}
        if period
        else {}
    )
    await store.write_journal(
        JournalEntry(
            stream=actor.subject,
            actor=actor.subject,
            act=act,
            target=f"absence:{id}",
            facts=days,
        )
    )
