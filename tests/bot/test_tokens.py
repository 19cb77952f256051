"""Session tokens: nobody can make, change, move or keep one."""

from __future__ import annotations

import stat

import pytest

from bot.channels.tokens import LIFETIME_SECONDS, SessionTokens, server_secret
from bot.settings import SettingsError

SECRET = b"x" * 40


def test_token_gives_the_same_sender_each_time_and_another_for_another():
    tokens = SessionTokens(SECRET)
    one, two = tokens.issue("own"), tokens.issue("own")
    assert tokens.sender(one, "own") == tokens.sender(one, "own")
    assert tokens.sender(one, "own") != tokens.sender(two, "own")


@pytest.mark.parametrize("made", ["", "abc", None, 7, ["x"], "a" * 32 + ".00000000." + "b" * 43])
def test_token_made_by_another_is_refused(made):
    assert SessionTokens(SECRET).sender(made, "own") is None


def test_token_is_bound_to_site_user_and_secret():
    tokens = SessionTokens(SECRET)
    token = tokens.issue("https://a.example", "ann")
    assert tokens.sender(token, "https://a.example", "ann")
    assert tokens.sender(token, "https://b.example", "ann") is None
    assert tokens.sender(token, "https://a.example", "bob") is None
    assert SessionTokens(b"y" * 40).sender(token, "https://a.example", "ann") is None


def test_token_with_one_sign_changed_is_refused():
    tokens = SessionTokens(SECRET)
    token = tokens.issue("own")
    for at in (0, 20, 34, 45, 60):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        assert tokens.sender(changed, "own") is None


def test_token_ends_after_its_time_and_is_not_from_the_future():
    now = [1_000_000.0]
    tokens = SessionTokens(SECRET, clock=lambda: now[0])
    token = tokens.issue("own")
    now[0] += LIFETIME_SECONDS - 1
    assert tokens.sender(token, "own")
    now[0] += 2
    assert tokens.sender(token, "own") is None
    now[0] -= LIFETIME_SECONDS + 10
    assert tokens.sender(token, "own") is None


def test_secret_is_made_once_and_read_by_us_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("BOT_SECRET", raising=False)
    path = tmp_path / "s"
    assert server_secret(path) == server_secret(path)
    assert len(server_secret(path)) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_short_secret_is_refused(monkeypatch):
    monkeypatch.setenv("BOT_SECRET", "short")
    with pytest.raises(SettingsError, match="Mend"):
        server_secret()
