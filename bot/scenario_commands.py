"""`bot scenario`: check, play, write and serve trainers' scenarios."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.scenarios.checks import check_file, check_folder
from bot.scenarios.format import Scenario, schema_text
from bot.scenarios.library import FOLDER, SCHEMA_FILE, Library
from bot.scenarios.reader import ScenarioError, ScenarioFile, read_file
from knowledge.content import load_content
from knowledge.errors import ContentError

scenario_app = typer.Typer(help="Scripted scenarios for trainers.", no_args_is_help=True)
console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)
Folder = Annotated[Path, typer.Option("--folder", help="Folder of the scenario files.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _fail(text: str, code: int = 1) -> typer.Exit:
    problems.print(text, markup=False, soft_wrap=True)
    return typer.Exit(code)


def _library(folder: Path) -> Library:
    try:
        return Library(folder)
    except (ScenarioError, ContentError) as error:
        raise _fail(str(error)) from error


def _scenario(library: Library, key: str) -> Scenario:
    found = library.scenarios.get(key)
    if found is None:
        raise _fail(f"S023 no scenario `{key}`. Mend: `bot scenario list`")
    return found


def _kinds() -> Any:
    try:
        return load_content().kinds
    except ContentError as error:
        raise _fail(str(error)) from error


@scenario_app.command()
def check(folder: Folder = FOLDER, as_json: JsonFlag = False) -> None:
    """Check every scenario; problems are named with file, line and mend."""
    files = check_folder(folder, _kinds())
    found = [p for f in files for p in f.problems]
    if as_json:
        print(json.dumps({"scenarios": len(files), "errors": [str(p) for p in found]}))
    else:
        for problem in found:
            problems.print(str(problem), markup=False, soft_wrap=True)
        console.print(f"{len(files)} scenario(s), {len(found)} problem(s)", markup=False)
    if found or not files:
        raise typer.Exit(1)


@scenario_app.command(name="list")
def list_all(folder: Folder = FOLDER, as_json: JsonFlag = False) -> None:
    """List the scenarios."""
    rows = list(_library(folder).scenarios.values())
    if as_json:
        keys = ("id", "title", "phase", "borough", "level", "duration", "themes")
        print(json.dumps([{k: s.model_dump(mode="json")[k] for k in keys} for s in rows]))
        return
    table = Table("id", "title", "phase", "borough", "level", "minutes")
    for s in rows:
        table.add_row(s.id, s.title, s.phase, str(s.borough), str(s.level or "-"), str(s.duration))
    console.print(table)


@scenario_app.command()
def schema(
    write: Annotated[bool, typer.Option("--write", help="Write it beside the scenarios.")] = False,
) -> None:
    """Print the JSON Schema of a scenario file."""
    if write:
        SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
        console.print(f"written to {SCHEMA_FILE}", markup=False)
    else:
        print(schema_text(), end="")


@scenario_app.command()
def run(
    key: Annotated[str | None, typer.Argument(help="A scenario's id.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every scenario.")] = False,
    folder: Folder = FOLDER,
    as_json: JsonFlag = False,
) -> None:
    """Replay model answers against the assistant; what it answers otherwise fails."""
    if (key is None) == (not everything):
        raise _fail("S023 say which. Mend: `bot scenario run ID` or `bot scenario run --all`", 2)
    library = _library(folder)
    chosen = list(library.scenarios.values()) if everything else [_scenario(library, str(key))]
    from bot.cli import prepare
    from bot.scenarios.replay import replay

    prepare(quiet=True)
    _, report = replay(chosen)
    lines = _failures(report, folder)
    if as_json:
        print(json.dumps({**report, "errors": lines}, ensure_ascii=False))
    else:
        for line in lines:
            problems.print(line, markup=False, soft_wrap=True)
        console.print(f"{report['passed']} passed, {report['failed']} failed", markup=False)
    if report["failed"]:
        raise typer.Exit(1)


def _failures(report: dict[str, Any], folder: Path) -> list[str]:
    lines: list[str] = []
    for result in report["results"]:
        if result["passed"]:
            continue
        key, talk = result["id"].split(".", 1)
        file = read_file(folder / f"{key}.yml")
        number = [t.id for t in file.scenario.assistant].index(talk) if file.scenario else 0
        file.fail("S011", ("assistant", number), f"`{talk}`: {'; '.join(result['reasons'])}",
                  "mend the content or the model answer")  # fmt: skip
        lines.append(str(file.problems[-1]))
    return lines


@scenario_app.command()
def stories(
    folder: Folder = FOLDER,
    output: Annotated[Path | None, typer.Option(help="Where to write.")] = None,
) -> None:
    """Write the model answers as Rasa test stories."""
    library = _library(folder)
    from bot.cli import prepare
    from bot.runtime.talk import Assistant
    from bot.scenarios.stories import STORIES, stories_text, write_stories

    prepare(quiet=True)
    text, failed = stories_text(Assistant(), library.scenarios.values())
    for line in failed:
        problems.print(f"S011 left out: {line}", markup=False, soft_wrap=True)
    write_stories(text, output or STORIES)
    console.print(f"{text.count('- story:')} stories in {output or STORIES}", markup=False)
    if failed:
        raise typer.Exit(1)


@scenario_app.command()
def play(
    key: Annotated[str | None, typer.Argument(help="A scenario's id.")] = None,
    resume: Annotated[str | None, typer.Option(help="Go on with a paused play.")] = None,
    folder: Folder = FOLDER,
) -> None:
    """Play a scenario here in the terminal."""
    if (key is None) == (resume is None):
        raise _fail("S023 say which. Mend: `bot scenario play ID`, ids by `bot scenario list`", 2)
    library = _library(folder)
    from bot.scenarios.service import shared_training
    from bot.scenarios.terminal import TerminalPlay

    training = shared_training()
    token = resume or training.play_alone(_scenario(library, str(key)), library.version)

    def load() -> Any:
        from bot.cli import prepare
        from bot.runtime.talk import Assistant

        prepare(quiet=True)
        return Assistant()

    try:
        TerminalPlay(library, training, console, input, load).play(token)
    except KeyError as error:
        raise _fail("S023 there is nothing to go on with by this token") from error
    except (EOFError, KeyboardInterrupt):
        console.print(f"\nGo on with: bot scenario play --resume {token}", markup=False)


def _ask(given: dict[str, Any], name: str, text: str, default: Any) -> None:
    given[name] = typer.prompt(text, default=default)


@scenario_app.command()
def new(folder: Folder = FOLDER) -> None:
    """Ask, and write a valid scenario to work on."""
    from bot.scenarios.authoring import as_yaml, skeleton, slug
    from bot.scenarios.references import entry_of

    kinds = _kinds()
    given: dict[str, Any] = {}
    _ask(given, "title", "Title", "A new scenario")
    _ask(given, "borough", "Borough (city, hackney, other)", "hackney")
    _ask(given, "id", "Id, also the file's name", slug(given["title"], given["borough"]))
    path = folder / f"{given['id']}.yml"
    if path.exists():
        raise _fail(f"S024 {path} is there already. Mend: choose another id")
    _ask(given, "summary", "One sentence that sums it up", "A worry that somebody must share.")
    _ask(given, "phase", "Phase (early_years, primary, secondary, post_16, all)", "primary")
    given["level"] = typer.prompt("Level of need, 1 to 4", default=4, type=int)
    _ask(given, "theme", "Theme, such as neglect", "physical_abuse")
    _ask(given, "aim", "What learners take away", "Share a worry the same day.")
    _ask(given, "warning", "Content warning", "This scenario speaks of harm to a child.")
    _ask(given, "when", "Day and time of the first scene", "Monday, 9am")
    _ask(given, "see", "What you see or hear", "A child says that an adult at home hit him.")
    _ask(given, "question", "The question to decide", "What do you do?")
    _ask(given, "best", "The model answer", "I listen, and tell the safeguarding lead at once.")
    _ask(given, "best_feedback", "Why it is right", "The right person knows within minutes.")
    _ask(given, "other", "A tempting wrong answer", "I wait and see whether he says it again.")
    _ask(given, "other_feedback", "What is wrong with it", "He may not say it again.")
    while True:
        _ask(given, "because", "What it rests on (kind/id)", "steps/tell-dsl-now")
        if entry_of(kinds, given["because"]) is not None:
            break
        problems.print(f"no entry `{given['because']}`; look by `bot knowledge search`")
    _ask(given, "says", "What you would type to the assistant",
         "a boy says that his dad hit him")  # fmt: skip
    _ask(given, "good_ending", "How it ends well", "He was heard, and somebody acted.")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(as_yaml(skeleton(given)), encoding="utf-8")
    _report(path, kinds)
    console.print("Next: `bot scenario preview " + str(path) + "`", markup=False)


def _report(path: Path, kinds: Any) -> ScenarioFile:
    file = read_file(path)
    check_file(file, kinds)
    for problem in file.problems:
        problems.print(str(problem), markup=False, soft_wrap=True)
    console.print(f"written to {path}; {len(file.problems)} thing(s) to mend", markup=False)
    return file


@scenario_app.command(name="import")
def import_transcript(
    transcript: Annotated[Path, typer.Argument(help="Text with `> ` lines, or JSON.")],
    title: Annotated[str, typer.Option(help="Title of the draft.")] = "A draft",
    borough: Annotated[str, typer.Option(help="city, hackney or other")] = "hackney",
    output: Annotated[Path | None, typer.Option(help="Where to write the draft.")] = None,
) -> None:
    """Make a draft from a transcript of a talk with the assistant, names taken out."""
    from bot.scenarios.authoring import ImportFailed, as_yaml, draft

    try:
        made = draft(transcript.read_text(encoding="utf-8"), title, borough)
    except (OSError, UnicodeDecodeError) as error:
        raise _fail(f"S022 {transcript} cannot be read: {error}") from error
    except ImportFailed as error:
        raise _fail(str(error)) from error
    path = output or Path(f"{made['id']}.yml")
    if path.exists():
        raise _fail(f"S024 {path} is there already. Mend: give another --output")
    path.write_text(as_yaml(made), encoding="utf-8")
    _report(path, _kinds())


def _page(template: str, key: str, output: Path | None, folder: Path) -> None:
    from bot.scenarios.pages import STATIC, Pages

    library = _library(folder)
    scenario = _scenario(library, key)
    text = Pages(library).render(template, s=scenario, path=scenario.model_path())
    style = (STATIC / "training.css").read_text(encoding="utf-8")
    text = text.replace('<link rel="stylesheet" href="/training/static/training.css">',
                        f"<style>{style}</style>")  # fmt: skip
    # A file has neither the server's script nor its pages to go back to.
    text = re.sub(r'<script src="/training/[^>]*></script>|<p class="noprint">.*?</p>', "", text)
    path = output or Path(f"{key}-{Path(template).stem}.html")
    path.write_text(text, encoding="utf-8")
    console.print(f"written to {path}", markup=False)


@scenario_app.command()
def notes(
    key: Annotated[str, typer.Argument(help="A scenario's id.")],
    output: Annotated[Path | None, typer.Option(help="Where to write.")] = None,
    folder: Folder = FOLDER,
) -> None:
    """Write the trainer's notes as a page to print."""
    _page("notes.html", key, output, folder)


