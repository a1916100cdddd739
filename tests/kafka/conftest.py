"""One broker for all tests that need one; they keep apart by the names of their topics."""

from collections.abc import Iterator

import pytest

from tracegen import broker as embedded
from tracegen.broker import Cluster


@pytest.fixture(scope="session")
def broker() -> Iterator[Cluster]:
    """A single node that is up. Installs Kafka into the user's cache on the first use."""
    with embedded.running() as cluster:
        yield cluster
