"""By what officers find cases: blind indexes of the applicant, and the indexes for it."""

from sqlalchemy import Column, Index, MetaData, Text, text


def search_columns(metadata: MetaData) -> None:
    """Add the columns and indexes.

    A person is only ever looked for by equality, so hash indexes serve, at a quarter of
    the size that a tree of 64-character keys would have.
    """
    application = metadata.tables["application"]
    for column in (
        Column("applicant_index", Text, comment="Blind index: who applies."),
        Column("applicant_name_index", Text, comment="Blind index of the whole name."),
    ):
        application.append_column(column)
    for name in ("applicant_index", "applicant_name_index", "subject_index"):
        Index(f"application_{name}_hash", application.c[name], postgresql_using="hash")
    Index("application_item_idx", application.c.item_code, application.c.id)
    task = metadata.tables["approval_task"]
    Index(
        "approval_task_seen_idx",
        task.c.office_id,
        task.c.application_id,
        postgresql_where=text("handler_kind = 'officer' AND opened_at IS NOT NULL"),
    )
