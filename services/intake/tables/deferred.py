"""The columns and the index by which the clocks find papers that are still to come."""

from sqlalchemy import Column, DateTime, Index, MetaData, text


def add_deferred_timers(metadata: MetaData) -> None:
    """Add what the timers of deferred materials look at."""
    material = metadata.tables["material"]
    material.append_column(Column("reminded_at", DateTime(timezone=True)))
    material.append_column(
        Column("missed_at", DateTime(timezone=True), comment="When its date was missed.")
    )
    Index(
        "material_awaited_idx",
        material.c.due_on,
        material.c.application_id,
        postgresql_where=text("status = 'deferred' AND missed_at IS NULL"),
    )
