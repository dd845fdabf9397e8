"""A day of reminders over the world's time zones against Telegram's limits: `python -m benchmarks.world`.

Who lives where: inhabitants of cities by zone (GeoNames, bot/domain/zones/inhabitants.tsv). When people want to be
reminded is assumed (HOURS, MINUTES). When each is due is computed by the bot's own schedule, for a sample of people.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

import typer

import bot.domain.zones
from benchmarks.world_picture import draw
from bot.domain.schedule import Daily, QuietHours, Spread, next_due
from bot.domain.schedule.rules import minute_of

INHABITANTS = Path(bot.domain.zones.__file__).with_name("inhabitants.tsv")
MORNING_HOURS = {6: 4, 7: 14, 8: 18, 9: 12, 10: 5}  # of 100 people
DAY_HOURS = {11: 2, 12: 5, 13: 3, 14: 2, 15: 2, 16: 2, 17: 3, 18: 4}
EVENING_HOURS = {19: 4, 20: 7, 21: 8, 22: 5}
HOURS = MORNING_HOURS | DAY_HOURS | EVENING_HOURS
MINUTES = {0: 60, 30: 25, 15: 5, 45: 5} | dict.fromkeys(range(5, 60, 10), 1)  # round ones mostly
AROUND = timedelta(minutes=15)
QUIET = QuietHours(time(23), time(6))
DAY = datetime(2026, 3, 2, tzinfo=UTC)  # and the one before it, whose rushes may reach into it
TOO_LATE = 6 * 3600.0  # seconds after which a message is not sent any more (usecases.reminders.due.GRACE)
SLICE = 0.5  # seconds of sending that are taken as one wait
SEED = 20260302

COUNTS = (10_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
LIMITS = (30, 1000)
# Milliseconds of the processor for a message at that limit (docs/benchmarks.md, on SQLite): a process that waits for
# each message's turn has more to do for it than one that sends as much as it can.
CPU_MS = {30: 1.28, 1000: 0.29}


class Arrivals(NamedTuple):
    """Seconds of a day in UTC and the share of all people that is due then, sorted."""

    exact: list[tuple[float, float]]
    around: list[tuple[float, float]]


class Result(NamedTuple):
    """A day of so many people; waits in seconds, shares from 0 to 1."""

    peak_minute: float
    half: float
    of_100: float
    longest: float
    busy: float
    lost: float


def main(
    sample: Annotated[int, typer.Option(min=1000, help="People whose moments are computed.")] = 100_000,
    chat_bytes: Annotated[int, typer.Option(help="A chat and its reminder (benchmarks.million).")] = 400,
    message_bytes: Annotated[int, typer.Option(help="A message; sent ones are kept for three days.")] = 300,
    picture: Annotated[Path | None, typer.Option(help="Where to draw; needs matplotlib.")] = None,
) -> None:
    """Print what becomes of 10,000 to 10 million subscribers, each with one reminder a day."""
    arrivals = arrivals_of(sample)
    print("| subscribers | limit | time | due in the peak minute | p50 | p99 | longest | at the limit | not sent |")
    print("| --: | --: | :-- | --: | --: | --: | --: | --: | --: |")
    lines: dict[str, list[tuple[int, float]]] = {}
    for count in COUNTS:
        for limit in LIMITS:
            for name, shares in zip(Arrivals._fields, arrivals, strict=True):
                result = day_of(shares, count, limit)
                lines.setdefault(f"{name}, {limit:,} a second", []).append((count, result.longest))
                print(f"| {count:,} | {limit:,}/s | {name} | {_row(result)} |")
    print("\n| subscribers | processor hours a day at 30/s | at 1,000/s | database, GB |\n| --: | --: | --: | --: |")
    for count in COUNTS:
        hours = " | ".join(_hours(count, limit) for limit in LIMITS)
        print(f"| {count:,} | {hours} | {count * (chat_bytes + 4 * message_bytes) / 1e9:.2f} |")
    if picture:
        draw(lines, _finding(lines), picture)


def _hours(count: int, limit: int) -> str:
    """Returns the processor hours of a day's messages; a dash for more than the limit lets through."""
    return "-" if count > limit * 86_400 else f"{count * CPU_MS[limit] / 3_600_000:.2f}"


