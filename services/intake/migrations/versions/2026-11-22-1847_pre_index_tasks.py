"""Find the acceptance tasks that are due, and an office's closed tasks, by an index.

Officers go on answering while the indexes are built, which a transaction would not let them.
"""

from alembic import op

revision = "intake_0004"
down_revision = "intake_0003"


def upgrade() -> None:
    """Build them beside the running service; a build that broke off can be run again."""
    with op.get_context().autocommit_block():
        for name, definition in INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON approval_task {definition}")


INDEXES = {
    "approval_task_acceptance_idx": (
        "(due_at, id) WHERE matter_key = 'acceptance' AND state IN ('open', 'claimed')"
    ),
    "approval_task_office_closed_idx": (
        "(office_id, due_at, id) WHERE state = 'closed' AND office_id IS NOT NULL"
    ),
    "approval_task_system_closed_idx": (
        "(handler_system, due_at, id) WHERE state = 'closed' AND handler_system IS NOT NULL"
    ),
}
