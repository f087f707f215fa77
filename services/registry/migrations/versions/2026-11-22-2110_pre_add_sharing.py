"""Keep enquiries to other departments, and publish what may be asked."""

from alembic import op

revision = "registry_0003"
down_revision = "registry_0002"


def upgrade() -> None:
    op.execute("ALTER TABLE publication DROP CONSTRAINT publication_kind_check")
    op.execute("""
        ALTER TABLE publication ADD CONSTRAINT publication_kind_check
        CHECK (kind IN ('ITEM', 'PARAMETERS', 'CALENDAR', 'OFFICE', 'SHARED_FACT'))
    """)
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
CREATE TABLE enquiry (
    id UUID NOT NULL,
    fact TEXT NOT NULL,
    fact_version INTEGER NOT NULL,
    application_id UUID NOT NULL,
    item TEXT NOT NULL,
    purpose TEXT NOT NULL,
    basis TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    person_index TEXT NOT NULL,
    consent TEXT,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    usable_until DATE NOT NULL,
    keep_until DATE NOT NULL,
    subject_sealed BYTEA,
    data_key BYTEA,
    CONSTRAINT enquiry_pkey PRIMARY KEY (id),
    CONSTRAINT enquiry_kept_check
        CHECK (keep_until >= (asked_at AT TIME ZONE 'Asia/Shanghai')::date + 1090)
);

COMMENT ON TABLE enquiry IS 'Who asked what about whom, for what, on which basis.';

COMMENT ON COLUMN enquiry.data_key IS
    'Wrapped key of the personal data; NULL once it is erased.';

CREATE INDEX enquiry_application_idx ON enquiry (application_id, asked_by);

CREATE INDEX enquiry_usable_idx ON enquiry (usable_until) WHERE data_key IS NOT NULL;

CREATE INDEX enquiry_keep_idx ON enquiry (keep_until);

CREATE TABLE enquiry_answer (
    enquiry_id UUID NOT NULL,
    supplier TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    as_of DATE,
    fetched_at TIMESTAMP WITH TIME ZONE,
    payload_sealed BYTEA,
    CONSTRAINT enquiry_answer_pkey PRIMARY KEY (enquiry_id, supplier),
    CONSTRAINT enquiry_answer_enquiry_id_fkey FOREIGN KEY (enquiry_id)
        REFERENCES enquiry (id) ON DELETE CASCADE,
    CONSTRAINT enquiry_answer_status_check
        CHECK (status IN ('PENDING', 'OK', 'NOT_FOUND', 'UNAVAILABLE', 'CONFLICT')),
    CONSTRAINT enquiry_answer_no_is_said_check
        CHECK (status <> 'NOT_FOUND' OR (as_of IS NOT NULL AND fetched_at IS NOT NULL))
);

CREATE INDEX enquiry_answer_pending_idx ON enquiry_answer (supplier) WHERE status = 'PENDING';

CREATE INDEX enquiry_answer_fetched_idx ON enquiry_answer (supplier, fetched_at)
"""
