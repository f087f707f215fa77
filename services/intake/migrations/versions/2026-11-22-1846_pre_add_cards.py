"""Keep the warnings and cards that the clocks raise, each once."""

revision = "intake_0003"
down_revision = "intake_0002"


def upgrade() -> None:
    """Add the tables."""
