"""`bot db`, `bot doctor`, `bot backup`, `bot restore`: looking after an installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

db_app = typer.Typer(help="The database of our own tables.", no_args_is_help=True)
console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _fail(text: str) -> typer.Exit:
    problems.print(text, markup=False)
    return typer.Exit(1)


@db_app.command()
def upgrade() -> None:
    """Bring the database to the form that this version needs."""
    from bot.backup import databases
    from bot.settings import SettingsError
    from bot.stores.engines import make_engine
    from bot.stores.migrate import upgrade as run

    reached = ""
    try:
        for url in databases().values():
            reached = run(make_engine(url))
    except SettingsError as error:
        raise _fail(str(error)) from error
    except SQLAlchemyError as error:
        raise _fail(f"B059 not upgraded: {type(error).__name__}. Mend: `bot doctor`") from error
    console.print(f"database is at revision {reached}", markup=False)


@db_app.command()
def status(as_json: JsonFlag = False) -> None:
    """Say which form the database has and which this version needs."""
    from bot.settings import settings
    from bot.stores.engines import make_engine
    from bot.stores.migrate import newest, revision

    try:
        has = revision(make_engine(settings().data_url))
    except SQLAlchemyError as error:
        raise _fail(f"B059 no answer: {type(error).__name__}. Mend: `bot doctor`") from error
    needs = newest()
    if as_json:
        print(json.dumps({"has": has, "needs": needs}))
    else:
        console.print(f"has {has}, needs {needs}", markup=False)
    if has != needs:
        raise typer.Exit(1)


def doctor(as_json: JsonFlag = False) -> None:
    """Find what is wrong with this installation, and say the mend."""
    from bot.doctor import examine

    findings = examine()
    if as_json:
        print(json.dumps([f.as_dict() for f in findings]))
    else:
        for finding in findings:
            console.print(str(finding), markup=False)
    if any(f.wrong for f in findings):
        raise typer.Exit(1)


def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write, such as backup.tar.gz.")],
) -> None:
    """Save counts, audit and training records, content and model; never conversations."""
    from bot.backup import BackupError, write_backup

    try:
        manifest = write_backup(file)
    except (BackupError, OSError, SQLAlchemyError) as error:
        raise _fail(_words(error)) from error
    console.print(f"{file}: {len(manifest['members'])} members", markup=False)


def restore(
    file: Annotated[Path, typer.Argument(help="An archive of `bot backup`.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Empty tables that hold rows first.")
    ] = False,
) -> None:
    """Bring back what `bot backup` saved; all or nothing."""
    from bot.backup import BackupError, read_backup

    try:
        report = read_backup(file, replace=replace)
    except (BackupError, OSError, SQLAlchemyError) as error:
        raise _fail(_words(error)) from error
    for line in report:
        console.print(line, markup=False)


def _words(error: Exception) -> str:
    words = str(error)
    if words.startswith("B0"):
        return words
    return f"B065 {type(error).__name__}. Mend: `bot doctor` names what does not answer"
