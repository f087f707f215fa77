"""Add two factors for officers, provider bindings, rate limits, officers' assignments."""

from alembic import op

revision = "registry_0006"
down_revision = "registry_0005"


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
ALTER TABLE session ADD COLUMN methods TEXT[] DEFAULT '{}' NOT NULL;

ALTER TABLE session ADD COLUMN authenticated_at TIMESTAMP WITH TIME ZONE;

COMMENT ON COLUMN session.authenticated_at IS 'When a factor was last shown.';

CREATE TABLE officer_credential (
    officer_id TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    password_set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    totp_secret BYTEA NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT officer_credential_pkey PRIMARY KEY (officer_id),
    CONSTRAINT officer_credential_officer_id_fkey
        FOREIGN KEY(officer_id) REFERENCES officer (id)
);

COMMENT ON TABLE officer_credential IS 'Password and second factor; good once confirmed.';

COMMENT ON COLUMN officer_credential.totp_secret IS 'Sealed.';

CREATE TABLE officer_invitation (
    officer_id TEXT NOT NULL,
    hash BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT officer_invitation_pkey PRIMARY KEY (officer_id),
    CONSTRAINT officer_invitation_hash_key UNIQUE (hash),
    CONSTRAINT officer_invitation_officer_id_fkey
        FOREIGN KEY(officer_id) REFERENCES officer (id)
);

COMMENT ON TABLE officer_invitation IS 'Lets an officer choose their factors; the last counts.';

CREATE TABLE totp_use (
    officer_id TEXT NOT NULL,
    step BIGINT NOT NULL,
    CONSTRAINT totp_use_pkey PRIMARY KEY (officer_id, step),
    CONSTRAINT totp_use_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officer (id)
);

COMMENT ON TABLE totp_use IS 'Each code is good once (RFC 6238 section 5.2).';

CREATE TABLE recovery_code (
    officer_id TEXT NOT NULL,
    hash BYTEA NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT recovery_code_pkey PRIMARY KEY (officer_id, hash),
    CONSTRAINT recovery_code_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officer (id)
);

CREATE TABLE known_device (
    hash BYTEA NOT NULL,
    officer_id TEXT NOT NULL,
    known_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT known_device_pkey PRIMARY KEY (hash),
    CONSTRAINT known_device_officer_id_fkey FOREIGN KEY(officer_id) REFERENCES officer (id)
);

COMMENT ON TABLE known_device IS 'Where an officer signed in before; failures elsewhere do not lock it.';

CREATE TABLE sign_in_attempt (
    account TEXT NOT NULL,
    device TEXT NOT NULL,
    failures INTEGER NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (account, device)
);

CREATE INDEX sign_in_attempt_last_at_idx ON sign_in_attempt (last_at);

COMMENT ON TABLE sign_in_attempt IS
    'Failures in a row, by account and device; the account need not exist.';

CREATE TABLE rate_limit (
    door TEXT NOT NULL,
    subject TEXT NOT NULL,
    drained_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT rate_limit_pkey PRIMARY KEY (door, subject)
);

CREATE INDEX rate_limit_drained_at_idx ON rate_limit (drained_at);

COMMENT ON TABLE rate_limit IS 'One leaky bucket per door and caller (GCRA).';

COMMENT ON COLUMN rate_limit.subject IS 'Keyed hash.';

CREATE INDEX session_revoked_at_idx ON session (revoked_at) WHERE revoked_at IS NOT NULL
"""
