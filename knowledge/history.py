"""Every version of the content that a store was filled with, to explain old answers."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from knowledge.content import Content, dump_of
from knowledge.errors import StoreError

Dump = dict[str, dict[str, dict[str, Any]]]
_metadata = sa.MetaData()
_table = sa.Table(
    "content_history",
    _metadata,
    sa.Column("version", sa.String(40), primary_key=True),
    sa.Column("loaded_at", sa.String(40), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class Loaded:
    """A version, and when it was loaded first (UTC, ISO 8601)."""

    version: str
    loaded_at: str


def remember(db: Any, content: Content) -> None:
    """Keep a version within the transaction that loads it; what is kept stays as it was."""
    _metadata.create_all(db)
    known = db.execute(sa.select(_table.c.version).where(_table.c.version == content.version))
    if known.first() is not None:
        return
    body = zlib.compress(json.dumps(dump_of(content.kinds)).encode())
    now = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
    db.execute(sa.insert(_table), [{"version": content.version, "loaded_at": now, "body": body}])


class History:
    """Reads what `remember` kept."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def _rows(self, query: Any) -> list[Any]:
        try:
            with self._engine.connect() as db:
                if not sa.inspect(db).has_table(_table.name):
                    return []
                return list(db.execute(query))
        except SQLAlchemyError as error:
            raise StoreError(f"K009: the store does not answer: {error}") from error

    def versions(self) -> list[Loaded]:
        """All versions, the newest first."""
        query = sa.select(_table.c.version, _table.c.loaded_at).order_by(
            _table.c.loaded_at.desc(), _table.c.version
        )
        return [Loaded(*row) for row in self._rows(query)]

    def holds(self, version: str) -> bool:
        """Whether a version is kept."""
        query = sa.select(_table.c.version).where(_table.c.version == version)
        return bool(self._rows(query))

    def resolve(self, text: str) -> str:
        """The full version that `text` names: in full, its beginning, or its hash.

        Raises:
            StoreError: no version, or more than one.
        """
        known = [one.version for one in self.versions()]
        if text in known:
            return text
        hits = [v for v in known if text and (v.startswith(text) or v[11:].startswith(text))]
        if len(hits) == 1:
            return hits[0]
        fault = "no version" if not hits else f"{len(hits)} versions"
        raise StoreError(f"K015: {fault} `{text}` in the store; see `bot knowledge versions`")

    def dump(self, version: str) -> Dump:
        """The whole content of a version as it was: kind, id, fields.

        Raises:
            StoreError: the version was never loaded here.
        """
        rows = self._rows(sa.select(_table.c.body).where(_table.c.version == version))
        if not rows:
            raise StoreError(f"K015: no version `{version}` in the store")
        found: Dump = json.loads(zlib.decompress(rows[0][0]))
        return found
