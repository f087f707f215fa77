"""The columns and indexes by which the clocks find what an applicant or the window let pass."""

from sqlalchemy import Column, DateTime, Index, MetaData, text


def add_timers(metadata: MetaData) -> None:
    """Add what the timers of corrections look at."""
    correction = metadata.tables["correction"]
    correction.append_column(
        Column("gathered_at", DateTime(timezone=True), comment="When the first one asked.")
    )
    correction.append_column(Column("reminded_at", DateTime(timezone=True)))
    correction.append_column(
        Column("lapsed_at", DateTime(timezone=True), comment="When the date was missed.")
    )
    Index(
        "correction_gathering_idx",
        correction.c.gathered_at,
        correction.c.application_id,
        postgresql_where=text("issued_at IS NULL"),
    )
    Index(
        "correction_due_idx",
        correction.c.due_on,
        correction.c.application_id,
        postgresql_where=text("issued_at IS NOT NULL AND answered_at IS NULL"),
    )
