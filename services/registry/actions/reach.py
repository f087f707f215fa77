"""How far an officer's say reaches: a step of everything done with residents."""

from enum import StrEnum

from services.registry.errors.residents import (
    HouseholdNotFound,
    RegisterRoleLacking,
    ResidentNotFound,
)
from services.registry.model import PersonId
from services.registry.model.households import Home
from services.registry.model.residents import HouseholdId
from services.registry.rules.scope import is_within, prefix_of
from services.registry.store import Store
from shared.auth import Actor
from shared.journal import JournalEntry

WRITERS = frozenset({"acceptance", "decision", "registrar"})
REVIEWERS = frozenset({"decision"})


class Purpose(StrEnum):
    """What personal data of residents is read for; a read without one is refused."""

    RELIEF_REVIEW = "RELIEF_REVIEW"
    HOME_VISIT = "HOME_VISIT"
    SERVICE_DELIVERY = "SERVICE_DELIVERY"
    REGISTER_UPKEEP = "REGISTER_UPKEEP"
    COMPLAINT = "COMPLAINT"


_IN_WORDS = {
    Purpose.RELIEF_REVIEW: "社会救助核查",
    Purpose.HOME_VISIT: "入户走访",
    Purpose.SERVICE_DELIVERY: "服务办理",
    Purpose.REGISTER_UPKEEP: "登记维护",
    Purpose.COMPLAINT: "信访投诉办理",
}


def require_role(actor: Actor, roles: frozenset[str] = WRITERS) -> None:
    """Let only those through who hold one of the roles.

    Raises:
        RegisterRoleLacking: They hold none of them.
    """
    if not actor.roles & roles:
        raise RegisterRoleLacking


async def scope_of(store: Store, actor: Actor) -> list[str]:
    """Prefixes of the divisions of an officer's own offices; none, when they have no office."""
    divisions = await store.list_office_divisions(actor.offices)
    return [prefix_of(each) for each in divisions]


async def home_within(store: Store, person: PersonId, scope: list[str]) -> Home:
    """Where a resident is, if that is within reach.

    Raises:
        ResidentNotFound: They are elsewhere, or nowhere.
    """
    home = (await store.list_homes([person])).get(person)
    if home is None or not is_within(home.division, scope):
        raise ResidentNotFound
    return home


async def require_household(store: Store, household: HouseholdId, scope: list[str]) -> None:
    """Go on only with a household within reach, and keep it still until the commit.

    Raises:
        HouseholdNotFound: There is none, or it is elsewhere now.
    """
    await store.lock_household(household)
    places = await store.list_places(household)
    if not places or not is_within(places[-1].place.division, scope):
        raise HouseholdNotFound


def read_note(
    actor: Actor, purpose: Purpose, *, stream: str, act: str, **facts: object
) -> JournalEntry:
    """A read of personal data, as the journal keeps it."""
    return JournalEntry(
        stream=stream,
        actor=actor.subject,
        act=act,
        target=stream,
        reason=_IN_WORDS[purpose],
        facts={"purpose": purpose.value, **facts},
    )


def act_note(actor: Actor, *, stream: str, act: str, **facts: object) -> JournalEntry:
    """A change of the register, as the journal keeps it."""
    return JournalEntry(
        stream=stream, actor=actor.subject, act=act, target=stream, reason="登记维护", facts=facts
    )
