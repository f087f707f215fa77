"""The gateway between simulated services."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import structlog

from tests.support.gateway import House, make_house


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = make_house()
    yield made
    await made.client.aclose()


@pytest.fixture
async def production() -> AsyncIterator[House]:
    """A gateway as it stands in production: trusted documents, no looking around."""
    made = make_house(ENVIRONMENT="production")
    yield made
    await made.client.aclose()


@pytest.fixture
def logged() -> Iterator[list[dict[str, object]]]:
    """What was logged, as structured events."""
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
async def make_gateway() -> AsyncIterator[Callable[..., House]]:
    """Makes gateways with settings of one's own."""
    made: list[House] = []

    def make(**given: object) -> House:
        made.append(make_house(**given))
        return made[-1]

    yield make
    for each in made:
        await each.client.aclose()
