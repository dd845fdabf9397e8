"""python -m bot settings: shows what can be set, or begins a `.env` with a SECRET_KEY of its own."""

import typer

from bot.commands.configuration import fail
from bot.commands.env_writing import FILE, write_env
from bot.paths import COMMAND, EXAMPLE


def main(*, is_new: bool) -> None:
    """Exit code 1 when there is a file already, or it cannot be written."""
    text = EXAMPLE.read_text(encoding="utf-8")
    if not is_new:
        typer.echo(text, nl=False)
        return
    if FILE.exists():
        fail(f"{FILE} is here already, and stays as it is", code=1)
    try:
        write_env(text, {}, {})
    except OSError as error:
        fail(f"{FILE} cannot be written ({error.strerror}); go to a folder in which you may write", code=1)
    typer.echo(
        f"{FILE.absolute()} is written, and only you may read it. It holds a new SECRET_KEY: keep a copy elsewhere."
    )
    typer.echo(f"Now put the token of your bot behind BOT_TOKEN= in it; then: {COMMAND} doctor")
