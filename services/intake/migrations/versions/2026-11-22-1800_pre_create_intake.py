"""Create the window's tables: applications, matters, approval tasks, clocks, materials."""

from alembic import op

from shared.migrations import create_shared_tables

revision = "intake_0001"
down_revision = None


def upgrade() -> None:
    """Create everything from nothing."""
    create_shared_tables(op, "intake")
    op.execute("CREATE SEQUENCE application_serial")
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
CREATE TABLE application (
    id UUID NOT NULL,
    number TEXT NOT NULL,
    item_code TEXT NOT NULL,
    item_version INTEGER NOT NULL,
    item_title JSONB NOT NULL,
    division TEXT NOT NULL,
    channel TEXT NOT NULL,
    stage TEXT NOT NULL,
    outcome TEXT,
    submitted_by TEXT NOT NULL,
    on_behalf_grant UUID,
    subject_index TEXT NOT NULL,
    form_sealed BYTEA NOT NULL,
    summary JSONB NOT NULL,
    params JSONB NOT NULL,
    plan_records JSONB NOT NULL,
    trace JSONB NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    decided_at TIMESTAMP WITH TIME ZONE,
    concluded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT application_pkey PRIMARY KEY (id),
    CONSTRAINT application_number_key UNIQUE (number),
    CONSTRAINT application_stage_check CHECK (stage IN ('submitted', 'correcting', 'accepted', 'in-review', 'decided', 'concluded', 'withdrawn', 'not-accepted'))
);

CREATE UNIQUE INDEX application_one_open_per_subject_key ON application (subject_index, item_code) WHERE stage NOT IN ('concluded', 'withdrawn', 'not-accepted');

CREATE INDEX application_own_idx ON application (submitted_by, id);

COMMENT ON COLUMN application.submitted_by IS 'Actor who may follow the case.';

COMMENT ON COLUMN application.subject_index IS 'Blind index: whom it is about.';

COMMENT ON COLUMN application.summary IS 'Non-personal fields of the form.';

COMMENT ON COLUMN application.params IS 'Local parameters it is pinned to.';

COMMENT ON COLUMN application.plan_records IS 'Why each department was asked.';

COMMENT ON COLUMN application.trace IS 'Trace context of the submission.';

CREATE TABLE file (
    id UUID NOT NULL,
    owner TEXT NOT NULL,
    name_sealed BYTEA NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    content_sealed BYTEA NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT file_pkey PRIMARY KEY (id)
);

CREATE INDEX file_owner_idx ON file (owner, stored_at);

CREATE TABLE office (
    id UUID NOT NULL,
    name TEXT NOT NULL,
    division TEXT NOT NULL,
    level TEXT NOT NULL,
    functions TEXT[] NOT NULL,
    CONSTRAINT office_pkey PRIMARY KEY (id)
);

CREATE INDEX office_division_idx ON office (division);

CREATE TABLE published_calendar (
    version SERIAL NOT NULL,
    calendar JSONB NOT NULL,
    CONSTRAINT published_calendar_pkey PRIMARY KEY (version)
);

CREATE TABLE published_item (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    definition JSONB NOT NULL,
    CONSTRAINT published_item_pkey PRIMARY KEY (code, version)
);

CREATE TABLE published_parameters (
    version SERIAL NOT NULL,
    parameters JSONB NOT NULL,
    CONSTRAINT published_parameters_pkey PRIMARY KEY (version)
);

CREATE TABLE webhook_attempt (
    webhook_id TEXT NOT NULL,
    attempt SMALLINT NOT NULL,
    system TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    status SMALLINT,
    CONSTRAINT webhook_attempt_pkey PRIMARY KEY (webhook_id, attempt)
);

CREATE INDEX webhook_attempt_system_idx ON webhook_attempt (system, at);

COMMENT ON COLUMN webhook_attempt.status IS 'HTTP status; null: no answer.';

CREATE TABLE webhook_endpoint (
    system TEXT NOT NULL,
    url TEXT NOT NULL,
    secret_sealed BYTEA NOT NULL,
    CONSTRAINT webhook_endpoint_pkey PRIMARY KEY (system)
);

