"""Keep who is related to whom, stands in for whom, is away, and what became of their tasks.

The new column of `verdict` has no default, so no row is rewritten. Old code leaves all of it
alone.
"""

from alembic import op

revision = "intake_0007"
down_revision = "intake_0006"


def upgrade() -> None:
    """Add the tables and the column."""
    for statement in OFFICERS.split(";\n"):
        op.execute(statement)


OFFICERS = """
ALTER TABLE verdict ADD COLUMN on_behalf_of TEXT;

COMMENT ON COLUMN verdict.on_behalf_of IS 'Whose delegated work it was.';

CREATE TABLE officer_relation (
    id UUID NOT NULL,
    officer TEXT NOT NULL,
    kind TEXT NOT NULL,
    person_index TEXT NOT NULL,
    source TEXT NOT NULL,
    declared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT officer_relation_pkey PRIMARY KEY (id),
    CONSTRAINT officer_relation_source_check CHECK (source IN ('declared', 'register'))
);

CREATE UNIQUE INDEX officer_relation_once_key ON officer_relation (officer, person_index) WHERE withdrawn_at IS NULL;

COMMENT ON TABLE officer_relation IS 'Who might make an officer partial; a register''s word stands beside their own.';

COMMENT ON COLUMN officer_relation.person_index IS 'Blind index: whom.';

CREATE TABLE delegation (
    id UUID NOT NULL,
    office_id UUID NOT NULL,
    principal TEXT NOT NULL,
    delegate TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT delegation_pkey PRIMARY KEY (id),
    CONSTRAINT delegation_period_check CHECK (starts_on <= ends_on),
    CONSTRAINT delegation_other_check CHECK (principal <> delegate)
);

CREATE INDEX delegation_delegate_idx ON delegation (delegate, ends_on);

CREATE INDEX delegation_standing_idx ON delegation (principal, delegate, office_id) WHERE revoked_at IS NULL;

COMMENT ON TABLE delegation IS 'An officer''s own work, handed to a colleague from one day to another.';

CREATE TABLE absence (
    id UUID NOT NULL,
    officer TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT absence_pkey PRIMARY KEY (id),
    CONSTRAINT absence_period_check CHECK (starts_on <= ends_on)
);

CREATE INDEX absence_standing_idx ON absence (officer, ends_on) WHERE ended_at IS NULL;

CREATE TABLE reassignment (
    id UUID NOT NULL,
    task_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    from_officer TEXT,
    to_officer TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    note_sealed BYTEA,
    CONSTRAINT reassignment_pkey PRIMARY KEY (id),
    CONSTRAINT reassignment_task_id_fkey FOREIGN KEY(task_id) REFERENCES approval_task (id)
);

CREATE INDEX reassignment_task_idx ON reassignment (task_id, given_at);

COMMENT ON COLUMN reassignment.from_officer IS 'Who had it; null: it lay in the inbox.';

CREATE TABLE recusal (
    task_id UUID NOT NULL,
    officer TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    from_office UUID NOT NULL,
    to_office UUID,
    CONSTRAINT recusal_pkey PRIMARY KEY (task_id, officer),
    CONSTRAINT recusal_task_id_fkey FOREIGN KEY(task_id) REFERENCES approval_task (id)
);

COMMENT ON TABLE recusal IS 'Who stepped back from a task, and where it went.';

COMMENT ON COLUMN recusal.to_office IS 'The office above; null: a colleague can take it.';

CREATE TABLE window_entry (
    application_id UUID NOT NULL,
    office_id UUID NOT NULL,
    entered_by TEXT NOT NULL,
    identity_check TEXT NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT window_entry_pkey PRIMARY KEY (application_id),
    CONSTRAINT window_entry_identity_check_check CHECK (identity_check IN ('card-reader', 'electronic-id', 'paper-document')),
    CONSTRAINT window_entry_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE INDEX window_entry_officer_idx ON window_entry (entered_by, application_id);

COMMENT ON TABLE window_entry IS 'Applications an officer entered for a citizen present at the window.'
"""
