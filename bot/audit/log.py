"""The audit log's table, how rows are added, and how the chain is verified.

A row says what the assistant answered (route, level, borough, contacts, deadline), by which
content version and when: never who asked or what was typed.  Each row's hash covers the one
before it, so that a row changed, taken out or put between is found; with BOT_AUDIT_KEY the
hashes are keyed, so that whoever can write to the database cannot make them anew.  Rows
taken off the end are found by comparing with a head noted elsewhere (`bot audit head`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

FIRST = "0" * 64
LOCK = 7_103_204_417  # any number of our own: one writer at a time in PostgreSQL
FIELDS = (
    "at", "turn", "channel", "event", "route", "level", "borough", "contacts", "deadline", "danger",
    "content_version",
)  # fmt: skip

metadata = sa.MetaData()
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("turn", sa.String(32), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("event", sa.String(32), nullable=False),
    sa.Column("route", sa.String(64), nullable=False),
    sa.Column("level", sa.Integer),
    sa.Column("borough", sa.String(16), nullable=False),
    sa.Column("contacts", sa.String(512), nullable=False),
    sa.Column("deadline", sa.String(48), nullable=False),
    sa.Column("danger", sa.String(16), nullable=False),
    sa.Column("content_version", sa.String(64), nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
)
_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-,.:+TZ")


def guards(dialect: str) -> list[str]:
    """The statements that make the database itself refuse to change or delete rows."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS audit_no_{verb.lower()} BEFORE {verb} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger AS $$ BEGIN "
        "RAISE EXCEPTION 'the audit log is append-only'; END $$ LANGUAGE plpgsql",
        "DROP TRIGGER IF EXISTS audit_append_only ON audit",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    ]


@sa.event.listens_for(audit, "after_create")
def _guard(_: sa.Table, db: Connection, **__: Any) -> None:
    for statement in guards(db.dialect.name):
        db.execute(sa.text(statement))


def fit(value: Any, size: int) -> str:
    """A value as it may be kept: an identifier of ours, never free text."""
    text = str(value or "")[:size]
    return text if set(text) <= _KEPT else "other"


@dataclass(frozen=True)
class Fault:
    """Where the chain breaks, and how."""

    id: int
    what: str


@dataclass(frozen=True)
class Verdict:
    """What verifying found: rows read, the last row's hash, and every fault."""

    rows: int
    head: str
    faults: tuple[Fault, ...]


def digest(fields: Mapping[str, Any], number: int, previous: str, key: bytes) -> str:
    """The hash of a row."""
    line = json.dumps([number, *(fields[f] for f in FIELDS), previous], ensure_ascii=False)
    if key:
        return hmac.new(key, line.encode(), hashlib.sha256).hexdigest()
    return hashlib.sha256(line.encode()).hexdigest()


def now() -> str:
    """The time of a row: UTC, whole seconds."""
    return dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class AuditLog:
    """The log in one database."""

    def __init__(self, engine: Engine, key: bytes = b"") -> None:
        """`key` is BOT_AUDIT_KEY; without one the chain shows changes, but proves none."""
        self.engine = engine
        self._key = key
        self._made = False

    def _make(self) -> None:
        if not self._made:
            metadata.create_all(self.engine)
            self._made = True

    def append(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Add rows in one transaction, one writer at a time; returns the last number.

        Raises:
            SQLAlchemyError: the database refused; nothing was added.
        """
        self._make()
        with self.engine.connect() as db:
            if db.dialect.name == "sqlite":
                # A write that changes nothing takes the lock before the last row is read.
                db.execute(sa.update(audit).where(sa.false()).values(at=audit.c.at))
            else:
                db.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            newest = sa.select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)
            last = db.execute(newest).first()
            number, previous = (last.id, last.hash) if last else (0, FIRST)
            for fields in rows:
                number += 1
                made = digest(fields, number, previous, self._key)
                values = {f: fields[f] for f in FIELDS}
                db.execute(
                    sa.insert(audit).values(id=number, previous=previous, hash=made, **values)
                )
                previous = made
            db.commit()
        return int(number)

    def rows(self) -> list[dict[str, Any]]:
        """Every row, the oldest first.

        Raises:
            SQLAlchemyError: the database does not answer.
        """
        self._make()
        with self.engine.connect() as db:
            found = db.execute(sa.select(audit).order_by(audit.c.id)).mappings()
            return [dict(row) for row in found]

    def verify(self, head: tuple[int, str] | None = None) -> Verdict:
        """Go along the chain; `head` is a number and hash noted earlier, which must be in it.

        Raises:
            SQLAlchemyError: the database does not answer.
        """
        faults: list[Fault] = []
        number, previous = 0, FIRST
        hashes: dict[int, str] = {}
        for row in self.rows():
            number += 1
            if row["id"] != number:
                faults.append(Fault(row["id"], f"row {number} is missing"))
                number = row["id"]
            if row["previous"] != previous:
                faults.append(Fault(row["id"], "does not follow the row before it"))
            if not hmac.compare_digest(
                row["hash"], digest(row, row["id"], row["previous"], self._key)
            ):
                faults.append(Fault(row["id"], "was changed, or another key was used"))
            previous = row["hash"]
            hashes[row["id"]] = previous
        if head is not None and hashes.get(head[0]) != head[1]:
            faults.append(Fault(head[0], "the head noted earlier is not in the log"))
        return Verdict(len(hashes), previous, tuple(faults))
