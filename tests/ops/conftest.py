"""A real PostgreSQL and Redis for the tests of the stores."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from scripts.cluster import services


@pytest.fixture(scope="module")
def postgres(tmp_path_factory) -> Iterator[str]:
    """The address of a new database."""
    folder = tmp_path_factory.mktemp("pg")
    for parent in [folder, *folder.parents[:2]]:  # PostgreSQL's user must reach it
        parent.chmod(0o755)
    try:
        part, url = services.postgres(folder)
    except services.MissingService as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    part.start()
    engine = sa.create_engine(url)
    until = time.monotonic() + 30
    while True:
        try:
            engine.connect().close()
            break
        except sa.exc.OperationalError:
            assert time.monotonic() < until, part.log.read_text()
            time.sleep(0.1)
    engine.dispose()
    yield url
    part.stop()


@pytest.fixture(scope="module")
def redis(tmp_path_factory) -> Iterator[str]:
    """The address of a new Redis."""
    try:
        part, url = services.redis(tmp_path_factory.mktemp("redis"))
    except services.MissingService as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))
    part.start()
    services.wait_for_port(int(part.command[2]), 10)
    yield url
    part.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> str:
    """Every database that is supported, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data.db'}"
    url = request.getfixturevalue("postgres")
    engine = sa.create_engine(url, future=True)
    with engine.begin() as db:
        db.execute(sa.text("DROP SCHEMA public CASCADE"))
        db.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()
    return str(url)
