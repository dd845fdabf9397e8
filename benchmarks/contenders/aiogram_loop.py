"""A plain aiogram 3 bot: polls; a loop reads what is due, sends it in chunks, and writes each one down after its send.

Run with .venv-bench's Python: aiogram is no dependency of this project.
"""

import asyncio
import time
from typing import Any

from aiogram import Bot, Dispatcher, F  # type: ignore[import-not-found]  # only in .venv-bench
from aiogram.exceptions import TelegramRetryAfter  # type: ignore[import-not-found]  # only in .venv-bench
from aiogram.fsm.context import FSMContext  # type: ignore[import-not-found]  # only in .venv-bench
from aiogram.types import (  # type: ignore[import-not-found]  # only in .venv-bench
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from benchmarks.contenders.aiogram_bot import make_bot
from benchmarks.contenders.ledger import Ledger, fill_ledger, open_ledger
from benchmarks.contenders.verbs import call
from benchmarks.drain import BUTTONS, STEPS, TEXT, Drain, Pace

CHUNK = 100  # also aiogram's own number of connections


async def run(drain: Drain) -> None:
    ledger, bot, dispatcher = await open_ledger(drain), make_bot(drain), Dispatcher()
    pace = Pace(drain.per_second)
    async with asyncio.TaskGroup() as group:
        group.create_task(dispatcher.start_polling(bot, handle_signals=False))
        while True:
            due = await ledger.read_due(time.time())
            for start in range(0, len(due), CHUNK):
                await asyncio.gather(*(send(bot, ledger, pace, *row) for row in due[start : start + CHUNK]))
            await drain.wait_for_next_look()


async def send(bot: Bot, ledger: Ledger, pace: Pace, chat_id: int, text: str) -> None:
    """Sends at the pace; what is refused waits as long as Telegram asks, as aiogram's page on errors says."""
    await pace.wait()
    try:
        await bot.send_message(chat_id, text)
    except TelegramRetryAfter as error:
        await asyncio.sleep(error.retry_after)
        await send(bot, ledger, pace, chat_id, text)
        return
    await ledger.mark_sent([(time.time(), chat_id)])


async def answer(drain: Drain) -> None:
    """Leads whoever taps through so many steps, with aiogram's own state in memory."""
    dispatcher = Dispatcher()
    dispatcher.message.register(begin, F.text)
    dispatcher.callback_query.register(go_on)
    await dispatcher.start_polling(make_bot(drain), handle_signals=False)


async def begin(message: Message, state: FSMContext) -> None:
    await state.set_data({"step": 1})
    await message.answer(TEXT, reply_markup=keyboard())


async def go_on(query: CallbackQuery, state: FSMContext) -> None:
    await query.answer()
    data: dict[str, Any] = await state.get_data()  # Any: aiogram's own
    step = data.get("step", 0) + 1
    await state.set_data({"step": step})
    await query.message.answer(TEXT, reply_markup=keyboard() if step < STEPS else None)


def keyboard() -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=label, callback_data=label) for label in BUTTONS]
    return InlineKeyboardMarkup(inline_keyboard=[row])


if __name__ == "__main__":
    call(fill=fill_ledger, run=run, answer=answer)
