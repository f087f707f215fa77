"""Keep drafts: what somebody fills in survives the device it was filled in on."""

from alembic import op

from shared.migrations import add_record_key

revision = "intake_0015"
down_revision = "intake_0014"


def upgrade() -> None:
    """Add the table, and its record keys."""
    for statement in DRAFTS.split(";\n"):
        op.execute(statement)
    add_record_key(op, "draft")


DRAFTS = """
CREATE TABLE draft (
    id UUID NOT NULL,
    owner TEXT NOT NULL,
    item_code TEXT NOT NULL,
    content_sealed BYTEA NOT NULL,
    version INTEGER NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT draft_pkey PRIMARY KEY (id),
    CONSTRAINT draft_one_per_item_key UNIQUE (owner, item_code),
    CONSTRAINT draft_version_check CHECK (version > 0)
);

CREATE INDEX draft_expires_idx ON draft (expires_at);

COMMENT ON TABLE draft IS 'An application that is being filled in; its row goes when it is handed in.'
"""
