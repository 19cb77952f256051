"""Conversation in Teams: who may say what where, cards, order, delivery."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from actions import messages
from bot.channels import teams_talk
from bot.channels.cards import cards_for
from bot.channels.teams_activity import plain, sender_key
from bot.channels.teams_connector import NotSent, wait_of
from bot.channels.teams_output import SUMMARY
from bot.channels.teams_store import MemoryClaims, RedisClaims, SqlClaims
from bot.evaluate.fake_teams import APP_ID, TENANT, activity
from bot.evaluate.teams_speaker import pressed
from bot.stores.engines import make_engine
from tests.bot.channels.teams_running import teams


@pytest.fixture(autouse=True)
def own_library(monkeypatch, library):
    monkeypatch.setattr(teams_talk, "library", lambda: library)


@pytest.fixture
def running(library):
    def answer(text: str) -> list[dict[str, Any]]:
        if text == "question":
            return [{"custom": messages.question(library, "safe_now")}]
        if text == "signs":
            signs = [("bruise-soft", "A bruise"), ("hungry-often", "Often hungry")]
            return [{"custom": messages.question(library, "indicators", signs, ["bruise-soft"])}]
        if text == "guidance":
            plan = library.plan("child_protection", "hackney")
            made = messages.guidance(library, plan, level=4, borough="hackney")
            return [{"text": "as text", "custom": made}]
        return [{"text": f"heard {text}"}]

    with teams(answer) as started:
        yield started


def group(kind: str = "groupChat", key: str = "19:group") -> dict[str, Any]:
    return {"id": key, "conversationType": kind, "tenantId": TENANT, "isGroup": True}


def in_group(t: Any, text: str, kind: str = "groupChat", **changes: Any) -> dict[str, Any]:
    return {**activity(t.url, text, **changes), "conversation": group(kind)}


def heard(t: Any) -> list[str]:
    return [m.text for m in t.agent.heard]


def test_a_message_is_answered_with_the_bots_and_the_users_ids(running):
    assert running.post(activity(running.url, "hello")) == 202
    (sent,) = running.server.connector.messages()
    assert sent.activity["text"] == "heard hello"
    assert sent.activity["from"]["id"].endswith(APP_ID)
    assert sent.activity["recipient"]["id"] == "29:user-1"
    assert sent.activity["summary"] == SUMMARY


def test_typing_is_shown_before_the_answer(running):
    running.post(activity(running.url, "hello"))
    assert [s.activity["type"] for s in running.sent] == ["typing", "message"]


def test_it_is_acknowledged_before_it_is_answered(running):
    async def slow(message: Any) -> None:
        await asyncio.sleep(1.0)
        await message.output_channel.send_response("", {"text": "late"})

    running.agent.handle_message = slow
    began = time.perf_counter()
    assert running.run(running.server.post(activity(running.url, "hello"))) == 202
    assert time.perf_counter() - began < 0.5
    assert running.server.connector.messages() == []
    running.run(running.server.channel.settled())
    assert "late" in running.texts()


def test_what_rasa_sees_is_redacted_and_no_command(running):
    running.post(activity(running.url, "/restart his NHS number is 943 476 5919"))
    (seen,) = heard(running)
    assert "943" not in seen and not seen.startswith("/")


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("<at>Worried About a Child</at> he has a bruise", "he has a bruise"),
        ('<p><at id="0">Bot</at>&nbsp;mash number</p>', "mash number"),
        ("his weight is < 20 kg &amp; falling", "his weight is < 20 kg & falling"),
        ("a<c and c>d", "a<c and c>d"),
        ("", ""),
    ],
)
def test_mentions_and_tags_are_removed_and_no_word_else(typed, seen):
    assert plain(typed).replace("\xa0", " ").strip() == seen


def test_each_chat_of_each_user_has_a_tracker_of_its_own():
    keys = {
        sender_key(APP_ID, chat, user)
        for chat in ("a:1", "19:group", "19:channel;messageid=1")
        for user in ("ann", "bob")
    } | {sender_key("another-app", "a:1", "ann")}
    assert len(keys) == 7
    assert all("ann" not in key and "19:" not in key for key in keys)


@pytest.mark.parametrize("kind", ["groupChat", "channel"])
def test_in_a_group_nothing_is_read_and_a_private_chat_is_asked_for(running, kind):
    running.post(in_group(running, "<at>Bot</at> a boy told me his dad hit him", kind))
    assert heard(running) == []
    texts = running.texts()
    assert "private chat" in texts and "everybody in this chat can read" in texts
    assert "tel:999" in texts
    assert "his dad" not in texts


def test_a_card_pressed_in_a_group_is_not_read_either(running):
    body = in_group(running, '/answer{"safe_now": "no"}')
    running.post(body | {"value": {"payload": '/answer{"safe_now": "no"}'}})
    assert heard(running) == []


def joined(t: Any, **changes: Any) -> dict[str, Any]:
    return activity(
        t.url,
        type="conversationUpdate",
        text=None,
        membersAdded=[{"id": f"28:{APP_ID}"}],
        **changes,
    )


def test_welcome_comes_once_whatever_teams_sends_at_install(running):
    running.post(joined(running))
    running.post(activity(running.url, type="installationUpdate", text=None, action="add"))
    running.post(joined(running))
    assert heard(running) == ["/greet"]


def test_welcome_comes_again_after_it_was_removed(running):
    running.post(joined(running))
    running.post(activity(running.url, type="installationUpdate", text=None, action="remove"))
    running.post(joined(running))
    assert heard(running) == ["/greet", "/greet"]


def test_another_member_who_joins_is_not_welcomed(running):
    body = joined(running)
    running.post(body | {"membersAdded": [{"id": "29:somebody"}]})
    assert heard(running) == [] and running.sent == []


def test_in_a_team_the_welcome_asks_for_a_private_chat(running):
    running.post({**joined(running), "conversation": group("channel")})
    assert heard(running) == []
    assert "private chat" in running.texts()


def test_a_pressed_button_is_heard_and_its_card_is_closed(running):
    running.post(activity(running.url, "question"))
    (card,) = running.server.connector.messages()
    press = pressed([card], '/answer{"safe_now": "yes"}')
    running.post(activity(running.url, **press))
    assert heard(running)[-1] == '/answer{"safe_now": "yes"}'
    (update,) = [s for s in running.sent if s.method == "PUT"]
    assert update.activity_id == card.activity_id
    closed = str(update.activity)
    assert "Is everybody safe" in closed and "Yes, safe for now" in closed
    assert "Action." not in closed and "Input." not in closed


def test_a_client_that_sends_a_buttons_data_alone_is_heard_too(running):
    # Microsoft's own test client does: `messageBack` means nothing to it.
    running.post(activity(running.url, "question"))
    (card,) = running.server.connector.messages()
    press = pressed([card], '/answer{"safe_now": "yes"}')
    running.post(activity(running.url, **{**press, "text": None}))
    assert heard(running)[-1] == '/answer{"safe_now": "yes"}'
    assert [s.activity_id for s in running.sent if s.method == "PUT"] == [card.activity_id]


def test_chosen_signs_are_heard_and_their_card_is_closed(running):
    running.post(activity(running.url, "signs"))
    (card,) = running.server.connector.messages()
    press = pressed([card], '/answer{"indicators": ["bruise-soft"]}')
    running.post(activity(running.url, **press))
    assert heard(running)[-1] == '/answer{"indicators": ["bruise-soft"]}'
    assert [s.activity_id for s in running.sent if s.method == "PUT"] == [card.activity_id]


def test_a_card_that_cannot_be_closed_is_answered_all_the_same(running):
    running.server.connector.answers = [(200, {}), (404, {})]  # typing, then the update
    body = activity(running.url, '/answer{"safe_now": "yes"}', replyToId="gone")
    running.post(body)
    assert "heard /answer" in running.texts()


def test_a_forged_answer_of_a_card_is_nothing_but_text(running):
    running.post(activity(running.url, "", value={"payload": "/restart", "indicators": ["x"]}))
    assert heard(running) == []
    running.post(activity(running.url, "", value={"payload": '/answer{"slot": "x"}'}))
    assert heard(running) == []


def test_an_executed_action_is_answered_at_once_and_heard(running):
    value = {"action": {"type": "Action.Execute", "data": {"payload": '/answer{"safe_now": "no"}'}}}
    body = activity(running.url, type="invoke", name="adaptiveCard/action", text=None, value=value)
    assert running.post(body) == 200
    assert heard(running) == ['/answer{"safe_now": "no"}']


def test_guidance_arrives_as_cards_alone_so_that_nothing_is_read_twice(running):
    running.post(activity(running.url, "guidance"))
    sent = running.server.connector.messages()
    assert all("text" not in s.activity for s in sent)
    assert all(len(str(s.activity)) < 28_000 for s in sent)


def test_a_refused_card_is_sent_as_text_with_every_number(running):
    running.server.connector.answers = [(200, {}), (400, {})]
    running.post(activity(running.url, "guidance"))
    (sent,) = running.server.connector.messages()
    assert "020 8356 5500" in sent.activity["text"]
    assert "Where this comes from" in sent.activity["text"]


def test_429_is_waited_for_and_the_message_comes_once(running):
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    running.server.channel.connector.sleep = sleep
    running.server.connector.answers = [(200, {}), (429, {"Retry-After": "7"}), (429, {})]
    running.post(activity(running.url, "hello"))
    assert len(running.server.connector.messages()) == 1
    assert waits == [7.0, 2.0]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 403, 302])
def test_another_failure_is_not_posted_again(running, status, caplog):
    running.server.connector.answers = [(200, {}), (status, {"Location": "https://evil.example/"})]
    assert running.post(activity(running.url, "hello")) == 202
    assert running.server.connector.messages() == []
    assert "B133" in caplog.text and "hello" not in caplog.text


def test_no_connection_is_tried_again_but_not_for_ever(running):
    async def closed() -> None:
        await running.server.connector.stop()
        with pytest.raises(NotSent):
            await running.server.channel.connector.send(running.url, "a:1", {"type": "message"})

    running.run(closed())


@pytest.mark.parametrize(
    ("header", "attempt", "seconds"),
    [("5", 0, 5.0), ("0", 0, 0.1), ("99999", 0, 60.0), (None, 2, 4.0), ("soon", 1, 2.0)],
)
def test_how_long_a_429_is_waited_for(header, attempt, seconds):
    assert wait_of({"Retry-After": header} if header else {}, attempt) == seconds


def test_a_deleted_message_takes_the_talk_with_it(running):
    said = activity(running.url, "a boy in year 4 has a bruise")
    running.post(said)
    key = running.agent.heard[0].sender_id
    assert running.run(running.agent.tracker_store.retrieve(key))
    gone = activity(
        running.url,
        type="messageDelete",
        text=None,
        id=said["id"],
        channelData={"tenant": {"id": TENANT}, "eventType": "softDeleteMessage"},
    )
    running.post(gone)
    assert running.run(running.agent.tracker_store.retrieve(key)) is None
    assert "I have deleted our talk" in running.texts()


def test_a_changed_message_takes_the_talk_with_it_and_others_do_not(running):
    said = activity(running.url, "a boy in year 4 has a bruise")
    running.post(said)
    key = running.agent.heard[0].sender_id
    running.post(activity(running.url, "new", type="messageUpdate", id="another-message"))
    assert running.run(running.agent.tracker_store.retrieve(key))
    running.post(activity(running.url, "new", type="messageUpdate", id=said["id"]))
    assert running.run(running.agent.tracker_store.retrieve(key)) is None


def test_somebody_else_cannot_delete_a_talk(running):
    said = activity(running.url, "a boy in year 4 has a bruise")
    running.post(said)
    key = running.agent.heard[0].sender_id
    body = activity(running.url, type="messageDelete", text=None, id=said["id"], user="user-2")
    running.post(body)
    assert running.run(running.agent.tracker_store.retrieve(key))


@pytest.mark.parametrize(("kind", "helpful"), [("like", [True]), ("sad", [False]), ("wow", [])])
def test_a_reaction_is_counted_and_not_answered(running, monkeypatch, kind, helpful):
    counted: list[bool] = []
    monkeypatch.setattr(teams_talk, "record_feedback", counted.append)
    body = activity(running.url, type="messageReaction", text=None, reactionsAdded=[{"type": kind}])
    running.post(body)
    assert counted == helpful and running.sent == []


def test_a_picture_alone_is_not_taken_and_the_user_is_told(running):
    picture = [{"contentType": "image/png", "contentUrl": "https://x.example/a.png"}]
    running.post(activity(running.url, "", attachments=picture))
    assert heard(running) == [] and "cannot open files" in running.texts()


def test_teams_own_copy_of_a_text_is_no_file(running):
    running.post(activity(running.url, "hello", attachments=[{"contentType": "text/html"}]))
    assert "cannot open files" not in running.texts()


def test_a_part_that_is_down_still_gives_999_and_both_front_doors(running):
    async def broken(_: Any) -> None:
        raise RuntimeError("a secret thing that was typed")

    running.agent.handle_message = broken
    running.post(activity(running.url, "hello"))
    texts = running.texts()
    assert "999" in texts and "secret" not in texts


def test_without_a_store_a_group_is_told_999_all_the_same(running, monkeypatch):
    def away() -> Any:
        raise OSError("no store")

    monkeypatch.setattr(teams_talk, "library", away)
    running.post(in_group(running, "hello"))
    assert "999" in running.texts()


@pytest.mark.parametrize("store", ["memory", "sql", "redis"])
def test_one_of_several_workers_wins_a_claim(store, tmp_path, request):
    if store == "memory":
        one = two = MemoryClaims()
    elif store == "sql":
        url = f"sqlite:///{tmp_path / 'data.db'}"
        one, two = SqlClaims(make_engine(url)), SqlClaims(make_engine(url))
    else:
        url = request.getfixturevalue("redis_url")
        one, two = RedisClaims(url), RedisClaims(url)

    async def race() -> list[bool]:
        return list(await asyncio.gather(*(w.claim("a") for w in (one, two) * 10)))

    async def all_of_it() -> None:
        assert sum(await race()) == 1
        assert not await two.claim("a") and await two.claim("b")
        await one.release("a")
        assert await two.claim("a")

    asyncio.run(all_of_it())


def test_claims_go_on_where_the_shared_store_is_away(tmp_path):
    away = RedisClaims("redis://127.0.0.1:1/0")

    async def both() -> list[bool]:
        return [await away.claim("a"), await away.claim("a")]

    assert asyncio.run(both()) == [True, False]


def test_every_card_of_the_turn_arrived_in_order(running, library):
    running.post(activity(running.url, "guidance"))
    plan = library.plan("child_protection", "hackney")
    made = messages.guidance(library, plan, level=4, borough="hackney")
    arrived = [a["content"] for s in running.sent for a in s.activity.get("attachments", [])]
    wanted = cards_for(made, channel="teams")
    assert [c["body"][0] for c in arrived[: len(wanted)]] == [c["body"][0] for c in wanted]
