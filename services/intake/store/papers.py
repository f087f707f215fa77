"""Files handed in, and the materials of a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text

from services.intake.model import ApplicationId
from services.intake.model.kept import KeptMaterial, StoredFile
from services.intake.store.rows import text_of
from shared.connection import Write
from shared.store import SharedStore


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file as it is written: its name and content sealed."""

    id: UUID
    owner: str
    name_sealed: bytes
    media_type: str
    size: int
    sha256: str
    content_sealed: bytes
    stored_at: datetime


_ADD_FILE = text("""
    INSERT INTO file (id, owner, name_sealed, media_type, size, sha256, content_sealed, stored_at)
    VALUES (:id, :owner, :name_sealed, :media_type, :size, :sha256, :content_sealed, :stored_at)
""")
_COUNT_RECENT = text("""
    SELECT count(*) FROM file WHERE owner = :owner AND stored_at > now() - interval '1 day'
""")
_FIND_OWN = text("""
    SELECT id, media_type, size, sha256 FROM file WHERE owner = :owner AND id = ANY(:ids)
""")
_ADD_MATERIALS = Write(
    "materials",
    """
    INSERT INTO material (application_id, key, title, status, file_id, due_on)
    SELECT application_id, key, title, status, file_id, due_on
    FROM jsonb_to_recordset(CAST(:materials AS jsonb)) AS m(application_id uuid, key text,
        title jsonb, status text, file_id uuid, due_on date)
    """,
)


_REPLACE_MATERIALS = text("""
    INSERT INTO material (application_id, key, title, status, file_id, due_on)
    SELECT :application_id, m->>'key', m->'title', m->>'status', CAST(m->>'file_id' AS uuid),
           CAST(m->>'due_on' AS date)
    FROM jsonb_array_elements(CAST(:materials AS jsonb)) AS m
    ON CONFLICT (application_id, key) DO UPDATE
    SET status = excluded.status, file_id = excluded.file_id, due_on = excluded.due_on
""")
_MATERIALS = text("""
    SELECT key, title, status, file_id, due_on FROM material WHERE application_id = :id ORDER BY key
""")


class PaperStore(SharedStore):
    """Statements about files and materials."""

    async def add_file(self, new: NewFile) -> None:
        """Keep a file."""
        await self.connection.execute(
            _ADD_FILE,
            {
                "id": new.id,
                "owner": new.owner,
                "name_sealed": new.name_sealed,
                "media_type": new.media_type,
                "size": new.size,
                "sha256": new.sha256,
                "content_sealed": new.content_sealed,
                "stored_at": new.stored_at,
            },
        )

    async def count_recent_files(self, owner: str) -> int:
        """How many files an actor handed in during the last day."""
        counted = await self.connection.execute(_COUNT_RECENT, {"owner": owner})
        return int(counted.scalar_one())

    async def find_own_files(self, owner: str, ids: Iterable[UUID]) -> Mapping[UUID, StoredFile]:
        """Those of the files that are the actor's own."""
        rows = await self.connection.execute(_FIND_OWN, {"owner": owner, "ids": list(ids)})
        return {
            row.id: StoredFile(
                id=row.id, media_type=row.media_type, size=row.size, sha256=row.sha256
            )
            for row in rows
        }

    async def add_materials(
        self, application_id: ApplicationId, materials: Sequence[KeptMaterial]
    ) -> None:
        """Write what was handed in, and what is still to come."""
        for material in materials:
            self.write(_ADD_MATERIALS, {"application_id": application_id, **_data(material)})

    async def replace_materials(
        self, application_id: ApplicationId, materials: Sequence[KeptMaterial]
    ) -> None:
        """Write what was handed in anew, in the place of what was there under the same key."""
        if not materials:
            return
        values = orjson.dumps([_data(material) for material in materials]).decode()
        await self.connection.execute(
            _REPLACE_MATERIALS, {"application_id": application_id, "materials": values}
        )

    async def list_materials(self, application_id: ApplicationId) -> Sequence[KeptMaterial]:
        """The materials of a case, handed in and still to come."""
        rows = await self.connection.execute(_MATERIALS, {"id": application_id})
        return [
            KeptMaterial(
                key=row.key,
                title=text_of(row.title),
                status=row.status,
                file_id=row.file_id,
                due_on=row.due_on,
            )
            for row in rows
        ]


def _data(material: KeptMaterial) -> dict[str, object]:
    return {
        "key": material.key,
        "title": {"zh": material.title.zh, "en": material.title.en},
        "status": material.status,
        "file_id": material.file_id,
        "due_on": material.due_on,
    }
