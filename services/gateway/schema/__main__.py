"""Write the committed schema and manifest anew: `python -m services.gateway.schema`."""

from pathlib import Path

from services.gateway.schema import create_schema
from services.gateway.schema.documents import manifest, read_documents

DOCS = Path(__file__).resolve().parents[3] / "docs" / "graphql"


def sdl() -> str:
    """The schema as it is committed."""
    return create_schema(introspection=True).as_str() + "\n"


def main() -> None:
    """Write both files."""
    (DOCS / "schema.graphql").write_text(sdl(), encoding="utf-8")
    listed = manifest(read_documents(DOCS / "operations"))
    (DOCS / "documents.json").write_text(listed, encoding="utf-8")


if __name__ == "__main__":
    main()
