"""python -m tools.attack: all attacks (`make attack`), or one by its name."""

import asyncio
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.content.library import Folders
from bot.settings import MESSAGES
from tests.postgres import find_pg_ctl, postgres_server
from tools.attack.hostile import hostile_world, megabytes_now, play_many

cli = typer.Typer(add_completion=False, no_args_is_help=True)


@cli.command()
def hostile(
    count: Annotated[int, typer.Option(help="How many updates.")] = 100_000,
    postgresql: Annotated[bool, typer.Option(help="On PostgreSQL in place of SQLite.")] = False,
    seed: Annotated[int, typer.Option(help="Another number makes other updates.")] = 0,
) -> None:
    """Plays updates of every kind that nobody sane sends, and says what must not be: 0 of everything is right."""
    logging.lastResort = None  # what is logged is counted, not shown
    with tempfile.TemporaryDirectory() as folder, _database(Path(folder), is_postgresql=postgresql) as url:
        typer.echo(play(url, count, seed))


def play(url: str, count: int, first_seed: int) -> str:
    """Plays so many updates on this database; returns a line of the table, and what was found below it."""
    library = Folders((MESSAGES,), "en").load()
    with asyncio.Runner() as runner:
        loop, world_of = runner.get_loop(), hostile_world(library, url)
        world = loop.run_until_complete(world_of.__aenter__())
        memory: list[float] = []
        for played in play_many(loop, world, count, first_seed):
            memory.append(megabytes_now())
            print(f"\r{played:,} of {count:,}", end="", file=sys.stderr)
        print(file=sys.stderr)
        loop.run_until_complete(world_of.__aexit__(None, None, None))
    found, early = world.findings, memory[min(len(memory) - 1, len(memory) // 5)]
    lines = [f"{found.played:,} updates, {world.far_end.calls:,} calls, {found.unreadable:,} passed over as unreadable"]
    lines.append(
        f"{sum(found.counts.values())} findings; memory {early:.0f} MB after a fifth, {memory[-1]:.0f} MB at the end"
    )
    lines += [f"{times} x {kind}\n    {found.examples[kind]}" for kind, times in found.counts.most_common()]
    return "\n".join(lines)


@contextmanager
def _database(folder: Path, *, is_postgresql: bool) -> Iterator[str]:
    """Yields the address of a new database."""
    if not is_postgresql:
        yield f"sqlite+aiosqlite:///{folder / 'bot.db'}"
        return
    pg_ctl = find_pg_ctl()
    if pg_ctl is None:
        raise typer.BadParameter("PostgreSQL is not installed here")
    with postgres_server(folder, pg_ctl) as url:
        yield url.format(name="postgres")


if __name__ == "__main__":
    cli()
