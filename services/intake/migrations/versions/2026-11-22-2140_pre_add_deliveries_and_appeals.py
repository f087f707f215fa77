"""Keep how papers are delivered, and appeals against decisions with who may not review them."""

from alembic import op

revision = "intake_0012"
down_revision = "intake_0011"


def upgrade() -> None:
    """Add the tables."""
    for statement in CHANGES.split(";\n"):
        op.execute(statement)


CHANGES = """
CREATE TABLE delivery (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    matter TEXT NOT NULL,
    method TEXT NOT NULL,
    state TEXT NOT NULL,
    division TEXT NOT NULL,
    office_id UUID,
    carrier TEXT,
    address_sealed BYTEA,
    tracking_number TEXT,
    attempt SMALLINT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT delivery_pkey PRIMARY KEY (id),
    CONSTRAINT delivery_method_check CHECK (method IN ('window', 'post', 'electronic')),
    CONSTRAINT delivery_delivered_check CHECK ((state = 'delivered') = (delivered_at IS NOT NULL)),
    CONSTRAINT delivery_address_check CHECK ((method = 'post') = (address_sealed IS NOT NULL)),
    CONSTRAINT delivery_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE INDEX delivery_carrier_idx ON delivery (carrier, id) WHERE state NOT IN ('returned', 'delivered');

CREATE UNIQUE INDEX delivery_one_under_way_key ON delivery (application_id, matter) WHERE state <> 'returned';

COMMENT ON TABLE delivery IS 'One way of one paper to one person; the address is sealed.';

CREATE TABLE delivery_track (
    delivery_id UUID NOT NULL,
    event_id TEXT NOT NULL,
    state TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT delivery_track_pkey PRIMARY KEY (delivery_id, event_id),
    CONSTRAINT delivery_track_delivery_id_fkey FOREIGN KEY(delivery_id) REFERENCES delivery (id)
);

COMMENT ON TABLE delivery_track IS 'What the carrier or the office noted, each note once.';

CREATE TABLE appeal (
    id UUID NOT NULL,
    application_id UUID NOT NULL,
    matter TEXT NOT NULL,
    stage TEXT NOT NULL,
    division TEXT NOT NULL,
    appellant TEXT NOT NULL,
    grounds_sealed BYTEA NOT NULL,
    excluded TEXT[] NOT NULL,
    excluded_offices UUID[] NOT NULL,
    known_at TIMESTAMP WITH TIME ZONE NOT NULL,
    filed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    reviewer TEXT,
    outcome TEXT,
    reasons_sealed BYTEA,
    closed_at TIMESTAMP WITH TIME ZONE,
    version INTEGER NOT NULL,
    CONSTRAINT appeal_pkey PRIMARY KEY (id),
    CONSTRAINT appeal_stage_check CHECK (stage IN ('filed', 'accepted', 'not-accepted', 'decided', 'withdrawn')),
    CONSTRAINT appeal_independent_check CHECK (reviewer IS NULL OR NOT (reviewer = ANY (excluded))),
    CONSTRAINT appeal_outcome_check CHECK ((stage = 'decided') = (outcome IS NOT NULL)),
    CONSTRAINT appeal_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE INDEX appeal_division_idx ON appeal (division, id);

CREATE UNIQUE INDEX appeal_once_key ON appeal (application_id, matter) WHERE stage IN ('filed', 'accepted', 'decided');

COMMENT ON TABLE appeal IS 'A case about a decision; nobody who had a hand in that reviews it.'
"""
