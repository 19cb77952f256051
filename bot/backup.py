"""Backup and restore: one archive with a manifest of hashes, the same for every database.

Conversations are left out on purpose: they are deleted after hours, and a copy of them in
a backup would outlive that.  Tables travel as JSON lines, so that an archive made over
SQLite can be restored into PostgreSQL.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.paths import CONTENT, MODEL, ROOT, STAMP
from bot.runtime.model_file import seal_of
from bot.settings import secret, settings
from bot.stores.engines import make_engine
from bot.stores.migrate import newest, upgrade

FORMAT = 1
# Rasa's conversations; the knowledge base (filled from content); alembic's own.
NOT_SAVED = frozenset(
    {
        "events",
        "entries",
        "content_version",
        "search",
        "search_data",
        "search_idx",
        "search_content",
        "search_docsize",
        "search_config",
        "alembic_version",
    }
)
MOST_BYTES = 2 << 30


class BackupError(RuntimeError):
    """B061-B064: the archive or the place it should go to cannot be used."""


def databases() -> dict[str, str]:
    """Name and address of each database whose tables are saved."""
    found = {"data": settings().data_url}
    for name, variable in (("audit", "BOT_AUDIT_URL"), ("training", "BOT_TRAINING_URL")):
        url = secret(os.environ, variable)
        if url and url not in found.values():
            found[name] = url
    return found


def _tables(engine: Engine) -> list[sa.Table]:
    metadata = sa.MetaData()
    metadata.reflect(engine, only=lambda name, _: name not in NOT_SAVED)
    return list(metadata.sorted_tables)


def _plain(value: Any) -> Any:
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    return value


def _typed(value: Any, column: sa.Column[Any]) -> Any:
    if isinstance(value, dict) and set(value) == {"base64"}:
        return base64.b64decode(value["base64"])
    if isinstance(value, str):
        if isinstance(column.type, sa.DateTime):
            return dt.datetime.fromisoformat(value)
        if isinstance(column.type, sa.Date):
            return dt.date.fromisoformat(value)
    if isinstance(value, int) and isinstance(column.type, sa.Boolean):
        return bool(value)
    return value


def _dump(engine: Engine, table: sa.Table) -> bytes:
    order = list(table.primary_key.columns) or list(table.columns)
    with engine.connect() as db:
        rows = db.execute(sa.select(table).order_by(*order)).mappings()
        lines = [json.dumps({k: _plain(v) for k, v in row.items()}) for row in rows]
    return "".join(line + "\n" for line in lines).encode()


def _members() -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    for name, url in databases().items():
        engine = make_engine(url)
        for table in _tables(engine):
            members[f"tables/{name}/{table.name}.jsonl"] = _dump(engine, table)
        engine.dispose()
    for path in sorted(CONTENT.rglob("*.yml")):
        members[f"content/{path.relative_to(CONTENT)}"] = path.read_bytes()
    for path in (MODEL, STAMP, seal_of(MODEL)):
        if path.exists():
            members[f"model/{path.name}"] = path.read_bytes()
    return members


def write_backup(file: Path) -> dict[str, Any]:
    """Write the archive beside its name and move it there; returns the manifest.

    Raises:
        OSError: it cannot be written.
        SQLAlchemyError: a database does not answer.
    """
    members = _members()
    manifest = {
        "format": FORMAT,
        "made": dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
        "revision": newest(),
        "members": {name: hashlib.sha256(data).hexdigest() for name, data in members.items()},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    # Only the owner may read it.
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w:gz") as archive:
        everything = {"manifest.json": json.dumps(manifest, indent=1).encode(), **members}
        for name, data in everything.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o600
            archive.addfile(info, io.BytesIO(data))
    part.replace(file)
    return manifest


def _open(file: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    members: dict[str, bytes] = {}
    try:
        with tarfile.open(file, "r:gz") as archive:
            for info in archive:
                opened = archive.extractfile(info) if info.isfile() else None
                if opened is None or info.size > MOST_BYTES:
                    raise BackupError(f"B061 {file}: `{info.name}` is no plain file")
                members[info.name] = opened.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(
            f"B061 {file} cannot be read ({type(error).__name__}). Mend: take another copy"
        ) from error
    try:
        manifest: dict[str, Any] = json.loads(members.pop("manifest.json"))
    except (KeyError, ValueError) as error:
        raise BackupError(f"B062 {file} is no backup of this assistant") from error
    if manifest.get("format") != FORMAT:
        raise BackupError(f"B062 {file} has form {manifest.get('format')}, this reads {FORMAT}")
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    if hashes != manifest["members"]:
        raise BackupError(f"B063 {file} was changed after it was made. Mend: take another copy")
    return manifest, members


def _fill(db: Connection, table: sa.Table, lines: bytes, *, replace: bool) -> int:
    there = db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    if there and not replace:
        raise BackupError(
            f"B064 the table {table.name} holds {there} rows. Mend: `--replace` to empty it first"
        )
    db.execute(sa.delete(table))
    rows = [
        {k: _typed(v, table.columns[k]) for k, v in json.loads(line).items()}
        for line in lines.splitlines()
    ]
    if rows:
        db.execute(sa.insert(table), rows)
    return len(rows)


def read_backup(file: Path, *, replace: bool = False) -> list[str]:
    """Bring back tables and model, each database in one transaction; returns a report.

    Content is under version control and is only compared.

    Raises:
        BackupError: see the class; nothing was changed in the database it names.
    """
    _, members = _open(file)
    report: list[str] = []
    for name, url in databases().items():
        engine = make_engine(url)
        upgrade(engine)
        tables = {t.name: t for t in _tables(engine)}
        prefix = f"tables/{name}/"
        wanted = {m[len(prefix) : -6]: d for m, d in members.items() if m.startswith(prefix)}
        if unknown := sorted(set(wanted) - set(tables)):
            raise BackupError(
                f"B064 {name} has no table {', '.join(unknown)}. Mend: start this version once"
            )
        with engine.begin() as db:
            for table in (t for key, t in tables.items() if key in wanted):
                count = _fill(db, table, wanted[table.name], replace=replace)
                report.append(f"{name}.{table.name}: {count} rows")
        engine.dispose()
    report += _restore_model(members)
    report += _compare_content(members)
    return report


def _restore_model(members: dict[str, bytes]) -> list[str]:
    model = {m.removeprefix("model/"): d for m, d in members.items() if m.startswith("model/")}
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    for name, data in model.items():
        if Path(name).name != name:
            raise BackupError(f"B061 `{name}` is no file name")
        part = MODEL.parent / f"{name}.part"
        part.write_bytes(data)
        part.replace(MODEL.parent / name)
    return ["model restored"] if model else []


def _compare_content(members: dict[str, bytes]) -> list[str]:
    saved = {m.removeprefix("content/"): d for m, d in members.items() if m.startswith("content/")}
    differ = [
        name
        for name, data in saved.items()
        if not (CONTENT / name).is_file() or (CONTENT / name).read_bytes() != data
    ]
    if not differ:
        return ["content is the same"]
    names = ", ".join(differ[:5])
    where = CONTENT.relative_to(ROOT)
    return [f"content differs in {len(differ)} file(s) ({names}): {where} is left as it is"]
