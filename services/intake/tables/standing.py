"""For whom an agent applied."""

from sqlalchemy import Column, ForeignKey, Index, MetaData, Table, Text, Uuid


def add_standing(metadata: MetaData) -> None:
    """Where an application was handed in under a grant (代办)."""
    Table(
        "representation",
        metadata,
        Column("application_id", Uuid, ForeignKey("application.id"), primary_key=True),
        Column("grant_id", Uuid, comment="Null: an officer entered it, and they were present."),
        Column("principal_index", Text, nullable=False, comment="Blind index: who applies."),
        Index("representation_principal_idx", "principal_index", "application_id"),
        comment="An application handed in by an agent, and for whom.",
    )
