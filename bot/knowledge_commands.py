"""`bot knowledge`: check, load, search, show and list the curated content."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.paths import CONTENT
from knowledge.checks import warnings
from knowledge.content import Content, load_content, status_counts
from knowledge.errors import ContentError, KnowledgeError
from knowledge.schema import Contact, Resource, Source
from knowledge.search import search_resources
from knowledge.store import Store

knowledge_app = typer.Typer(help="The curated knowledge base.", no_args_is_help=True)
console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)
Folder = Annotated[Path, typer.Option("--content", help="Folder of the content files.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _load(folder: Path) -> Content:
    try:
        return load_content(folder)
    except ContentError as error:
        for problem in error.problems:
            problems.print(str(problem), markup=False)
        problems.print(f"{len(error.problems)} problem(s); nothing was loaded", markup=False)
        raise typer.Exit(1) from error


@knowledge_app.command()
def check(folder: Folder = CONTENT, as_json: JsonFlag = False) -> None:
    """Check the content; every problem is named with file, line and mend."""
    try:
        content = load_content(folder)
    except ContentError as error:
        if as_json:
            listed = [str(p) for p in error.problems]
            print(json.dumps({"counts": {}, "errors": listed, "warnings": []}))
            raise typer.Exit(1) from error
        _load(folder)
        return
    found = warnings(content, dt.date.today())
    counts = status_counts(content)
    if as_json:
        report = {"version": content.version, "counts": counts, "errors": [], "warnings": found}
        print(json.dumps(report))
        return
    table = Table("kind", "verified", "unverified", "superseded", "listed")
    for kind, by in counts.items():
        cells = [str(by.get(s, 0)) for s in ("verified", "unverified", "superseded", "listed")]
        table.add_row(kind, *cells)
    console.print(table)
    console.print(f"version {content.version}; {len(found)} warning(s)", markup=False)


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


@knowledge_app.command()
def search(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    as_json: JsonFlag = False,
) -> None:
    """Search the resources in the store, and say why each came."""
    store = _store()
    hits = search_resources(store, text, limit=limit)
    rows: list[dict[str, Any]] = []
    for hit in hits:
        resource = store.get("resources", hit.id, Resource)
        if resource is not None:
            rows.append(
                {"id": hit.id, "title": resource.title, "score": hit.score, "why": hit.because,
                 "address": resource.address}
            )  # fmt: skip
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        console.print(f"{row['title']} [{row['id']}] - {', '.join(row['why'])}", markup=False)
    if not rows:
        console.print("nothing found", markup=False)


@knowledge_app.command()
def show(
    key: Annotated[str, typer.Argument(help="The id of an entry.")],
    as_json: JsonFlag = False,
) -> None:
    """Show every entry of an id, with its source."""
    store = _store()
    found = [(kind, entries[key]) for kind, entries in store.snapshot().items() if key in entries]
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
    rows = [c for c in _store().all("contacts", Contact) if scope is None or str(c.scope) == scope]
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
