"""Settings of Teams, and a start without any network."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.channels import teams_start
from bot.channels.teams_connector import Connector, NotSent
from bot.channels.teams_settings import SERVICE_HOSTS, AppType, teams_settings
from bot.channels.teams_tokens import MsalTokens
from bot.settings import SettingsError, read_settings

APP = "11111111-2222-4333-8444-555555555555"
TENANT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
GOOD = {
    "BOT_TEAMS_APP_ID": APP,
    "BOT_TEAMS_TENANT_ID": TENANT,
    "BOT_TEAMS_APP_PASSWORD": "the-secret-itself",
}


def test_without_an_app_id_there_is_no_channel(monkeypatch):
    monkeypatch.delenv("BOT_TEAMS_APP_ID", raising=False)
    assert teams_settings({"BOT_TEAMS_TENANT_ID": "nonsense"}) is None
    assert teams_start.teams_channels(read_settings({})) == []


def test_a_single_tenant_lets_in_its_own_staff_alone():
    found = teams_settings(GOOD)
    assert found and found.app_type is AppType.single_tenant
    assert found.tenants == {TENANT} and found.service_hosts == frozenset(SERVICE_HOSTS)
    assert "the-secret-itself" not in repr(found)


def test_a_secret_may_lie_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("from a file\n")
    env = {k: v for k, v in GOOD.items() if k != "BOT_TEAMS_APP_PASSWORD"}
    found = teams_settings({**env, "BOT_TEAMS_APP_PASSWORD_FILE": str(tmp_path / "secret")})
    assert found and found.password == "from a file"


def test_a_managed_identity_needs_no_secret_and_a_multi_tenant_no_tenant():
    env = {"BOT_TEAMS_APP_ID": APP, "BOT_TEAMS_APP_TYPE": "managed_identity"}
    assert teams_settings({**env, "BOT_TEAMS_TENANT_ID": TENANT})
    many = teams_settings(
        {"BOT_TEAMS_APP_ID": APP, "BOT_TEAMS_APP_TYPE": "multi_tenant"}
        | {"BOT_TEAMS_APP_PASSWORD": "x", "BOT_TEAMS_TENANTS": f"{TENANT}, {APP}"}
    )
    assert many and many.tenants == {TENANT, APP}


@pytest.mark.parametrize(
    "changes",
    [
        {"BOT_TEAMS_APP_ID": "bot"},
        {"BOT_TEAMS_APP_TYPE": "any"},
        {"BOT_TEAMS_TENANT_ID": ""},
        {"BOT_TEAMS_APP_PASSWORD": ""},
        {"BOT_TEAMS_TENANTS": "*"},
        {"BOT_TEAMS_SERVICE_HOSTS": "https://smba.trafficmanager.net/"},
        {"BOT_TEAMS_SERVICE_HOSTS": "*.net"},
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(changes):
    with pytest.raises(SettingsError, match=r"B131 BOT_TEAMS_\w+ .*Mend: |B131 BOT_TEAMS_\w+:"):
        teams_settings({**GOOD, **changes})


@pytest.mark.parametrize("kind", [k.value for k in AppType])
def test_it_starts_without_network(monkeypatch, tmp_path, caplog, kind):
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BOT_TEAMS_APP_TYPE", kind)

    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the start asked for the network")

    monkeypatch.setattr("socket.create_connection", no_network)
    now = read_settings({"BOT_DATA_URL": f"sqlite:///{tmp_path / 'data.db'}"})
    with caplog.at_level(logging.WARNING):
        (channel,) = teams_start.teams_channels(now)
    assert channel.name() == "teams" and "B130 Teams is on" in caplog.text
    assert "the-secret-itself" not in caplog.text


def test_no_token_for_the_bot_is_one_line_without_the_secret(monkeypatch, caplog):
    settings = teams_settings(GOOD)
    assert settings
    tokens = MsalTokens(settings)

    async def refused(*_: object, **__: object) -> str:
        raise ValueError("AADSTS7000215: the-secret-itself is wrong")

    monkeypatch.setattr(tokens._auth, "get_access_token", refused)
    connector = Connector(settings, tokens)

    async def send() -> None:
        with pytest.raises(NotSent):
            await connector.send("https://smba.trafficmanager.net/uk/", "a:1", {"type": "message"})
        await connector.close()

    asyncio.run(send())
    assert "B134 no token for the bot" in caplog.text
    assert "the-secret-itself" not in caplog.text
