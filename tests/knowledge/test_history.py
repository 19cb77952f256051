"""Every version is kept, and an old answer can be explained."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from bot.cli import app
from knowledge.content import load_content
from knowledge.errors import StoreError
from knowledge.store import URL_VARIABLE, Store

RUN = CliRunner()


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    """A store that was filled twice: the second time with another telephone number."""
    url = f"sqlite:///{tmp_path_factory.mktemp('history')}/k.db"
    first = load_content()
    kinds = {k: dict(v) for k, v in first.kinds.items()}
    mash = kinds["contacts"]["hackney-mash"]
    kinds["contacts"]["hackney-mash"] = mash.model_copy(update={"phone": "020 8356 5000"})
    second = type(first)(kinds, "2026-11-25-0123456789", first.where)
    Store(url).load(first)
    Store(url).load(second)
    Store(url).load(second)
    return url, first.version, second.version


def test_history_keeps_each_version_once(versions):
    url, first, second = versions
    kept = [one.version for one in Store(url).history.versions()]
    assert sorted(kept) == sorted([first, second])
    assert Store(url).version() == second


def test_history_gives_the_old_entry_as_it_was(versions):
    url, first, second = versions
    history = Store(url).history
    assert history.dump(first)["contacts"]["hackney-mash"]["phone"] == "020 8356 5500"
    assert history.dump(second)["contacts"]["hackney-mash"]["phone"] == "020 8356 5000"


def test_history_resolves_a_part_of_a_version_and_refuses_what_is_not_clear(versions):
    url, first, second = versions
    history = Store(url).history
    assert history.resolve("01234") == second
    assert history.resolve(first) == first
    for wrong in ("2026", "nothing-like-it", ""):
        with pytest.raises(StoreError, match="K015"):
            history.resolve(wrong)


def test_explain_shows_the_old_entry_its_source_and_what_changed(versions, monkeypatch):
    url, first, _ = versions
    monkeypatch.setenv(URL_VARIABLE, url)
    result = RUN.invoke(app, ["knowledge", "explain", first, "hackney-mash", "--json"])
    assert result.exit_code == 0, result.output
    entry = json.loads(result.output)["entries"][0]
    assert entry["entry"]["phone"] == "020 8356 5500"
    assert entry["sources"][0]["id"] == entry["entry"]["source"]
    assert "telephone number: 020 8356 5500 → 020 8356 5000" in entry["since"]
    plain = RUN.invoke(app, ["knowledge", "explain", first, "hackney-mash"])
    assert "phone: 020 8356 5500" in plain.output
    assert "since then:" in plain.output


@pytest.mark.parametrize("arguments", [["2020-01-01-aa", "hackney-mash"], ["now", "no-such-id"]])
def test_explain_says_what_is_not_known(versions, monkeypatch, arguments):
    monkeypatch.setenv(URL_VARIABLE, versions[0])
    result = RUN.invoke(app, ["knowledge", "explain", *arguments])
    assert result.exit_code == 1
    assert "K015" in result.output


def test_versions_lists_them_and_marks_the_one_that_serves(versions, monkeypatch):
    url, _, second = versions
    monkeypatch.setenv(URL_VARIABLE, url)
    listed = RUN.invoke(app, ["knowledge", "versions"]).output.splitlines()
    assert len(listed) == 2
    assert next(line for line in listed if "serving" in line).startswith(second)


def test_store_that_was_never_filled_has_no_history(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/empty.db")
    assert store.history.versions() == []
    assert not store.history.holds("x")
