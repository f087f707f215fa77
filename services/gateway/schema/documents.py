"""Trusted documents: the operations of the published screens, each known by its hash."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.gateway.errors import PersistedQueryNotFound, PersistedQueryOnly, RequestUnreadable

_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


class Documents:
    """Finds the document a request means.

    Args:
        texts: The screens' documents.
        only_trusted: Whether any other document is refused.
    """

    def __init__(self, texts: Mapping[str, str], *, only_trusted: bool) -> None:
        self._by_hash = {document_hash(text): text for text in texts.values()}
        self._only_trusted = only_trusted

    def text_of(self, request: Mapping[str, Any]) -> str | None:
        """The document of a GraphQL request: by `documentId`, by Apollo's hash, or as it stands.

        Raises:
            PersistedQueryNotFound: No screen has such a document.
            PersistedQueryOnly: The document stands in the request, which is not taken here.
            RequestUnreadable: The hash is none, or the query is no string.
        """
        named = _named_hash(request)
        if named is not None and named in self._by_hash:
            return self._by_hash[named]
        query = request.get("query")
        if not isinstance(query, str | None):
            raise RequestUnreadable("`query` is a string")
        if named is not None and (query is None or self._only_trusted):
            raise PersistedQueryNotFound
        if named is not None and query is not None and document_hash(query) != named:
            raise RequestUnreadable("the hash is not that of the query")
        if query is not None and self._only_trusted:
            raise PersistedQueryOnly
        return query


def read_documents(folder: Path) -> dict[str, str]:
    """The documents of the screens by file name, as files stand in a folder."""
    return {
        path.stem: path.read_text(encoding="utf-8").strip()
        for path in sorted(folder.glob("*.graphql"))
    }


def document_hash(text: str) -> str:
    """SHA-256 of a document without the white space around it, in hex."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def manifest(texts: Mapping[str, str]) -> str:
    """What front ends send as `documentId`, by the screen's name; JSON, one line each."""
    listed = {name: f"sha256:{document_hash(text)}" for name, text in texts.items()}
    return json.dumps(listed, indent=2, sort_keys=True) + "\n"


def _named_hash(request: Mapping[str, Any]) -> str | None:
    given = request.get("documentId")
    if given is None:
        extensions = request.get("extensions")
        persisted = extensions.get("persistedQuery") if isinstance(extensions, Mapping) else None
        given = persisted.get("sha256Hash") if isinstance(persisted, Mapping) else None
    if given is None:
        return None
    match = _HASH.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        raise RequestUnreadable("a document is named by the SHA-256 of its text")
    return match[1]
