"""`bot audit`: verify the log, note its head, list its rows."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import SettingsError

audit_app = typer.Typer(help="What was routed, without content.", no_args_is_help=True)
console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _fail(text: str, code: int = 1) -> typer.Exit:
    problems.print(text, markup=False)
    return typer.Exit(code)


def _head(text: str) -> tuple[int, str]:
    number, _, made = text.partition(":")
    if not number.isdigit() or len(made) != 64:
        raise _fail("B106 no head. Mend: NUMBER:HASH as `bot audit head` prints it", 2)
    return int(number), made


@audit_app.command()
def verify(
    head: Annotated[
        str, typer.Option(help="NUMBER:HASH noted earlier: finds rows taken off the end.")
    ] = "",
    as_json: JsonFlag = False,
) -> None:
    """Go along the chain of hashes; fails where a row was changed, taken out or put between."""
    from bot.audit.record import audit_log

    noted = _head(head) if head else None
    try:
        verdict = audit_log().verify(noted)
    except (SQLAlchemyError, SettingsError) as error:
        raise _fail(f"B107 no audit log: {type(error).__name__}. Mend: `bot doctor`") from error
    if as_json:
        faults = [{"id": f.id, "what": f.what} for f in verdict.faults]
        print(json.dumps({"rows": verdict.rows, "head": verdict.head, "faults": faults}))
    else:
        for fault in verdict.faults:
            console.print(f"row {fault.id}: {fault.what}", markup=False)
        state = f"{len(verdict.faults)} fault(s)" if verdict.faults else "whole"
        console.print(f"{verdict.rows} rows, {state}", markup=False)
    if verdict.faults:
        raise typer.Exit(1)


@audit_app.command()
def head() -> None:
    """Print the last row's number and hash; keep them somewhere else, such as in an e-mail."""
    from bot.audit.record import audit_log

    try:
        verdict = audit_log().verify()
    except (SQLAlchemyError, SettingsError) as error:
        raise _fail(f"B107 no audit log: {type(error).__name__}. Mend: `bot doctor`") from error
    console.print(f"{verdict.rows}:{verdict.head}", markup=False)


@audit_app.command()
def show(
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows.")] = 20,
    as_json: JsonFlag = False,
) -> None:
    """List the last rows."""
    from bot.audit.record import audit_log

    try:
        rows = audit_log().rows()[-last:]
    except (SQLAlchemyError, SettingsError) as error:
        raise _fail(f"B107 no audit log: {type(error).__name__}. Mend: `bot doctor`") from error
    if as_json:
        print(json.dumps(rows))
        return
    table = Table("id", "at", "event", "route", "level", "borough", "contacts", "content")
    for row in rows:
        cells = ("id", "at", "event", "route", "level", "borough", "contacts", "content_version")
        table.add_row(*(str(row[c] if row[c] is not None else "") for c in cells))
    console.print(table)
