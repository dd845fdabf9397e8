"""What a key costs on the preview's page: `python -m benchmarks.keystrokes`. Chromium and its driver must be there.

The chat holds as many messages as --messages says, each with two rows of buttons. A key is typed into the message box
again and again; the figures are Chromium's own, of the page's main thread alone, so a busy machine lengthens only the
last one: the milliseconds from a key to the frame after it.
"""

import asyncio
import shutil
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Annotated

import typer
from selenium import webdriver

from localtelegram.clock import MovableClock
from localtelegram.loopback import listen
from localtelegram.page.server import Page
from localtelegram.people.demo import DemoWorld, populate
from localtelegram.state.posting import NewMessage, post
from localtelegram.telegram import LocalTelegram

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
KEYS = 60
WORDS = "You don't have to apologize for your tears. They may come, or not; both is all right. " * 2
BUTTONS = {
    "inline_keyboard": [[{"text": label, "callback_data": label} for label in row] for row in (("A", "B"), ("C", "D"))]
}
# Types into the box as a person does, one key a frame; answers with the milliseconds of each.
TYPE = """
const [keys, done] = arguments;
const box = document.querySelector("#composer textarea");
box.focus();
const took = [];
const type = () => {
  if (took.length === keys) return done(took);
  const began = performance.now();
  document.execCommand("insertText", false, took.length % 9 === 8 ? " " : "a");
  box.getBoundingClientRect();
  document.querySelector("#log").getBoundingClientRect();
  requestAnimationFrame(() => setTimeout(() => { took.push(performance.now() - began); setTimeout(type, 30); }));
};
type();
"""


def main(
    messages: Annotated[list[int] | None, typer.Option(help="How many messages; may be repeated.")] = None,
) -> None:
    """Measure what one key in the message box costs."""
    print(f"{datetime.now(UTC):%Y-%m-%d}: {KEYS} keys each, milliseconds of the page's main thread for one")
    print(f"{'messages':>9} {'all work':>9} {'layout':>8} {'style':>8} {'script':>8} {'key to frame':>13}")
    for count in messages or [3, 100, 1000]:
        with _page_with(count) as address, _browser() as driver:
            print(_measure(driver, address, count), flush=True)


def _measure(driver: webdriver.Chrome, address: str, count: int) -> str:
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 1280, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    driver.get(address)
    driver.set_script_timeout(300)
    seen = "return document.querySelectorAll('#log .message').length"
    while driver.execute_script(seen) < count:
        driver.execute_async_script("setTimeout(arguments[0], 50)")
    driver.execute_async_script(TYPE, 5)  # the first ones also lay out what nobody had looked at
    before = _metrics(driver)
    took = driver.execute_async_script(TYPE, KEYS)
    after = _metrics(driver)
    names = ("TaskDuration", "LayoutDuration", "RecalcStyleDuration", "ScriptDuration")
    work, layout, style, script = (1000 * (after[name] - before[name]) / KEYS for name in names)
    key = statistics.median(took)
    return f"{count:>9} {work:>9.1f} {layout:>8.1f} {style:>8.1f} {script:>8.1f} {key:>13.1f}"


def _metrics(driver: webdriver.Chrome) -> dict[str, float]:
    metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return {metric["name"]: metric["value"] for metric in metrics}


@contextmanager
def _browser() -> Iterator[webdriver.Chrome]:
    chromium, driver_path = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver_path):
        raise SystemExit("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver_path))
    try:
        yield driver
    finally:
        driver.quit()


@contextmanager
def _page_with(count: int) -> Iterator[str]:
    """Serves the page of a local Telegram without a bot, whose first chat has so many messages; yields its address."""
    addresses: SimpleQueue[str] = SimpleQueue()
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()

    async def serve() -> None:
        clock = MovableClock()
        telegram = LocalTelegram(clock=clock)
        world = await populate(telegram)
        _fill(world, count)
        page = Page(telegram, world, clock, None)
        runner, port = await listen(page.application())
        addresses.put(f"http://127.0.0.1:{port}/")
        await stopping.wait()
        page.close()
        await runner.cleanup()
        await telegram.stop()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    yield addresses.get()
    loop.call_soon_threadsafe(stopping.set)
    thread.join()


def _fill(world: DemoWorld, count: int) -> None:
    chat = world.you.chat
    chat.is_started = True
    for number in range(count):
        author = world.you.account if number % 4 == 0 else world.bot
        markup = None if author is world.you.account else BUTTONS
        post(world.telegram.network, chat, author, NewMessage(content={"text": WORDS}, markup=markup))


if __name__ == "__main__":
    typer.run(main)
