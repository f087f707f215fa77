"""Give officers of the development seed their two factors."""

import os
from collections.abc import Mapping

from services.registry.model.sign_in import OfficerCredential
from services.registry.rules import factors
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions


async def seed_factors(
    seed: Mapping[str, Mapping[str, str]], *, transaction: Transactions[Store], clock: Clock
) -> None:
    """Keep password and authenticator secret of each officer who has none yet."""
    for officer, given in seed.items():
        async with transaction() as store:
            if await store.find_credential(officer) is not None:
                continue
            credential = OfficerCredential(
                officer=officer,
                password_hash=factors.hash_password(given["password"], salt=os.urandom(16)),
                totp_secret=given["totp_secret"],
            )
            await store.keep_credential(credential, at=clock.now())
            await store.confirm_credential(officer, at=clock.now())
