"""One cluster for all fault tests; each test leaves it as it found it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from scripts.cluster.services import MissingService
from scripts.cluster.topology import Cluster
from tests.chaos.client import Client


@pytest.fixture(scope="session")
def cluster(trained: None) -> Iterator[Cluster]:
    """Two workers and two action servers behind nginx, on PostgreSQL and Redis."""
    try:
        made = Cluster(extra_env={"BOT_STATISTICS_TOKEN": "a-token-for-the-tests-only"})
    except MissingService as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    with made:
        yield made


@pytest.fixture
def client(cluster: Cluster) -> Client:
    """A new conversation through the proxy."""
    return Client(cluster.address)
