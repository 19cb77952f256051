"""The real servers with Teams configured and no way out to Microsoft."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from bot.evaluate.fake_teams import APP_ID, TENANT, FakeTokens, activity
from bot.paths import LOGS, ROOT
from bot.runtime.rasa_server import WRONG_SETTINGS
from tests.servers.running import running, say

pytestmark = [pytest.mark.server, pytest.mark.slow]

# Port 9 is "discard": nobody listens, so every way out through it fails at once.
NO_WAY_OUT = {f"{kind}_proxy": "http://127.0.0.1:9" for kind in ("http", "https", "all")}
TEAMS = {
    "BOT_TEAMS_APP_ID": APP_ID,
    "BOT_TEAMS_TENANT_ID": TENANT,
    "BOT_TEAMS_APP_PASSWORD": "the-secret-itself",
}
LOG = LOGS / "rasa.log"
SERVICE = "https://smba.trafficmanager.net/uk/"


def since(place: int) -> str:
    """What Rasa's process has logged since a place in its log, which is only added to."""
    return LOG.read_bytes()[place:].decode()


@pytest.fixture
def widget_built(trained) -> None:
    """Built while there is a network: the servers would wait for the packages."""
    subprocess.run([sys.executable, "-m", "bot.cli", "widget", "build"], cwd=ROOT, check=True)


def test_the_website_answers_with_teams_on_and_no_network(widget_built, tmp_path):
    env = {
        **{name.upper(): value for name, value in NO_WAY_OUT.items()},
        **NO_WAY_OUT,
        **{name: "127.0.0.1,localhost" for name in ("no_proxy", "NO_PROXY")},
        **TEAMS,
        "BOT_DATA_URL": f"sqlite:///{tmp_path / 'data.db'}",
    }
    place = LOG.stat().st_size if LOG.exists() else 0
    with running(tmp_path / "serve.log", env) as (address, _, log):
        (line,) = [line for line in since(place).splitlines() if "B130" in line]
        assert f"B130 Teams is on for bot {APP_ID} (single_tenant)" in line
        assert "8356 5500" in str(say(address, "what is the number for Hackney MASH", "teams-on"))
        # Somebody writes in Teams, but the keys that would vouch for them cannot be read.
        signed = FakeTokens().sign(SERVICE)
        call = urllib.request.Request(
            f"{address}/webhooks/teams/webhook",
            json.dumps(activity(SERVICE, "hello", id="1")).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {signed}"},
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(call, timeout=30)
        assert refused.value.code == 503, "Teams then sends it again"
        assert "8356 5500" in str(say(address, "what is the number for Hackney MASH", "teams-on"))
    told = since(place) + log.read_text()
    assert "B132 no keys of the Bot Framework. Mend: let the server reach it" in told
    assert TEAMS["BOT_TEAMS_APP_PASSWORD"] not in told and signed not in told


def test_a_wrong_setting_of_teams_stops_the_start_with_its_mend():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.runtime.rasa_server", "0", "0"],
        cwd=ROOT,
        env={**os.environ, **TEAMS, "BOT_TEAMS_APP_TYPE": "both"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == WRONG_SETTINGS
    assert done.stderr.splitlines() == [
        "B131 BOT_TEAMS_APP_TYPE is no type. Mend: single_tenant, multi_tenant, managed_identity"
    ]
