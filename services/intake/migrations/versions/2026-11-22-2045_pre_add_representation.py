"""Keep for whom an agent applied, so that the applicant sees and directs their own case."""

from alembic import op

revision = "intake_0005"
down_revision = "intake_0004"


def upgrade() -> None:
    """Add the table."""
    for statement in CHANGES.split(";\n"):
        op.execute(statement)


CHANGES = """
CREATE TABLE representation (
    application_id UUID NOT NULL,
    grant_id UUID NOT NULL,
    principal_index TEXT NOT NULL,
    CONSTRAINT representation_pkey PRIMARY KEY (application_id),
    CONSTRAINT representation_application_id_fkey FOREIGN KEY(application_id) REFERENCES application (id)
);

CREATE INDEX representation_principal_idx ON representation (principal_index, application_id);

COMMENT ON TABLE representation IS 'An application handed in by an agent, and for whom.';

COMMENT ON COLUMN representation.principal_index IS 'Blind index: who applies.'
"""
