"""`bot teams`: what the administrator of Teams needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

teams_app = typer.Typer(help="Microsoft Teams.", no_args_is_help=True)


@teams_app.callback()
def _teams() -> None:
    """Microsoft Teams."""


@teams_app.command()
def package(
    app_id: Annotated[str, typer.Option(help="The bot's Application (client) ID.")],
    domain: Annotated[str, typer.Option(help="Public host that serves the assistant.")],
    output: Annotated[Path, typer.Option(help="Where to write the zip.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Make the app package to upload in the Teams admin centre."""
    from bot.teams_package import PackageError, write_package

    try:
        made = write_package(app_id, domain, output)
    except PackageError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(made, ensure_ascii=False))
    else:
        typer.echo(f"{output} written: manifest {made['manifestVersion']}, two icons")
