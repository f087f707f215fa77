"""Begin the gateway's history, with nothing in it.

The gateway owns no records: it asks the services that do. Its schema, its roles and this
history exist so that all services are provisioned, migrated and checked alike; there is no
outbox, inbox, job or journal here, because there is nothing to keep in step with.
"""

revision = "gateway_0001"
down_revision = None


def upgrade() -> None:
    """Create nothing."""
