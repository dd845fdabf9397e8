"""APScheduler 3 with its SQLAlchemyJobStore, a cron job for each chat, as its user guide shows; it sends with aiogram.

It has no limit to how late a job may start (its default of one second drops most of a rush).
"""

import asyncio
from typing import Any

from aiogram.exceptions import TelegramRetryAfter  # type: ignore[import-not-found]  # only in .venv-bench
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # type: ignore[import-untyped]  # carries no types
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]  # carries no types
from sqlalchemy import create_engine, event

from benchmarks.contenders.aiogram_bot import make_bot
from benchmarks.contenders.verbs import call, say_ready
from benchmarks.drain import TEXT, Drain

bots: list[Any] = []  # Any: aiogram's Bot; a stored job is called by its name, so that what it needs is found here


def make_scheduler(drain: Drain) -> AsyncIOScheduler:
    engine = create_engine(f"sqlite:///{drain.folder / 'jobs.db'}")

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: object) -> None:  # Any: the driver's own
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    return AsyncIOScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
        timezone="UTC",
    )


async def fill(drain: Drain) -> None:
    scheduler, at = make_scheduler(drain), drain.due_datetime
    scheduler.start(paused=True)
    for chat_id in drain.chat_ids:
        scheduler.add_job(send, "cron", hour=at.hour, minute=at.minute, second=at.second, args=[chat_id])
    scheduler.shutdown()


async def run(drain: Drain) -> None:
    bots.append(make_bot(drain))
    make_scheduler(drain).start()
    say_ready()
    await asyncio.Event().wait()


async def send(chat_id: int) -> None:
    try:
        await bots[0].send_message(chat_id, TEXT)
    except TelegramRetryAfter as error:
        await asyncio.sleep(error.retry_after)
        await send(chat_id)


if __name__ == "__main__":
    call(fill=fill, run=run)
