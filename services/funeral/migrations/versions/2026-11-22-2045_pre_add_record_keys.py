"""Give every record with personal data a key of its own, so that it can be erased alone."""

from alembic import op

from shared.migrations import add_record_key

revision = "funeral_0002"
down_revision = "funeral_0001"


def upgrade() -> None:
    add_record_key(op, "funeral_case")
