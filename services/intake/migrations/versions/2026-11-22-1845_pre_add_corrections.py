"""Keep correction notices: what has to be corrected, by when, and in which round.

The window's own acceptance task lies among the approval tasks, where inboxes find it; it
belongs to no matter. Old code never reads such a task: it is only written by new code, for
items that officers accept.
"""

from alembic import op

revision = "intake_0002"
down_revision = "intake_0001"


def upgrade() -> None:
    """Add the tables, and let a task stand without a matter."""
    for statement in CHANGES.split(";\n"):
        op.execute(statement)


CHANGES = """
ALTER TABLE application ADD COLUMN remedy_sealed BYTEA;

ALTER TABLE approval_task ALTER COLUMN matter_id DROP NOT NULL;

CREATE TABLE correction (
    application_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    phase TEXT NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE,
    due_on DATE,
    answered_at TIMESTAMP WITH TIME ZONE,
    brought JSONB,
    CONSTRAINT correction_pkey PRIMARY KEY (application_id, round),
    CONSTRAINT correction_phase_check CHECK (phase IN ('acceptance', 'review')),
    CONSTRAINT correction_order_check CHECK (answered_at IS NULL OR issued_at IS NOT NULL),
    CONSTRAINT correction_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE UNIQUE INDEX correction_one_open_key ON correction (application_id) WHERE answered_at IS NULL;

COMMENT ON TABLE correction IS 'A round of correction: gathered, issued once, answered once.';

COMMENT ON COLUMN correction.brought IS 'Which fields and materials the answer changed, by place.';

CREATE TABLE correction_item (
    application_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    task_id UUID NOT NULL,
    task_round SMALLINT NOT NULL,
    position SMALLINT NOT NULL,
    pointer TEXT,
    material TEXT,
    message_sealed BYTEA NOT NULL,
    CONSTRAINT correction_item_pkey PRIMARY KEY (task_id, task_round, position),
    CONSTRAINT correction_item_place_check CHECK (pointer IS NULL OR material IS NULL),
    CONSTRAINT correction_item_round_fkey FOREIGN KEY(application_id, round) REFERENCES correction (application_id, round),
    CONSTRAINT correction_item_task_id_fkey FOREIGN KEY(task_id) REFERENCES approval_task (id)
);

CREATE INDEX correction_item_round_idx ON correction_item (application_id, round);

COMMENT ON TABLE correction_item IS 'What one department asked for; the words are sealed.'
"""
