"""python -m tools.attack: all attacks (`make attack`), or one by its name."""

import asyncio
import logging
import signal
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.machine import describe_machine
from bot.content.library import Folders
from bot.settings import MESSAGES
from tools.attack import flood as flood_module
from tools.attack import processes, starts, starts_postgres
from tools.attack.attacks import BY_WEBHOOK, EVERYWHERE, ON_POSTGRESQL, WITH_CLOCK, Attack
from tools.attack.balanced import find_nginx
from tools.attack.files import ON_SQLITE
from tools.attack.hostile import hostile_world, megabytes_now, play_many
from tools.attack.servers import Servers, servers_in
from tools.attack.trouble import HEAD, clock_of, run
from tools.postgres_server import find_pg_ctl, postgres_server

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
AT_ONCE = 3  # attacks, which mostly wait
TABLES: dict[str, dict[str, Attack]] = {
    "SQLite, by polling": {**EVERYWHERE, **WITH_CLOCK, **ON_SQLITE},
    "SQLite, by webhook": BY_WEBHOOK,
    "PostgreSQL, by polling": {**EVERYWHERE, **WITH_CLOCK, **ON_POSTGRESQL},
    "PostgreSQL, by webhook": BY_WEBHOOK,
}


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
    table: Annotated[str, typer.Option(help="Part of a table's name, such as SQLite or webhook.")] = "",
) -> None:
    """Kills, cuts, hangs and fills up the bot while it sends, by polling and webhook, and prints the tables."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends in order: the bots are processes of their own
    typer.echo(describe_machine())
    for name, attacks in TABLES.items():
        wanted = {said: attack for said, attack in attacks.items() if not only or any(part in said for part in only)}
        if table not in name or not wanted:
            continue
        if "PostgreSQL" in name and find_pg_ctl() is None:
            typer.echo("\nPostgreSQL is not installed here")
            continue
        typer.echo(f"\n{name}\n\n{HEAD}")
        with ProcessPoolExecutor(AT_ONCE) as pool:  # migrations are one at a time in a process
            for line in pool.map(partial(_attack, name), wanted):
                typer.echo(line)


@cli.command()
def flood(
    seconds: Annotated[float, typer.Option(help="How long each lasts.")] = 60.0,
    rate: Annotated[float, typer.Option(help="Updates a second.")] = 200.0,
) -> None:
    """Lets a hundred people and groups flood the bot, and measures how long quiet people wait meanwhile."""
    typer.echo(f"\n{flood_module.HEAD}")
    for name in ("SQLite, by polling", "SQLite, by webhook", "PostgreSQL, by polling"):
        if "PostgreSQL" in name and find_pg_ctl() is None:
            continue
        with ExitStack() as opened:
            folder, url, _ = _place(opened, name)
            flooded = flood_module.run(name, folder, url, by_webhook="webhook" in name, seconds=seconds, rate=rate)
            typer.echo(asyncio.run(flooded).line())


@cli.command(name="starts")
def bad_starts() -> None:
    """Starts the bot where something is wrong before it runs, and says how each start ends."""
    typer.echo(f"\n{starts.HEAD}")
    for name, (wanted, prepare) in starts.STARTS.items():
        with tempfile.TemporaryDirectory() as folder:
            typer.echo(asyncio.run(starts.run(name, wanted, prepare, Path(folder))).line())
    if pg_ctl := find_pg_ctl():
        with tempfile.TemporaryDirectory() as place:
            for line in asyncio.run(_bad_starts_on_postgresql(Path(place), pg_ctl)):
                typer.echo(line)


async def _bad_starts_on_postgresql(place: Path, pg_ctl: str) -> list[str]:
    lines = []
    async with starts_postgres.server(place, pg_ctl) as address:
        for name, (wanted, prepare) in starts.ON_POSTGRESQL.items():
            with tempfile.TemporaryDirectory() as folder:
                lines.append((await starts.run(name, wanted, prepare, Path(folder), address)).line())
    return lines


@cli.command(name="processes")
def three_processes(
    count: Annotated[int, typer.Option(help="How many reminders are due at once.")] = 20_000,
    rate: Annotated[int, typer.Option(help="Messages a second.")] = 200,
    before: Annotated[
        Path | None, typer.Option(help="The folder of an earlier version, whose processes are replaced by these first.")
    ] = None,
) -> None:
    """Kills, halts and cuts off the one of three processes behind nginx that sends, under live taps."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    pg_ctl = find_pg_ctl()
    if pg_ctl is None or find_nginx() is None:
        raise typer.BadParameter("PostgreSQL or nginx is not installed here")
    with ExitStack() as opened:
        server, folder = (Path(opened.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
        url = opened.enter_context(postgres_server(server, pg_ctl)).format(name="postgres")
        typer.echo(asyncio.run(processes.run(url, folder, count, rate, before=before)).lines())


@cli.command(name="all")
def everything(count: Annotated[int, typer.Option(help="How many hostile updates.")] = 10_000) -> None:
    """All of it: what `make attack` runs."""
    bad_starts()
    trouble()
    flood()
    hostile(count)


def _attack(table: str, name: str) -> str:
    """Returns the line of one attack."""
    attack = TABLES[table][name]
    with ExitStack() as opened:
        folder, url, servers = _place(opened, table)
        clock = clock_of(folder) if attack in WITH_CLOCK.values() else None
        if clock is None and attack in WITH_CLOCK.values():
            return f"| {name} | faketime is not installed here |"
        outcome = run(name, attack, folder, url, servers=servers, by_webhook="webhook" in table, clock=clock)
        try:
            return asyncio.run(outcome).line()
        except AssertionError as error:
            return f"| {name} | {error}; the end of its log: {_end_of(folder / 'log.txt')} |"


def _place(opened: ExitStack, table: str) -> tuple[Path, str, Servers | None]:
    """Returns a new folder, the address of a new database, and PostgreSQL's server where it is one."""
    folder, place = (Path(opened.enter_context(tempfile.TemporaryDirectory())) for _ in range(2))
    servers = servers_in(place) if "PostgreSQL" in table else None
    return (
        folder,
        opened.enter_context(servers.opened()) if servers else f"sqlite+aiosqlite:///{folder}/bot.db",
        servers,
    )


def _end_of(log: Path) -> str:
    return " / ".join(log.read_text(encoding="utf-8").splitlines()[-3:])


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
