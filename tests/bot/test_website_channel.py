"""The Socket.IO channel: sessions, origins, repeats, limits."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import socketio

from bot.channels.host_tokens import HostTokens
from bot.channels.limits import Limits, RateLimit
from bot.channels.site import checked_origins
from bot.settings import SettingsError
from tests.bot.test_host_tokens import hs, oct_key
from tests.widget.light import FakeRasa, greeting, light


def in_a_loop(told: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own, since this one may have a loop already."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, told).result()


class Page:
    """What the widget does, in Python."""

    def __init__(self, address: str, origin: str | None = None, transport: str = "websocket"):
        self._address, self._headers = address, {"Origin": origin} if origin else {}
        self._transport = transport
        self.io = socketio.AsyncClient(reconnection=False)
        self.heard: list[tuple[str, object]] = []
        for name in ("session_confirm", "session_refused", "session_needed", "bot_uttered",
                     "turn_done", "user_said"):  # fmt: skip
            self.io.on(name, self._hear(name))

    def _hear(self, name):
        async def heard(data=None):
            self.heard.append((name, data))

        return heard

    async def __aenter__(self):
        await self.io.connect(self._address, headers=self._headers, transports=[self._transport])
        return self

    async def __aexit__(self, *_):
        await self.io.disconnect()

    async def next(self, name: str, seconds: float = 5.0):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for at, (kind, data) in enumerate(self.heard):
                if kind == name:
                    del self.heard[at]
                    return data
            await asyncio.sleep(0.01)
        raise AssertionError(f"no {name} in {self.heard}")

    async def join(self, **data):
        await self.io.emit("session_request", data)
        return await self.next("session_confirm")

    async def say(self, text, key: str | None = None, **more):
        await self.io.emit("user_uttered", {"message": text, "id": key, **more})
        return await self.next("turn_done")

    def bots(self) -> list[dict]:
        return [data for kind, data in self.heard if kind == "bot_uttered"]


def test_channel_answers_over_both_transports_and_numbers_messages(tmp_path):
    async def run(served):
        for transport in ("websocket", "polling"):
            async with Page(served.address, transport=transport) as page:
                await page.join()
                done = await page.say("/greet", "id-00000001")
                assert done == {"id": "id-00000001", "count": 2}
                assert [(m["turn"], m["n"]) for m in page.bots()] == [
                    ("id-00000001", 0), ("id-00000001", 1)]  # fmt: skip
                assert page.bots()[0]["custom"]["text"] == "Hello, tell me."

    with light(tmp_path) as served:
        in_a_loop(run(served))


def test_session_ids_of_users_own_making_are_not_taken(tmp_path):
    async def run(served):
        async with Page(served.address) as page:
            for asked in ("a" * 40, None, 5, {"a": 1}, "x" * 32 + ".00000000." + "y" * 43):
                given = await page.join(session_id=asked)
                assert given != asked
                assert served.site.tokens.sender(given, "own")

    with light(tmp_path) as served:
        in_a_loop(run(served))


def test_a_talk_cannot_be_joined_without_its_token_nor_from_another_site(tmp_path):
    school = "https://school.example"

    async def run(served):
        async with Page(served.address) as mine, Page(served.address, origin=school) as other:
            token = await mine.join()
            assert await mine.join(session_id=token) == token
            assert await other.join(session_id=token) != token
            await mine.say("my worry", "id-00000001")
            await asyncio.sleep(0.1)
            assert other.bots() == []

    with light(tmp_path, origins=[school]) as served:
        in_a_loop(run(served))


def test_a_message_before_a_session_is_not_handled(tmp_path):
    async def run(served):
        async with Page(served.address) as page:
            await page.io.emit("user_uttered", {"message": "hi", "session_id": "chosen"})
            await page.next("session_needed")
        assert served.rasa.handled == []

    with light(tmp_path) as served:
        in_a_loop(run(served))


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_origins_own_and_listed_may_connect_and_no_other(tmp_path, transport):
    async def run(served):
        for origin in (None, served.address, "https://school.example"):
            async with Page(served.address, origin=origin, transport=transport) as page:
                assert await page.join()
        for origin in ("https://evil.example", "null", "https://school.example.evil.example"):
            with pytest.raises(socketio.exceptions.ConnectionError):
                async with Page(served.address, origin=origin, transport=transport):
                    pass

    with light(tmp_path, origins=["https://school.example"]) as served:
        in_a_loop(run(served))


@pytest.mark.parametrize(
    "origin", ["school.example", "https://s.example/", "*", "https://S.example"]
)
def test_a_malformed_origin_stops_the_start(origin):
    with pytest.raises(SettingsError, match="Mend"):
        checked_origins([origin])


def test_a_message_sent_twice_is_handled_once_and_answered_again(tmp_path):
    async def run(served):
        async with Page(served.address) as page:
            token = await page.join()
            await page.say("worry", "id-00000001")
            first = page.bots()
            page.heard.clear()
            await page.say("worry", "id-00000001", again=True)
            assert page.bots() == first
        async with Page(served.address) as later:
            await later.join(session_id=token)
            await later.say("worry", "id-00000001", again=True)
            assert later.bots() == first
        assert served.rasa.handled == ["worry"]

    with light(tmp_path) as served:
        in_a_loop(run(served))


def test_after_a_restart_the_tracker_tells_what_was_handled(tmp_path):
    rasa = FakeRasa(greeting)
    kept = {}

    async def before(served):
        async with Page(served.address) as page:
            kept["token"] = await page.join()
            await page.say("first", "id-00000001")
            kept["bots"] = page.bots()

    async def after(served):
        async with Page(served.address) as page:
            assert await page.join(session_id=kept["token"]) == kept["token"]
            await page.say("first", "id-00000001", again=True)
            assert page.bots() == kept["bots"]
            await page.say("second", "id-00000002", again=True)
        assert rasa.handled == ["first", "second"]

    with light(tmp_path, rasa=rasa) as served:
        in_a_loop(before(served))
    with light(tmp_path, rasa=rasa) as served:
        in_a_loop(after(served))


def test_a_line_lost_during_a_turn_loses_no_answer(tmp_path):
    async def run(served):
        served.rasa.seconds = 0.6
        async with Page(served.address) as page:
            token = await page.join()
            await page.io.emit("user_uttered", {"message": "worry", "id": "id-00000001"})
            await asyncio.sleep(0.2)
        async with Page(served.address) as page:  # back while the turn still runs
            await page.join(session_id=token)
            await page.say("worry", "id-00000001", again=True)
            assert len(page.bots()) == 1
        assert served.rasa.handled == ["worry"]

    with light(tmp_path) as served:
        in_a_loop(run(served))


def test_a_second_page_of_the_same_talk_sees_both_sides(tmp_path):
    async def run(served):
        async with Page(served.address) as one, Page(served.address) as two:
            token = await one.join()
            await two.join(session_id=token)
            await one.say("worry", "id-00000001", shown="worry")
            assert await two.next("user_said") == {"turn": "id-00000001", "shown": "worry"}
            assert (await two.next("bot_uttered"))["custom"]["text"] == "heard: worry"
            assert not any(kind == "user_said" for kind, _ in one.heard)

    with light(tmp_path) as served:
        in_a_loop(run(served))


def test_too_many_messages_get_a_clear_answer_with_numbers(tmp_path):
    limits = Limits(RateLimit(1, 2), RateLimit(600, 600), RateLimit(600, 600))

    async def run(served):
        async with Page(served.address) as page:
            await page.join()
            for number in range(3):
                done = await page.say("worry", f"id-0000000{number}")
            assert done["refused"] == "too_many"
            last = page.bots()[-1]["custom"]
            assert "Wait a minute" in last["text"]
            assert {"police-emergency", "hackney-mash"} <= {c["id"] for c in last["contacts"]}
        assert len(served.rasa.handled) == 2

    with light(tmp_path, limits=limits) as served:
        in_a_loop(run(served))


def test_limits_hold_by_address_and_for_new_talks(tmp_path):
    limits = Limits(RateLimit(600, 600), RateLimit(1, 3), RateLimit(1, 2))

    async def run(served):
        async with Page(served.address) as page:
            for number in range(2):
                await page.join()
                await page.say("worry", f"id-0000000{number}")
            await page.io.emit("session_request", {})
            assert (await page.next("session_refused"))["reason"] == "too_many"
            await page.say("worry", "id-00000008")
            assert (await page.say("worry", "id-00000009"))["refused"] == "too_many"

    with light(tmp_path, limits=limits) as served:
        in_a_loop(run(served))


def test_size_limits_refuse_with_a_text_and_keep_the_server_up(tmp_path):
    async def run(served):
        async with Page(served.address) as page:
            await page.join()
            done = await page.say("x" * 30_000, "id-00000001")
            assert done["refused"] == "too_long"
            assert "too long" in page.bots()[-1]["custom"]["text"]
            for bad in ("", "   ", None, 5, {"a": 1}):
                assert (await page.say(bad, "id-00000002"))["refused"] == "nothing_said"
        async with Page(served.address) as page:
            await page.join()
            await page.io.emit("user_uttered", {"message": "x" * 200_000, "id": "id-00000003"})
            await asyncio.sleep(0.5)
        async with Page(served.address) as page:
            await page.join()
            assert (await page.say("still there", "id-00000004"))["count"] == 1
        assert served.rasa.handled == ["still there"]

    with light(tmp_path) as served:
        in_a_loop(run(served))


def test_host_tokens_decide_who_may_talk(tmp_path):
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [oct_key()]}))

    async def run(served):
        async with Page(served.address) as page:
            for token in (None, "x.y.z", hs(aud="another")):
                await page.io.emit("session_request", {"token": token})
                refused = await page.next("session_refused")
                assert refused["reason"] == "signed_out"
                assert refused["custom"]["contacts"]
            ann = await page.join(token=hs())
            assert await page.join(token=hs(), session_id=ann) == ann
            # Another user's token with Ann's talk gets a talk of its own.
            assert await page.join(token=hs(sub="bob"), session_id=ann) != ann
            now = int(time.time())
            old = hs(iat=now - 1000, exp=now - 500)
            assert await page.join(token=old, session_id=ann) == ann
            await page.io.emit("session_request", {"token": old})
            assert (await page.next("session_refused"))["reason"] == "signed_out"

    with light(tmp_path, host_tokens=HostTokens(keys)) as served:
        in_a_loop(run(served))


def test_switched_off_gives_numbers_and_on_again_goes_on(tmp_path):
    async def run(served):
        async with Page(served.address) as page:
            await page.join()
            (tmp_path / "switched-off").touch()
            assert (await page.say("worry", "id-00000001"))["refused"] == "off"
            await page.io.emit("session_request", {})
            assert (await page.next("session_refused"))["reason"] == "off"
            (tmp_path / "switched-off").unlink()
            assert (await page.say("worry", "id-00000001"))["count"] == 1

    with light(tmp_path) as served:
        in_a_loop(run(served))


def test_transcript_and_feedback_belong_to_the_talk(tmp_path, monkeypatch):
    import bot.feedback

    monkeypatch.setattr(bot.feedback, "FEEDBACK", tmp_path / "feedback.jsonl")

    async def run(served):
        async with Page(served.address) as page:
            assert (await page.io.call("transcript", {}))["error"]
            assert (await page.io.call("feedback", {"useful": True}))["error"]
            await page.join()
            await page.say("/greet", "id-00000001")
            await page.say('/answer{"child_borough": "hackney"}', "id-00000002")
            await page.say("my worry", "id-00000003")
            text = (await page.io.call("transcript", {}))["text"]
            assert "You said: Hackney" in text
            assert "You said: my worry" in text
            assert "heard: my worry" in text
            assert "/answer" not in text.replace("heard: /answer", "")
            vote = {"useful": False, "reason": "ring 07700900461", "route": "lado"}
            assert await page.io.call("feedback", vote) == {"ok": True}

    with light(tmp_path) as served:
        in_a_loop(run(served))
    kept = json.loads((tmp_path / "feedback.jsonl").read_text())
    assert kept["route"] == "lado"
    assert "07700900461" not in kept["reason"]


def test_channel_sets_no_cookie(tmp_path):
    with light(tmp_path) as served:
        for path in ("/chat", "/socket.io/?EIO=4&transport=polling", "/widget/style.css"):
            with urllib.request.urlopen(served.address + path) as answer:
                assert answer.headers.get("Set-Cookie") is None
