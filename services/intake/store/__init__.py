"""Every SQL statement of the window, by noun; `Store` is all of them in one transaction."""

from services.intake.store.cases import CaseStore
from services.intake.store.inbox import InboxStore
from services.intake.store.papers import PaperStore
from services.intake.store.published import PublishedStore
from services.intake.store.webhooks import WebhookStore


class Store(CaseStore, InboxStore, PaperStore, PublishedStore, WebhookStore):
    """What intake keeps, in one transaction."""
