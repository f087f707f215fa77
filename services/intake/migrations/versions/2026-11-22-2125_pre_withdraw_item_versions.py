"""Let versions of items be withdrawn, find an item's open cases, and let no version change.

What is published is pinned by cases: the service's role may add versions and nothing else.
"""

from alembic import op

revision = "intake_0013"
down_revision = "intake_0012"


def upgrade() -> None:
    """Add the table and the index, and take the right to change what was published."""
    for statement in VERSIONS.split(";\n"):
        op.execute(statement)


VERSIONS = """
CREATE TABLE item_withdrawal (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    withdrawn_by TEXT NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT item_withdrawal_pkey PRIMARY KEY (code, version),
    CONSTRAINT item_withdrawal_version_fkey FOREIGN KEY(code, version) REFERENCES published_item (code, version)
);

COMMENT ON TABLE item_withdrawal IS 'No new applications under this version; open cases go on.';

REVOKE UPDATE, DELETE, TRUNCATE ON published_item, item_withdrawal FROM intake_app;

CREATE INDEX application_open_item_idx ON application (item_code, id) WHERE stage IN ('submitted', 'correcting', 'accepted', 'in-review')
"""
