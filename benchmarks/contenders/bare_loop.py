"""The floor: a bare aiohttp loop that posts JSON and marks what was sent in batches; no bot around it."""

import asyncio
import json
import time
from collections.abc import Iterator

import aiohttp
import aiosqlite

from benchmarks.contenders.ledger import MARK_SENT, fill_ledger, open_ledger, read_due
from benchmarks.drain import TOKEN, Drain

CONNECTIONS = 100
BATCH = 500
JSON_HEADERS = {"Content-Type": "application/json"}


async def main() -> None:
    drain = Drain.from_environment()
    ledger = await open_ledger(fill_ledger(drain))
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:
        await drain.wait_until_due()
        due = await read_due(ledger, now=time.time())
        for start in range(0, len(due), BATCH):
            waiting = iter(due[start : start + BATCH])
            sent: list[tuple[float, int]] = []
            url = f"{drain.api_url}/bot{TOKEN}/sendMessage"
            await asyncio.gather(*(send_waiting(session, url, waiting, sent) for _ in range(CONNECTIONS)))
            await mark_sent(ledger, sent)
        await asyncio.Event().wait()  # stays until it has been measured and is stopped


async def send_waiting(
    session: aiohttp.ClientSession,
    url: str,
    waiting: Iterator[tuple[int, str]],
    sent: list[tuple[float, int]],
) -> None:
    for chat_id, text in waiting:
        body = json.dumps({"chat_id": chat_id, "text": text}).encode()
        async with session.post(url, data=body, headers=JSON_HEADERS) as response:
            answer = json.loads(await response.read())
        if answer["ok"]:
            sent.append((time.time(), chat_id))


async def mark_sent(ledger: aiosqlite.Connection, sent: list[tuple[float, int]]) -> None:
    await ledger.executemany(MARK_SENT, sent)
    await ledger.commit()


if __name__ == "__main__":
    asyncio.run(main())
