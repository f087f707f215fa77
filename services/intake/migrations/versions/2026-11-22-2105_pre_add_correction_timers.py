"""Let the clocks find notices that wait too long for silent departments, and missed dates.

The columns are empty for rounds gathered before; those go out by the last answer, as they did.
"""

from alembic import op

revision = "intake_0008"
down_revision = "intake_0007"


def upgrade() -> None:
    """Add the columns and their partial indexes; open rounds are few."""
    for statement in TIMERS.split(";\n"):
        op.execute(statement)


TIMERS = """
ALTER TABLE correction
    ADD COLUMN gathered_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN reminded_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN lapsed_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN correction.gathered_at IS 'When the first one asked.';

COMMENT ON COLUMN correction.lapsed_at IS 'When the date was missed.';

CREATE INDEX correction_gathering_idx ON correction (gathered_at, application_id) WHERE issued_at IS NULL;

CREATE INDEX correction_due_idx ON correction (due_on, application_id) WHERE issued_at IS NOT NULL AND answered_at IS NULL
"""
