"""Keep adoptions, social organisations and place names, and what became of their matters."""

from alembic import op

revision = "registry_0005"
down_revision = "registry_0004"


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)
    for table in ("item_outcome", "adoption", "social_organisation", "place_name"):
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM registry_app")
    op.execute("REVOKE UPDATE ON item_outcome FROM registry_app")


TABLES = """
CREATE SEQUENCE adoption_serial;

CREATE SEQUENCE organisation_serial;

CREATE SEQUENCE recognition_serial;

CREATE SEQUENCE place_name_serial;

CREATE TABLE item_outcome (
    matter_id UUID NOT NULL,
    application_id UUID NOT NULL,
    effect TEXT NOT NULL,
    record_id UUID,
    failure TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT item_outcome_pkey PRIMARY KEY (matter_id),
    CONSTRAINT item_outcome_either_check CHECK ((record_id IS NULL) <> (failure IS NULL))
);

COMMENT ON TABLE item_outcome IS
    'What became of a matter of the registry''s own items: a record, or a reason.';

CREATE INDEX item_outcome_application_id_idx ON item_outcome (application_id);

CREATE TABLE adoption (
    id UUID NOT NULL,
    matter_id UUID NOT NULL,
    application_id UUID NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    division TEXT NOT NULL,
    adopter_indexes TEXT[] NOT NULL,
    adoptee_index TEXT NOT NULL,
    parties_sealed BYTEA,
    data_key BYTEA,
    registered_on DATE NOT NULL,
    CONSTRAINT adoption_pkey PRIMARY KEY (id),
    CONSTRAINT adoption_matter_id_key UNIQUE (matter_id),
    CONSTRAINT adoption_number_key UNIQUE (number),
    CONSTRAINT adoption_adoptee_index_key UNIQUE (adoptee_index),
    CONSTRAINT adoption_adopters_check CHECK (cardinality(adopter_indexes) BETWEEN 1 AND 2),
    CONSTRAINT adoption_two_people_check CHECK (NOT adoptee_index = ANY(adopter_indexes))
);

COMMENT ON TABLE adoption IS 'Registered adoptions, one per child.';

COMMENT ON COLUMN adoption.data_key IS
    'Wrapped key of the personal data; NULL once it is erased.';

CREATE INDEX adoption_adopter_indexes_idx ON adoption USING gin (adopter_indexes);

CREATE TABLE social_organisation (
    id UUID NOT NULL,
    matter_id UUID NOT NULL,
    application_id UUID NOT NULL,
    uscc TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    area TEXT NOT NULL,
    division TEXT NOT NULL,
    address TEXT NOT NULL,
    purpose TEXT NOT NULL,
    scope TEXT NOT NULL,
    supervisor TEXT NOT NULL,
    funds_fen BIGINT NOT NULL,
    representative_index TEXT NOT NULL,
    representative_sealed BYTEA,
    data_key BYTEA,
    registered_on DATE NOT NULL,
    charity_on DATE,
    charity_number TEXT,
    fundraising_on DATE,
    fundraising_number TEXT,
    CONSTRAINT social_organisation_pkey PRIMARY KEY (id),
    CONSTRAINT social_organisation_matter_id_key UNIQUE (matter_id),
    CONSTRAINT social_organisation_uscc_key UNIQUE (uscc),
    CONSTRAINT social_organisation_area_name_key_key UNIQUE (area, name_key),
    CONSTRAINT social_organisation_charity_number_key UNIQUE (charity_number),
    CONSTRAINT social_organisation_fundraising_number_key UNIQUE (fundraising_number),
    CONSTRAINT social_organisation_type_check
        CHECK (type IN ('ASSOCIATION', 'NON_ENTERPRISE', 'FOUNDATION')),
    CONSTRAINT social_organisation_funds_check CHECK (funds_fen >= 0),
    CONSTRAINT social_organisation_charity_check
        CHECK ((charity_on IS NULL) = (charity_number IS NULL)),
    CONSTRAINT social_organisation_fundraising_check
        CHECK ((fundraising_on IS NULL) = (fundraising_number IS NULL)
               AND (fundraising_on IS NULL OR charity_on IS NOT NULL))
);

COMMENT ON TABLE social_organisation IS
    'Registered social organisations, and which of them are charities.';

COMMENT ON COLUMN social_organisation.data_key IS
    'Wrapped key of the personal data; NULL once it is erased.';

CREATE UNIQUE INDEX social_organisation_one_association_key
    ON social_organisation (representative_index) WHERE type = 'ASSOCIATION';

CREATE TABLE place_name (
    id UUID NOT NULL,
    matter_id UUID NOT NULL,
    application_id UUID NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    area TEXT NOT NULL,
    division TEXT NOT NULL,
    specific TEXT NOT NULL,
    generic TEXT NOT NULL,
    name TEXT NOT NULL,
    sound TEXT NOT NULL,
    romanised TEXT NOT NULL,
    position TEXT NOT NULL,
    former_name TEXT,
    approved_on DATE NOT NULL,
    replaced_on DATE,
    announced_on DATE,
    CONSTRAINT place_name_pkey PRIMARY KEY (id),
    CONSTRAINT place_name_matter_id_key UNIQUE (matter_id),
    CONSTRAINT place_name_number_key UNIQUE (number),
    CONSTRAINT place_name_kind_check CHECK (kind IN ('STREET', 'RESIDENTIAL_AREA', 'FACILITY'))
);

COMMENT ON TABLE place_name IS 'Approved names of places; a replaced one stays on record.';

CREATE UNIQUE INDEX place_name_one_name_key ON place_name (area, kind, name)
    WHERE replaced_on IS NULL;

CREATE UNIQUE INDEX place_name_one_sound_key ON place_name (area, kind, sound)
    WHERE replaced_on IS NULL AND kind <> 'FACILITY';

CREATE INDEX place_name_application_id_idx ON place_name (application_id)
"""
