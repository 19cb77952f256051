"""The handbook and the schema files: complete, current, safe to open."""

from __future__ import annotations

import datetime as dt
import json

import jsonschema
import pytest
import yaml
from bs4 import BeautifulSoup
from typer.testing import CliRunner

from bot.cli import app
from bot.knowledge_commands import knowledge_app
from knowledge.content import CONTENT_DIR, load_content
from knowledge.handbook import PARTS, render
from knowledge.release import SORTS
from knowledge.schema import KINDS, Entry
from knowledge.schema_files import SCHEMAS_DIR, schema_files
from knowledge.tables import SPECS
from knowledge.validity import in_force
from knowledge.vocabulary import Domain

TODAY = dt.date(2026, 11, 24)
RUN = CliRunner()


@pytest.fixture(scope="module")
def content():
    return load_content(today=TODAY)


@pytest.fixture(scope="module")
def page(content):
    return BeautifulSoup(render(content, TODAY), "html.parser")


def test_handbook_holds_every_entry_in_force(content, page):
    text = page.get_text(" ", strip=True)
    squeezed = " ".join(text.split())
    fields = {"glossary": "term", "contacts": "name", "plans": "title", "resources": "title",
              "red_flags": "title", "duties": "title"}  # fmt: skip
    kinds = (
        "contacts indicators protective steps prohibitions records plans duties red_flags "
        "resources glossary notices harm_criteria"
    )
    for kind in kinds.split():
        used = {
            i for p in content.kinds["plans"].values() for i in (*p.steps, *p.do_not, *p.record)
        }
        for key, entry in in_force(content.kinds[kind], TODAY).items():
            if kind in {"steps", "prohibitions", "records"} and key not in used:
                continue
            assert " ".join(getattr(entry, fields.get(kind, "text")).split()) in squeezed, key


def test_handbook_names_every_source_and_each_reference_leads_to_one(content, page):
    anchors = {tag["id"] for tag in page.find_all(id=True)}
    assert {f"source-{s}" for s in content.kinds["sources"]} <= anchors
    for link in page.find_all("a", href=True):
        assert link["href"].startswith("#")
        assert link["href"][1:] in anchors


def test_handbook_signs_off_every_part_and_every_kind(content, page):
    rows = page.select("table.signoff tbody tr")
    assert [row.th.get_text() for row in rows] == [heading for heading, _ in PARTS]
    signed = {kind for _, kinds in PARTS for kind in kinds}
    assert signed == {
        k for k, found in content.kinds.items() if any(isinstance(e, Entry) for e in found.values())
    }


def test_handbook_matrix_counts_signs_by_domain_and_level(content, page):
    svg = page.find("svg", class_="matrix")
    counts = [int(t.get_text()) for t in svg.find_all("text", class_="count")]
    assert sum(counts) == len(in_force(content.kinds["indicators"], TODAY))
    assert len(svg.find_all("text", class_="domain")) == len(Domain)


def test_handbook_leaves_out_what_is_not_in_force(content):
    before = render(content, dt.date(2026, 8, 31))
    assert "Keeping children safe in education (KCSIE) 2025" in before
    assert "Keeping children safe in education (KCSIE) 2026" not in before


def test_handbook_needs_nothing_from_outside_and_escapes_text(content):
    kinds = {k: dict(v) for k, v in content.kinds.items()}
    term = kinds["glossary"]["dsl"]
    kinds["glossary"]["dsl"] = term.model_copy(update={"text": "<script>alert(1)</script>"})
    html = render(type(content)(kinds, content.version, content.where), TODAY)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "src=" not in html
    assert "@import" not in html


def test_handbook_command_writes_the_file_or_says_why_not(tmp_path):
    made = RUN.invoke(app, ["knowledge", "handbook", "--output", str(tmp_path / "h.html")])
    assert made.exit_code == 0
    assert "Sign-off" in (tmp_path / "h.html").read_text()
    wrong = RUN.invoke(app, ["knowledge", "handbook", "--output", str(tmp_path / "no" / "h.html")])
    assert wrong.exit_code == 1


def test_schema_files_are_current():
    kept = {p.name: p.read_text(encoding="utf-8") for p in SCHEMAS_DIR.glob("*.json")}
    assert kept == schema_files(), "run `bot knowledge schema`"
    assert RUN.invoke(app, ["knowledge", "schema", "--check"]).exit_code == 0


def _plain(value):
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("path", sorted(CONTENT_DIR.rglob("*.yml")), ids=lambda p: p.name)
def test_schema_accepts_every_content_file(path):
    schema = json.loads(schema_files()["content.schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    written = _plain(yaml.safe_load(path.read_text(encoding="utf-8")))
    faults = jsonschema.Draft202012Validator(schema).iter_errors(written)
    assert [fault.message for fault in faults] == []


@pytest.mark.parametrize(
    "bad",
    [
        {"contacts": [{"id": "a", "phon": "x"}]},
        {"contacts": [{"id": "a", "kind": "nonsense"}]},
        {"indicators": [{"id": "a", "level": 5}]},
        {"contacts": [{"name": "no id"}]},
        {"nonsense": []},
        {"defaults": {"colour": "red"}},
    ],
)
def test_schema_refuses_what_the_check_refuses(bad):
    schema = json.loads(schema_files()["content.schema.json"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(bad)


def test_schema_of_each_kind_accepts_its_finished_entries(content):
    for kind in KINDS:
        validator = jsonschema.Draft202012Validator(
            json.loads(schema_files()[f"{kind}.schema.json"])
        )
        assert content.kinds[kind], kind
        for entry in list(content.kinds[kind].values())[:5]:
            finished = entry.model_dump(mode="json")
            assert [fault.message for fault in validator.iter_errors(finished)] == []
            assert not validator.is_valid({**finished, "nonsense": 1})


def test_guide_explains_every_sort_of_finding_every_table_and_every_command():
    guide = (CONTENT_DIR.parents[1] / "docs" / "content.md").read_text(encoding="utf-8")
    commands = [c.name or c.callback.__name__ for c in knowledge_app.registered_commands]
    told = [f"`{sort}`" for sort in SORTS] + [f"`{kind}`" for kind in SPECS]
    told += [f"bot knowledge {name}" for name in commands if name not in {"show", "contacts"}]
    assert [word for word in told if word not in guide] == []
