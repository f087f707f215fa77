"""Every SQL statement of the registry, by noun; `Store` is all of them in one transaction."""

from services.registry.store.adoptions import AdoptionStore
from services.registry.store.bindings import BindingStore
from services.registry.store.certificate_keys import CertificateKeyStore
from services.registry.store.certificate_types import CertificateTypeStore
from services.registry.store.certificates import CertificateStore
from services.registry.store.deaths import DeathStore
from services.registry.store.divisions import DivisionStore
from services.registry.store.duplicates import DuplicateStore
from services.registry.store.factors import FactorStore
from services.registry.store.grants import GrantStore
from services.registry.store.households import HouseholdStore
from services.registry.store.identity import IdentityStore
from services.registry.store.objects import ObjectStore
from services.registry.store.officers import OfficerStore
from services.registry.store.organisations import OrganisationStore
from services.registry.store.own_matters import OwnMatterStore
from services.registry.store.place_names import PlaceNameStore
from services.registry.store.rates import RateStore
from services.registry.store.sessions import SessionStore
from services.registry.store.sharing import SharingStore
from services.registry.store.verifications import VerificationStore


class Store(
    CertificateKeyStore,
    CertificateStore,
    CertificateTypeStore,
    AdoptionStore,
    DeathStore,
    DuplicateStore,
    GrantStore,
    HouseholdStore,
    IdentityStore,
    ObjectStore,
    OrganisationStore,
    OwnMatterStore,
    PlaceNameStore,
    SessionStore,
    SharingStore,
    VerificationStore,
    BindingStore,
    OfficerStore,
    DivisionStore,
    FactorStore,
    RateStore,
):
    """What the registry keeps, in one transaction."""
