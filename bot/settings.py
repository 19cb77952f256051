"""Every setting of the running assistant, read once, in one typed place.

Each comes from the environment; `NAME_FILE` names a file that holds the value instead,
as containers hand out secrets.  A wrong setting stops the start with B060 and its mend.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.paths import BUILD, TRACKERS

MIN_SECRET = 16
EMBEDDING_THREADS = "BOT_EMBEDDING_THREADS"  # the supervisor sets it
# Hours after its last message for which a conversation may be kept.
DEFAULT_HOURS, LEAST_HOURS, MOST_HOURS = 24.0, 1.0, 720.0


class SettingsError(RuntimeError):
    """B060: a setting cannot be used; the message names it and the mend."""


@dataclass(frozen=True)
class Settings:
    """What the servers need to know; addresses are SQLAlchemy's and Redis' own form."""

    tracker_url: str
    data_url: str
    redis_url: str
    action_urls: tuple[str, ...]
    origins: tuple[str, ...]
    statistics_token: str
    metrics_token: str
    log_format: str
    trace_url: str
    turns_a_minute: int
    metrics_dir: str
    embedding_threads: int

    def secrets(self) -> tuple[str, ...]:
        """Names of the fields that must never be printed."""
        return ("tracker_url", "data_url", "redis_url", "statistics_token", "metrics_token")

    def shown(self) -> dict[str, str]:
        """Every field as text, with passwords and tokens left out."""
        shown: dict[str, str] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_url") and field.name in self.secrets() and value:
                value = make_url(value).render_as_string(hide_password=True)
            elif field.name in self.secrets():
                value = "set" if value else "not set"
            shown[field.name] = str(value)
        return shown


def secret(env: Mapping[str, str], name: str, default: str = "") -> str:
    """The value of `name`, or what the file holds that `name`_FILE points at.

    Raises:
        SettingsError: both are given, or the file cannot be read.
    """
    path = env.get(f"{name}_FILE")
    if not path:
        return env.get(name, default)
    if name in env:
        raise SettingsError(f"B060 {name} and {name}_FILE are both set. Mend: unset one of them")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"B060 {name}_FILE: {path} cannot be read ({type(error).__name__}). "
            "Mend: mount the file, readable for this user"
        ) from error


def _database(env: Mapping[str, str], name: str, default: str) -> str:
    value = secret(env, name, default)
    try:
        url = make_url(value)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(
            f"B060 {name} is no database address. Mend: postgresql://user:password@host/name, "
            "or sqlite:////path/file.db"
        ) from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise SettingsError(
            f"B060 {name}: {url.get_backend_name()} is not supported. Mend: postgresql or sqlite"
        )
    return value


def _token(env: Mapping[str, str], name: str) -> str:
    value = secret(env, name)
    if value and len(value) < MIN_SECRET:
        raise SettingsError(
            f"B060 {name} is shorter than {MIN_SECRET} characters. Mend: `openssl rand -hex 32`"
        )
    return value


def _list(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in env.get(name, "").split(",") if part.strip())


def _whole(env: Mapping[str, str], name: str, default: int, least: int) -> int:
    try:
        value = int(env.get(name, default))
    except ValueError:
        value = least - 1
    if value < least:
        raise SettingsError(f"B060 {name} is no whole number from {least}. Mend: {name}={default}")
    return value


def read_settings(env: Mapping[str, str]) -> Settings:
    """The settings that an environment gives.

    Raises:
        SettingsError: one of them is wrong.
    """
    log_format = env.get("BOT_LOG_FORMAT", "json")
    if log_format not in {"json", "plain"}:
        raise SettingsError("B060 BOT_LOG_FORMAT is neither json nor plain. Mend: unset it")
    redis_url = secret(env, "BOT_REDIS_URL")
    if redis_url and not redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("B060 BOT_REDIS_URL is no address. Mend: redis://:password@host:6379/0")
    for name in ("BOT_ACTION_URLS", "BOT_TRACE_URL", "BOT_ORIGINS"):
        for url in _list(env, name):
            if not url.startswith(("http://", "https://")):
                raise SettingsError(f"B060 {name}: `{url}` is no address. Mend: http://host:port")
    return Settings(
        tracker_url=_database(env, "BOT_TRACKER_URL", f"sqlite:///{TRACKERS}"),
        data_url=_database(env, "BOT_DATA_URL", f"sqlite:///{BUILD / 'data.db'}"),
        redis_url=redis_url,
        action_urls=_list(env, "BOT_ACTION_URLS"),
        origins=_list(env, "BOT_ORIGINS"),
        statistics_token=_token(env, "BOT_STATISTICS_TOKEN"),
        metrics_token=_token(env, "BOT_METRICS_TOKEN"),
        log_format=log_format,
        trace_url=env.get("BOT_TRACE_URL", ""),
        turns_a_minute=_whole(env, "BOT_TURNS_A_MINUTE", 300, 1),
        metrics_dir=env.get("PROMETHEUS_MULTIPROC_DIR", ""),
        embedding_threads=embedding_threads(env),
    )


def embedding_threads(env: Mapping[str, str]) -> int:
    """Cores that the embedding of one message may have; 1 unless given.

    Raises:
        SettingsError: BOT_EMBEDDING_THREADS is no whole number from 1.
    """
    return _whole(env, EMBEDDING_THREADS, 1, 1)


def retention_hours(env: Mapping[str, str]) -> float:
    """Hours after the last message.

    Raises:
        SettingsError: BOT_RETENTION_HOURS is no number from 1 to 720.
    """
    given = env.get("BOT_RETENTION_HOURS", str(DEFAULT_HOURS))
    try:
        hours = float(given)
    except ValueError:
        hours = -1.0
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise SettingsError(
            f"B060 BOT_RETENTION_HOURS: `{given}` is no number from 1 to 720. "
            "Mend: BOT_RETENTION_HOURS=24"
        )
    return hours


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return read_settings(os.environ)
