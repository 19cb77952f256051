"""Settings: defaults, secrets by file, and one clear line for each that is wrong."""

from __future__ import annotations

import pytest

from bot.settings import SettingsError, read_settings, secret


def test_settings_defaults_are_sqlite_and_memory():
    found = read_settings({})
    assert found.tracker_url.startswith("sqlite:///")
    assert found.redis_url == ""
    assert found.statistics_token == ""
    assert found.log_format == "json"


def test_settings_secret_by_file(tmp_path):
    file = tmp_path / "token"
    file.write_text("0123456789abcdef0123\n")
    found = read_settings({"BOT_STATISTICS_TOKEN_FILE": str(file)})
    assert found.statistics_token == "0123456789abcdef0123"


def test_settings_secret_twice_or_missing_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="both set"):
        secret({"BOT_REDIS_URL": "redis://a", "BOT_REDIS_URL_FILE": "/x"}, "BOT_REDIS_URL")
    with pytest.raises(SettingsError, match=r"B060 BOT_REDIS_URL_FILE.*cannot be read"):
        secret({"BOT_REDIS_URL_FILE": str(tmp_path / "none")}, "BOT_REDIS_URL")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TRACKER_URL", "no address"),
        ("BOT_DATA_URL", "mysql://user@host/db"),
        ("BOT_REDIS_URL", "localhost:6379"),
        ("BOT_ACTION_URLS", "actions:5055"),
        ("BOT_TRACE_URL", "collector"),
        ("BOT_ORIGINS", "school.example"),
        ("BOT_LOG_FORMAT", "xml"),
        ("BOT_TURNS_A_MINUTE", "many"),
        ("BOT_TURNS_A_MINUTE", "0"),
        ("BOT_EMBEDDING_THREADS", "0"),
        ("BOT_EMBEDDING_THREADS", "two"),
        ("BOT_STATISTICS_TOKEN", "short"),
        ("BOT_METRICS_TOKEN", "short"),
    ],
)
def test_settings_wrong_value_names_setting_and_mend(name, value):
    with pytest.raises(SettingsError) as refused:
        read_settings({name: value})
    words = str(refused.value)
    assert words.startswith("B060 ")
    assert name in words
    assert "Mend: " in words


def test_settings_shown_hide_secrets():
    found = read_settings(
        {
            "BOT_DATA_URL": "postgresql://user:hunter22@db/name",
            "BOT_REDIS_URL": "redis://:hunter22@cache/0",
            "BOT_STATISTICS_TOKEN": "hunter22hunter22hunter22",
        }
    )
    assert "hunter22" not in str(found.shown())
    assert "db/name" in found.shown()["data_url"]
