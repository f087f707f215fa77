"""Every SQL statement of the registry, by noun; `Store` is all of them in one transaction."""

from services.registry.store.deaths import DeathStore
from services.registry.store.grants import GrantStore
from services.registry.store.identity import IdentityStore
from services.registry.store.people import PeopleStore
from services.registry.store.publications import PublicationStore
from services.registry.store.sessions import SessionStore


class Store(DeathStore, GrantStore, IdentityStore, PeopleStore, PublicationStore, SessionStore):
    """What the registry keeps, in one transaction."""
