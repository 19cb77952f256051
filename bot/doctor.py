"""`bot doctor`: what is wrong with this installation, each with a code and its mend."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

import sqlalchemy as sa
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot.paths import BUILD, FALLBACK, MODEL
from bot.runtime.model_file import intact
from bot.settings import Settings, SettingsError, read_settings
from bot.stores.engines import make_engine
from bot.stores.migrate import newest, revision
from knowledge.content import Content, load_content
from knowledge.errors import ContentError, KnowledgeError
from knowledge.store import Store

LEAST_FREE = 500 << 20
MOST_SKEW = 30.0
_PACKAGES = {"rasa": "3.6.", "rasa-sdk": "3.6.", "SQLAlchemy": "1.4.", "pydantic": "2."}


@dataclass(frozen=True)
class Finding:
    """One check: `state` is ok, warning or wrong."""

    check: str
    state: str
    code: str = ""
    problem: str = ""
    mend: str = ""

    @property
    def wrong(self) -> bool:
        """Whether it must be mended."""
        return self.state == "wrong"

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)

    def __str__(self) -> str:
        if self.state == "ok":
            return f"ok      {self.check}" + (f": {self.problem}" if self.problem else "")
        return f"{self.state:<7} {self.check}: {self.code} {self.problem}. Mend: {self.mend}"


def _wrong(check: str, code: str, problem: str, mend: str) -> Finding:
    return Finding(check, "wrong", code, problem, mend)


def _python() -> Iterator[Finding]:
    if sys.version_info[:2] != (3, 10):
        yield _wrong("python", "D001", f"this is {sys.version.split()[0]}", "`make setup`")
    for name, start in _PACKAGES.items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield _wrong("packages", "D002", f"{name} is not installed", "`make setup`")
            continue
        if not version.startswith(start):
            yield _wrong("packages", "D002", f"{name} is {version}, not {start}x", "`make setup`")


def _folders() -> Iterator[Finding]:
    place = BUILD if BUILD.exists() else BUILD.parent
    if not os.access(place, os.W_OK):
        yield _wrong(
            "folder", "D003", f"{place} cannot be written", "set BOT_BUILD_DIR to one that can"
        )
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE:
        yield _wrong("disk", "D004", f"{free >> 20} MB are free", "free half a gigabyte")


def _content() -> Iterator[Finding]:
    try:
        content = load_content()
    except ContentError as error:
        first = str(error).splitlines()[0]
        yield _wrong("content", "D005", first, "`bot knowledge check` lists all")
        return
    yield from _store(content)
    yield from _fixed_answer(content)


def _store(content: Content) -> Iterator[Finding]:
    try:
        version = Store().version()
    except KnowledgeError as error:
        words = str(error).split("\n")[0][:160]
        yield _wrong("knowledge store", "D006", words, "start the database; `bot knowledge load`")
        return
    if version != content.version:
        yield Finding(
            "knowledge store",
            "warning",
            "D007",
            f"it serves {version}, the files are {content.version}",
            "`bot knowledge load`",
        )


def _fixed_answer(content: Content) -> Iterator[Finding]:
    try:
        made = json.loads(FALLBACK.read_text(encoding="utf-8"))
        if "999" in json.dumps(made) and made["content_version"] == content.version:
            return
        problem = "it is of another content version"
    except (OSError, ValueError, KeyError):
        problem = f"{FALLBACK} is missing or damaged"
    yield _wrong("fixed answer", "D008", problem, "`bot train`")


def _model() -> Iterator[Finding]:
    from bot.training import is_trained

    if not MODEL.exists():
        yield _wrong("model", "D009", f"there is none at {MODEL}", "`bot train`")
    elif not intact(MODEL):
        yield _wrong("model", "D010", f"{MODEL} is damaged", "`bot train --force`")
    elif not is_trained():
        yield Finding("model", "warning", "D011", "it is older than the files", "`bot train`")


def _database(name: str, url: str) -> Iterator[Finding]:
    engine = make_engine(url)
    try:
        with engine.connect() as db:
            db.execute(sa.text("SELECT 1"))
            if engine.dialect.name == "postgresql":
                there = db.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
                skew = abs((dt.datetime.now(dt.timezone.utc) - there).total_seconds())
                if skew > MOST_SKEW:
                    yield _wrong(
                        "clock", "D014", f"it differs {skew:.0f} s from the database's",
                        "switch time synchronisation on",
                    )  # fmt: skip
    except SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        yield _wrong(
            name, "D012", f"{where}: {type(error).__name__}", "start it; check address and password"
        )
    finally:
        engine.dispose()


def _revision(url: str) -> Iterator[Finding]:
    engine = make_engine(url)
    try:
        has = revision(engine)
    except SQLAlchemyError:
        return  # said already
    finally:
        engine.dispose()
    if has is None and engine.dialect.name == "sqlite":
        return  # made at the first count
    if has != newest():
        yield _wrong("database form", "D013", f"it is {has}, not {newest()}", "`bot db upgrade`")


def _redis(url: str) -> Iterator[Finding]:
    if not url:
        return
    try:
        Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2).ping()
    except (RedisError, OSError) as error:
        yield _wrong(
            "redis", "D015", type(error).__name__, "start it; check BOT_REDIS_URL. Turns go on"
        )


def _actions(urls: tuple[str, ...]) -> Iterator[Finding]:
    for url in urls:
        health = url.rsplit("/", 1)[0] + "/health"
        try:
            with urllib.request.urlopen(health, timeout=2):  # noqa: S310 - own setting
                continue
        except (OSError, ValueError) as error:
            yield _wrong("actions", "D016", f"{health}: {type(error).__name__}", "start it")


def _secrets(now: Settings) -> Iterator[Finding]:
    for name, value in (("BOT_STATISTICS_TOKEN", now.statistics_token),):
        if not value:
            yield Finding(
                "secrets", "warning", "D017", f"{name} is not set: no statistics page",
                "`openssl rand -hex 32`",
            )  # fmt: skip


def examine(env: dict[str, str] | None = None) -> list[Finding]:
    """Every check; those that found nothing are `ok`."""
    try:
        now = read_settings(os.environ if env is None else env)
    except SettingsError as error:
        code, _, rest = str(error).partition(" ")
        problem, _, mend = rest.partition(". Mend: ")
        return [Finding("settings", "wrong", code, problem, mend)]
    checks: list[tuple[str, Callable[[], Any]]] = [
        ("python and packages", _python),
        ("folders and disk", _folders),
        ("content, store and fixed answer", _content),
        ("model", _model),
        ("conversations", lambda: _database("conversations", now.tracker_url)),
        ("counts", lambda: _database("counts", now.data_url)),
        ("database form", lambda: _revision(now.data_url)),
        ("redis", lambda: _redis(now.redis_url)),
        ("action servers", lambda: _actions(now.action_urls)),
        ("secrets", lambda: _secrets(now)),
    ]
    findings: list[Finding] = []
    for name, check in checks:
        found = list(check())
        findings += found or [Finding(name, "ok")]
    return findings
