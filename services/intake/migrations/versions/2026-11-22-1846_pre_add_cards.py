"""Keep the warnings and cards that the clocks raise, each once, and what a ledger line rests on.

The columns have constant defaults, so no row is rewritten. Old code leaves them alone.
"""

from alembic import op

revision = "intake_0003"
down_revision = "intake_0002"


def upgrade() -> None:
    """Add the table, the columns by which clocks are found, and their indexes."""
    for statement in CARDS.split(";\n"):
        op.execute(statement)


CARDS = """
CREATE TABLE supervision_card (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    task_id UUID,
    clock TEXT NOT NULL,
    level TEXT NOT NULL,
    round SMALLINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    office_id UUID,
    handler TEXT,
    division TEXT NOT NULL,
    CONSTRAINT supervision_card_pkey PRIMARY KEY (id),
    CONSTRAINT supervision_card_once_key UNIQUE (application_id, clock, round, level),
    CONSTRAINT supervision_card_level_check CHECK (level IN ('warning', 'yellow', 'red')),
    CONSTRAINT supervision_card_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT supervision_card_task_id_fkey FOREIGN KEY(task_id) REFERENCES approval_task (id)
);

COMMENT ON TABLE supervision_card IS 'A fact: raised once per clock, round and level, never deleted.';

CREATE INDEX supervision_card_office_idx ON supervision_card (office_id, raised_at, id);

CREATE INDEX supervision_card_division_idx ON supervision_card (division, raised_at, id);

ALTER TABLE clock_entry
    ADD COLUMN basis TEXT,
    ADD COLUMN days SMALLINT,
    ADD COLUMN recorded_by TEXT,
    ADD COLUMN note_sealed BYTEA;

ALTER TABLE application
    ADD COLUMN watched BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN next_look_at TIMESTAMP WITH TIME ZONE;

CREATE INDEX application_unwatched_idx ON application (accepted_at) WHERE NOT watched AND stage IN ('accepted', 'in-review');

CREATE INDEX application_next_look_idx ON application (next_look_at) WHERE stage IN ('accepted', 'in-review') AND next_look_at IS NOT NULL;

ALTER TABLE approval_task
    ADD COLUMN watched_round SMALLINT DEFAULT 0 NOT NULL,
    ADD COLUMN next_look_at TIMESTAMP WITH TIME ZONE;

CREATE INDEX approval_task_unwatched_idx ON approval_task (opened_at) WHERE state IN ('open', 'claimed') AND watched_round < round;

CREATE INDEX approval_task_next_look_idx ON approval_task (next_look_at) WHERE state IN ('open', 'claimed') AND next_look_at IS NOT NULL
"""
