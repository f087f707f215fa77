"""Create the funeral service's tables: cases, resources, slots, bookings."""

from alembic import op

from shared.migrations import create_shared_tables

revision = "funeral_0001"
down_revision = None


def upgrade() -> None:
    create_shared_tables(op, "funeral")
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
CREATE TABLE case_counter (
    office TEXT NOT NULL,
    year SMALLINT NOT NULL,
    last_serial INTEGER NOT NULL,
    CONSTRAINT case_counter_pkey PRIMARY KEY (office, year)
);

CREATE TABLE funeral_case (
    id UUID NOT NULL,
    number TEXT NOT NULL,
    application_id UUID NOT NULL,
    matter_id UUID NOT NULL,
    division TEXT NOT NULL,
    deceased_index TEXT NOT NULL,
    deceased_id_number_sealed BYTEA NOT NULL,
    deceased_name_sealed BYTEA NOT NULL,
    family_sealed BYTEA NOT NULL,
    died_on DATE NOT NULL,
    status TEXT NOT NULL,
    arranged_on DATE NOT NULL,
    ashes TEXT NOT NULL,
    needs_storage_extension BOOLEAN NOT NULL,
    CONSTRAINT funeral_case_pkey PRIMARY KEY (id),
    CONSTRAINT funeral_case_number_key UNIQUE (number),
    CONSTRAINT funeral_case_one_per_matter_key UNIQUE (matter_id),
    CONSTRAINT funeral_case_status_check CHECK (status IN ('ARRANGED', 'IN_STORAGE', 'ON_HOLD',
        'CREMATED', 'CLOSED', 'CANCELLED')),
    CONSTRAINT funeral_case_ashes_check CHECK (ashes IN ('HANDED_OVER', 'STORED', 'NICHE',
        'ECOLOGICAL'))
);

CREATE INDEX funeral_case_application_idx ON funeral_case (application_id);

CREATE UNIQUE INDEX funeral_case_one_per_deceased_key ON funeral_case (deceased_index) WHERE
    status <> 'CANCELLED';

COMMENT ON COLUMN funeral_case.deceased_index IS 'Blind index of the ID number.';

COMMENT ON COLUMN funeral_case.family_sealed IS 'Whom to call, and where.';

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

CREATE TABLE resource (
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    division TEXT NOT NULL,
    opens_at TIME WITHOUT TIME ZONE NOT NULL,
    closes_at TIME WITHOUT TIME ZONE NOT NULL,
    slot_minutes SMALLINT NOT NULL,
    CONSTRAINT resource_pkey PRIMARY KEY (id),
    CONSTRAINT resource_kind_check CHECK (kind IN ('HALL', 'FURNACE')),
    CONSTRAINT resource_hours_check CHECK (opens_at < closes_at AND slot_minutes > 0)
);

CREATE INDEX resource_division_idx ON resource (division);

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

CREATE TABLE slot (
    id UUID NOT NULL,
    resource_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT slot_pkey PRIMARY KEY (id),
    CONSTRAINT slot_one_at_a_time_key UNIQUE (resource_id, starts_at),
    CONSTRAINT slot_order_check CHECK (starts_at < ends_at),
    CONSTRAINT slot_resource_id_fkey FOREIGN KEY(resource_id) REFERENCES resource (id)
);

CREATE INDEX slot_starts_at_idx ON slot (starts_at);

CREATE TABLE booking (
    case_id UUID NOT NULL,
    slot_id UUID NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT booking_pkey PRIMARY KEY (case_id, slot_id),
    CONSTRAINT booking_case_id_fkey FOREIGN KEY(case_id) REFERENCES funeral_case (id),
    CONSTRAINT booking_slot_id_fkey FOREIGN KEY(slot_id) REFERENCES slot (id)
);

CREATE UNIQUE INDEX booking_one_per_slot_key ON booking (slot_id) WHERE released_at IS NULL
"""
