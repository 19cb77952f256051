"""The SQL store: filled from content in one transaction, read by version.

Readers keep the entries of the version they saw last, and look with one small query
whether it still stands: a reload shows at the next question, and no talk is lost.  What
is read are the entries in force today; every version ever loaded is kept in
`knowledge.history`, so that an old answer can be explained.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from knowledge.content import Content
from knowledge.errors import StoreError
from knowledge.history import History, remember
from knowledge.hours import today_in_london
from knowledge.schema import KINDS, Contact, Resource, Strict, Term
from knowledge.validity import answers_for, in_force

DEFAULT_URL = f"sqlite:///{Path(__file__).resolve().parent.parent / 'build' / 'knowledge.db'}"
URL_VARIABLE = "BOT_KNOWLEDGE_URL"
# A turn asks many times: for so long it is not asked again whether the content changed.
VERSION_SECONDS = 0.5
T = TypeVar("T", bound=Strict)

metadata = sa.MetaData()
versions = sa.Table("content_version", metadata, sa.Column("version", sa.String(40)))
entries = sa.Table(
    "entries",
    metadata,
    sa.Column("kind", sa.String(40), primary_key=True),
    sa.Column("id", sa.String(120), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("scope", sa.String(20)),
    sa.Column("status", sa.String(20)),
    sa.Column("body", sa.Text, nullable=False),
)

_SEARCH_TABLE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE IF NOT EXISTS search USING "
        "fts5(kind UNINDEXED, id UNINDEXED, title, words, body, tokenize='porter unicode61')"
    ),
    "postgresql": (
        "CREATE TABLE IF NOT EXISTS search (kind text, id text, title text, words text, "
        "body text, document tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('english', title), 'A') || "
        "setweight(to_tsvector('english', words), 'B') || "
        "setweight(to_tsvector('english', body), 'C')) STORED)"
    ),
}
_SEARCH = {
    "sqlite": (
        "SELECT kind, id, bm25(search, 0, 0, 8.0, 5.0, 1.0) AS score FROM search "
        "WHERE search MATCH :query AND kind IN :kinds ORDER BY score, kind, id LIMIT :limit"
    ),
    "postgresql": (
        "SELECT kind, id, -ts_rank(document, to_tsquery('english', :query)) AS score FROM search "
        "WHERE document @@ to_tsquery('english', :query) AND kind IN :kinds "
        "ORDER BY score, kind, id LIMIT :limit"
    ),
}


def url_in_use() -> str:
    """The store's address: `BOT_KNOWLEDGE_URL`, or what the file named by
    `BOT_KNOWLEDGE_URL_FILE` holds, or a SQLite file under `build/`.

    Raises:
        StoreError: that file cannot be read.
    """
    if path := os.environ.get(f"{URL_VARIABLE}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise StoreError(f"K009: {URL_VARIABLE}_FILE {path} cannot be read") from error
    return os.environ.get(URL_VARIABLE, DEFAULT_URL)


def searchable(kind: str, entry: Strict) -> tuple[str, str, str] | None:
    """Title, search words and body of an entry that staff can search for, else None."""
    if isinstance(entry, Resource):
        words = " ; ".join((*entry.topics, *entry.phrases))
        return entry.title, words, f"{entry.purpose} {entry.audience} {entry.publisher}"
    if isinstance(entry, Term):
        return entry.term, " ; ".join(entry.old_names), entry.text
    if isinstance(entry, Contact):
        words = " ; ".join((*entry.aliases, entry.kind.replace("_", " "), entry.phone or ""))
        return entry.name, words, f"{entry.purpose} {entry.note or ''}"
    return None


class Store:
    """Looks up and searches the content of one database."""

    def __init__(
        self, url: str | None = None, today: Callable[[], dt.date] = today_in_london
    ) -> None:
        """`today` tells the day whose entries are in force."""
        self.url = url or url_in_use()
        self._today = today
        if self.url.startswith("sqlite:///"):
            Path(self.url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        try:
            self._engine = sa.create_engine(self.url, future=True, pool_pre_ping=True)
        except (SQLAlchemyError, ImportError) as error:
            raise StoreError(f"K009: the store's address is wrong: {error}") from error
        self._dialect = self._engine.dialect.name
        if self._dialect not in _SEARCH:
            raise StoreError(f"K009: no search for {self._dialect}; use sqlite or postgresql")
        self._lock = threading.Lock()
        self._version = ""
        self._checked = 0.0
        self._kinds: dict[str, dict[str, Strict]] = {}
        self._in_force: dict[str, dict[str, Strict]] = {}
        self._answers_for: dict[str, dict[str, str]] = {}
        self._day: dt.date | None = None

    def load(self, content: Content) -> None:
        """Replace all that is stored by `content`, in one transaction: all or nothing.

        Raises:
            StoreError: the database refused; what it held stays.
        """
        rows = [
            {
                "kind": kind,
                "id": key,
                "position": position,
                "scope": str(getattr(entry, "scope", "")) or None,
                "status": str(getattr(entry, "status", "")) or None,
                "body": entry.model_dump_json(),
            }
            for kind, found in content.kinds.items()
            for position, (key, entry) in enumerate(found.items())
        ]
        texts = [
            {"kind": kind, "id": key, "title": parts[0], "words": parts[1], "body": parts[2]}
            for kind, found in content.kinds.items()
            for key, entry in found.items()
            if (parts := searchable(kind, entry))
        ]
        try:
            with self._engine.begin() as db:
                metadata.create_all(db)
                db.execute(sa.text(_SEARCH_TABLE[self._dialect]))
                for table in ("entries", "search", "content_version"):
                    db.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608 - fixed names
                db.execute(sa.insert(entries), rows)
                statement = sa.text(
                    "INSERT INTO search (kind, id, title, words, body) "
                    "VALUES (:kind, :id, :title, :words, :body)"
                )
                if texts:
                    db.execute(statement, texts)
                db.execute(sa.insert(versions), [{"version": content.version}])
                remember(db, content)
        except SQLAlchemyError as error:
            raise StoreError(f"K009: content was not stored: {error}") from error
        self._checked = 0.0

    def version(self) -> str:
        """The version of the content that is served now.

        Raises:
            StoreError: the database does not answer, or holds no content.
        """
        if self._version and time.monotonic() - self._checked < VERSION_SECONDS:
            return self._version
        try:
            with self._engine.connect() as db:
                row = db.execute(sa.select(versions.c.version)).first()
        except SQLAlchemyError as error:
            raise StoreError(f"K009: the store does not answer: {error}") from error
        if row is None:
            raise StoreError("K009: the store is empty; run `bot knowledge load`")
        if row[0] == self._version:
            self._checked = time.monotonic()
        return cast("str", row[0])

    def snapshot(self) -> dict[str, dict[str, Strict]]:
        """Every entry that is in force today in the version served now, by kind and id."""
        version, day = self.version(), self._today()
        with self._lock:
            if version != self._version:
                self._kinds = self._read_all()
                self._version = version
                self._day = None
            if day != self._day:
                self._in_force = {k: in_force(found, day) for k, found in self._kinds.items()}
                self._answers_for = {k: answers_for(e, day) for k, e in self._kinds.items()}
                self._day = day
            return self._in_force

    def stored(self) -> dict[str, dict[str, Strict]]:
        """Every entry of the version served now, in force or not."""
        self.snapshot()
        return self._kinds

    @property
    def day(self) -> dt.date:
        """The day whose entries answer."""
        return self._today()

    @property
    def history(self) -> History:
        """Every version that this store was ever filled with."""
        return History(self._engine)

    def _read_all(self) -> dict[str, dict[str, Strict]]:
        kinds: dict[str, dict[str, Strict]] = {kind: {} for kind in KINDS}
        query = sa.select(entries.c.kind, entries.c.id, entries.c.body).order_by(
            entries.c.kind, entries.c.position
        )
        try:
            with self._engine.connect() as db:
                for kind, key, body in db.execute(query):
                    kinds[kind][key] = KINDS[kind](**json.loads(body))
        except SQLAlchemyError as error:
            raise StoreError(f"K009: the store does not answer: {error}") from error
        return kinds

    def all(self, kind: str, of: type[T]) -> list[T]:
        """All entries of a kind, in the order written."""
        return cast("list[T]", list(self.snapshot()[kind].values()))

    def get(self, kind: str, key: str, of: type[T]) -> T | None:
        """The entry that answers for an id today: itself, or what replaced it; or None."""
        entries = self.snapshot()[kind]
        return cast("T | None", entries.get(self.current_id(kind, key)))

    def current_id(self, kind: str, key: str) -> str:
        """The id of the entry that answers for `key` today; `key` itself where none does."""
        self.snapshot()
        return self._answers_for.get(kind, {}).get(key, key)

    def full_text(
        self, kinds: Sequence[str], words: Sequence[str], limit: int
    ) -> list[tuple[str, str]]:
        """Kind and id of the entries whose text holds some of `words`, best first."""
        clean = ["".join(c for c in word if c.isalnum()) for word in words]
        clean = [word for word in clean if word]
        if not clean or not kinds:
            return []
        if self._dialect == "sqlite":
            query = " OR ".join(f'"{word}"' for word in clean)
        else:
            query = " | ".join(clean)
        params: dict[str, Any] = {"query": query, "kinds": list(kinds), "limit": limit}
        statement = sa.text(_SEARCH[self._dialect]).bindparams(
            sa.bindparam("kinds", expanding=True)
        )
        try:
            with self._engine.connect() as db:
                return [(row[0], row[1]) for row in db.execute(statement, params)]
        except SQLAlchemyError as error:
            raise StoreError(f"K009: the store does not answer: {error}") from error

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()
