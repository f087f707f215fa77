"""Materials as they come in, with an application or with its correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.errors import FileNotFound, MaterialTwice
from services.intake.model import Text
from services.intake.model.kept import KeptMaterial
from services.intake.store import Store
from shared.auth import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A material that comes in: a file, or a signed commitment."""

    key: str
    file_id: UUID | None = None


def kept_material(material: HandedIn, title: Text) -> KeptMaterial:
    """A material as it is kept."""
    return KeptMaterial(
        key=material.key,
        title=title,
        status="received" if material.file_id else "committed",
        file_id=material.file_id,
    )


async def require_own_files(store: Store, actor: Actor, materials: Sequence[HandedIn]) -> None:
    """Files are handed in by whoever applies; another's file answers as if there were none.

    Raises:
        MaterialTwice: One material was handed in twice.
        FileNotFound: A file is not there, or not the actor's.
    """
    keys = [material.key for material in materials]
    if len(set(keys)) != len(keys):
        raise MaterialTwice
    wanted = {material.file_id for material in materials if material.file_id}
    found = await store.find_own_files(actor.subject, wanted) if wanted else {}
    if len(found) < len(wanted):
        raise FileNotFound
