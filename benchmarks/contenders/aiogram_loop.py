"""A plain aiogram 3 loop: read what is due, send it in chunks, write each one down after its send.

Run with .venv-bench's Python: aiogram is no dependency of this project.
"""

import asyncio
import time

import aiosqlite
from aiogram import Bot  # type: ignore[import-not-found]  # only in .venv-bench
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]  # only in .venv-bench
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found]  # only in .venv-bench

from benchmarks.contenders.ledger import MARK_SENT, fill_ledger, open_ledger, read_due
from benchmarks.drain import TOKEN, Drain

CHUNK = 100  # also aiogram's own number of connections


async def send(bot: Bot, ledger: aiosqlite.Connection, chat_id: int, text: str) -> None:
    await bot.send_message(chat_id, text)
    await ledger.execute(MARK_SENT, (time.time(), chat_id))
    await ledger.commit()


async def main() -> None:
    drain = Drain.from_environment()
    ledger = await open_ledger(fill_ledger(drain))
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(drain.api_url)))
    await drain.wait_until_due()
    due = await read_due(ledger, now=time.time())
    for start in range(0, len(due), CHUNK):
        await asyncio.gather(*(send(bot, ledger, *row) for row in due[start : start + CHUNK]))
    await asyncio.Event().wait()  # stays until it has been measured and is stopped


if __name__ == "__main__":
    asyncio.run(main())
