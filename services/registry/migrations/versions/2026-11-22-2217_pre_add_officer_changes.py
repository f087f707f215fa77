"""Add changes of officers that need a second pair of eyes."""

from alembic import op

revision = "registry_0008"
down_revision = "registry_0007"


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
CREATE TABLE officer_change (
    id UUID NOT NULL,
    officer_id TEXT NOT NULL,
    division TEXT NOT NULL,
    offices TEXT[] NOT NULL,
    roles TEXT[] NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    CONSTRAINT officer_change_pkey PRIMARY KEY (id),
    CONSTRAINT officer_change_outcome_check CHECK (outcome IN ('CONFIRMED', 'REJECTED')),
    CONSTRAINT officer_change_four_eyes_check CHECK (decided_by <> proposed_by),
    CONSTRAINT officer_change_not_oneself_check CHECK (decided_by <> 'officer:' || officer_id),
    CONSTRAINT officer_change_decided_check CHECK (
        (decided_by IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (outcome IS NULL)
    ),
    CONSTRAINT officer_change_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officer (id)
);

CREATE UNIQUE INDEX officer_change_one_pending_key
    ON officer_change (officer_id) WHERE outcome IS NULL;

COMMENT ON TABLE officer_change IS
    'Assignments that wait for a second pair of eyes, and what became of them.'
"""
