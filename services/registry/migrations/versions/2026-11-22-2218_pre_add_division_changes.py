"""Add what became of codes of divisions."""

from alembic import op

revision = "registry_0009"
down_revision = "registry_0008"


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)


TABLES = """
CREATE TABLE division_change (
    code TEXT NOT NULL,
    since DATE NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    successors TEXT[] NOT NULL,
    CONSTRAINT division_change_pkey PRIMARY KEY (code, since),
    CONSTRAINT division_change_kind_check CHECK (kind IN ('renamed', 'merged', 'split')),
    CONSTRAINT division_change_successors_check CHECK (cardinality(successors) > 0)
);

COMMENT ON TABLE division_change IS 'What took over from a code, and from which day.';

COMMENT ON COLUMN division_change.name IS 'Until then.'
"""
