"""`bot widget`: build it, say what a site has to allow, switch the service off and on."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from bot.widget_build import OUT, WidgetBuildError, build_widget, built_widget

widget_app = typer.Typer(help="The widget for websites.", no_args_is_help=True)
console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)


def make_widget(tell: Callable[[str], None]) -> bool:
    """Build the widget where anything changed; without it the plain page still serves."""
    try:
        build_widget(tell=tell)
    except WidgetBuildError as error:
        problems.print(str(error), markup=False)
        problems.print("The page without scripts is served instead.", markup=False)
        return False
    return True


@widget_app.command()
def build(
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing changed.")] = False,
) -> None:
    """Build the widget into build/widget, and print the size of each file, packed."""
    from bot.training import load_knowledge

    load_knowledge()
    try:
        made = build_widget(force=force)
    except WidgetBuildError as error:
        problems.print(str(error), markup=False)
        raise typer.Exit(1) from error
    console.print("built" if made else "nothing changed", markup=False)
    for name in sorted(built_widget().files):
        packed = (OUT / f"{name}.gz").stat().st_size
        console.print(f"{packed:>7} bytes gz  {name}", markup=False)


@widget_app.command()
def csp(
    server: Annotated[str, typer.Argument(help="Address of the server, https://chat.example")],
) -> None:
    """Print what a site's Content-Security-Policy must allow, and the loader's hash."""
    loader = OUT / "loader.js"
    if not loader.exists():
        problems.print("B073 nothing is built. Mend: run `bot widget build`", markup=False)
        raise typer.Exit(1)
    address = server.rstrip("/")
    digest = base64.b64encode(hashlib.sha384(loader.read_bytes()).digest()).decode()
    console.print(f"script-src {address}", markup=False, soft_wrap=True)
    sockets = address.replace("http", "ws", 1)
    console.print(f"connect-src {address} {sockets}", markup=False, soft_wrap=True)
    console.print(f'integrity="sha384-{digest}"', markup=False, soft_wrap=True)


@widget_app.command()
def off() -> None:
    """Switch the service off at once: pages and widgets show the numbers alone."""
    from bot.channels.site import SWITCHED_OFF

    SWITCHED_OFF.parent.mkdir(parents=True, exist_ok=True)
    SWITCHED_OFF.touch()
    console.print("switched off; `bot widget on` switches it on", markup=False)


@widget_app.command()
def on() -> None:
    """Switch the service on again."""
    from bot.channels.site import SWITCHED_OFF

    SWITCHED_OFF.unlink(missing_ok=True)
    console.print("switched on", markup=False)
