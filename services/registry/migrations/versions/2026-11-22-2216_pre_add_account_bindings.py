"""Add bindings of providers' accounts to residents."""

from alembic import op

revision = "registry_0007"
down_revision = "registry_0006"


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
CREATE TABLE account_binding (
    id UUID NOT NULL,
    provider TEXT NOT NULL,
    subject_index TEXT NOT NULL,
    resident_id UUID NOT NULL,
    assurance TEXT NOT NULL,
    bound_at TIMESTAMP WITH TIME ZONE NOT NULL,
    unbound_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT account_binding_pkey PRIMARY KEY (id),
    CONSTRAINT account_binding_assurance_check
        CHECK (assurance IN ('REAL_NAME', 'REAL_PERSON')),
    CONSTRAINT account_binding_resident_id_fkey FOREIGN KEY(resident_id) REFERENCES resident (id)
);

CREATE UNIQUE INDEX account_binding_one_person_key
    ON account_binding (provider, subject_index) WHERE unbound_at IS NULL;

CREATE INDEX account_binding_resident_id_idx ON account_binding (resident_id);

COMMENT ON TABLE account_binding IS 'One account is one person''s; one person may have many.';

COMMENT ON COLUMN account_binding.subject_index IS 'Keyed hash.';

CREATE TABLE binding_ticket (
    hash BYTEA NOT NULL,
    provider TEXT NOT NULL,
    subject BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT binding_ticket_pkey PRIMARY KEY (hash)
);

CREATE INDEX binding_ticket_expires_at_idx ON binding_ticket (expires_at);

COMMENT ON TABLE binding_ticket IS
    'An account whose code is used up and that nobody is bound to yet.';

COMMENT ON COLUMN binding_ticket.subject IS 'Sealed.';

CREATE TABLE pending_sign_in (
    hash BYTEA NOT NULL,
    provider TEXT NOT NULL,
    verifier BYTEA NOT NULL,
    nonce TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pending_sign_in_pkey PRIMARY KEY (hash)
);

CREATE INDEX pending_sign_in_expires_at_idx ON pending_sign_in (expires_at);

COMMENT ON TABLE pending_sign_in IS 'Sign-ins that began with us and end with us (PKCE).';

COMMENT ON COLUMN pending_sign_in.verifier IS 'Sealed.'
"""
