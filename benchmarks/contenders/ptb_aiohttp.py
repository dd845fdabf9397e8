"""PTB's JobQueue, one `run_daily` for each chat, with its request interface over aiohttp."""

import asyncio

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest, RequestData

from benchmarks.contenders.job_queue import run_jobs
from benchmarks.drain import TOKEN, Drain

CONNECTIONS = 100
TIMEOUT_SECONDS = 60.0  # long: a queue of thousands waits for a connection inside it


class AiohttpRequest(BaseRequest):
    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return TIMEOUT_SECONDS

    async def initialize(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
        )

    async def shutdown(self) -> None:
        if self._session:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: object,
        **named: object,
    ) -> tuple[int, bytes]:
        assert self._session is not None
        data = request_data.json_parameters if request_data else None
        try:
            async with self._session.request(method, url, data=data) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(str(error)) from error


async def main() -> None:
    drain = Drain.from_environment()
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{drain.api_url}/bot")
    application = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest()).build()
    await run_jobs(application, drain)


if __name__ == "__main__":
    asyncio.run(main())
