"""Let PostgreSQL itself show a caller only the funerals that are theirs to see."""

from alembic import op

from shared.wall import build_wall, within

revision = "funeral_0003"
down_revision = "funeral_0002"

SHOWN = f"EXISTS (SELECT 1 FROM funeral_case WHERE id = wanted AND {within('division')})"


def upgrade() -> None:
    build_wall(
        op,
        "funeral",
        shown=SHOWN,
        tables={"funeral_case": "is_shown(id)", "booking": "is_shown(case_id)"},
    )
