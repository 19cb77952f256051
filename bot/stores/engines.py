"""Database connections that notice a dead server and never hang for long."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import QueuePool

# Longest waits in seconds: for a connection, for one statement, for a lock of SQLite.
CONNECT, STATEMENT, BUSY = 2, 2, 2


def _sqlite_pragmas(connection: Any, _: Any) -> None:
    """Deleted content is overwritten; a killed process leaves whole transactions."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY * 1000}")
    cursor.close()


def make_engine(url: str) -> Engine:
    """An engine for `url`; connections that died are replaced before use."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        in_file = parsed.database and parsed.database != ":memory:"
        if in_file:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # SQLAlchemy 1.4 opens a file anew for every statement: a millisecond each time.
        kept = {"poolclass": QueuePool, "pool_size": 12} if in_file else {}
        connect = {"timeout": BUSY, "check_same_thread": False}
        engine = sa.create_engine(url, future=True, connect_args=connect, **kept)
        sa.event.listen(engine, "connect", _sqlite_pragmas)
        return engine
    return sa.create_engine(
        url,
        future=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=CONNECT,
        pool_recycle=600,
        connect_args={
            "connect_timeout": CONNECT,
            "options": f"-c statement_timeout={STATEMENT * 1000} -c lock_timeout=1500",
            "tcp_user_timeout": 2500,
            "keepalives_idle": 10,
            "application_name": "worried-about-a-child",
        },
    )


@lru_cache(maxsize=8)
def engine_for(url: str) -> Engine:
    """The engine that this process shares for `url`."""
    return make_engine(url)
