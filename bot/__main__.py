"""The command line: python -m bot, or gentle-tears where the wheel is installed.

A command's module is imported when it is called, so that --help answers at once.
"""

import gc
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from bot.paths import COMMAND, version

cli = typer.Typer(
    name="bot",
    help="A Telegram bot that sends gentle reminders about tears.\n\n"
    f"{COMMAND} without a command opens a page that tries the bot, or sets one of your own up and starts it. "
    f"{COMMAND} setup asks for the same here, and writes .env, in which all settings stand.",
    add_completion=False,
    rich_markup_mode=None,  # plain text, and no need to load what paints it
    pretty_exceptions_enable=False,
)


def example(*lines: str) -> str:
    """Returns what stands below the options in a command's --help."""
    return "\n".join(("\b", "Examples:" if len(lines) > 1 else "Example:", *(f"  {COMMAND} {line}" for line in lines)))


def say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"gentle-tears {version()}")
        raise typer.Exit


@cli.callback(invoke_without_command=True)
def whole(
    context: typer.Context,
    _: Annotated[
        bool,
        typer.Option("--version", help="Print the version of this program.", callback=say_version, is_eager=True),
    ] = False,
    bot: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which bot of BOTS_DIR the command is about, where it holds several."),
    ] = None,
) -> None:
    """A Telegram bot that sends gentle reminders about tears. Without a command: a page to begin with."""
    if bot:
        os.environ["ONLY_BOT"] = bot
    if context.invoked_subcommand is not None:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        typer.echo(context.get_help())
        return
    from bot.commands.setup_page import main

    main()


@cli.command(epilog=example("run"))
def run() -> None:
    """Run the bot on Telegram. Needs BOT_TOKEN; without WEBHOOK_URL it polls."""
    gc.disable()  # until all is loaded: none of it is garbage, and looking for some takes a fifth of the time
    from bot.commands.early_stop import end_on_signals

    end_on_signals()
    from bot.commands.memory import use_small_pages
    from bot.commands.telegram_library import import_telegram

    use_small_pages()
    import_telegram()
    from bot.commands.run import main

    main()


@cli.command(epilog=example("preview", "preview --port 9000 --no-open"))
def preview(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where the page is; 0 takes any free one.")] = 8765,
    bot: Annotated[bool, typer.Option(help="Run the bot in it; without, only the local Telegram.")] = True,
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = True,
) -> None:
    """Try the bot in a page on this machine: no token, no account, nothing leaves it."""
    from bot.commands.progress import busy

    with ExitStack() as waiting:
        waiting.enter_context(busy("Starting the preview; the first time takes the longest"))
        from bot.commands.preview import main

        main(port=port, with_bot=bot, open_browser=browser, on_ready=waiting.close)


@cli.command(epilog=example("words", "words --new"))
def words(
    new: Annotated[bool, typer.Option("--new", help="Begin my-words/ here, with an example to change.")] = False,
) -> None:
    """Say where the words are read from, or begin a folder with words of your own."""
    from bot.commands.words import main

    main(is_new=new)


@cli.command(epilog=example("setup"))
def setup() -> None:
    """Ask for what a bot needs, try the token, and write .env: the quickest way to a bot of your own."""
    from bot.commands.setup import main

    main()


@cli.command(epilog=example("settings", "settings --new"))
def settings(
    new: Annotated[bool, typer.Option("--new", help="Begin .env here, with a SECRET_KEY of its own.")] = False,
) -> None:
    """Show all that can be set, each with its reason, or begin a file with it."""
    from bot.commands.new_settings import main

    main(is_new=new)


@cli.command(epilog=example("check", "check --strict"))
def check(
    strict: Annotated[bool, typer.Option("--strict", help="Fail for what is only worth a note, too.")] = False,
) -> None:
    """Check every word in messages/, and print all that is wrong at once."""
    from bot.commands.check import main

    main(is_strict=strict)


@cli.command(epilog=example("flows", "flows --draw flows"))
def flows(
    draw: Annotated[str | None, typer.Option(metavar="DIR", help="Draw each as an SVG into this folder.")] = None,
) -> None:
    """List the flows, or draw a picture of each that anyone can read."""
    from bot.commands.draw_flows import main

    main(draw)


@cli.command(epilog=example("cards --out cards"))
def cards(
    out: Annotated[str, typer.Option(metavar="DIR", help="Where to; a folder for each language is made in it.")],
) -> None:
    """Draw every affirmation as a picture, and sheets that show them all."""
    from bot.commands.draw_cards import main

    main(out)


@cli.command(epilog=example("invite", "invite --time 08:30 --days weekdays --out card", "invite --list"))
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
    from bot.commands.invite import main

    main(words=words, language=language, at=time, days=days, out=out, lists=show, ended_code=end)


@cli.command(epilog=example("doctor", "doctor --live"))
def doctor(
    live: Annotated[bool, typer.Option("--live", help="Look at the running bot: what waits, is late, rests.")] = False,
) -> None:
    """Try settings, words, database, token, webhook and clock; say what is right, and what to do about what is not."""
    if live:
        from bot.commands.doctor_live import main
    else:
        from bot.commands.doctor import main

    main()


@cli.command(epilog=example("health"))
def health() -> None:
    """Ask the running bot whether it is alive: its /health, at LISTEN. Ends with 0 if so, else with 1."""
    from bot.commands.health import main

    main()


@cli.command(epilog=example("service", "service --install --dry-run", "service --install --user"))
def service(
    install: Annotated[bool, typer.Option("--install", help="Put it in its place and start it; needs root.")] = False,
    user: Annotated[bool, typer.Option("--user", help="A service of your own, which needs no root.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --install: only say what would be done.")] = False,
    name: Annotated[str, typer.Option(help="Another name, for a second bot on this machine.")] = "gentle-tears",
) -> None:
    """Show the systemd unit that keeps the bot of this folder running, or install it. Safe to repeat."""
    from bot.commands.service import main

    main(installs=install, is_user=user, is_dry=dry_run, name=name)


@cli.command(epilog=example("key"))
def key() -> None:
    """Print a new SECRET_KEY."""
    from bot.commands.key import main

    main()


@cli.command(epilog=example("rotate-keys"))
def rotate_keys() -> None:
    """Encrypt all that is kept anew with the first key of SECRET_KEY. The bot may run; safe to stop and repeat."""
    from bot.commands.rotate_keys import main

    main()


@cli.command(epilog=example("backup gentle-tears-copy.db", "backup --replace /media/stick/gentle-tears.db"))
def backup(
    file: Annotated[Path, typer.Argument(help="Where to; it must not be there yet.")],
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")] = False,
) -> None:
    """Copy the database into a file, and check the copy. The bot may run."""
    from bot.commands.backup import main

    main(file=file, replaces=replace)


@cli.command(epilog=example("restore gentle-tears-copy.db"))
def restore(
    file: Annotated[Path, typer.Argument(help="What `backup` has made.")],
) -> None:
    """Put a copy in the place of the database, which is kept. Stop the bot first; what is past is not sent again."""
    from bot.commands.restore import main

    main(file=file)


@cli.command("import", epilog=example("import --chat 123456789 export.json"))
def import_file(
    file: Annotated[Path, typer.Argument(help="The .json that /export gave.")],
    chat: Annotated[int, typer.Option(metavar="ID", help="The person's number in Telegram.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it replaces what is there.")] = False,
) -> None:
    """Bring the file of /export into a person's chat, as /bring does."""
    from bot.commands.import_file import main

    main(file=file, chat=chat, is_confirmed=yes)


if __name__ == "__main__":
    cli()