@scenario_app.command()
def handout(
    key: Annotated[str, typer.Argument(help="A scenario's id.")],
    output: Annotated[Path | None, typer.Option(help="Where to write.")] = None,
    folder: Folder = FOLDER,
) -> None:
    """Write the learners' handout as a page to print."""
    _page("handout.html", key, output, folder)


@scenario_app.command()
def export(
    kind: Annotated[str, typer.Argument(help="csv, or xapi")] = "csv",
    send: Annotated[bool, typer.Option("--send", help="xapi: to the configured LRS.")] = False,
) -> None:
    """Print the answers of all sessions, without names; or send them to a record store."""
    from bot.scenarios.service import shared_training
    from bot.scenarios.web_parts import export_files
    from bot.scenarios.xapi import LrsError
    from bot.scenarios.xapi import send as send_statements

    training = shared_training()
    found = [training.by_id(row["id"]) for row in training.store.all_sessions()]
    if kind == "csv":
        for number, session in enumerate(found):
            text = export_files(session, "export.csv")
            print(text if number == 0 else text.split("\n", 1)[1], end="")
    elif kind == "xapi":
        made = [s for one in found for s in json.loads(export_files(one, "xapi.json"))]
        if not send:
            print(json.dumps(made, indent=1, ensure_ascii=False))
            return
        try:
            console.print(f"{send_statements(made)} statement(s) sent", markup=False)
        except LrsError as error:
            raise _fail(str(error)) from error
    else:
        raise _fail(f"S023 `{kind}` is no kind of export. Mend: csv or xapi", 2)


