"""Add what residents were called, did and lived in; households; duplicates; service objects."""

from alembic import op

revision = "registry_0002"
down_revision = "registry_0001"

FOREVER = ("life_fact", "object_fact", "household_place", "household_member", "resident_merge")
"""What was known of people stays known: rows may be added and superseded, never removed."""


def upgrade() -> None:
    # A range of one value is how a plain GiST index compares ids: btree_gist is an extension
    # that not every server carries.
    op.execute("CREATE TYPE uuid_range AS RANGE (subtype = uuid)")
    op.execute("CREATE TYPE text_range AS RANGE (subtype = text)")
    for statement in TABLES.split(";\n"):
        op.execute(statement)
    op.execute(
        "INSERT INTO resident_number (person_index, resident_id, recorded_at)"
        " SELECT person_index, id, known_at FROM resident"
    )
    for table in FOREVER:
        op.execute(f"REVOKE DELETE, TRUNCATE ON {table} FROM registry_app")
    for table in ("life_fact", "object_fact"):
        op.execute(f"REVOKE UPDATE ON {table} FROM registry_app")


TABLES = """
CREATE TABLE resident_number (
    person_index TEXT NOT NULL,
    resident_id UUID NOT NULL,
    id_number BYTEA,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    replaced_at TIMESTAMP WITH TIME ZONE,
    replaced_on DATE,
    CONSTRAINT resident_number_pkey PRIMARY KEY (person_index),
    CONSTRAINT resident_number_replaced_check CHECK ((replaced_at IS NULL) = (replaced_on IS NULL)),
    CONSTRAINT resident_number_former_check CHECK ((replaced_at IS NULL) = (id_number IS NULL)),
    CONSTRAINT resident_number_resident_id_fkey FOREIGN KEY(resident_id) REFERENCES resident (id)
);

CREATE UNIQUE INDEX resident_number_one_current_key ON resident_number (resident_id)
    WHERE replaced_at IS NULL;

COMMENT ON TABLE resident_number IS
    'Every number a resident has or had; an old one still finds them.';

COMMENT ON COLUMN resident_number.person_index IS 'Keyed blind index.';

COMMENT ON COLUMN resident_number.id_number IS 'Sealed; the current one stands in resident.';

CREATE TABLE resident_alias (
    id UUID NOT NULL,
    resident_id UUID NOT NULL,
    kind TEXT NOT NULL,
    name BYTEA NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT resident_alias_pkey PRIMARY KEY (id),
    CONSTRAINT resident_alias_kind_check CHECK (kind IN ('FORMER', 'ALSO_KNOWN_AS')),
    CONSTRAINT resident_alias_resident_id_fkey FOREIGN KEY(resident_id) REFERENCES resident (id)
);

CREATE INDEX resident_alias_resident_id_idx ON resident_alias (resident_id);

COMMENT ON TABLE resident_alias IS
    'Other names: former ones (曾用名), and those a resident is called by.';

COMMENT ON COLUMN resident_alias.name IS 'Sealed.';

CREATE TABLE life_fact (
    id UUID NOT NULL,
    person_index TEXT NOT NULL,
    kind TEXT NOT NULL,
    happened_on DATE NOT NULL,
    subject UUID,
    source TEXT NOT NULL,
    corrects UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT life_fact_pkey PRIMARY KEY (id),
    CONSTRAINT life_fact_kind_check
        CHECK (kind IN ('BIRTH', 'MOVE_IN', 'MOVE_OUT', 'MARRIAGE', 'DIVORCE', 'BEREAVEMENT', 'DEATH', 'VOID')),
    CONSTRAINT life_fact_void_check CHECK (kind <> 'VOID' OR corrects IS NOT NULL),
    CONSTRAINT life_fact_corrects_key UNIQUE (corrects),
    CONSTRAINT life_fact_corrects_fkey FOREIGN KEY(corrects) REFERENCES life_fact (id)
);

CREATE INDEX life_fact_person_index_idx ON life_fact (person_index);

COMMENT ON TABLE life_fact IS 'What happened in a life; corrected by another fact, never changed.';

COMMENT ON COLUMN life_fact.person_index IS 'Keyed blind index.';

COMMENT ON COLUMN life_fact.subject IS 'The household moved to, or the marriage.';

CREATE TABLE household (
    id UUID NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT household_pkey PRIMARY KEY (id)
);

CREATE TABLE household_place (
    id UUID NOT NULL,
    household_id UUID NOT NULL,
    division TEXT NOT NULL,
    address BYTEA NOT NULL,
    valid DATERANGE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT household_place_pkey PRIMARY KEY (id),
    CONSTRAINT household_place_recorded_check CHECK (superseded_at >= recorded_at),
    CONSTRAINT household_place_valid_check CHECK (NOT isempty(valid)),
    CONSTRAINT household_place_one_place_excl
        EXCLUDE USING gist (uuid_range(household_id, household_id, '[]') WITH &&, valid WITH &&)
            WHERE (superseded_at IS NULL),
    CONSTRAINT household_place_household_id_fkey FOREIGN KEY(household_id) REFERENCES household (id)
);

CREATE INDEX household_place_division_idx ON household_place (division);

CREATE INDEX household_place_household_id_idx ON household_place (household_id);

COMMENT ON COLUMN household_place.address IS 'Sealed.';

CREATE TABLE household_member (
    id UUID NOT NULL,
    household_id UUID NOT NULL,
    resident_id UUID NOT NULL,
    valid DATERANGE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT household_member_pkey PRIMARY KEY (id),
    CONSTRAINT household_member_recorded_check CHECK (superseded_at >= recorded_at),
    CONSTRAINT household_member_valid_check CHECK (NOT isempty(valid)),
    CONSTRAINT household_member_one_household_excl
        EXCLUDE USING gist (uuid_range(resident_id, resident_id, '[]') WITH &&, valid WITH &&)
            WHERE (superseded_at IS NULL),
    CONSTRAINT household_member_household_id_fkey
        FOREIGN KEY(household_id) REFERENCES household (id),
    CONSTRAINT household_member_resident_id_fkey FOREIGN KEY(resident_id) REFERENCES resident (id)
);

CREATE INDEX household_member_household_id_idx ON household_member (household_id);

CREATE INDEX household_member_resident_id_idx ON household_member (resident_id);

CREATE TABLE blocking_key (
    resident_id UUID NOT NULL,
    key TEXT NOT NULL,
    CONSTRAINT blocking_key_pkey PRIMARY KEY (resident_id, key),
    CONSTRAINT blocking_key_resident_id_fkey FOREIGN KEY(resident_id) REFERENCES resident (id)
);

CREATE INDEX blocking_key_key_idx ON blocking_key (key);

COMMENT ON COLUMN blocking_key.key IS 'Keyed hash; tells nothing by itself.';

CREATE TABLE duplicate_candidate (
    id UUID NOT NULL,
    one_id UUID NOT NULL,
    other_id UUID NOT NULL,
    score SMALLINT NOT NULL,
    evidence JSONB NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT duplicate_candidate_pkey PRIMARY KEY (id),
    CONSTRAINT duplicate_candidate_pair_key UNIQUE (one_id, other_id),
    CONSTRAINT duplicate_candidate_order_check CHECK (one_id < other_id),
    CONSTRAINT duplicate_candidate_state_check CHECK (state IN ('OPEN', 'MERGED', 'DISMISSED')),
    CONSTRAINT duplicate_candidate_decided_check CHECK ((state = 'OPEN') = (decided_by IS NULL)),
    CONSTRAINT duplicate_candidate_one_id_fkey FOREIGN KEY(one_id) REFERENCES resident (id),
    CONSTRAINT duplicate_candidate_other_id_fkey FOREIGN KEY(other_id) REFERENCES resident (id)
);

CREATE INDEX duplicate_candidate_other_id_idx ON duplicate_candidate (other_id);

COMMENT ON COLUMN duplicate_candidate.score IS 'Of 100.';

COMMENT ON COLUMN duplicate_candidate.evidence IS 'Codes of what agrees, no values.';

CREATE TABLE resident_merge (
    id UUID NOT NULL,
    kept_id UUID NOT NULL,
    absorbed_id UUID NOT NULL,
    merged_by TEXT NOT NULL,
    merged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undone_by TEXT,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT resident_merge_pkey PRIMARY KEY (id),
    CONSTRAINT resident_merge_two_people_check CHECK (kept_id <> absorbed_id),
    CONSTRAINT resident_merge_undone_check CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
    CONSTRAINT resident_merge_kept_id_fkey FOREIGN KEY(kept_id) REFERENCES resident (id),
    CONSTRAINT resident_merge_absorbed_id_fkey FOREIGN KEY(absorbed_id) REFERENCES resident (id)
);

CREATE UNIQUE INDEX resident_merge_absorbed_once_key ON resident_merge (absorbed_id)
    WHERE undone_at IS NULL;

CREATE INDEX resident_merge_kept_id_idx ON resident_merge (kept_id);

COMMENT ON TABLE resident_merge IS
    'Two records found to be one person; undone, both are as they were.';

CREATE TABLE object_fact (
    id UUID NOT NULL,
    person_index TEXT NOT NULL,
    category TEXT NOT NULL,
    act TEXT NOT NULL,
    happened_on DATE NOT NULL,
    source TEXT NOT NULL,
    reference UUID NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT object_fact_pkey PRIMARY KEY (id),
    CONSTRAINT object_fact_act_check CHECK (act IN ('BEGIN', 'END'))
);

CREATE INDEX object_fact_reference_idx ON object_fact (reference);

COMMENT ON TABLE object_fact IS 'Who became, or ceased to be, an object of which service (服务对象).';

COMMENT ON COLUMN object_fact.person_index IS 'Keyed blind index.';

COMMENT ON COLUMN object_fact.reference IS 'The benefit, or the entry.';

CREATE TABLE service_object (
    id UUID NOT NULL,
    person_index TEXT NOT NULL,
    category TEXT NOT NULL,
    source TEXT NOT NULL,
    reference UUID NOT NULL,
    valid DATERANGE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT service_object_pkey PRIMARY KEY (id),
    CONSTRAINT service_object_recorded_check CHECK (superseded_at >= recorded_at),
    CONSTRAINT service_object_valid_check CHECK (NOT isempty(valid)),
    CONSTRAINT service_object_once_excl
        EXCLUDE USING gist (text_range(person_index, person_index, '[]') WITH &&, uuid_range(reference, reference, '[]') WITH &&, valid WITH &&)
            WHERE (superseded_at IS NULL)
);

CREATE INDEX service_object_person_index_idx ON service_object (person_index);

COMMENT ON COLUMN service_object.person_index IS 'Keyed blind index.';

COMMENT ON COLUMN service_object.reference IS 'The benefit, or the entry.'
"""
