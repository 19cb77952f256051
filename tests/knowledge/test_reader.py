"""Bad content: each fault has a code, a file, a line and a mend; nothing is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.content import load_content
from knowledge.errors import ContentError

GOOD = """\
sources:
  - id: a-source
    title: A source
    publisher: A publisher
    accessed: 2026-11-24
    grade: A
"""
CONTACT = """\
contacts:
  - id: a-door
    scope: hackney
    source: a-source
    status: verified
    owner: tests
    review_by: 2027-01-01
    name: A door
    kind: front_door
    purpose: For the tests
    phone: 020 8356 5500
    hours: office
    hours_text: 9am to 5pm
"""


def faults(tmp_path: Path, **files: str | bytes) -> list:
    folder = tmp_path / "content"
    folder.mkdir()
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (folder / f"{name}.yml").write_bytes(data)
    with pytest.raises(ContentError) as caught:
        load_content(folder)
    return caught.value.problems


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        ("K001", 1, b"contacts:\n  - name: \xff\xfe"),
        ("K002", 3, "contacts:\n  - id: [unclosed\n"),
        ("K002", 2, "a: &x [1]\nb: *x\n"),
        ("K003", 1, "a: " + "[" * 30 + "]" * 30),
        ("K003", 1, b"#" * 10_000_000),
        ("K004", 1, "nonsense:\n  - id: x\n"),
        ("K004", 1, "- id: x\n"),
        ("K004", 7, CONTACT.replace("2027-01-01", "31st of May")),
        ("K004", 4, CONTACT.replace("source: a-source", "sorce: a-source")),
        (
            "K004",
            6,
            CONTACT.replace("owner: tests", "owner: tests\n    colour: red").replace(
                "    owner: tests\n", ""
            ),
        ),
        ("K005", 14, CONTACT + CONTACT.removeprefix("contacts:\n")),
        ("K006", 2, CONTACT.replace("a-source", "nobody")),
        ("K010", 2, CONTACT.replace("020 8356 5500", "'12345'")),
    ],
)
def test_reader_names_code_and_line_of_each_fault(tmp_path, code, line, text):
    found = faults(tmp_path, good=GOOD, bad=text)
    assert (code, line) in {(p.code, p.line) for p in found if p.file.endswith("bad.yml")}
    assert all(p.mend for p in found)


def test_reader_refuses_a_bomb_quickly(tmp_path):
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{c}: &{c} [*{p},*{p},*{p},*{p},*{p},*{p}]\n"
        for p, c in zip("abcdefgh", "bcdefghi", strict=False)
    )
    assert "K002" in {p.code for p in faults(tmp_path, bomb=bomb)}


def test_checks_find_a_cycle_of_supersedes(tmp_path):
    second = CONTACT.replace("a-door", "b-door").removeprefix("contacts:\n")
    text = (
        CONTACT.replace("    name:", "    supersedes: b-door\n    name:")
        + second.replace("    name:", "    supersedes: a-door\n    name:")
    )  # fmt: skip
    assert "K007" in {p.code for p in faults(tmp_path, good=GOOD, bad=text)}


def test_checks_refuse_an_allegation_matrix_with_gaps(tmp_path):
    assert "K008" in {p.code for p in faults(tmp_path, good=GOOD, contact=CONTACT)}


def test_reader_names_an_empty_folder(tmp_path):
    (tmp_path / "content").mkdir()
    with pytest.raises(ContentError, match="K001"):
        load_content(tmp_path / "content")