@scenario_app.command()
def forget(
    days: Annotated[int, typer.Option(min=0, help="Sessions older than so many days.")] = 180,
) -> None:
    """Remove old sessions and all that was answered in them."""
    from bot.scenarios.service import shared_training

    gone = shared_training().store.forget_before(time.time() - days * 86400)
    console.print(f"{gone} session(s) removed", markup=False)


def _serve(port: int, host: str, preview: Path | None, folder: Path) -> None:
    from bot.runtime.standby import listen
    from bot.scenarios.light import light_app

    try:
        listen(host, port).close()
        app = light_app(folder, preview)
    except OSError as error:
        mend = "stop what uses it, or choose another with --port"
        raise _fail(f"B001 port {port} cannot be used ({error.strerror}). Mend: {mend}") from error
    except ScenarioError as error:
        raise _fail(str(error)) from error
    page = "preview" if preview else "training"
    console.print(f"Open http://{host}:{port}/{page} (Ctrl-C stops)", markup=False)
    app.run(host=host, port=port, workers=1, access_log=False, motd=False)


@scenario_app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port.")] = 5006,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    folder: Folder = FOLDER,
) -> None:
    """Serve training's pages alone; `bot serve` serves them with the assistant."""
    _serve(port, host, None, folder)


@scenario_app.command()
def preview(
    file: Annotated[Path, typer.Argument(help="The scenario file you write.")],
    port: Annotated[int, typer.Option(help="Port.")] = 5006,
) -> None:
    """Show a scenario in the browser, drawn anew whenever its file is saved."""
    _serve(port, "127.0.0.1", file, FOLDER)
