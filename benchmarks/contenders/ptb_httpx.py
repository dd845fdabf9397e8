"""PTB's JobQueue as its examples use it: one `run_daily` for each chat, PTB's own request over httpx."""

import asyncio

from telegram.ext import ApplicationBuilder

from benchmarks.contenders.job_queue import run_jobs
from benchmarks.drain import TOKEN, Drain


async def main() -> None:
    drain = Drain.from_environment()
    await run_jobs(ApplicationBuilder().token(TOKEN).base_url(f"{drain.api_url}/bot").build(), drain)


if __name__ == "__main__":
    asyncio.run(main())
