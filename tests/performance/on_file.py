"""Fills the window with concluded cases, straight into its tables, as years of work would."""

import asyncpg

_FILL = """
    WITH made AS (
        INSERT INTO intake.application (id, number, item_code, item_version, item_title, division,
            channel, stage, outcome, submitted_by, subject_index, form_sealed, summary, params,
            plan_records, trace, submitted_at, accepted_at, decided_at, concluded_at)
        SELECT gen_random_uuid(), 'OLD' || n, 'BENCH1', 1, '{"zh":"旧","en":"old"}', '330106109201',
            'WEB', 'concluded', 'granted', 'citizen:old-' || n, md5(n::text), '\\x00', '{}', '{}',
            '[]', '{}', now() - interval '1 year', now() - interval '1 year',
            now() - interval '1 year', now() - interval '1 year'
        FROM generate_series($1::int, $2::int) n
        RETURNING id
    ), matters AS (
        INSERT INTO intake.matter (id, application_id, key, position, title, join_spec, discloses,
            status, outcome)
        SELECT gen_random_uuid(), id, 'bench', 0, '{"zh":"旧","en":"old"}', '{}', '{}',
            'concluded', 'granted'
        FROM made RETURNING id, application_id
    )
    INSERT INTO intake.approval_task (id, application_id, matter_id, matter_key, key, position,
        title, handler_kind, handler_system, needs, verdicts, discloses, state, verdict, opened_at,
        due_at, closed_at)
    SELECT gen_random_uuid(), application_id, id, 'bench', 'department_' || n, n,
        '{"zh":"旧","en":"old"}', 'partner', 'bench-' || n, '[]', '{}', '{}', 'closed', 'approve',
        now() - interval '1 year', now() - interval '1 year', now() - interval '1 year'
    FROM matters, generate_series(0, 5) n
"""
STEP = 20_000


async def put_on_file(admin_url: str, cases: int) -> None:
    """Write that many concluded cases of six tasks each."""
    connection = await asyncpg.connect(admin_url)
    for first in range(1, cases + 1, STEP):
        await connection.execute(_FILL, first, min(first + STEP - 1, cases), timeout=900)
    await connection.execute("ANALYZE")
    await connection.close()
