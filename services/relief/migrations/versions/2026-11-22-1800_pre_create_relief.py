"""Create relief's tables: benefits, beneficiaries, amounts, payment lines."""

from alembic import op

from shared.migrations import create_shared_tables

revision = "relief_0001"
down_revision = None


def upgrade() -> None:
    create_shared_tables(op, "relief")
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
CREATE TABLE benefit (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    division TEXT NOT NULL,
    decided_on DATE NOT NULL,
    application_id UUID,
    matter_id UUID,
    notice_number TEXT,
    event_kind TEXT,
    asked_fen BIGINT,
    granted_fen BIGINT,
    cap_fen BIGINT,
    level TEXT,
    account_sealed BYTEA,
    stops_from DATE,
    stop_reason TEXT,
    recovery TEXT DEFAULT 'NONE' NOT NULL,
    review_due_on DATE,
    CONSTRAINT benefit_pkey PRIMARY KEY (id),
    CONSTRAINT benefit_one_per_matter_key UNIQUE (matter_id),
    CONSTRAINT benefit_notice_number_key UNIQUE (notice_number),
    CONSTRAINT benefit_status_check CHECK (status IN ('PENDING_START', 'ACTIVE', 'SUSPENDED',
        'GRACE', 'TERMINATED')),
    CONSTRAINT benefit_granted_check CHECK (granted_fen IS NULL OR (granted_fen > 0 AND
        granted_fen <= asked_fen))
);

CREATE INDEX benefit_application_idx ON benefit (application_id);

COMMENT ON COLUMN benefit.stops_from IS 'First day of the first month no longer due.';

CREATE TABLE matter_outcome (
    matter_id UUID NOT NULL,
    application_id UUID NOT NULL,
    effect TEXT NOT NULL,
    failure TEXT,
    concluded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT matter_outcome_pkey PRIMARY KEY (matter_id)
);

COMMENT ON TABLE matter_outcome IS 'One outcome per matter, however often it is decided.';

COMMENT ON COLUMN matter_outcome.failure IS 'Code of why it could not be made real.';

CREATE TABLE notice_counter (
    office TEXT NOT NULL,
    year SMALLINT NOT NULL,
    last_serial INTEGER NOT NULL,
    CONSTRAINT notice_counter_pkey PRIMARY KEY (office, year)
);

CREATE TABLE task_answer (
    task_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    application_id UUID NOT NULL,
    check_name TEXT NOT NULL,
    verdict TEXT,
    answered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT task_answer_pkey PRIMARY KEY (task_id, round)
);

COMMENT ON TABLE task_answer IS 'One answer per task and round, however often it is asked.';

CREATE TABLE amount_version (
    benefit_id UUID NOT NULL,
    from_month DATE NOT NULL,
    base_fen BIGINT NOT NULL,
    additions_fen BIGINT NOT NULL,
    CONSTRAINT amount_version_pkey PRIMARY KEY (benefit_id, from_month),
    CONSTRAINT amount_version_amount_check CHECK (base_fen >= 0 AND additions_fen >= 0),
    CONSTRAINT amount_version_benefit_id_fkey FOREIGN KEY(benefit_id) REFERENCES benefit (id)
);

CREATE TABLE beneficiary (
    benefit_id UUID NOT NULL,
    person_index TEXT NOT NULL,
    is_head BOOLEAN NOT NULL,
    addition_fen BIGINT NOT NULL,
    left_on DATE,
    kind TEXT NOT NULL,
    in_force BOOLEAN NOT NULL,
    id_number_sealed BYTEA NOT NULL,
    name_sealed BYTEA NOT NULL,
    CONSTRAINT beneficiary_pkey PRIMARY KEY (benefit_id, person_index),
    CONSTRAINT beneficiary_addition_check CHECK (addition_fen >= 0),
    CONSTRAINT beneficiary_benefit_id_fkey FOREIGN KEY(benefit_id) REFERENCES benefit (id)
);

CREATE UNIQUE INDEX beneficiary_one_minimum_living_key ON beneficiary (person_index) WHERE kind =
    'MINIMUM_LIVING' AND in_force;

CREATE INDEX beneficiary_person_idx ON beneficiary (person_index);

COMMENT ON COLUMN beneficiary.person_index IS 'Blind index of the ID number.';

CREATE TABLE overpayment (
    benefit_id UUID NOT NULL,
    period DATE NOT NULL,
    amount_fen BIGINT NOT NULL,
    application_id UUID NOT NULL,
    found_on DATE NOT NULL,
    CONSTRAINT overpayment_pkey PRIMARY KEY (benefit_id, period),
    CONSTRAINT overpayment_amount_check CHECK (amount_fen > 0),
    CONSTRAINT overpayment_benefit_id_fkey FOREIGN KEY(benefit_id) REFERENCES benefit (id)
);

COMMENT ON TABLE overpayment IS 'Months paid although not due, to be set off or recovered.';

COMMENT ON COLUMN overpayment.application_id IS 'The case that found it.';

CREATE TABLE payment_line (
    benefit_id UUID NOT NULL,
    period TEXT NOT NULL,
    due_on DATE NOT NULL,
    amount_fen BIGINT NOT NULL,
    status TEXT NOT NULL,
    CONSTRAINT payment_line_pkey PRIMARY KEY (benefit_id, period),
    CONSTRAINT payment_line_amount_check CHECK (amount_fen > 0),
    CONSTRAINT payment_line_status_check CHECK (status IN ('PENDING', 'PAID', 'WITHHELD')),
    CONSTRAINT payment_line_benefit_id_fkey FOREIGN KEY(benefit_id) REFERENCES benefit (id)
);

COMMENT ON TABLE payment_line IS 'One payment per benefit and period.';

COMMENT ON COLUMN payment_line.period IS 'A month (2026-03) or the number of an instalment.'
"""
