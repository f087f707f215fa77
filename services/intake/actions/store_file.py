"""Take in one file: of an allowed kind by its own content, sealed before it is written."""

import hashlib
from dataclasses import dataclass

from services.intake.actions.desk import Desk
from services.intake.model.kept import StoredFile
from services.intake.store import Store
from services.intake.store.papers import NewFile
from shared.auth import Actor, ActorKind
from shared.database import Transactions
from shared.errors import Malformed, TooMuch, Unacceptable
from shared.ids import new_id
from shared.store import RequestKey, StoredAnswer

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_FILES_A_DAY = 60
MAX_SCANS_A_DAY = 1000
"""Of an officer, who scans for everybody that comes to the window."""

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


class FileKindNotAllowed(Malformed):
    """Only PDF, JPEG and PNG are taken, and the content must be what the name says."""

    status = 415
    title = "只接受 PDF、JPG、PNG 文件"
    title_en = "Only PDF, JPEG and PNG files are taken"


class FileEmpty(Unacceptable):
    """The file has no content."""

    title = "文件为空"
    title_en = "The file is empty"


class FileTooLarge(TooMuch):
    """The file is larger than five mebibytes."""

    title = "文件不能超过 5 MB"
    title_en = "A file may be five megabytes at most"


class TooManyFiles(TooMuch):
    """One person handed in too many files within a day."""

    status = 429
    title = "今日上传文件过多"
    title_en = "Too many files today"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFile:
    """The command: keep this file until an application names it."""

    actor: Actor
    name: str
    content: bytes
    request: RequestKey


async def store_file(
    command: StoreFile, *, transaction: Transactions[Store], desk: Desk
) -> StoredFile | StoredAnswer:
    """Keep a file; its name and content are sealed, as both may name somebody.

    Raises:
        FileEmpty: There is nothing in it.
        FileTooLarge: It is larger than allowed.
        FileKindNotAllowed: Its content is not of an allowed kind.
        TooManyFiles: The actor handed in too many within a day.
    """
    media_type = _kind(command.content)
    stored = StoredFile(
        id=new_id(),
        media_type=media_type,
        size=len(command.content),
        sha256=hashlib.sha256(command.content).hexdigest(),
    )
    new = NewFile(
        id=stored.id,
        owner=command.actor.subject,
        name_sealed=desk.cipher.seal(command.name[:255].encode(), place=f"file.name:{stored.id}"),
        media_type=media_type,
        size=stored.size,
        sha256=stored.sha256,
        content_sealed=desk.cipher.seal(command.content, place=f"file.content:{stored.id}"),
        stored_at=desk.clock.now(),
    )
    async with transaction() as store:
        earlier = await store.claim_key(command.request)
        if earlier is not None:
            return earlier
        most = MAX_FILES_A_DAY if command.actor.kind is ActorKind.CITIZEN else MAX_SCANS_A_DAY
        if await store.count_recent_files(new.owner) >= most:
            raise TooManyFiles
        await store.add_file(new)
        await store.remember_answer(command.request, status=201, body=as_answer(stored))
    return stored


def as_answer(stored: StoredFile) -> dict[str, object]:
    """What whoever handed a file in is told of it."""
    return {
        "id": str(stored.id),
        "mediaType": stored.media_type,
        "size": stored.size,
        "sha256": stored.sha256,
    }


def _kind(content: bytes) -> str:
    if not content:
        raise FileEmpty
    if len(content) > MAX_FILE_BYTES:
        raise FileTooLarge
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    raise FileKindNotAllowed
