"""Serves an application on a free port of this machine alone. Called by what plays a server, and by its tests."""

from aiohttp import web

HOST = "127.0.0.1"
END_SECONDS = 0.1  # that requests under way have when it ends


async def listen(application: web.Application) -> tuple[web.AppRunner, int]:
    """Returns the runner, whose `cleanup` ends it, and the port."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=END_SECONDS)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    return runner, int(runner.addresses[0][1])
