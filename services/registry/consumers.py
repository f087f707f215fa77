"""Which message does what: the registry is a department of the window."""

from functools import partial

from services.registry.actions.answer_death_fact import SERVICE, answer_death_fact
from services.registry.actions.register_death import register_death
from services.registry.store import Store
from shared.clock import Clock
from shared.database import Transactions
from shared.department import Department, Window
from shared.sealing import BlindIndex


def department(
    window: Window, *, transaction: Transactions[Store], clock: Clock, index: BlindIndex
) -> Department:
    """The registry's part of joint cases: the fact of a death, and its registration."""
    return Department(
        service=SERVICE,
        window=window,
        checks={
            "death-fact": partial(
                answer_death_fact, transaction=transaction, clock=clock, index=index
            )
        },
        effects={
            "register-death": partial(
                register_death, transaction=transaction, clock=clock, index=index
            )
        },
    )
