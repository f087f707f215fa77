"""Every SQL statement of the registry, by noun; `Store` is all of them in one transaction."""

from services.registry.store.deaths import DeathStore
from services.registry.store.grants import GrantStore
from services.registry.store.households import HouseholdStore
from services.registry.store.identity import IdentityStore
from services.registry.store.objects import ObjectStore
from services.registry.store.publications import PublicationStore
from services.registry.store.residents import ResidentStore
from services.registry.store.sessions import SessionStore


class Store(
    DeathStore,
    GrantStore,
    HouseholdStore,
    IdentityStore,
    ObjectStore,
    PublicationStore,
    ResidentStore,
    SessionStore,
):
    """What the registry keeps, in one transaction."""
