"""The floor: bare aiohttp that posts JSON and marks what was sent in batches; no bot around it."""

import asyncio
import json
import time
from collections.abc import Iterator
from typing import Any

import aiohttp

from benchmarks.contenders.ledger import fill_ledger, open_ledger
from benchmarks.contenders.verbs import call, say_ready
from benchmarks.drain import BUTTONS, STEPS, TEXT, TOKEN, Drain, Pace

CONNECTIONS = 100
BATCH = 500
JSON_HEADERS = {"Content-Type": "application/json"}
KEYBOARD = {"inline_keyboard": [[{"text": label, "callback_data": label} for label in BUTTONS]]}

Json = dict[str, Any]  # Any: Bot API JSON


class Api:
    """One method call, one POST."""

    def __init__(self, drain: Drain) -> None:
        self._url = f"{drain.api_url}/bot{TOKEN}"
        connector = aiohttp.TCPConnector(limit=CONNECTIONS)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60))

    async def post(self, method: str, parameters: Json) -> Json:
        body = json.dumps(parameters).encode()
        async with self._session.post(f"{self._url}/{method}", data=body, headers=JSON_HEADERS) as response:
            answer: Json = json.loads(await response.read())
            return answer


async def run(drain: Drain) -> None:
    ledger, api, pace = await open_ledger(drain), Api(drain), Pace(drain.per_second)
    say_ready()
    while True:
        due = await ledger.read_due(time.time())
        for start in range(0, len(due), BATCH):
            waiting = iter(due[start : start + BATCH])
            sent: list[tuple[float, int]] = []
            await asyncio.gather(*(send_waiting(api, pace, waiting, sent) for _ in range(CONNECTIONS)))
            await ledger.mark_sent(sent)
        await drain.wait_for_next_look()


async def send_waiting(api: Api, pace: Pace, waiting: Iterator[tuple[int, str]], sent: list[tuple[float, int]]) -> None:
    for chat_id, text in waiting:
        is_sent = False
        while not is_sent:
            await pace.wait()
            answer = await api.post("sendMessage", {"chat_id": chat_id, "text": text})
            is_sent = answer["ok"]
            if not is_sent:
                await asyncio.sleep(answer["parameters"]["retry_after"])
        sent.append((time.time(), chat_id))


async def answer(drain: Drain) -> None:
    """Leads whoever taps through so many steps, each update in a task of its own."""
    api, steps = Api(drain), dict[int, int]()
    offset, tasks = 0, set[asyncio.Task[None]]()
    while True:
        updates = (await api.post("getUpdates", {"offset": offset, "timeout": 10}))["result"]
        for update in updates:
            offset = update["update_id"] + 1
            task = asyncio.create_task(answer_update(api, steps, update))
            tasks.add(task)
            task.add_done_callback(tasks.discard)


async def answer_update(api: Api, steps: dict[int, int], update: Json) -> None:
    query = update.get("callback_query")
    if query:
        await api.post("answerCallbackQuery", {"callback_query_id": query["id"]})
    chat_id = (query or update)["message"]["chat"]["id"]
    steps[chat_id] = steps.get(chat_id, 0) + 1 if query else 1
    more = {"reply_markup": KEYBOARD} if steps[chat_id] < STEPS else {}
    await api.post("sendMessage", {"chat_id": chat_id, "text": TEXT, **more})


if __name__ == "__main__":
    call(fill=fill_ledger, run=run, answer=answer)
