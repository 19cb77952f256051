"""The databases of the operations' tests, for retention and audit."""

from __future__ import annotations

from tests.ops.conftest import database, postgres, redis

__all__ = ["database", "postgres", "redis"]
