"""Create the marriage registry's tables: marriages, parties, records, counters."""

from alembic import op

from shared.migrations import create_shared_tables

revision = "marriage_0001"
down_revision = None


def upgrade() -> None:
    create_shared_tables(op, "marriage")
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
CREATE TABLE certificate_counter (
    kind TEXT NOT NULL,
    office TEXT NOT NULL,
    year SMALLINT NOT NULL,
    last_serial INTEGER NOT NULL,
    CONSTRAINT certificate_counter_pkey PRIMARY KEY (kind, office, year)
);

COMMENT ON TABLE certificate_counter IS 'A row, not a sequence: a number is given back when the registration fails.';

CREATE TABLE marital_record (
    person_index TEXT NOT NULL,
    source TEXT NOT NULL,
    status TEXT NOT NULL,
    as_of DATE NOT NULL,
    CONSTRAINT marital_record_pkey PRIMARY KEY (person_index, source)
);

COMMENT ON TABLE marital_record IS 'What archives and the national base say of a person.';

CREATE TABLE marriage (
    id UUID NOT NULL,
    certificate_number TEXT NOT NULL,
    division TEXT NOT NULL,
    registered_on DATE NOT NULL,
    status TEXT NOT NULL,
    application_id UUID,
    matter_id UUID,
    ended_on DATE,
    end_cause TEXT,
    CONSTRAINT marriage_pkey PRIMARY KEY (id),
    CONSTRAINT marriage_certificate_number_key UNIQUE (certificate_number),
    CONSTRAINT marriage_one_per_matter_key UNIQUE (matter_id),
    CONSTRAINT marriage_status_check CHECK (status IN ('IN_FORCE', 'ENDED', 'ANNULLED',
        'REVOKED')),
    CONSTRAINT marriage_ended_check CHECK ((status = 'ENDED') = (ended_on IS NOT NULL AND
        end_cause IS NOT NULL)),
    CONSTRAINT marriage_order_check CHECK (ended_on >= registered_on)
);

CREATE INDEX marriage_application_idx ON marriage (application_id);

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

CREATE TABLE marriage_party (
    marriage_id UUID NOT NULL,
    person_index TEXT NOT NULL,
    position SMALLINT NOT NULL,
    in_force BOOLEAN NOT NULL,
    id_number_sealed BYTEA NOT NULL,
    name_sealed BYTEA NOT NULL,
    CONSTRAINT marriage_party_pkey PRIMARY KEY (marriage_id, person_index),
    CONSTRAINT marriage_party_marriage_id_fkey FOREIGN KEY(marriage_id) REFERENCES marriage (id)
);

CREATE UNIQUE INDEX marriage_party_one_in_force_key ON marriage_party (person_index) WHERE
    in_force;

CREATE INDEX marriage_party_person_idx ON marriage_party (person_index);

COMMENT ON COLUMN marriage_party.person_index IS 'Blind index of the ID number.'
"""
