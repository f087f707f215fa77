"""Give every record with personal data a key of its own, so that it can be erased alone."""

from alembic import op

from shared.migrations import add_record_key

revision = "relief_0002"
down_revision = "relief_0001"


def upgrade() -> None:
    add_record_key(op, "beneficiary")
    add_record_key(op, "benefit")
