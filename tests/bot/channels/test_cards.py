"""Cards of every kind of message and every plan: official schema, size, words, actions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from actions import messages
from bot.channels import card_parts
from bot.channels.cards import LIKELY, answered_card, cards_for, payload_of, spoken
from bot.channels.gate import button_payload, fallback_message

CHANNELS = ("web", "teams")
TEAMS_BYTES = 28_000
MESSAGE_SCHEMA = json.loads(
    (Path(__file__).parents[3] / "bot" / "message.schema.json").read_text(encoding="utf-8")
)


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every typed object of a card, in reading order."""
    if isinstance(node, dict):
        if "type" in node:
            yield node
        for value in node.values():
            yield from parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from parts(value)


def words(cards: list[dict[str, Any]]) -> str:
    """All that is shown, in order."""
    shown = [p["text"] for p in parts([c["body"] for c in cards]) if "text" in p]
    return "\n".join(shown)


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_message_makes_cards_that_the_official_schema_takes(
    every_message, card_schema, channel
):
    check = jsonschema_rs.Draft6Validator(card_schema)
    of_messages = jsonschema_rs.Draft202012Validator(MESSAGE_SCHEMA)
    assert len(every_message) > 60
    for name, message in [*every_message.items(), ("fallback", fallback_message())]:
        of_messages.validate(message)
        for card in cards_for(message, channel=channel):
            problems = [e.message for e in check.iter_errors(card)]
            assert not problems, f"{name}: {problems[0][:300]}"
            assert card["version"] == "1.5"


def test_the_official_schema_refuses_a_wrong_card(every_message, card_schema):
    check = jsonschema.Draft6Validator(card_schema)
    card = cards_for(every_message["notice plain"], channel="teams")[0]
    assert check.is_valid(card)
    assert not check.is_valid({**card, "body": [{"type": "TextBlok", "text": "no"}]})
    assert not check.is_valid({**card, "colour": "red"})


def test_no_card_is_too_big_for_teams_and_a_split_loses_no_word(every_message, monkeypatch):
    for name, message in every_message.items():
        whole = words(cards_for(message, channel="teams"))
        for card in cards_for(message, channel="teams"):
            assert len(json.dumps(card).encode()) <= TEAMS_BYTES, name
        with monkeypatch.context() as patch:
            patch.setattr(card_parts, "CARD_BYTES", 10_000)
            pieces = words(cards_for(message, channel="teams")).splitlines()
        said = [line for line in pieces if "(continued)" not in line]
        kept = {line for line in whole.splitlines() if "(continued)" not in line}
        missing = kept - set(said)
        assert not missing, f"{name}: {missing}"


def test_a_very_long_notice_is_split_and_kept_whole(every_message):
    text = "\n".join(f"line {n} " + "word " * 900 for n in range(30))
    cards = cards_for({**every_message["notice plain"], "text": text}, channel="teams")
    assert len(cards) > 3
    assert all(card_parts.size_of(c) <= TEAMS_BYTES for c in cards)
    assert "".join(words(cards).split()) == "".join(text.split())


def test_ids_are_unique_in_a_card_and_every_fold_finds_its_target(every_message):
    for name, message in every_message.items():
        for card in cards_for(message, channel="web"):
            ids = [p["id"] for p in parts(card) if "id" in p]
            assert len(ids) == len(set(ids)), name
            for fold in (p for p in parts(card) if p["type"] == "Action.ToggleVisibility"):
                assert set(fold["targetElements"]) <= set(ids), name


