"""Let the clocks find papers that are still to come when their date is near, or missed."""

from alembic import op

revision = "intake_0014"
down_revision = "intake_0013"


def upgrade() -> None:
    """Add the columns and a partial index; papers still to come are few."""
    for statement in DEFERRED.split(";\n"):
        op.execute(statement)


DEFERRED = """
ALTER TABLE material
    ADD COLUMN reminded_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN missed_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN material.missed_at IS 'When its date was missed.';

CREATE INDEX material_awaited_idx ON material (due_on, application_id) WHERE status = 'deferred' AND missed_at IS NULL
"""
