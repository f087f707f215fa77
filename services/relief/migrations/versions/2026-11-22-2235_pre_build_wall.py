"""Let PostgreSQL itself show a caller only the benefits that are theirs to see."""

from alembic import op

from shared.wall import build_wall, is_caller, within

revision = "relief_0003"
down_revision = "relief_0002"

SHOWN = f"""
    EXISTS (SELECT 1 FROM benefit WHERE id = wanted AND {within("division")})
    OR EXISTS (SELECT 1 FROM beneficiary
               WHERE benefit_id = wanted AND {is_caller("person_index")})
"""


def upgrade() -> None:
    parts = ("beneficiary", "amount_version", "payment_line", "overpayment")
    tables = {"benefit": "is_shown(id)", **dict.fromkeys(parts, "is_shown(benefit_id)")}
    build_wall(op, "relief", shown=SHOWN, tables=tables)
