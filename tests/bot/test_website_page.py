"""The page without scripts: forms, headers, and who may do what."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
from bs4 import BeautifulSoup

from bot.channels.host_tokens import HostTokens
from bot.channels.limits import Limits, RateLimit
from bot.channels.page_view import digits, safe_link
from tests.bot.test_host_tokens import hs, oct_key
from tests.widget.light import light, notice, question


def fetch(address: str, fields: Any = None) -> tuple[int, Any, str]:
    body = urllib.parse.urlencode(fields, doseq=True).encode() if fields is not None else None
    try:
        with urllib.request.urlopen(address, body) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def hidden(html: str) -> dict[str, str]:
    found = BeautifulSoup(html, "html.parser").select("input[type=hidden]")
    return {i["name"]: i["value"] for i in found}


def test_page_goes_on_from_post_to_post(tmp_path):
    with light(tmp_path) as served:
        _, _, html = fetch(served.address + "/chat")
        form = hidden(html)
        _, _, html = fetch(served.address + "/chat", {**form, "text": "a worry", "send": "text"})
        assert "heard: a worry" in html
        form = {**hidden(html), "session": form["session"]}
        assert hidden(html)["session"] == form["session"]
        payload = '/answer{"child_borough": "hackney"}'
        _, _, html = fetch(served.address + "/chat", {**form, "payload": payload})
        said = [d.get_text() for d in BeautifulSoup(html, "html.parser").select(".mine")]
        assert said == ["You said: a worry", "You said: Hackney"]
        assert served.rasa.handled == ["/greet", "a worry", payload]


def test_page_posted_twice_is_handled_once(tmp_path):
    with light(tmp_path) as served:
        form = {**hidden(fetch(served.address + "/chat")[2]), "text": "a worry"}
        fetch(served.address + "/chat", form)
        assert "heard: a worry" in fetch(served.address + "/chat", form)[2]
        assert served.rasa.handled.count("a worry") == 1


def test_page_keeps_typed_words_beside_a_pressed_button(tmp_path):
    with light(tmp_path) as served:
        form = hidden(fetch(served.address + "/chat")[2])
        fetch(served.address + "/chat", {**form, "text": "he has a knife", "payload": "/greet"})
        assert served.rasa.handled[-2:] == ["/greet", "he has a knife"]


def test_page_takes_check_boxes_and_says_what_is_missing(tmp_path):
    def reply(text):
        return [question("Which?", [("a", "First"), ("b", "Second")], multiple=True)]

    with light(tmp_path, reply) as served:
        form = hidden(fetch(served.address + "/chat")[2])
        _, _, html = fetch(served.address + "/chat", {**form, "text": "worry"})
        form = hidden(html)
        _, _, html = fetch(served.address + "/chat", {**form, "send": "choice"})
        assert "Choose one or more" in html
        _, _, html = fetch(
            served.address + "/chat", {**hidden(html), "send": "choice", "choice": ["a", "b"]}
        )
        assert served.rasa.handled[-1] == '/answer{"indicators": ["a", "b"]}'
        assert "First; Second" in html


def test_page_controls_send_the_products_own_words(tmp_path):
    with light(tmp_path) as served:
        form = hidden(fetch(served.address + "/chat")[2])
        controls = {"back": "go back", "restart": "/start_again", "summary": "summary"}
        for control, said in controls.items():
            html = fetch(served.address + "/chat", {**form, "send": control})[2]
            form = hidden(html)
            assert served.rasa.handled[-1] == said


def test_page_shows_hostile_words_as_text(tmp_path):
    hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>'

    def reply(text):
        contact = {
            "id": "x", "name": hostile, "purpose": "", "phone": "javascript:alert(1)",
            "email": None, "web": "javascript:alert(3)", "hours_text": hostile,
            "open_now": None, "status": "verified", "note": hostile, "source": "s",
        }  # fmt: skip
        return [{**notice(hostile), "contacts": [contact]}, question(hostile, [(hostile, hostile)])]

    with light(tmp_path, reply) as served:
        form = hidden(fetch(served.address + "/chat")[2])
        html = fetch(served.address + "/chat", {**form, "text": hostile})[2]
    soup = BeautifulSoup(html, "html.parser")
    assert soup.find("img") is None
    assert [s.get("src") for s in soup.find_all("script")] in ([], ["/widget/loader.js"])
    assert not [a for a in soup.find_all("a") if "javascript" in a["href"].lower()]
    assert hostile in soup.get_text()


def test_page_gives_numbers_when_it_breaks_itself(tmp_path, monkeypatch):
    import bot.channels.website_page as page

    def broken(*_, **__):
        raise RuntimeError("template gone")

    with light(tmp_path) as served:
        monkeypatch.setattr(page, "render_page", broken)
        for fields in (None, {"text": "a worry"}):
            status, _, text = fetch(served.address + "/chat", fields)
            assert status == 500
            assert "999" in text
            assert "020 8356 5500" in text


def test_page_headers_are_strict(tmp_path):
    with light(tmp_path, origins=["https://school.example"]) as served:
        _, headers, html = fetch(served.address + "/chat")
    csp = headers["Content-Security-Policy"]
    assert "unsafe" not in csp
    assert "default-src 'none'" in csp
    assert "frame-ancestors 'self' https://school.example" in csp
    assert headers["Cache-Control"] == "no-store"
    assert " style=" not in html
    assert " onclick" not in html


def test_page_session_cannot_be_chosen(tmp_path):
    with light(tmp_path) as served:
        html = fetch(served.address + "/chat", {"session": "chosen", "text": "hi"})[2]
        assert hidden(html)["session"] != "chosen"
        assert list(served.rasa.talks) != ["chosen"]


def test_page_refusals_give_numbers_and_keep_the_talk(tmp_path):
    limits = Limits(RateLimit(1, 1), RateLimit(600, 600), RateLimit(600, 600))
    with light(tmp_path, limits=limits) as served:
        form = hidden(fetch(served.address + "/chat")[2])
        fetch(served.address + "/chat", {**form, "text": "one"})
        status, _, html = fetch(served.address + "/chat", {**form, "text": "two"})
        assert status == 429
        assert hidden(html)["session"] == form["session"]
        assert "tel:999" in html
        status, _, html = fetch(served.address + "/chat", {"text": "x" * 30_000})
        assert status == 413
        (tmp_path / "switched-off").touch()
        status, _, html = fetch(served.address + "/chat")
        assert status == 503
        assert "switched off" in html
        assert "020 8356 5500" in html
        assert "<form" not in html


def test_page_lets_the_signed_in_in_by_post_alone(tmp_path):
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps({"keys": [oct_key()]}))
    with light(tmp_path, host_tokens=HostTokens(keys)) as served:
        status, _, html = fetch(served.address + "/chat")
        assert status == 403
        assert "tel:999" in html
        status, _, html = fetch(served.address + "/chat", {"token": hs()})
        assert status == 200
        form = hidden(html)
        html = fetch(served.address + "/chat", {**form, "text": "worry"})[2]
        assert "heard: worry" in html
        assert fetch(served.address + "/chat", {**form, "token": "x", "text": "worry"})[0] == 403


def test_page_transcript_is_a_file(tmp_path):
    with light(tmp_path) as served:
        form = hidden(fetch(served.address + "/chat")[2])
        html = fetch(served.address + "/chat", {**form, "text": "a worry"})[2]
        _, headers, text = fetch(served.address + "/chat/transcript", hidden(html))
    assert "attachment" in headers["Content-Disposition"]
    assert "You said: a worry" in text


@pytest.mark.parametrize("name", ["../app.py", "..%2f..%2fbot%2fcli.py", "manifest.json", "x.js"])
def test_page_serves_built_files_alone(tmp_path, name):
    with light(tmp_path) as served:
        assert fetch(f"{served.address}/widget/{name}")[0] == 404


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://a.example/x?y=1", True), ("tel:999", True), ("mailto:a@b.example", True),
        ("javascript:alert(1)", False), ("JavaScript:alert(1)", False), ("//a.example", False),
        ("data:text/html,x", False), ('https://a.example/"onload=x', False), ("", False),
    ],
)  # fmt: skip
def test_safe_link(address, kept):
    assert bool(safe_link(address)) == kept


def test_digits():
    assert digits("+44 (0)20 8356-5500") == "+4402083565500"
