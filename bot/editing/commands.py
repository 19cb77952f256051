"""`bot knowledge`: versions, explain, diff, handbook, schema and links."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.editing.versions import Dump, Version, find_version
from bot.paths import BUILD, CONTENT, MODEL, ROOT
from knowledge.changes import HEADINGS, changes, learns_alike
from knowledge.content import load_content, read_dump
from knowledge.errors import ContentError, KnowledgeError
from knowledge.explain import explain
from knowledge.hours import today_in_london
from knowledge.links import Answered, ask_all, duplicates, links_of, not_https
from knowledge.store import Store

console = Console(highlight=False, soft_wrap=True)
problems = Console(stderr=True, highlight=False, soft_wrap=True)
Folder = Annotated[Path, typer.Option("--content", help="Folder of the content files.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]
VIGNETTES = ("tests/journeys", "tests/vignettes")


def _fail(error: object) -> typer.Exit:
    problems.print(str(error), markup=False)
    return typer.Exit(1)


def versions(as_json: JsonFlag = False) -> None:
    """List every version of the content that this store was filled with."""
    store = Store()
    try:
        rows = store.history.versions()
        serving = store.version()
    except KnowledgeError as error:
        raise _fail(error) from error
    if as_json:
        listed = [{"version": r.version, "loaded_at": r.loaded_at} for r in rows]
        print(json.dumps({"serving": serving, "versions": listed}))
        return
    for row in rows:
        mark = "  (serving now)" if row.version == serving else ""
        console.print(f"{row.version}  loaded {row.loaded_at}{mark}", markup=False)


def explain_entry(
    version: Annotated[str, typer.Argument(help="The version that an answer names, or `now`.")],
    key: Annotated[str, typer.Argument(metavar="ID", help="The id of an entry.")],
    as_json: JsonFlag = False,
) -> None:
    """Show an entry as it was in a version, with its source, and what changed since."""
    store = Store()
    try:
        serving = store.version()
        wanted = serving if version == "now" else store.history.resolve(version)
        found = explain(store.history, wanted, serving, key, today_in_london())
    except KnowledgeError as error:
        raise _fail(error) from error
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for one in found["entries"]:
        console.print(f"{one['kind']} {key}, as in {wanted}:", markup=False)
        for name, value in one["entry"].items():
            if value not in (None, [], ""):
                console.print(f"  {name}: {_value(value)}", markup=False)
        for source in one["sources"]:
            where = f", {source['address']}" if source.get("address") else ""
            console.print(
                f"  from: {source['title']} ({source['publisher']}, {source['date']}{where})",
                markup=False,
            )
        console.print(f"  since then: {one['since']}", markup=False)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _found(name: str) -> Version:
    try:
        version = find_version(name, Store())
    except KnowledgeError as error:
        raise _fail(error) from error
    if version.faults:
        text = f"{name}: {len(version.faults)} fault(s) by today's schema; compared as written"
        problems.print(text, markup=False)
    return version


def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="Version, git revision or folder.")],
    new: Annotated[
        str, typer.Argument(metavar="[B]", help="The same; the files as they lie here if left out.")
    ] = str(CONTENT),
    play: Annotated[
        bool, typer.Option("--play/--no-play", help="Play the vignettes under both.")
    ] = True,
    vignettes: Annotated[
        list[Path] | None, typer.Option(help="Vignette files or folders to play.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Say in plain words what changes in what staff are told, and play vignettes under both."""
    before, after = _found(old), _found(new)
    found = changes(before.dump, after.dump, today_in_london())
    report: dict[str, Any] = {
        "from": {"name": before.name, "found_in": before.found_in},
        "to": {"name": after.name, "found_in": after.found_in},
        "changes": [
            {"heading": HEADINGS[c.heading], "kind": c.kind, "id": c.id, "text": c.text}
            for c in found
        ],
        "played": None,
    }
    if not as_json:
        console.print(
            f"From {before.name} ({before.found_in}) to {after.name} ({after.found_in})",
            markup=False,
        )
        for number, heading in enumerate(HEADINGS):
            texts = [c.text for c in found if c.heading == number]
            if texts:
                console.print(f"\n{heading}", markup=False, style="bold")
                for text in texts:
                    console.print(f"  - {text}", markup=False)
        if not found:
            console.print("No difference in what staff are told.", markup=False)
    if play and found:
        report["played"] = _play_both(before, after, vignettes)
        if not as_json:
            _print_played(report["played"])
    if as_json:
        print(json.dumps(report, ensure_ascii=False))


def _play_both(before: Version, after: Version, files: list[Path] | None) -> dict[str, Any]:
    from bot.editing.play import PlayError, compare, play_under
    from bot.training import is_trained

    chosen = files or [ROOT / name for name in VIGNETTES if (ROOT / name).is_dir()]
    here, _ = read_dump(CONTENT)
    trained = MODEL if is_trained() else None
    models: list[tuple[Dump, Path]] = [(here, trained)] if trained else []
    reports: list[dict[str, Any]] = []
    BUILD.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="play-") as folder:
        for number, version in enumerate((before, after)):
            model = next((m for d, m in models if learns_alike(d, version.dump)), None)
            try:
                played, used = play_under(
                    version.name, version.dump, chosen, Path(folder) / str(number), model,
                    lambda text: problems.print(text, markup=False),
                )  # fmt: skip
            except PlayError as error:
                return {"error": str(error)}
            models.append((version.dump, used))
            reports.append(played)
    old, new = reports
    return {
        "vignettes": len(new["results"]),
        "passed": {"from": old["passed"], "to": new["passed"]},
        "hazardous_under_triage": {
            "from": old["hazardous_under_triage"]["count"],
            "to": new["hazardous_under_triage"]["count"],
        },
        "changed": compare(old, new),
    }


