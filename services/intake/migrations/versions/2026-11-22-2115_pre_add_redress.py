"""Keep ratings, complaints, work orders and rectifications, each step and card of them."""

from alembic import op

revision = "intake_0011"
down_revision = "intake_0010"


def upgrade() -> None:
    """Add the tables."""
    for statement in CHANGES.split(";\n"):
        op.execute(statement)


CHANGES = """
CREATE TABLE rating (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    matter TEXT NOT NULL,
    item_code TEXT NOT NULL,
    office_id UUID,
    division TEXT NOT NULL,
    satisfaction SMALLINT NOT NULL,
    is_anonymous BOOLEAN NOT NULL,
    is_excluded BOOLEAN DEFAULT false NOT NULL,
    remark_sealed BYTEA,
    rated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    edited_at TIMESTAMP WITH TIME ZONE,
    rerated SMALLINT,
    rerated_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT rating_pkey PRIMARY KEY (id),
    CONSTRAINT rating_once_key UNIQUE (application_id, matter),
    CONSTRAINT rating_satisfaction_check CHECK (satisfaction BETWEEN 1 AND 5),
    CONSTRAINT rating_rerated_check CHECK (rerated BETWEEN 1 AND 5),
    CONSTRAINT rating_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE INDEX rating_division_idx ON rating (division, rated_at);

COMMENT ON TABLE rating IS 'One rating per matter; who gave it is not kept.';

COMMENT ON COLUMN rating.satisfaction IS '1 is the best, 5 the worst.';

CREATE TABLE redress (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    division TEXT NOT NULL,
    office_id UUID,
    category TEXT,
    is_urgent BOOLEAN NOT NULL,
    is_complex BOOLEAN NOT NULL,
    is_anonymous BOOLEAN NOT NULL,
    application_id UUID,
    rating_id UUID,
    reporter TEXT,
    system TEXT,
    external_number TEXT,
    item_code TEXT,
    text_sealed BYTEA,
    round SMALLINT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    round_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    extended_days SMALLINT NOT NULL,
    extension_asked SMALLINT,
    contested_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    next_look_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT redress_pkey PRIMARY KEY (id),
    CONSTRAINT redress_rating_key UNIQUE (rating_id),
    CONSTRAINT redress_work_order_key UNIQUE (system, external_number),
    CONSTRAINT redress_kind_check CHECK (kind IN ('bad-rating', 'complaint', 'hotline', 'inspection')),
    CONSTRAINT redress_closed_check CHECK ((stage = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT redress_system_check CHECK ((kind = 'hotline') = (system IS NOT NULL)),
    CONSTRAINT redress_anonymous_check CHECK (NOT is_anonymous OR reporter IS NULL),
    CONSTRAINT redress_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT redress_rating_id_fkey FOREIGN KEY(rating_id) REFERENCES rating (id)
);

CREATE INDEX redress_case_idx ON redress (application_id);

CREATE INDEX redress_division_idx ON redress (division, id);

CREATE INDEX redress_next_look_idx ON redress (next_look_at) WHERE stage <> 'closed';

CREATE INDEX redress_office_idx ON redress (office_id, id);

CREATE INDEX redress_reporter_idx ON redress (reporter, id);

COMMENT ON TABLE redress IS 'A complaint, work order or rectification, as it stands now.';

CREATE TABLE redress_step (
    redress_id UUID NOT NULL,
    seq SMALLINT NOT NULL,
    act TEXT NOT NULL,
    stage TEXT NOT NULL,
    hand TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    note_sealed BYTEA,
    facts JSONB NOT NULL,
    CONSTRAINT redress_step_pkey PRIMARY KEY (redress_id, seq),
    CONSTRAINT redress_step_redress_id_fkey FOREIGN KEY(redress_id) REFERENCES redress (id)
);

COMMENT ON TABLE redress_step IS 'Every act of a loop, in order; never changed.';

CREATE TABLE redress_card (
    redress_id UUID NOT NULL,
    stage TEXT NOT NULL,
    round SMALLINT NOT NULL,
    level TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT redress_card_pkey PRIMARY KEY (redress_id, stage, round, level),
    CONSTRAINT redress_card_level_check CHECK (level IN ('warning', 'yellow', 'red')),
    CONSTRAINT redress_card_redress_id_fkey FOREIGN KEY(redress_id) REFERENCES redress (id)
);

COMMENT ON TABLE redress_card IS 'A fact: raised once per stage, round and level, never deleted.'
"""
