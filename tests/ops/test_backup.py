"""Backup and restore: across databases, whole or not at all, never a conversation."""

from __future__ import annotations

import datetime as dt
import io
import json
import stat
import tarfile

import pytest
import sqlalchemy as sa

from bot import backup
from bot.backup import BackupError, read_backup, write_backup
from bot.settings import settings
from bot.statistics import daily_counts, metadata
from bot.stores.engines import make_engine
from bot.stores.migrate import upgrade

DAY = dt.date(2026, 11, 1)


@pytest.fixture
def use(monkeypatch, tmp_path):
    """Sets the database in use, and a model of a few bytes."""
    for name in ("MODEL", "STAMP"):
        monkeypatch.setattr(backup, name, tmp_path / name.lower())
    (tmp_path / "model").write_bytes(b"model")

    def choose(url: str) -> None:
        monkeypatch.setenv("BOT_DATA_URL", url)
        settings.cache_clear()

    yield choose
    settings.cache_clear()


def fill(url: str, count: int = 7) -> None:
    engine = make_engine(url)
    upgrade(engine)
    metadata.create_all(engine)
    with engine.begin() as db:
        db.execute(sa.text("CREATE TABLE events (id integer, data text)"))
        db.execute(sa.text("INSERT INTO events VALUES (1, 'zebra-words-7731')"))
        db.execute(
            daily_counts.insert(),
            [{"day": DAY, "measure": "turns", "value": "answered", "count": count}],
        )


def counts_of(url: str) -> list[tuple[dt.date, int]]:
    with make_engine(url).connect() as db:
        return [(r.day, r.count) for r in db.execute(daily_counts.select())]


def test_backup_restores_into_another_kind_of_database(use, tmp_path, postgres):
    first, second = f"sqlite:///{tmp_path / 'a.db'}", f"sqlite:///{tmp_path / 'b.db'}"
    file = tmp_path / "backup.tar.gz"
    use(first)
    fill(first)
    write_backup(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for url in (postgres, second):
        use(url)
        (tmp_path / "model").write_bytes(b"damaged")
        report = read_backup(file, replace=True)
        assert counts_of(url) == [(DAY, 7)]
        assert (tmp_path / "model").read_bytes() == b"model"
        assert "data.daily_counts: 1 rows" in report
        assert "content is the same" in report


def test_backup_holds_no_conversation(use, tmp_path):
    url, file = f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "backup.tar.gz"
    use(url)
    fill(url)
    manifest = write_backup(file)
    assert not any(name.endswith("/events.jsonl") for name in manifest["members"])
    with tarfile.open(file) as archive:
        for info in archive:
            assert b"zebra-words" not in archive.extractfile(info).read()


def test_restore_refuses_to_write_over_rows(use, tmp_path):
    url, file = f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "backup.tar.gz"
    use(url)
    fill(url)
    write_backup(file)
    with pytest.raises(BackupError, match="B064"):
        read_backup(file)
    assert counts_of(url) == [(DAY, 7)]


def rewritten(file, change) -> None:
    with tarfile.open(file) as archive:
        members = {i.name: archive.extractfile(i).read() for i in archive}
    change(members)
    with tarfile.open(file, "w:gz") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def test_restore_refuses_what_was_changed_cut_or_is_another_thing(use, tmp_path):
    url, file = f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "backup.tar.gz"
    use(url)
    fill(url)
    write_backup(file)
    whole = file.read_bytes()

    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupError, match="B061"):
        read_backup(file, replace=True)

    file.write_bytes(whole)
    rewritten(file, lambda m: m.update({"model/model": b"another"}))
    with pytest.raises(BackupError, match="B063"):
        read_backup(file, replace=True)

    rewritten(file, lambda m: m.pop("manifest.json"))
    with pytest.raises(BackupError, match="B062"):
        read_backup(file, replace=True)

    rewritten(file, lambda m: m.update({"manifest.json": json.dumps({"format": 99}).encode()}))
    with pytest.raises(BackupError, match="form 99"):
        read_backup(file, replace=True)
    assert counts_of(url) == [(DAY, 7)]