def _print_played(played: dict[str, Any]) -> None:
    console.print("\nVignettes played under both", style="bold")
    if "error" in played:
        console.print(f"  {played['error']}", markup=False)
        return
    passed, hazard = played["passed"], played["hazardous_under_triage"]
    console.print(
        f"  {played['vignettes']} played; passed {passed['from']} before, {passed['to']} after; "
        f"hazardous under-triage {hazard['from']} before, {hazard['to']} after",
        markup=False,
    )
    for text in played["changed"]:
        console.print(f"  - {text}", markup=False)
    if not played["changed"]:
        console.print("  no vignette ends otherwise", markup=False)


def handbook(
    output: Annotated[Path, typer.Option("--output", "-o", help="HTML file to write.")],
    folder: Folder = CONTENT,
) -> None:
    """Write the whole content as one printable page: sources, matrix, sign-off table."""
    from knowledge.handbook import render

    try:
        content = load_content(folder)
        output.write_text(render(content, today_in_london()), encoding="utf-8")
    except (ContentError, OSError) as error:
        raise _fail(error) from error
    console.print(f"wrote {output} (version {content.version})", markup=False)


def schema(
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the files are current.")
    ] = False,
) -> None:
    """Write the JSON Schema files that let editors complete and check content."""
    from knowledge.schema_files import SCHEMAS_DIR, schema_files

    wanted = schema_files()
    old = [
        name for name, text in wanted.items()
        if not (SCHEMAS_DIR / name).exists() or (SCHEMAS_DIR / name).read_text() != text
    ]  # fmt: skip
    if check:
        if old:
            raise _fail(f"K016: not current: {', '.join(old)}. Mend: run `bot knowledge schema`")
        console.print(f"{len(wanted)} schema files are current", markup=False)
        return
    SCHEMAS_DIR.mkdir(exist_ok=True)
    for name in old:
        (SCHEMAS_DIR / name).write_text(wanted[name], encoding="utf-8")
    console.print(f"wrote {len(old)} of {len(wanted)} files in {SCHEMAS_DIR}", markup=False)


def links(
    folder: Folder = CONTENT,
    live: Annotated[
        bool, typer.Option("--live/--no-live", help="Ask each address whether it answers.")
    ] = True,
    seconds: Annotated[float, typer.Option(min=0.5, max=60, help="Longest wait for one.")] = 10.0,
    as_json: JsonFlag = False,
) -> None:
    """Check addresses: form, https, duplicates, and (with a network) whether they answer."""
    try:
        content = load_content(folder)
    except ContentError as error:
        raise _fail(error) from error
    found = links_of(content)
    places = {link.address: f"{link.kind} {link.id} ({link.file}:{link.line})" for link in found}
    same = duplicates(found)
    answers = ask_all(places, seconds) if live else None
    bad = [a for a in answers or () if a.state in {"broken", "unreachable"}]
    moved = [a for a in answers or () if a.state == "moved"]
    state = "not asked" if not live else ("no network" if answers is None else "asked")
    if as_json:
        report = {
            "links": len(found), "addresses": len(places), "live": state,
            "not_https": [f"{x.kind} {x.id}" for x in not_https(found)],
            "duplicates": {at: [x.id for x in group] for at, group in same.items()},
            "broken": [_answered(a, places) for a in bad],
            "moved": [_answered(a, places) for a in moved],
        }  # fmt: skip
        print(json.dumps(report))
    else:
        console.print(
            f"{len(found)} links to {len(places)} addresses; every one is well formed", markup=False
        )
        for link in not_https(found):
            console.print(f"not https: {places[link.address]}: {link.address}", markup=False)
        for at, group in same.items():
            console.print(f"same address: {at}: {', '.join(x.id for x in group)}", markup=False)
        for answer in (*bad, *moved):
            text = f"{answer.state}: {answer.address}: {answer.detail}; {places[answer.address]}"
            console.print(f"K014 {text}", markup=False)
        console.print(_live_words(state, len(places), len(bad)), markup=False)
    if bad:
        raise typer.Exit(1)


def _answered(answer: Answered, places: dict[str, str]) -> dict[str, str]:
    return {
        "address": answer.address,
        "why": answer.detail,
        "entry": places[answer.address],
    }


def _live_words(state: str, count: int, bad: int) -> str:
    if state == "no network":
        return (
            f"No address could be reached from here, so none of the {count} was judged: "
            "run this again where there is a network."
        )
    if state == "not asked":
        return "No address was asked whether it answers (--no-live)."
    return f"{count} addresses asked, {bad} do not answer."


def register(app: typer.Typer) -> None:
    """Add these commands to `bot knowledge`."""
    app.command()(versions)
    app.command(name="explain")(explain_entry)
    for command in (diff, handbook, schema, links):
        app.command()(command)
