"""procrastinate: a deferred job for each chat in PostgreSQL and its asyncio worker; it sends with aiogram.

Set as its documentation says: so many jobs at once (its default is one), a look for due jobs each second (its default
is five), and a strategy of its own that tries again when Telegram asks.
"""

from aiogram.exceptions import TelegramRetryAfter  # type: ignore[import-not-found]  # only in .venv-bench
from procrastinate import (  # type: ignore[import-not-found]  # only in .venv-bench
    App,
    BaseRetryStrategy,
    PsycopgConnector,
    RetryDecision,
)
from procrastinate.jobs import Job  # type: ignore[import-not-found]  # only in .venv-bench

from benchmarks.contenders.aiogram_bot import make_bot
from benchmarks.contenders.verbs import call, say_ready
from benchmarks.drain import TEXT, Drain

CONCURRENCY = 100
AT_ONCE = 1000  # jobs in one statement


class WhenAsked(BaseRetryStrategy):  # type: ignore[misc]  # procrastinate is only in .venv-bench
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, TelegramRetryAfter):
            return RetryDecision(retry_in={"seconds": exception.retry_after})
        return None


def make_app(drain: Drain) -> App:
    app, bot = App(connector=PsycopgConnector(conninfo=drain.store_url)), make_bot(drain)

    @app.task(name="send", retry=WhenAsked())  # type: ignore[untyped-decorator]  # procrastinate is only in .venv-bench
    async def send(chat_id: int) -> None:
        await bot.send_message(chat_id, TEXT)

    return app


async def fill(drain: Drain) -> None:
    app = make_app(drain)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        job = app.configure_task("send", schedule_at=drain.due_datetime)
        for start in range(0, drain.count, AT_ONCE):
            chat_ids = drain.chat_ids[start : start + AT_ONCE]
            await job.batch_defer_async(*({"chat_id": chat_id} for chat_id in chat_ids))


async def run(drain: Drain) -> None:
    app = make_app(drain)
    async with app.open_async():
        say_ready()
        await app.run_worker_async(concurrency=CONCURRENCY, fetch_job_polling_interval=1.0)


if __name__ == "__main__":
    call(fill=fill, run=run)