COMMENT ON TABLE webhook_endpoint IS 'Where a partner system wants to be told of its tasks.';

CREATE TABLE clock_entry (
    application_id UUID NOT NULL,
    clock TEXT NOT NULL,
    seq SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT clock_entry_pkey PRIMARY KEY (application_id, clock, seq),
    CONSTRAINT clock_entry_kind_check CHECK (kind IN ('start', 'pause', 'resume', 'extend', 'stop')),
    CONSTRAINT clock_entry_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id)
);

COMMENT ON TABLE clock_entry IS 'The ledger from which due dates are derived.';

CREATE TABLE material (
    application_id UUID NOT NULL,
    key TEXT NOT NULL,
    title JSONB NOT NULL,
    status TEXT NOT NULL,
    file_id UUID,
    due_on DATE,
    CONSTRAINT material_pkey PRIMARY KEY (application_id, key),
    CONSTRAINT material_status_check CHECK (status IN ('received', 'deferred', 'committed')),
    CONSTRAINT material_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT material_file_id_fkey FOREIGN KEY(file_id) REFERENCES file (id)
);

CREATE TABLE matter (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    key TEXT NOT NULL,
    position SMALLINT NOT NULL,
    title JSONB NOT NULL,
    join_spec JSONB NOT NULL,
    effect_service TEXT,
    effect_name TEXT,
    discloses TEXT[] NOT NULL,
    document_kind TEXT,
    document_title JSONB,
    status TEXT NOT NULL,
    outcome TEXT,
    grounds JSONB DEFAULT '[]' NOT NULL,
    conditions JSONB DEFAULT '[]' NOT NULL,
    document JSONB,
    failure TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    concluded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT matter_pkey PRIMARY KEY (id),
    CONSTRAINT matter_key_key UNIQUE (application_id, key),
    CONSTRAINT matter_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE TABLE approval_task (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    matter_id UUID NOT NULL,
    matter_key TEXT NOT NULL,
    key TEXT NOT NULL,
    position SMALLINT NOT NULL,
    title JSONB NOT NULL,
    handler_kind TEXT NOT NULL,
    handler_system TEXT,
    check_name TEXT,
    office_id UUID,
    office_name TEXT,
    needs JSONB NOT NULL,
    verdicts TEXT[] NOT NULL,
    discloses TEXT[] NOT NULL,
    limit_length INTEGER,
    limit_unit TEXT,
    round SMALLINT DEFAULT 1 NOT NULL,
    state TEXT NOT NULL,
    verdict TEXT,
    opinion_sealed BYTEA,
    conditions JSONB DEFAULT '[]' NOT NULL,
    facts JSONB DEFAULT '{}' NOT NULL,
    cancel_reason TEXT,
    opened_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    due_provisional BOOLEAN DEFAULT false NOT NULL,
    due_explanation JSONB DEFAULT '[]' NOT NULL,
    claimed_by TEXT,
    claimed_at TIMESTAMP WITH TIME ZONE,
    lease_until TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    CONSTRAINT approval_task_pkey PRIMARY KEY (id),
    CONSTRAINT approval_task_key_key UNIQUE (application_id, matter_key, key),
    CONSTRAINT approval_task_state_check CHECK (state IN ('waiting', 'open', 'claimed', 'closed', 'cancelled')),
    CONSTRAINT approval_task_closed_check CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT approval_task_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id),
    CONSTRAINT approval_task_matter_id_fkey FOREIGN KEY(matter_id) REFERENCES matter (id)
);

CREATE INDEX approval_task_office_inbox_idx ON approval_task (office_id, due_at, id) WHERE state IN ('open', 'claimed');

CREATE INDEX approval_task_system_inbox_idx ON approval_task (handler_system, due_at, id) WHERE state IN ('open', 'claimed');

CREATE TABLE verdict (
    task_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    verdict TEXT NOT NULL,
    given_by TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT verdict_pkey PRIMARY KEY (task_id, round),
    CONSTRAINT verdict_task_id_fkey FOREIGN KEY(task_id) REFERENCES approval_task (id)
);

COMMENT ON TABLE verdict IS 'One verdict per task and round, whatever raced.'
"""
