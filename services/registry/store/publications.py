"""Statements about what is published, and about divisions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row, text

from services.registry.errors import DivisionNotFound, ItemNotFound
from services.registry.model import Division, Publication, PublicationKind
from services.registry.store.sealed import SealingStore

_COLUMNS = "seq, id, kind, key, version, hash, content, published_at"

# The sequence numbers are drawn under this lock, so they are given out in the order of the
# commits: whoever has read up to one of them has missed nothing before it.
_LOCK = text("SELECT pg_advisory_xact_lock(7202, hashtext(current_schema() || '.publication'))")
_HEADS = text("""
    SELECT DISTINCT ON (kind, key) kind, key, version, hash FROM publication
    ORDER BY kind, key, version DESC
""")
_ADD = text("""
    INSERT INTO publication (id, kind, key, version, hash, content, published_at)
    VALUES (:id, :kind, :key, :version, :hash, CAST(:content AS json), :at)
""")
_NEWEST = text(f"""
    SELECT DISTINCT ON (key) {_COLUMNS} FROM publication
    WHERE kind = :kind AND key > :after
    ORDER BY key, version DESC
    LIMIT :limit
""")
_NEWEST_OF = text(f"""
    SELECT DISTINCT ON (key) {_COLUMNS} FROM publication
    WHERE kind = :kind AND key = ANY(:keys)
    ORDER BY key, version DESC
""")
_VERSION = text(f"""
    SELECT {_COLUMNS} FROM publication WHERE kind = :kind AND key = :key AND version = :version
""")
_AFTER = text(f"""
    SELECT {_COLUMNS} FROM publication WHERE seq > :after ORDER BY seq LIMIT :limit
""")
_KEEP_DIVISIONS = text("""
    INSERT INTO division (code, name, name_en, level, parent)
    SELECT * FROM unnest(CAST(:codes AS text[]), CAST(:names AS text[]),
                         CAST(:names_en AS text[]), CAST(:levels AS text[]),
                         CAST(:parents AS text[]))
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
        level = excluded.level, parent = excluded.parent
""")
_DIVISION = text("SELECT code, name, name_en, level, parent FROM division WHERE code = :code")
_BELOW = text("""
    SELECT code, name, name_en, level, parent FROM division WHERE parent = :code ORDER BY code
""")


class PublicationStore(SealingStore):
    """Published versions, in the order in which they were published."""

    async def lock_publications(self) -> None:
        """Let nobody else publish until the commit."""
        await self.connection.execute(_LOCK)

    async def list_heads(self) -> Mapping[tuple[PublicationKind, str], tuple[int, str]]:
        """Newest version and hash of everything published."""
        rows = await self.connection.execute(_HEADS)
        return {(PublicationKind(row.kind), row.key): (row.version, row.hash) for row in rows}

    async def add_publications(self, publications: Sequence[Publication]) -> None:
        """Keep new versions, in their order."""
        for each in publications:
            await self.connection.execute(
                _ADD,
                {
                    "id": each.id,
                    "kind": each.kind.value,
                    "key": each.key,
                    "version": each.version,
                    "hash": each.hash,
                    "content": orjson.dumps(each.content).decode(),
                    "at": each.published_at,
                },
            )

    async def list_newest(
        self, kind: PublicationKind, *, after: str = "", limit: int = 1000
    ) -> Sequence[Publication]:
        """The newest version of each key behind a key, in their order."""
        rows = await self.connection.execute(
            _NEWEST, {"kind": kind.value, "after": after, "limit": limit}
        )
        return [_publication(row) for row in rows]

    async def list_newest_of(
        self, kind: PublicationKind, keys: Iterable[str]
    ) -> Sequence[Publication]:
        """The newest version of some keys; a key that was never published is left out."""
        rows = await self.connection.execute(_NEWEST_OF, {"kind": kind.value, "keys": list(keys)})
        return [_publication(row) for row in rows]

    async def get_item(self, code: str, version: int | None = None) -> Publication:
        """One version of an item, by default the newest.

        Raises:
            ItemNotFound: It was never published.
        """
        kind = PublicationKind.ITEM
        if version is None:
            found = next(iter(await self.list_newest_of(kind, [code])), None)
        else:
            found = await self.find_version(kind, code, version)
        if found is None:
            raise ItemNotFound
        return found

    async def find_version(
        self, kind: PublicationKind, key: str, version: int
    ) -> Publication | None:
        """One version of a key, if it was published."""
        given = {"kind": kind.value, "key": key, "version": version}
        row = (await self.connection.execute(_VERSION, given)).one_or_none()
        return _publication(row) if row else None

    async def list_publications(self, *, after: int, limit: int) -> Sequence[Publication]:
        """Everything published behind a place in the order."""
        rows = await self.connection.execute(_AFTER, {"after": after, "limit": limit})
        return [_publication(row) for row in rows]

    async def keep_divisions(self, divisions: Sequence[Division]) -> None:
        """Keep divisions as they are now."""
        await self.connection.execute(
            _KEEP_DIVISIONS,
            {
                "codes": [each.code for each in divisions],
                "names": [each.name for each in divisions],
                "names_en": [each.name_en for each in divisions],
                "levels": [each.level for each in divisions],
                "parents": [each.parent for each in divisions],
            },
        )

    async def get_division(self, code: str) -> Division:
        """A division.

        Raises:
            DivisionNotFound: There is none with this code.
        """
        row = (await self.connection.execute(_DIVISION, {"code": code})).one_or_none()
        if row is None:
            raise DivisionNotFound
        return Division(**row._mapping)

    async def list_divisions_below(self, code: str) -> Sequence[Division]:
        """The divisions directly below one."""
        rows = await self.connection.execute(_BELOW, {"code": code})
        return [Division(**row._mapping) for row in rows]


def _publication(row: Row[Any]) -> Publication:
    return Publication(
        seq=row.seq,
        id=row.id,
        kind=PublicationKind(row.kind),
        key=row.key,
        version=row.version,
        hash=row.hash,
        content=row.content,
        published_at=row.published_at,
    )
