"""One `run_daily` for each chat; the two PTB contenders differ in their request only."""

import asyncio
from typing import Any

from telegram.ext import Application, ContextTypes

from benchmarks.drain import TEXT, Drain


async def run_jobs(application: Application[Any, Any, Any, Any, Any, Any], drain: Drain) -> None:  # Any: unused here
    """Set up every job, start the queue, and stay until the process is stopped."""
    job_queue = application.job_queue
    assert job_queue is not None
    for chat_id in drain.chat_ids:
        job_queue.run_daily(send, drain.due_datetime.timetz(), chat_id=chat_id)
    async with application:
        await application.start()
        await asyncio.Event().wait()


async def send(context: ContextTypes.DEFAULT_TYPE) -> None:
    assert context.job is not None
    assert context.job.chat_id is not None
    await context.bot.send_message(context.job.chat_id, TEXT)
