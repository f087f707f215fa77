"""Keep answers that came too late to count, for the lead office to review.

A new table: old code leaves it alone, and goes on passing such answers over.
"""

from alembic import op

revision = "intake_0006"
down_revision = "intake_0005"


def upgrade() -> None:
    """Add the table and its index."""
    for statement in LATE.split(";\n"):
        op.execute(statement)


LATE = """
CREATE TABLE late_answer (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    task_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    cause TEXT NOT NULL,
    verdict TEXT NOT NULL,
    opinion_sealed BYTEA,
    conditions JSONB DEFAULT '[]' NOT NULL,
    facts JSONB DEFAULT '{}' NOT NULL,
    given_by TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    effect TEXT,
    reviewed_by TEXT,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    reason_sealed BYTEA,
    CONSTRAINT late_answer_pkey PRIMARY KEY (id),
    CONSTRAINT late_answer_once_key UNIQUE (task_id, round, given_by),
    CONSTRAINT late_answer_effect_check CHECK (effect IN ('no-effect', 'reopened')),
    CONSTRAINT late_answer_reviewed_check CHECK ((effect IS NULL) = (reviewed_at IS NULL)),
    CONSTRAINT late_answer_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT late_answer_task_id_fkey FOREIGN KEY(task_id) REFERENCES approval_task (id)
);

COMMENT ON TABLE late_answer IS 'Kept for the lead office to review; never part of a join.';

CREATE INDEX late_answer_application_idx ON late_answer (application_id, received_at, id)
"""
