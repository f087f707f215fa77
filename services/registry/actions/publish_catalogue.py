"""Publish what changed in the catalogue, each change as a new immutable version."""

from collections.abc import Mapping

from services.registry.events import published
from services.registry.model import Catalogue, Draft, Publication, PublicationKind
from services.registry.rules.publication import drafts_of
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.ids import derived_id
from shared.journal import JournalEntry

Heads = Mapping[tuple[PublicationKind, str], tuple[int, str]]


async def publish_catalogue(
    catalogue: Catalogue, *, transaction: Transactions[Store], clock: Clock, actor: str
) -> list[Publication]:
    """Publish every item, parameter set, calendar and office that differs from its newest version.

    All or nothing: a catalogue with one fault publishes nothing. What is absent from the
    catalogue stays as it was published.

    Raises:
        CatalogueInvalid: With every fault found.
    """
    drafts = drafts_of(catalogue)
    async with transaction() as store:
        await store.lock_publications()
        await store.keep_divisions(catalogue.divisions)
        await store.keep_division_changes(catalogue.division_changes)
        changed = _changed(drafts, await store.list_heads(), clock)
        await store.add_publications(changed)
        for publication in changed:
            await store.publish(published(publication))
            await store.write_journal(_noted(publication, actor))
    return changed


def _changed(drafts: list[Draft], heads: Heads, clock: Clock) -> list[Publication]:
    changed = []
    for draft in drafts:
        version, hash_ = heads.get((draft.kind, draft.key), (0, ""))
        if draft.hash != hash_:
            changed.append(_next_version(draft, version + 1, clock))
    return changed


def _next_version(draft: Draft, version: int, clock: Clock) -> Publication:
    return Publication(
        id=derived_id("publication", draft.kind.value, draft.key, str(version), draft.hash),
        kind=draft.kind,
        key=draft.key,
        version=version,
        hash=draft.hash,
        content=draft.content,
        published_at=clock.now(),
    )


def _noted(publication: Publication, actor: str) -> JournalEntry:
    return JournalEntry(
        stream="catalogue",
        actor=actor,
        act="publish",
        target=f"{publication.kind.value.lower()}:{publication.key}",
        facts={"version": publication.version, "hash": publication.hash},
    )
