"""Let a citizen follow what an officer entered for them: representation without a grant.

Old code never meets such a row: it is only written by new code, at the window.
"""

from alembic import op

revision = "intake_0010"
down_revision = "intake_0009"


def upgrade() -> None:
    """Who was present needs no grant: they applied themselves."""
    op.execute("ALTER TABLE representation ALTER COLUMN grant_id DROP NOT NULL")
    op.execute(
        "COMMENT ON COLUMN representation.grant_id IS "
        "'Null: an officer entered it, and they were present.'"
    )
