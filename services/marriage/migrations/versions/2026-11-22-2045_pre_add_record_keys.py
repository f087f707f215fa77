"""Give every record with personal data a key of its own, so that it can be erased alone."""

from alembic import op

from shared.migrations import add_record_key

revision = "marriage_0002"
down_revision = "marriage_0001"


def upgrade() -> None:
    add_record_key(op, "marriage_party")
