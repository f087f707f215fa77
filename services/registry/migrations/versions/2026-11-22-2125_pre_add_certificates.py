"""Keep electronic certificates: keys, certificates with their versions, holders and ends.

The new kind of publication is allowed beside the old ones, so old code goes on as before.
"""

from alembic import op

revision = "registry_0004"
down_revision = "registry_0003"


def upgrade() -> None:
    """Add the tables, and let types of certificates be published."""
    op.execute("ALTER TABLE publication DROP CONSTRAINT publication_kind_check")
    op.execute(
        "ALTER TABLE publication ADD CONSTRAINT publication_kind_check CHECK"
        " (kind IN ('ITEM', 'PARAMETERS', 'CALENDAR', 'OFFICE', 'SHARED_FACT',"
        " 'CERTIFICATE_TYPE'))"
    )
    for statement in CERTIFICATES.split(";\n"):
        op.execute(statement)
    # A certificate that was issued stays: not even we can take it back.
    for table in ("certificate", "certificate_version", "certified_fact_end", "certificate_key"):
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM registry_app")
    # Sealed columns can be sealed anew with another key; the signature shows if they changed.
    op.execute("REVOKE UPDATE ON certificate_version FROM registry_app")
    op.execute(
        "GRANT UPDATE (superseded_at, content, secrets) ON certificate_version TO registry_app"
    )


CERTIFICATES = """
CREATE SEQUENCE certificate_status_serial MINVALUE 0 START 0;

CREATE TABLE certificate_key (
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    public_jwk JSONB NOT NULL,
    private_jwk BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT certificate_key_pkey PRIMARY KEY (id),
    CONSTRAINT certificate_key_status_check CHECK (status IN ('CURRENT', 'RETIRED')),
    CONSTRAINT certificate_key_retired_check CHECK ((status = 'RETIRED') = (retired_at IS NOT NULL))
);

CREATE UNIQUE INDEX certificate_key_one_signs_key
    ON certificate_key (status)
    WHERE status = 'CURRENT';

COMMENT ON TABLE certificate_key IS 'ES256 keys of certificates alone; the private part is sealed.';

CREATE TABLE certificate_serial (
    type_code TEXT NOT NULL,
    issuer TEXT NOT NULL,
    year SMALLINT NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT certificate_serial_pkey PRIMARY KEY (type_code, issuer, year)
);

COMMENT ON TABLE certificate_serial IS 'The last serial given; locked until the certificate stands, so none is lost.';

CREATE TABLE certificate (
    id UUID NOT NULL,
    type_code TEXT NOT NULL,
    type_version INTEGER NOT NULL,
    document_kind TEXT NOT NULL,
    document_number TEXT NOT NULL,
    application_id UUID NOT NULL,
    matter_id UUID NOT NULL,
    office_id UUID NOT NULL,
    division TEXT NOT NULL,
    about TEXT,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    end_kind TEXT,
    end_reason TEXT,
    CONSTRAINT certificate_pkey PRIMARY KEY (id),
    CONSTRAINT certificate_one_per_document_key UNIQUE (document_kind, document_number),
    CONSTRAINT certificate_end_kind_check CHECK (end_kind IN ('CANCELLED', 'REVOKED', 'WITHDRAWN')),
    CONSTRAINT certificate_ended_check CHECK ((ended_at IS NULL) = (end_kind IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL))
);

CREATE INDEX certificate_about_idx
    ON certificate (about)
    WHERE about IS NOT NULL AND ended_at IS NULL;

COMMENT ON TABLE certificate IS 'One per outcome document, however often the outcome is told.';

COMMENT ON COLUMN certificate.type_code IS 'Code of the type in the catalogue.';

COMMENT ON COLUMN certificate.about IS 'What it proves, as the event of its end names it.';

CREATE TABLE certificate_version (
    certificate_id UUID NOT NULL,
    version SMALLINT NOT NULL,
    identifier TEXT NOT NULL,
    content BYTEA NOT NULL,
    signature TEXT NOT NULL,
    secrets BYTEA NOT NULL,
    token_hash BYTEA NOT NULL,
    status_list INTEGER NOT NULL,
    status_index INTEGER NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    superseded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT certificate_version_pkey PRIMARY KEY (certificate_id, version),
    CONSTRAINT certificate_version_identifier_key UNIQUE (identifier),
    CONSTRAINT certificate_version_token_hash_key UNIQUE (token_hash),
    CONSTRAINT certificate_version_status_key UNIQUE (status_list, status_index),
    CONSTRAINT certificate_version_version_check CHECK (version BETWEEN 1 AND 999),
    CONSTRAINT certificate_version_valid_check CHECK (valid_until >= valid_from),
    CONSTRAINT certificate_version_certificate_id_fkey FOREIGN KEY(certificate_id) REFERENCES certificate (id)
);

CREATE UNIQUE INDEX certificate_version_newest_key
    ON certificate_version (certificate_id)
    WHERE superseded_at IS NULL;

COMMENT ON TABLE certificate_version IS 'Signed, and never changed; only that another took its place is noted.';

COMMENT ON COLUMN certificate_version.content IS 'Sealed; what is signed.';

COMMENT ON COLUMN certificate_version.signature IS 'JWS without its payload.';

COMMENT ON COLUMN certificate_version.secrets IS 'Sealed; only the paper has them.';

CREATE TABLE certificate_holder (
    certificate_id UUID NOT NULL,
    person_index TEXT NOT NULL,
    CONSTRAINT certificate_holder_pkey PRIMARY KEY (certificate_id, person_index),
    CONSTRAINT certificate_holder_certificate_id_fkey FOREIGN KEY(certificate_id) REFERENCES certificate (id)
);

CREATE INDEX certificate_holder_person_index_idx
    ON certificate_holder (person_index, certificate_id);

COMMENT ON COLUMN certificate_holder.person_index IS 'Keyed blind index.';

CREATE TABLE certified_fact_end (
    about TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT certified_fact_end_pkey PRIMARY KEY (about)
);

COMMENT ON TABLE certified_fact_end IS 'What ended before its certificate was issued ends that certificate too.';

CREATE TABLE verification_pace (
    bucket TEXT NOT NULL,
    minute BIGINT NOT NULL,
    count INTEGER NOT NULL,
    CONSTRAINT verification_pace_pkey PRIMARY KEY (bucket, minute)
);

CREATE INDEX verification_pace_minute_idx
    ON verification_pace (minute);

COMMENT ON TABLE verification_pace IS 'How often somebody verified, for a while.';

COMMENT ON COLUMN verification_pace.bucket IS 'Keyed hash of an address, or a certificate.'
"""
