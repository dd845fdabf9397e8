"""python -m tools.attack: all attacks (`make attack`), or one by its name."""

import asyncio
import logging
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.machine import describe_machine
from bot.content.library import Folders
from bot.settings import MESSAGES
from tests.postgres import control_postgres, find_pg_ctl, postgres_server
from tools.attack import processes
from tools.attack.balanced import find_nginx
from tools.attack.hostile import hostile_world, megabytes_now, play_many
from tools.attack.trouble import EVERYWHERE, HEAD, ON_POSTGRESQL, ON_SQLITE, Attack, Outcome, run

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


@cli.command()
def trouble(
    only: Annotated[list[str] | None, typer.Option(help="Part of an attack's name (may be repeated).")] = None,
) -> None:
    """Kills, cuts, hangs and fills up the bot while it sends, on both databases, and prints the table."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends in order: the bots are processes of their own
    typer.echo(f"{describe_machine()}\n\nSQLite\n\n{HEAD}")
    for name, attack in {**EVERYWHERE, **ON_SQLITE}.items():
        if _is_wanted(name, only):
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite+aiosqlite:///{Path(folder) / 'bot.db'}"
                typer.echo(asyncio.run(run(name, attack, Path(folder), url)).line())
    if find_pg_ctl() is None:
        typer.echo("\nPostgreSQL is not installed here")
        return
    typer.echo(f"\nPostgreSQL\n\n{HEAD}")
    for name, attack in {**EVERYWHERE, **ON_POSTGRESQL}.items():
        if _is_wanted(name, only):
            typer.echo(_on_postgresql(name, attack).line())


@cli.command(name="processes")
def three_processes(
    count: Annotated[int, typer.Option(help="How many reminders are due at once.")] = 20_000,
    rate: Annotated[int, typer.Option(help="Messages a second.")] = 200,
) -> None:
    """Kills, halts and cuts off the one of three processes behind nginx that sends, under live taps."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    pg_ctl = find_pg_ctl()
    if pg_ctl is None or find_nginx() is None:
        raise typer.BadParameter("PostgreSQL or nginx is not installed here")
    with ExitStack() as opened:
        server, folder = (Path(opened.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        url = opened.enter_context(postgres_server(server, pg_ctl)).format(name="postgres")
        typer.echo(asyncio.run(processes.run(url, folder, count, rate)).lines())


@cli.command(name="all")
def everything(count: Annotated[int, typer.Option(help="How many hostile updates.")] = 10_000) -> None:
    """Both: what `make attack` runs."""
    trouble()
    hostile(count)


def _is_wanted(name: str, only: list[str] | None) -> bool:
    return not only or any(part in name for part in only)


def _on_postgresql(name: str, attack: Attack) -> Outcome:
    pg_ctl = str(find_pg_ctl())
    with ExitStack() as opened:
        server, folder = (Path(opened.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        url = opened.enter_context(postgres_server(server, pg_ctl))

        async def restart(seconds: float) -> None:
            await asyncio.to_thread(control_postgres, server, pg_ctl, "stop")
            await asyncio.sleep(seconds)
            await asyncio.to_thread(control_postgres, server, pg_ctl, "start")

        return asyncio.run(run(name, attack, folder, url.format(name="postgres"), restart))


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
