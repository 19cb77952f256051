"""The `bot` command line."""

from __future__ import annotations

import json
import signal
from typing import Annotated, Any

import typer
from rich.console import Console

import bot  # noqa: F401  (sets the environment)
from bot.audit_commands import audit_app
from bot.evaluate.command import evaluate
from bot.knowledge_commands import knowledge_app
from bot.operations import backup, db_app, doctor, restore
from bot.privacy_commands import privacy_app
from bot.scenario_commands import scenario_app
from bot.teams_commands import teams_app
from bot.widget_commands import make_widget, widget_app

app = typer.Typer(
    help="Worried About a Child: the assistant and its tools.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
app.add_typer(knowledge_app, name="knowledge")
app.add_typer(teams_app, name="teams")
app.add_typer(privacy_app, name="privacy")
app.add_typer(audit_app, name="audit")
app.add_typer(db_app, name="db")
app.add_typer(widget_app, name="widget")
for _operation in (doctor, backup, restore):
    app.command()(_operation)
app.add_typer(scenario_app, name="scenario")
app.command()(evaluate)
console = Console(highlight=False)
problems = Console(stderr=True, highlight=False)
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def fail(text: str, code: int = 1) -> typer.Exit:
    """Say what is wrong on the error stream; raise the result."""
    problems.print(text, markup=False)
    return typer.Exit(code)


def prepare(*, force: bool = False, quiet: bool = False) -> dict[str, Any]:
    """Load the knowledge base and train, where anything changed."""
    from bot.training import is_trained, load_knowledge, train
    from knowledge.errors import KnowledgeError

    def tell(text: str) -> None:
        if not quiet:
            console.print(text, markup=False)

    try:
        version, loaded = load_knowledge()
        tell(f"knowledge {version} " + ("loaded" if loaded else "is up to date"))
        if force or not is_trained():
            tell("training the model (a minute or two) ...")
        trained = train(force=force)
        tell("model trained" if trained else "model is up to date")
    except KnowledgeError as error:
        raise fail(str(error)) from error
    except RuntimeError as error:
        raise fail(str(error)) from error
    return {"content_version": version, "loaded": loaded, "trained": trained}


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="Train even if nothing changed.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Load the knowledge base and train the model, where anything changed."""
    report = prepare(force=force, quiet=as_json)
    if as_json:
        print(json.dumps(report))


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port of the chat page and channels.")] = 5005,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only.")] = False,
) -> None:
    """Start the action server and Rasa, and print the address of the chat page."""
    from bot.runtime.supervisor import StartError, Supervisor

    def tell(text: str) -> None:
        if not quiet:
            console.print(text, markup=False)

    try:
        supervisor = Supervisor(host, port, tell)
    except StartError as error:
        raise fail(str(error)) from error
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: supervisor.request_stop())
    prepare(quiet=quiet)
    make_widget(tell)
    try:
        tell("starting ...")
        supervisor.start()
        tell(f"Open {supervisor.address} (Ctrl-C stops everything)")
        supervisor.watch()
    except StartError as error:
        raise fail(str(error)) from error
    finally:
        supervisor.stop()
        tell("stopped")


@app.command()
def chat() -> None:
    """Talk in the terminal, without servers."""
    from bot.runtime.talk import Assistant
    from knowledge.plain_text import as_text

    prepare(quiet=True)
    console.print("loading ...", markup=False)
    assistant = Assistant()
    sender = assistant.new_sender()
    line = "/greet"
    while True:
        for message in assistant.say(sender, line):
            console.print("\n" + as_text(message), markup=False)
        try:
            line = input("\n> ")
        except (EOFError, KeyboardInterrupt):
            return
        if line.strip().lower() in {"exit", "quit"}:
            return


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What a member of staff would type.")],
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what the pipeline made of it.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Send one message and print what comes back."""
    from bot.explain import as_lines
    from bot.explain import explain as explained
    from bot.runtime.talk import Assistant
    from knowledge.plain_text import as_text

    prepare(quiet=True)
    assistant = Assistant()
    if explain:
        found = explained(assistant, text)
        replies = found.pop("messages")
        lines = as_lines(found)
    else:
        replies = assistant.say(assistant.new_sender(), text)
        found, lines = {}, []
    if as_json:
        report = {"messages": replies, **({"understood": found} if explain else {})}
        print(json.dumps(report, ensure_ascii=False))
        return
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
    for message in replies:
        console.print(as_text(message) + "\n", markup=False)


def main() -> None:
    """Entry point."""
    app()


if __name__ == "__main__":
    main()
