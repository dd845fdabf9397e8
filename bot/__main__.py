"""python -m bot: the command line. Each command loads its room when it is called, so that --help answers at once."""

import asyncio
import base64
import gc
import importlib
import os
import pathlib
import sys
from typing import Annotated, Any, NoReturn

import typer

cli = typer.Typer(
    name="bot",
    help="A Telegram bot that sends gentle reminders about tears. Settings stand in .env; .env.example explains them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain text, and no need to load what paints it
    pretty_exceptions_enable=False,
)


@cli.command()
def run() -> None:
    """Run the bot on Telegram. Needs BOT_TOKEN; without WEBHOOK_URL it polls."""
    gc.disable()  # nothing that is being loaded is garbage; looking for some takes a fifth of the time
    settings = _settings()
    try:
        token = settings.token
    except _room("bot.settings").SettingsError as error:
        _fail(str(error), code=2)
    _room("bot.logs").set_up_logs(settings.log_format, token)
    running, database = _room("bot.commands.run"), _room("bot.database.engine")
    gc.freeze()  # what was loaded by now stays: the collector need not look at it again
    gc.enable()
    try:
        # libuv's event loop takes a tenth less of the processor's time than Python's own.
        with asyncio.Runner(loop_factory=_room("uvloop").new_event_loop) as runner:
            code = runner.run(running.run(settings, _library(settings)))
    except (running.RunError, database.DatabaseError) as error:
        _fail(str(error), code=1)
    raise typer.Exit(code)