def test_guidance_says_urgency_first_then_numbers_then_steps_in_order(library, every_message):
    message = every_message["plan child-protection-hackney 4"]
    cards = cards_for(message, channel="teams")
    text = words(cards)
    order = ["Do this now.", message["title"], "Who to ring", "020 8356 5500"]
    order += ["Do now, in this order", "Do not", "Write down", "Why"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    for step in message["do_now"]:
        assert step["text"] in text
    assert message["content_version"] in text
    assert cards[0]["speak"].startswith(message["title"])
    headings = [p for p in parts(cards) if p.get("style") == "heading"]
    assert headings[0]["text"] == "Do this now."


def test_numbers_are_large_and_ring(every_message):
    cards = cards_for(every_message["notice contacts"], channel="web")
    big = [p["text"] for p in parts(cards) if p.get("size") == "extraLarge"]
    rings = [p["url"] for p in parts(cards) if p.get("url", "").startswith("tel:")]
    phones = [c["phone"] for c in every_message["notice contacts"]["contacts"] if c["phone"]]
    assert big == phones
    assert rings == ["tel:" + "".join(ch for ch in p if ch.isdigit()) for p in phones]


def test_what_is_not_confirmed_says_so_in_words(every_message):
    message = every_message["notice contacts"]
    text = words(cards_for(message, channel="teams"))
    for contact in message["contacts"]:
        mark = {"unverified": " (not confirmed)", "superseded": " (out of date)"}
        assert contact["name"] + mark.get(contact["status"], "") in text


def test_single_questions_send_our_own_payload_on_both_channels(every_message):
    for name, message in every_message.items():
        if message["type"] != "question" or message["multiple"]:
            continue
        for channel in CHANNELS:
            cards = cards_for(message, channel=channel)
            actions = [p for p in parts(cards) if p["type"] == "Action.Submit"]
            assert [a["title"] for a in actions] == [o["title"] for o in message["options"]], name
            for action, option in zip(actions, message["options"], strict=True):
                data = action["data"]
                sent = data["msteams"]["text"] if channel == "teams" else data["payload"]
                assert sent == option["payload"] and button_payload(sent)
                if channel == "teams":
                    assert data["msteams"]["type"] == "messageBack"
                    assert data["msteams"]["displayText"] == option["title"]


def test_a_title_too_long_for_a_button_wraps_in_a_box_to_press(every_message):
    cards = cards_for(every_message["question topic"], channel="web")
    title = "I am worried about an adult who works or volunteers with children"
    (box,) = [p for p in parts(cards) if p.get("selectAction", {}).get("title") == title]
    assert box["items"][0]["inlines"][0]["text"] == title
    for part in parts(cards):
        if part["type"] == "ActionSet":
            assert len(part["actions"][0]["title"]) <= card_parts.WIDEST_BUTTON


def test_signs_are_check_boxes_marked_in_words_and_none_is_ticked(every_message):
    message = every_message["question indicators"]
    cards = cards_for(message, channel="teams")
    assert len(cards) == 1, "the boxes and their button must not be parted"
    (box,) = [p for p in parts(cards) if p["type"] == "Input.ChoiceSet"]
    assert box["id"] == "indicators" and box["isMultiSelect"] and box["isRequired"]
    assert box["label"] and box["errorMessage"] and "value" not in box
    marked = [c["value"] for c in box["choices"] if c["title"].endswith(f"({LIKELY})")]
    assert marked == [o["value"] for o in message["options"] if o.get("suggested")]
    assert [p["title"] for p in parts(cards) if p["type"] == "Action.Submit"]


@pytest.mark.parametrize(
    ("data", "payload"),
    [
        ({"payload": '/answer{"safe_now": "yes"}'}, '/answer{"safe_now": "yes"}'),
        ({"indicators": "a-b,c-d", "question": "x"}, '/answer{"indicators": ["a-b", "c-d"]}'),
        ({"indicators": "none,a-b,unsure"}, '/answer{"indicators": ["a-b"]}'),
        ({"indicators": "unsure,none"}, '/answer{"indicators": ["unsure"]}'),
        ({"indicators": ""}, None),
        ({"indicators": 7}, None),
        ({"colour": "red"}, None),
        ("indicators", None),
        (None, None),
    ],
)
def test_payload_of_what_a_card_submits(data, payload):
    assert payload_of(data) == payload


def test_an_answered_card_has_nothing_to_press(card_schema):
    card = answered_card("Is everybody safe at this moment?", "Yes, safe for now")
    jsonschema.Draft6Validator(card_schema).validate(card)
    kinds = {p["type"] for p in parts(card)}
    assert not any(k.startswith(("Action", "Input")) for k in kinds)
    assert "Yes, safe for now" in words([card])


def test_headings_hold_no_markdown_as_only_they_are_read_as_markdown(every_message):
    for message in every_message.values():
        for part in parts(cards_for(message, channel="teams")):
            if part["type"] == "TextBlock":
                assert not set("*_[]`<>#") & set(part["text"]), part["text"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc"])
def test_an_address_of_another_kind_is_never_a_link(every_message, address):
    contact = {**every_message["notice contacts"]["contacts"][0], "web": address}
    message = {**every_message["notice plain"], "contacts": [contact]}
    urls = [p.get("url", "") for p in parts(cards_for(message, channel="web"))]
    assert address not in urls


def test_speech_of_a_question_names_its_choices(library):
    message = messages.question(library, "safe_now")
    assert "Yes, safe for now" in spoken(message)
