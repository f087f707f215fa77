"""Every SQL statement of the window, by noun; `Store` is all of them in one transaction."""

from services.intake.store.acceptance import AcceptanceStore
from services.intake.store.appeals import AppealStore
from services.intake.store.assignments import AssignmentStore
from services.intake.store.cards import CardStore
from services.intake.store.case_files import CaseFileStore
from services.intake.store.changes import ChangeStore
from services.intake.store.corrections import CorrectionStore
from services.intake.store.deferred import DeferredStore
from services.intake.store.deliveries import DeliveryStore
from services.intake.store.drafts import DraftStore
from services.intake.store.inbox import InboxStore
from services.intake.store.late_answers import LateAnswerStore
from services.intake.store.officers import OfficerStore
from services.intake.store.published import PublishedStore
from services.intake.store.ratings import RatingStore
from services.intake.store.redress import RedressStore
from services.intake.store.replans import ReplanStore
from services.intake.store.search import SearchStore
from services.intake.store.standing import StandingStore
from services.intake.store.submissions import SubmissionStore
from services.intake.store.timers import TimerStore
from services.intake.store.versions import VersionStore
from services.intake.store.webhooks import WebhookStore
from shared.verifying import JournalReader


class Store(
    AcceptanceStore,
    AppealStore,
    DeliveryStore,
    AssignmentStore,
    CardStore,
    CaseFileStore,
    ChangeStore,
    CorrectionStore,
    DeferredStore,
    DraftStore,
    InboxStore,
    JournalReader,
    LateAnswerStore,
    OfficerStore,
    SubmissionStore,
    PublishedStore,
    ReplanStore,
    SearchStore,
    RatingStore,
    RedressStore,
    StandingStore,
    TimerStore,
    VersionStore,
    WebhookStore,
):
    """What intake keeps, in one transaction."""
