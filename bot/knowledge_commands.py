"""`bot knowledge`: check, load, search, show and list the curated content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.editing.commands import register
from bot.paths import CONTENT
from knowledge.content import Content, load_content, status_counts
from knowledge.errors import ContentError, KnowledgeError
from knowledge.hours import today_in_london
from knowledge.release import SORTS, Finding, findings, warnings
from knowledge.schema import Contact, Source
from knowledge.search import KINDS_SEARCHED, search
from knowledge.store import Store

knowledge_app = typer.Typer(help="The curated knowledge base.", no_args_is_help=True)
register(knowledge_app)
console = Console(highlight=False, soft_wrap=True)
problems = Console(stderr=True, highlight=False, soft_wrap=True)
Folder = Annotated[Path, typer.Option("--content", help="Folder of the content files.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _load(folder: Path) -> Content:
    try:
        return load_content(folder)
    except ContentError as error:
        raise _refused(error) from error


def _refused(error: ContentError) -> typer.Exit:
    for problem in error.problems:
        problems.print(str(problem), markup=False)
    problems.print(f"{len(error.problems)} problem(s); nothing was loaded", markup=False)
    return typer.Exit(1)


@knowledge_app.command()
def check(
    folder: Folder = CONTENT,
    release: Annotated[
        bool, typer.Option("--release", help="Fail while anything is left to confirm or settle.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Check the content; every problem is named with file, line and mend."""
    try:
        content = load_content(folder)
    except ContentError as error:
        if as_json:
            listed = [str(p) for p in error.problems]
            print(json.dumps({"counts": {}, "errors": listed, "warnings": []}))
            raise typer.Exit(1) from error
        raise _refused(error) from error
    today = today_in_london()
    found = warnings(content, today)
    counts = status_counts(content)
    open_findings = findings(content, today)
    if as_json:
        report: dict[str, Any] = {
            "version": content.version, "counts": counts, "errors": [], "warnings": found,
        }  # fmt: skip
        if release:
            by = {sort: [str(f) for f in open_findings if f.sort == sort] for sort in SORTS}
            report["release"] = {"ready": not open_findings, **by}
        print(json.dumps(report))
    else:
        table = Table("kind", "verified", "unverified", "superseded", "listed")
        for kind, by_status in counts.items():
            statuses = ("verified", "unverified", "superseded", "listed")
            table.add_row(kind, *(str(by_status.get(s, 0)) for s in statuses))
        console.print(table)
        if release:
            _print_findings(open_findings)
        console.print(f"version {content.version}; {len(found)} warning(s)", markup=False)
    if release and open_findings:
        raise typer.Exit(1)


def _print_findings(found: list[Finding]) -> None:
    for sort in SORTS:
        of_sort = [f for f in found if f.sort == sort]
        console.print(f"{sort}: {len(of_sort)}", markup=False, style="bold")
        for one in of_sort:
            console.print(f"  {one.kind} {one.id} ({one.place}): {one.text}", markup=False)
    words = "ready for release" if not found else f"not ready: {len(found)} finding(s) to settle"
    console.print(words, markup=False)


@knowledge_app.command()
def load(folder: Folder = CONTENT, as_json: JsonFlag = False) -> None:
    """Check the content and put it into the store, all or nothing."""
    content = _load(folder)
    try:
        Store().load(content)
    except KnowledgeError as error:
        problems.print(str(error), markup=False)
        raise typer.Exit(1) from error
    if as_json:
        print(json.dumps({"version": content.version}))
    else:
        console.print(f"loaded version {content.version}", markup=False)


@knowledge_app.command(name="search")
def search_command(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    kind: Annotated[
        list[str] | None, typer.Option(help="resources, glossary or contacts; all if left out.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Search resources, glossary and contacts, and say why each came."""
    from bot.nlu.meaning import Meaning

    wrong = [k for k in kind or () if k not in KINDS_SEARCHED]
    if wrong:
        mend = f"Mend: use {', '.join(KINDS_SEARCHED)}"
        problems.print(f"B041 no kind `{wrong[0]}` to search. {mend}", markup=False)
        raise typer.Exit(2)
    store = _store()
    kinds = tuple(kind or KINDS_SEARCHED)
    near = [key for key in Meaning(store).near(text, 60) if key[0] in kinds][:20]
    hits = search(store, text, by_meaning=near, kinds=kinds, limit=limit)
    rows: list[dict[str, Any]] = []
    for hit in hits:
        entry: Any = store.snapshot()[hit.kind][hit.id]
        title = getattr(entry, "title", None) or getattr(entry, "term", None) or entry.name
        where = getattr(entry, "address", None) or getattr(entry, "phone", None)
        rows.append(
            {"kind": hit.kind, "id": hit.id, "title": title, "score": round(hit.score, 4),
             "why": list(hit.because), "address": where, "status": str(entry.status)}
        )  # fmt: skip
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        console.print(f"{row['title']}  [{row['kind']} {row['id']}]", markup=False)
        console.print(f"    because: {', '.join(row['why'])}", markup=False, style="dim")
    if not rows:
        console.print("nothing found", markup=False)


@knowledge_app.command()
def show(
    key: Annotated[str, typer.Argument(help="The id of an entry.")],
    as_json: JsonFlag = False,
) -> None:
    """Show every entry of an id, with its source."""
    store = _store()
    found = [(kind, entries[key]) for kind, entries in store.stored().items() if key in entries]
    if not found:
        problems.print(f"B040 no entry `{key}`. Mend: `bot knowledge search`", markup=False)
        raise typer.Exit(1)
    dump = [{"kind": kind, **entry.model_dump(mode="json")} for kind, entry in found]
    for one in dump:
        source = store.get("sources", str(one.get("source")), Source)
        if source:
            one["source"] = source.model_dump(mode="json")
    if as_json:
        print(json.dumps(dump))
    else:
        console.print_json(json.dumps(dump))


@knowledge_app.command()
def contacts(
    scope: Annotated[str | None, typer.Option(help="city, hackney, both or national")] = None,
    as_json: JsonFlag = False,
) -> None:
    """List the contacts with status."""
    found = [c for c in _store().stored()["contacts"].values() if isinstance(c, Contact)]
    rows = [c for c in found if scope is None or str(c.scope) == scope]
    if as_json:
        print(json.dumps([c.model_dump(mode="json") for c in rows]))
        return
    table = Table("id", "name", "phone", "email", "web", "status")
    for c in rows:
        table.add_row(c.id, c.name, c.phone or "", c.email or "", c.web or "", str(c.status))
    console.print(table)


def _store() -> Store:
    store = Store()
    try:
        store.version()
    except KnowledgeError as error:
        problems.print(f"{error}", markup=False)
        raise typer.Exit(1) from error
    return store
