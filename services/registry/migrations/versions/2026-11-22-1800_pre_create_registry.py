"""Create the registry's tables: keys, clients, publications, people, sessions, grants, deaths."""

from alembic import op

from shared.migrations import create_shared_tables

revision = "registry_0001"
down_revision = None


def upgrade() -> None:
    create_shared_tables(op, "registry")
    op.execute("CREATE SEQUENCE death_serial")
    for statement in TABLES.split(";\n"):
        op.execute(statement)
    # What was published, and what was registered, stays: not even we can take it back.
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON publication FROM registry_app")
    op.execute("REVOKE DELETE, TRUNCATE ON death_record FROM registry_app")


TABLES = """
CREATE TABLE client (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    system TEXT NOT NULL,
    audiences TEXT[] NOT NULL,
    roles TEXT[] NOT NULL,
    secret_hash TEXT,
    public_jwk JSONB,
    registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT client_pkey PRIMARY KEY (id),
    CONSTRAINT client_kind_check CHECK (kind IN ('service', 'partner', 'operator')),
    CONSTRAINT client_proof_check CHECK (secret_hash IS NOT NULL OR public_jwk IS NOT NULL)
);

COMMENT ON TABLE client IS 'Programs that may ask for access tokens.';

CREATE TABLE division (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    level TEXT NOT NULL,
    parent TEXT,
    CONSTRAINT division_pkey PRIMARY KEY (code),
    CONSTRAINT division_code_check CHECK (code ~ '^[0-9]{12}$'),
    CONSTRAINT division_level_check
        CHECK (level IN ('province', 'city', 'county', 'township', 'village'))
);

CREATE TABLE officer (
    id TEXT NOT NULL,
    name BYTEA NOT NULL,
    division TEXT NOT NULL,
    offices TEXT[] NOT NULL,
    roles TEXT[] NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT officer_pkey PRIMARY KEY (id)
);

COMMENT ON COLUMN officer.name IS 'Sealed.';

CREATE TABLE publication (
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    content JSON NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT publication_pkey PRIMARY KEY (seq),
    CONSTRAINT publication_id_key UNIQUE (id),
    CONSTRAINT publication_kind_key_version_key UNIQUE (kind, key, version),
    CONSTRAINT publication_kind_check
        CHECK (kind IN ('ITEM', 'PARAMETERS', 'CALENDAR', 'OFFICE')),
    CONSTRAINT publication_version_check CHECK (version > 0)
);

COMMENT ON TABLE publication IS
    'Immutable versions; the application''s role may neither update nor delete them.';

COMMENT ON COLUMN publication.id IS 'Also the id of the event that told it.';

CREATE TABLE resident (
    id UUID NOT NULL,
    person_index TEXT NOT NULL,
    name BYTEA NOT NULL,
    id_number BYTEA NOT NULL,
    status TEXT NOT NULL,
    died_on DATE,
    known_from TEXT NOT NULL,
    known_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT resident_pkey PRIMARY KEY (id),
    CONSTRAINT resident_person_index_key UNIQUE (person_index),
    CONSTRAINT resident_status_check CHECK (status IN ('ALIVE', 'DECEASED')),
    CONSTRAINT resident_died_check CHECK (died_on IS NULL OR status = 'DECEASED'),
    CONSTRAINT resident_known_from_check CHECK (known_from IN ('REGISTER', 'DEATH_CERTIFICATE'))
);

COMMENT ON COLUMN resident.person_index IS 'Keyed blind index.';

COMMENT ON COLUMN resident.name IS 'Sealed.';

COMMENT ON COLUMN resident.id_number IS 'Sealed.';

CREATE TABLE session (
    id UUID NOT NULL,
    person_kind TEXT NOT NULL,
    person TEXT NOT NULL,
    provider TEXT NOT NULL,
    signed_in_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_for TEXT,
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_person_kind_check CHECK (person_kind IN ('citizen', 'officer')),
    CONSTRAINT session_revoked_check CHECK ((revoked_at IS NULL) = (revoked_for IS NULL))
);

CREATE INDEX session_ends_at_idx ON session (ends_at);

CREATE INDEX session_live_idx ON session (person_kind, person) WHERE revoked_at IS NULL;

COMMENT ON TABLE session IS 'A sign-in and everything refreshed from it.';

COMMENT ON COLUMN session.person IS 'The resident''s or the officer''s id.';

CREATE TABLE signing_key (
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    public_jwk JSONB NOT NULL,
    private_jwk BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    activated_at TIMESTAMP WITH TIME ZONE,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT signing_key_pkey PRIMARY KEY (id),
    CONSTRAINT signing_key_status_check CHECK (status IN ('NEXT', 'CURRENT', 'RETIRED')),
    CONSTRAINT signing_key_retired_check CHECK ((status = 'RETIRED') = (retired_at IS NOT NULL))
);

CREATE UNIQUE INDEX signing_key_one_of_each_key ON signing_key (status) WHERE status <> 'RETIRED';

COMMENT ON TABLE signing_key IS 'ES256 keys; the private part is sealed.';

CREATE TABLE task_answer (
    task_id UUID NOT NULL,
    round SMALLINT NOT NULL,
    application_id UUID NOT NULL,
    verdict TEXT NOT NULL,
    found TEXT NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT task_answer_pkey PRIMARY KEY (task_id, round)
);

COMMENT ON TABLE task_answer IS 'What the registry answered; a repeat answers nothing new.';

CREATE TABLE agency_grant (
    id UUID NOT NULL,
    principal_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    items TEXT[] NOT NULL,
    granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_on DATE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT agency_grant_pkey PRIMARY KEY (id),
    CONSTRAINT agency_grant_two_people_check CHECK (principal_id <> agent_id),
    CONSTRAINT agency_grant_items_check CHECK (cardinality(items) > 0),
    CONSTRAINT agency_grant_principal_id_fkey FOREIGN KEY(principal_id) REFERENCES resident (id),
    CONSTRAINT agency_grant_agent_id_fkey FOREIGN KEY(agent_id) REFERENCES resident (id)
);

CREATE INDEX agency_grant_agent_id_idx ON agency_grant (agent_id);

CREATE INDEX agency_grant_principal_id_idx ON agency_grant (principal_id);

COMMENT ON TABLE agency_grant IS 'Who may act for whom (代办).';

CREATE TABLE client_assertion (
    client_id TEXT NOT NULL,
    jti TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT client_assertion_pkey PRIMARY KEY (client_id, jti),
    CONSTRAINT client_assertion_client_id_fkey FOREIGN KEY(client_id) REFERENCES client (id)
);

CREATE INDEX client_assertion_expires_at_idx ON client_assertion (expires_at);

COMMENT ON TABLE client_assertion IS
    'Assertions used once, until they could not be used again anyway.';

CREATE TABLE death_record (
    id UUID NOT NULL,
    resident_id UUID NOT NULL,
    number TEXT NOT NULL,
    died_on DATE NOT NULL,
    certificate_number BYTEA NOT NULL,
    place_division TEXT,
    application_id UUID NOT NULL,
    registered_on DATE NOT NULL,
    CONSTRAINT death_record_pkey PRIMARY KEY (id),
    CONSTRAINT death_record_resident_id_key UNIQUE (resident_id),
    CONSTRAINT death_record_number_key UNIQUE (number),
    CONSTRAINT death_record_resident_id_fkey FOREIGN KEY(resident_id) REFERENCES resident (id)
);

COMMENT ON TABLE death_record IS 'The fact of a death; one per person. The cause is not kept.';

COMMENT ON COLUMN death_record.certificate_number IS 'Sealed.';

CREATE TABLE refresh_token (
    hash BYTEA NOT NULL,
    session_id UUID NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT refresh_token_pkey PRIMARY KEY (hash),
    CONSTRAINT refresh_token_session_id_fkey
        FOREIGN KEY(session_id) REFERENCES session (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX refresh_token_one_unused_key
    ON refresh_token (session_id) WHERE used_at IS NULL;

CREATE INDEX refresh_token_session_id_idx ON refresh_token (session_id);

COMMENT ON TABLE refresh_token IS 'Each is used once; the second use ends the session.';

CREATE TABLE matter_outcome (
    matter_id UUID NOT NULL,
    application_id UUID NOT NULL,
    death_record_id UUID,
    failure TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT matter_outcome_pkey PRIMARY KEY (matter_id),
    CONSTRAINT matter_outcome_either_check CHECK ((death_record_id IS NULL) <> (failure IS NULL)),
    CONSTRAINT matter_outcome_death_record_id_fkey
        FOREIGN KEY(death_record_id) REFERENCES death_record (id)
);

COMMENT ON TABLE matter_outcome IS 'What became of a matter the registry had to make real.'
"""
