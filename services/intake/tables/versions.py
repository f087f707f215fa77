"""How withdrawn versions of items are kept."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

OPEN = "stage IN ('submitted', 'correcting', 'accepted', 'in-review')"


def version_tables(metadata: MetaData) -> None:
    """Add withdrawals, and the index by which open cases of an item are found."""
    Table(
        "item_withdrawal",
        metadata,
        Column("code", Text),
        Column("version", Integer),
        Column("withdrawn_by", Text, nullable=False),
        Column("withdrawn_at", DateTime(timezone=True), nullable=False),
        Column("reason", Text, nullable=False),
        PrimaryKeyConstraint("code", "version"),
        ForeignKeyConstraint(
            ["code", "version"],
            ["published_item.code", "published_item.version"],
            name="item_withdrawal_version_fkey",
        ),
        comment="No new applications under this version; open cases go on.",
    )
    application = metadata.tables["application"]
    Index(
        "application_open_item_idx",
        application.c.item_code,
        application.c.id,
        postgresql_where=text(OPEN),
    )
