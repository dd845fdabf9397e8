"""arq: a job deferred until it is due for each chat, in Redis, and its worker; it sends with aiogram.

Set as its documentation says: so many jobs at once (its default is ten), and `Retry` when Telegram asks (its default
gives a job up after five tries).
"""

from typing import Any

from aiogram.exceptions import TelegramRetryAfter  # type: ignore[import-not-found]  # only in .venv-bench
from arq import Retry, Worker, create_pool  # type: ignore[import-not-found]  # only in .venv-bench
from arq.connections import RedisSettings  # type: ignore[import-not-found]  # only in .venv-bench

from benchmarks.contenders.aiogram_bot import make_bot
from benchmarks.contenders.verbs import call, say_ready
from benchmarks.drain import TEXT, Drain

CONCURRENCY = 100
MOST_TRIES = 100

Context = dict[str, Any]  # Any: arq's own, with what `set_up` puts in


async def fill(drain: Drain) -> None:
    redis = await create_pool(RedisSettings(unix_socket_path=drain.store_url))
    for chat_id in drain.chat_ids:
        await redis.enqueue_job("send", chat_id, _defer_until=drain.due_datetime)
    await redis.close()


async def run(drain: Drain) -> None:
    async def set_up(context: Context) -> None:
        context["bot"] = make_bot(drain)
        say_ready()

    worker = Worker(
        functions=[send],
        redis_settings=RedisSettings(unix_socket_path=drain.store_url),
        on_startup=set_up,
        max_jobs=CONCURRENCY,
        max_tries=MOST_TRIES,
    )
    await worker.async_run()


async def send(context: Context, chat_id: int) -> None:
    try:
        await context["bot"].send_message(chat_id, TEXT)
    except TelegramRetryAfter as error:
        raise Retry(defer=error.retry_after) from error


if __name__ == "__main__":
    call(fill=fill, run=run)
