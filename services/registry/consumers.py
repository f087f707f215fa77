"""Which message does what: the registry is a department of the window."""

from functools import partial

from services.registry.actions.answer_death_fact import SERVICE, answer_death_fact
from services.registry.actions.register_death import register_death
from services.registry.actions.wiring import Wiring
from shared.department import Department, Window


def department(window: Window, wiring: Wiring) -> Department:
    """The registry's part of joint cases: the fact of a death, and its registration."""
    answer = partial(
        answer_death_fact,
        transaction=wiring.transaction,
        clock=wiring.clock,
        index=wiring.index,
    )
    perform = partial(
        register_death,
        transaction=wiring.transaction,
        clock=wiring.clock,
        index=wiring.index,
    )
    return Department(
        service=SERVICE,
        window=window,
        checks={"death-fact": answer},
        effects={"register-death": perform},
    )
