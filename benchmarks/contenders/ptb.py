"""python-telegram-bot as its examples use it: polls; the JobQueue has a `run_daily` for each chat; httpx underneath.

Two settings that its documentation offers make it lose less: no limit to how late a job may start, and longer to wait
for a free connection. Where Telegram has a limit, AIORateLimiter keeps it.
"""

import asyncio
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from benchmarks.contenders.verbs import call
from benchmarks.drain import BUTTONS, STEPS, TEXT, TOKEN, Drain

POOL_SECONDS = 60.0  # that a call waits for a free connection; PTB's default of one loses most of a rush
MOST_RETRIES = 100

PtbApplication = Application[Any, Any, Any, Any, Any, Any]  # Any: nothing of it is used here


def build(drain: Drain) -> PtbApplication:
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{drain.api_url}/bot").pool_timeout(POOL_SECONDS)
    if drain.per_second:
        limiter = AIORateLimiter(overall_max_rate=drain.per_second, overall_time_period=1, max_retries=MOST_RETRIES)
        return builder.rate_limiter(limiter).build()
    return builder.build()


async def stay(application: PtbApplication) -> None:
    """Starts as PTB's page on running it beside other asyncio code says."""
    assert application.updater is not None
    async with application:
        await application.start()
        await application.updater.start_polling()
        await asyncio.Event().wait()


async def run(drain: Drain) -> None:
    application = build(drain)
    job_queue = application.job_queue
    assert job_queue is not None
    at = drain.due_datetime.timetz()
    for chat_id in drain.chat_ids:
        job_queue.run_daily(send, at, chat_id=chat_id, job_kwargs={"misfire_grace_time": None})
    await stay(application)


async def send(context: ContextTypes.DEFAULT_TYPE) -> None:
    assert context.job is not None
    assert context.job.chat_id is not None
    await context.bot.send_message(context.job.chat_id, TEXT)


async def answer(drain: Drain) -> None:
    """Leads whoever taps through so many steps, with PTB's own `user_data` in memory."""
    application = build(drain)
    application.add_handler(MessageHandler(filters.TEXT, begin))
    application.add_handler(CallbackQueryHandler(go_on))
    await stay(application)


async def begin(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert context.user_data is not None
    assert update.effective_chat is not None
    context.user_data["step"] = 1
    await update.effective_chat.send_message(TEXT, reply_markup=keyboard())


async def go_on(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert context.user_data is not None
    assert update.callback_query is not None
    assert update.effective_chat is not None
    await update.callback_query.answer()
    step = context.user_data.get("step", 0) + 1
    context.user_data["step"] = step
    await update.effective_chat.send_message(TEXT, reply_markup=keyboard() if step < STEPS else None)


def keyboard() -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in BUTTONS]])


if __name__ == "__main__":
    call(run=run, answer=answer)
