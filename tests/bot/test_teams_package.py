"""`bot teams package`: against Microsoft's own schema."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.cli import app
from bot.teams_package import PackageError, manifest

SCHEMA = json.loads(
    (Path(__file__).parent / "channels/schemas/teams-manifest-1.17.json").read_text()
)
APP = "11111111-2222-4333-8444-555555555555"
HOST = "bot.school.example"


def made(folder: Path, *more: str) -> tuple[Any, Path]:
    output = folder / "app.zip"
    command = ["teams", "package", "--app-id", APP, "--domain", HOST, "--output", str(output)]
    return CliRunner().invoke(app, [*command, *more]), output


def test_the_package_holds_a_valid_manifest_and_both_icons(tmp_path):
    done, output = made(tmp_path)
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(output) as archive:
        assert sorted(archive.namelist()) == ["color.png", "manifest.json", "outline.png"]
        found = json.loads(archive.read("manifest.json"))
        for name, size in (("color.png", 192), ("outline.png", 32)):
            image = Image.open(io.BytesIO(archive.read(name)))
            assert image.size == (size, size) and image.format == "PNG"
        outline = Image.open(io.BytesIO(archive.read("outline.png"))).convert("RGBA")
        seen = {p[:3] for p in outline.getdata() if p[3]}
        clear = {p[3] for p in outline.getdata()}
    jsonschema.Draft4Validator(SCHEMA).validate(found)
    assert seen == {(255, 255, 255)} and 0 in clear, "Teams takes white on nothing alone"
    assert found["id"] == found["bots"][0]["botId"] == APP
    assert found["bots"][0]["scopes"] == ["personal", "team", "groupChat"]
    assert found["validDomains"] == [HOST]
    assert found["bots"][0]["commandLists"][0]["commands"]
    assert tuple(map(int, found["manifestVersion"].split("."))) >= (1, 17)


def test_the_schema_would_refuse_a_wrong_manifest():
    check = jsonschema.Draft4Validator(SCHEMA)
    good = manifest(APP, HOST)
    assert check.is_valid(good)
    assert not check.is_valid({**good, "name": {"short": "x" * 31, "full": "y"}})
    assert not check.is_valid({k: v for k, v in good.items() if k != "icons"})


def test_the_same_input_gives_the_same_file(tmp_path):
    _, one = made(tmp_path)
    before = one.read_bytes()
    _, two = made(tmp_path)
    assert two.read_bytes() == before


@pytest.mark.parametrize(
    ("app_id", "domain"),
    [
        ("bot", HOST),
        (APP + "0", HOST),
        (APP, "https://bot.school.example"),
        (APP, "bot.school.example/chat"),
        (APP, "localhost"),
        (APP, "*.school.example"),
        (APP, ""),
    ],
)
def test_a_wrong_argument_is_named_with_its_mend(app_id, domain):
    with pytest.raises(PackageError, match=r"B091 .* Mend: "):
        manifest(app_id, domain)


def test_a_file_that_cannot_be_written_is_one_line(tmp_path):
    output = tmp_path / "missing" / "app.zip"
    command = ["teams", "package", "--app-id", APP, "--domain", HOST, "--output", str(output)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 1 and "B091" in done.output and "Traceback" not in done.output


def test_json_prints_the_manifest(tmp_path):
    done, _ = made(tmp_path, "--json")
    assert json.loads(done.stdout)["id"] == APP