def _finding(lines: dict[str, list[tuple[int, float]]]) -> str:
    """Returns what the picture shows, for its title."""
    count, exact = lines["exact, 30 a second"][2]
    around = lines["around, 30 a second"][2][1]
    return (
        f'"Around 8" instead of "at 8", by one bot at 30 a second:\nof {count:,} people the last waits '
        f"{_in_words(around)}, not {_in_words(exact)}"
    )


def arrivals_of(sample: int) -> Arrivals:
    """Computes when so many people are due on DAY, for exact times and with "around"."""
    chance = random.Random(SEED)
    rows = [line.split("\t") for line in INHABITANTS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    zones = chance.choices([ZoneInfo(name) for name, _ in rows], [int(number) for _, number in rows], k=sample)
    hours = chance.choices(list(HOURS), list(HOURS.values()), k=sample)
    minutes = chance.choices(list(MINUTES), list(MINUTES.values()), k=sample)
    exact: list[tuple[float, float]] = []
    around: list[tuple[float, float]] = []
    for seed, (zone, hour, minute) in enumerate(zip(zones, hours, minutes, strict=True)):
        for rule, moments in ((Daily(at=time(hour, minute)), exact), (_around(time(hour, minute)), around)):
            at = next_due(rule, zone=zone, quiet=QUIET, after=DAY - timedelta(seconds=1), seed=seed)
            assert at is not None
            moments.append(((at - DAY).total_seconds() % 86_400, 1 / sample))
    return Arrivals(sorted(exact), sorted(around))


def _around(at: time) -> Spread:
    start, end = (minute_of(at) + sign * int(AROUND.total_seconds() / 60) for sign in (-1, 1))
    return Spread(times=1, start=time(start // 60, start % 60), end=time(end // 60, end % 60), apart=0)


def day_of(shares: list[tuple[float, float]], count: int, limit: float) -> Result:
    """Returns what becomes of the second of two such days: first come, first served."""
    waits = sorted(_waits(shares, count, limit))
    total = sum(messages for _, messages in waits)
    sent = [(wait, messages) for wait, messages in waits if wait <= TOO_LATE]
    by_minute: dict[int, float] = {}
    for second, share in shares:
        by_minute[int(second // 60)] = by_minute.get(int(second // 60), 0.0) + share * count
    delivered = sum(messages for _, messages in sent)
    return Result(
        peak_minute=max(by_minute.values()),
        half=_at_share(sent, 0.5),
        of_100=_at_share(sent, 0.99),
        longest=sent[-1][0],
        busy=min(delivered / limit / 86_400, 1.0),
        lost=1 - delivered / total,
    )


def _waits(shares: list[tuple[float, float]], count: int, limit: float) -> Iterator[tuple[float, float]]:
    """Yields waits, and how many messages wait so long, of the second day."""
    backlog = last = 0.0
    for day in range(2):
        for second, share in _merged(shares):
            at, messages = day * 86_400 + second, share * count
            backlog = max(0.0, backlog - (at - last) * limit)
            last = at
            slices = max(1, min(200, int(messages / limit / SLICE)))
            for _ in range(slices):
                backlog += messages / slices
                wait = backlog / limit
                if day:
                    yield wait, messages / slices
                if wait > TOO_LATE:
                    backlog -= messages / slices


def _merged(shares: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Adds up what is due in one second."""
    seconds: dict[float, float] = {}
    for second, share in shares:
        seconds[second] = seconds.get(second, 0.0) + share
    return sorted(seconds.items())


def _at_share(waits: list[tuple[float, float]], share: float) -> float:
    wanted = sum(messages for _, messages in waits) * share
    for wait, messages in waits:
        wanted -= messages
        if wanted <= 0:
            return wait
    return waits[-1][0]


def _row(result: Result) -> str:
    times = (_in_words(seconds) for seconds in (result.half, result.of_100, result.longest))
    return f"{result.peak_minute:,.0f} | {' | '.join(times)} | {result.busy:.0%} | {result.lost:.0%}"


def _in_words(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s" if seconds >= 1 else "under 1 s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


if __name__ == "__main__":
    typer.run(main)
