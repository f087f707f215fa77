"""Keep correction notices: what has to be corrected, by when, and in which round."""

revision = "intake_0002"
down_revision = "intake_0001"


def upgrade() -> None:
    """Add the tables."""
