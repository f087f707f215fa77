"""When is the file of a funeral closed, so that the family may be forgotten?"""

from sqlalchemy import text

from services.funeral.rules.retention import LEAST_YEARS
from shared.retention import destroy_what_is_over, read_keepings
from tests.support.calendars import beijing
from tests.support.seed import CATALOGUE

KEEPINGS = read_keepings(CATALOGUE, service="funeral", least=LEAST_YEARS)
ADD = text("""
    INSERT INTO funeral_case (id, number, application_id, matter_id, division, deceased_index,
                              deceased_id_number_sealed, deceased_name_sealed, family_sealed,
                              data_key, died_on, status, arranged_on, ashes,
                              needs_storage_extension)
    SELECT gen_random_uuid(), status, gen_random_uuid(), gen_random_uuid(), '330106109000',
           status, '', '', '', 'key', '2026-11-19', status, '2026-11-20', 'STORED', false
    FROM unnest(ARRAY['ARRANGED', 'IN_STORAGE', 'CLOSED', 'CANCELLED']) AS status
""")


async def test_only_what_is_over_is_forgotten(desk, funeral_database):
    async with funeral_database.engine.begin() as connection:
        await connection.execute(ADD)
    desk.clock.set(beijing("2056-11-20 12:00"))
    found = []
    for _ in range(2):
        done = await destroy_what_is_over(
            KEEPINGS,
            service="funeral",
            records=list(LEAST_YEARS),
            transaction=desk.transaction,
            clock=desk.clock,
        )
        found.append(done)
        desk.clock.set(beijing("2056-11-21 12:00"))
    assert found == [0, 2]
    async with funeral_database.engine.connect() as connection:
        kept = text("SELECT status FROM funeral_case WHERE data_key IS NOT NULL ORDER BY status")
        assert (await connection.execute(kept)).scalars().all() == ["ARRANGED", "IN_STORAGE"]