@cli.command()
def preview(
    port: Annotated[int, typer.Option(help="Where the page is; 0 takes any free one.")] = 8765,
    bot: Annotated[bool, typer.Option(help="Run the bot in it; without, only the local Telegram.")] = True,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Try the bot in a page on this machine: no token, no account, nothing leaves it."""
    settings = _settings()
    _room("bot.logs").set_up_logs(settings.log_format)
    room = _room("bot.commands.preview")
    try:
        asyncio.run(room.run(settings, _library(settings), port=port, with_bot=bot, open_browser=browser))
    except room.PreviewError as error:
        _fail(str(error), code=1)


@cli.command()
def check(
    strict: Annotated[bool, typer.Option("--strict", help="Fail for what is only worth a note, too.")] = False,
) -> None:
    """Check every word in messages/, and print all that is wrong at once."""
    settings = _settings()
    folders, library = _folders(settings), _library(settings)
    lint, compare = _room("bot.content.lint").lint, _room("bot.content.parity").compare
    found = [lint(layers, library.of_practice(words).of(name)) for words, name, layers in folders.spoken()]
    for each in (folders, *folders.practices.values()):
        first, *others = each.layers.values()
        found.extend(compare(first, other) for other in others)
    findings = dict.fromkeys(finding for each in found for finding in each)  # what a practice shares is found twice
    for each in findings:
        typer.echo(f"note: {each}" if each.is_note and not strict else str(each), err=True)
    if any(strict or not each.is_note for each in findings):
        raise typer.Exit(2)
    for words, name, _ in folders.spoken():
        catalogue = library.of_practice(words).of(name)
        typer.echo(
            f"All is well in {f'{words}, {name}' if words else name}: {len(catalogue.affirmations)} affirmations, "
            f"{len(catalogue.flows)} flows, {len(catalogue.explainers.explainers)} explainers, "
            f"{len(catalogue.support.helplines)} helplines in {len(catalogue.support.countries)} countries."
        )


@cli.command()
def flows(
    draw: Annotated[str | None, typer.Option(metavar="DIR", help="Draw each as an SVG into this folder.")] = None,
) -> None:
    """List the flows, or draw a picture of each that anyone can read."""
    catalogue = _library(_settings()).of(None)
    if draw is None:
        for name, flow in catalogue.flows.items():
            typer.echo(f"{name:<24} {len(flow.steps):>3} steps  {flow.title}")
        return
    room, words = _room("bot.screens.diagrams"), catalogue.interface
    try:
        os.makedirs(draw, exist_ok=True)
        for name, flow in catalogue.flows.items():
            with open(os.path.join(draw, f"{name}.svg"), "w", encoding="utf-8") as file:
                file.write(room.draw(flow, words.diagram, minute=words.flows.minute, out=words.flows.out))
    except OSError as error:
        _fail(f"--draw: {draw} cannot be written ({error.strerror}); name a folder that this program may write", code=1)
    typer.echo(f"{len(catalogue.flows)} flows are drawn in {draw}.")


@cli.command()
def cards(
    out: Annotated[str, typer.Option(metavar="DIR", help="Where to; a folder for each language is made in it.")],
) -> None:
    """Draw every affirmation as a picture, and sheets that show them all."""
    library, gallery = _library(_settings()), _room("bot.commands.draw_cards")
    card_of, count = _room("bot.screens.affirmations").card_of, 0
    try:
        for name in library.languages:
            catalogue = library.of(name)
            drawn = [card_of(catalogue.interface, each) for each in catalogue.affirmations]
            with typer.progressbar(length=len(drawn), label=name) as progress:
                count += gallery.write_cards(drawn, pathlib.Path(out, name), lambda bar=progress: bar.update(1))
    except OSError as error:
        _fail(f"--out: {out} cannot be written ({error.strerror}); name a folder that this program may write", code=1)
    typer.echo(f"{count} cards are in {out}.")


@cli.command()
def invite(
    words: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose words: a folder of PRACTICES_DIR. Without: the bot's own.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="The language to suggest, such as es.")] = None,
    time: Annotated[str | None, typer.Option(metavar="HH:MM", help="The time to suggest. Without: no rhythm.")] = None,
    days: Annotated[str | None, typer.Option(metavar="every-day|weekdays", help="On which days.")] = None,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Write a card to print: FILE.png, FILE.pdf.")] = None,
    show: Annotated[bool, typer.Option("--list", help="List the invitations that are open, and make none.")] = False,
    end: Annotated[str | None, typer.Option(metavar="CODE", help="End one, and make none.")] = None,
) -> None:
    """Make a link that opens the bot with suggestions, and a card with its QR code. Who opens it says yes to each."""
    settings, room = _settings(), _room("bot.commands.invite")
    try:
        if end is not None:
            asyncio.run(room.end(settings, end))
            typer.echo(f"{end} has ended.")
        if show:
            lines = asyncio.run(room.list_open(settings, _library(settings)))
            typer.echo("\n".join(lines) or "No invitation is open.")
        if show or end is not None:
            return
        library = _library(settings)
        suggestion = room.read_suggestion(settings, library, words=words, language=language, at=time, days=days)
        link = asyncio.run(room.make(settings, suggestion))
        typer.echo(link)
        if out is not None:
            _write_card(room, room.card_for(settings, library, suggestion, link), out)
    except (room.InvitingError, _room("bot.settings").SettingsError) as error:
        _fail(str(error), code=getattr(error, "code", 2))
    except _room("bot.database.engine").DatabaseError as error:
        _fail(str(error), code=1)


@cli.command()
def doctor() -> None:
    """Try settings, words, database, token, webhook and clock; say what is right, and what to do about what is not."""
    raise typer.Exit(asyncio.run(_room("bot.commands.doctor").examine()))


@cli.command()
def key() -> None:
    """Print a new SECRET_KEY."""
    typer.echo(base64.urlsafe_b64encode(os.urandom(32)).decode())


def _write_card(room: Any, card: Any, out: str) -> None:  # Any: as in all these, the room is loaded only now
    try:
        for path in room.write_card(card, out):
            typer.echo(path)
    except OSError as error:
        _fail(f"--out: {out} cannot be written ({error.strerror}); the link is good all the same", code=1)


def _settings() -> Any:  # Any: as in all these, the room is loaded only now
    room = _room("bot.settings")
    try:
        return room.read_settings()
    except room.SettingsError as error:
        _fail(str(error), code=2)


def _folders(settings: Any) -> Any:
    return _room("bot.content.library").Folders(settings.words_folders, settings.language, settings.practices_dir)


def _library(settings: Any) -> Any:
    try:
        return _folders(settings).load()
    except _room("bot.content.load").CatalogueError as error:
        _fail(str(error), code=2)


def _room(name: str) -> Any:
    return importlib.import_module(name)


def _fail(text: str, *, code: int) -> NoReturn:
    typer.secho(text, fg="red" if sys.stderr.isatty() else None, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    cli()
