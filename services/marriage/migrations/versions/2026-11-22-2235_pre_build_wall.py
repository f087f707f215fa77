"""Let PostgreSQL itself show a caller only the marriages that are theirs to see."""

from alembic import op

from shared.wall import build_wall, is_caller, within

revision = "marriage_0003"
down_revision = "marriage_0002"

SHOWN = f"""
    EXISTS (SELECT 1 FROM marriage WHERE id = wanted AND {within("division")})
    OR EXISTS (SELECT 1 FROM marriage_party
               WHERE marriage_id = wanted AND {is_caller("person_index")})
"""


def upgrade() -> None:
    build_wall(
        op,
        "marriage",
        shown=SHOWN,
        tables={
            "marriage": "is_shown(id)",
            "marriage_party": "is_shown(marriage_id)",
            # What other registries say of a person is for our own checks alone.
            "marital_record": "false",
        },
    )
