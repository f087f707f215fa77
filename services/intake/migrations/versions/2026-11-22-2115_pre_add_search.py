"""Let officers find cases by applicant, item and office, by an index each.

The columns have no default, so no row is rewritten, and old code leaves them empty; a case
from before is found by whom it is about. The indexes are built beside the running service.
"""

from alembic import op

revision = "intake_0009"
down_revision = "intake_0008"


def upgrade() -> None:
    """Add the columns; build the indexes, again if a build broke off."""
    for statement in COLUMNS.split(";\n"):
        op.execute(statement)
    with op.get_context().autocommit_block():
        for name, definition in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {definition}")


COLUMNS = """
ALTER TABLE application ADD COLUMN IF NOT EXISTS applicant_index TEXT,
    ADD COLUMN IF NOT EXISTS applicant_name_index TEXT;

COMMENT ON COLUMN application.applicant_index IS 'Blind index: who applies.';

COMMENT ON COLUMN application.applicant_name_index IS 'Blind index of the whole name.'
"""

INDEXES = {
    "application_applicant_index_hash": "application USING hash (applicant_index)",
    "application_applicant_name_index_hash": "application USING hash (applicant_name_index)",
    "application_subject_index_hash": "application USING hash (subject_index)",
    "application_item_idx": "application (item_code, id)",
    "approval_task_seen_idx": (
        "approval_task (office_id, application_id) "
        "WHERE handler_kind = 'officer' AND opened_at IS NOT NULL"
    ),
}
