"""Bad content by way of the command line: a clear error, and the old content serves on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from knowledge.content import CONTENT_DIR, load_content
from knowledge.errors import ContentError
from knowledge.reader import read_folder
from knowledge.schema import KINDS, Contact
from knowledge.store import URL_VARIABLE, Store

RUN = CliRunner()
CONTACT = """\
contacts:
  - id: a-door
    scope: hackney
    source: chscp-worried
    status: verified
    owner: tests
    review_by: 2027-01-01
    name: A door
    kind: consultation
    purpose: For the tests
    phone: 020 8356 5500
    hours: office
    hours_text: 9am to 5pm
"""
TWICE = CONTACT + CONTACT.replace("a-door", "b-door").removeprefix("contacts:\n")
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{c}: &{c} [{','.join(f'*{p}' for _ in range(9))}]\n"
    for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)
FAULTS = [
    ("unknown id", "K006", 2, CONTACT.replace("chscp-worried", "nobody-at-all")),
    ("duplicate id", "K005", 14, CONTACT + CONTACT.removeprefix("contacts:\n")),
    ("id of another file", "K005", 2, CONTACT.replace("a-door", "hackney-mash")),
    ("wrong date", "K004", 7, CONTACT.replace("2027-01-01", "2027-02-30")),
    ("date in words", "K004", 7, CONTACT.replace("2027-01-01", "31st of May")),
    ("ends before it begins", "K004", 2, CONTACT.replace(
        "owner: tests", "owner: tests\n    valid_from: 2027-01-02\n    valid_until: 2027-01-01")),
    ("missing source", "K004", 2, CONTACT.replace("    source: chscp-worried\n", "")),
    ("cycle of supersedes", "K007", 2, TWICE.replace(
        "name: A door", "supersedes: b-door\n    name: A door", 1).replace(
        "id: b-door", "id: b-door\n    supersedes: a-door", 1)),
    ("10 MB", "K003", 1, b"# " + b"x" * 10_000_000),
    ("YAML bomb", "K002", 2, BOMB),
    ("nested deep", "K003", 1, "a: " + "[" * 100_000),
    ("Python in YAML", "K004", 1, "contacts: !!python/object/apply:os.system ['true']"),
    ("Python in a field", "K002", 8, CONTACT.replace("A door", "!!python/name:os.system")),
    ("not UTF-8", "K001", 1, CONTACT.replace("A door", "Café").encode("latin-1")),
    ("UTF-16", "K001", 1, CONTACT.encode("utf-16")),
    ("control sign", "K002", 8, CONTACT.replace("A door", "A \x00 door")),
    ("French phone", "K010", 2, CONTACT.replace("020 8356 5500", "+33 1 42 68 53 00")),
    ("Irish phone", "K010", 2, CONTACT.replace("020 8356 5500", "+353 1 679 7777")),
    ("too short a phone", "K010", 2, CONTACT.replace("020 8356 5500", "'12345'")),
    ("key that is a list", "K004", 6, CONTACT.replace("    owner: tests", "    ? [a, b]\n    : x")),
    ("defaults that are a list", "K004", 1, "defaults: [1, 2]\n" + CONTACT),
    ("address of no site", "K013", 2, CONTACT.replace(
        "hours: office", "hours: office\n    web: ftp://files.example.org/x")),
]  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    shutil.copytree(CONTENT_DIR, folder / "content")
    return folder / "content"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('store')}/k.db"


@pytest.fixture(scope="module")
def served(url):
    content = load_content()
    Store(url).load(content)
    return content.version


@pytest.mark.parametrize(("name", "code", "line", "text"), FAULTS, ids=[f[0] for f in FAULTS])
def test_load_refuses_it_and_the_old_content_serves_on(
    name, code, line, text, good, url, served, monkeypatch
):
    monkeypatch.setenv(URL_VARIABLE, url)
    bad = good / "zz-bad.yml"
    bad.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        result = RUN.invoke(app, ["knowledge", "load", "--content", str(good)])
    finally:
        bad.unlink()
    assert result.exit_code == 1
    lines = [one for one in result.output.splitlines() if one.startswith(code)]
    assert any(f"content/zz-bad.yml:{line}" in one for one in lines), result.output
    assert all("Mend: " in one for one in lines)
    assert "nothing was loaded" in result.output
    assert Store(url).version() == served
    assert Store(url).get("contacts", "hackney-mash", Contact).phone == "020 8356 5500"


def test_show_names_an_unknown_id(url, served, monkeypatch):
    monkeypatch.setenv(URL_VARIABLE, url)
    result = RUN.invoke(app, ["knowledge", "show", "no-such-entry"])
    assert result.exit_code == 1
    assert "B040" in result.output
    assert "Mend" in result.output


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.one_of(
    st.binary(max_size=200),
    st.text("abc:-[]{}&*!?|>#'\" \n\t0123456789", max_size=200).map(str.encode),
))  # fmt: skip
def test_reader_never_fails_but_by_a_problem(tmp_path_factory, data):
    folder = Path(tmp_path_factory.mktemp("fuzz")) / "content"
    folder.mkdir()
    (folder / "x.yml").write_bytes(b"contacts:\n  - " + data)
    try:
        load_content(folder)
    except ContentError as error:
        assert all(p.code and p.mend for p in error.problems)


def test_reader_refuses_a_folder_named_like_a_file(tmp_path):
    (tmp_path / "content" / "x.yml").mkdir(parents=True)
    _, problems = read_folder(tmp_path / "content", set(KINDS))
    assert [p.code for p in problems] == ["K001"]
