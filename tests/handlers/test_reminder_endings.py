"""A reminder with a last day says one message before that it ends, and the list says that it is finished."""

from datetime import date, time, timedelta

from sqlalchemy import select

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Chat, Reminder
from bot.domain.schedule import Daily
from bot.usecases.reminders.edit import change_rule
from localtelegram.clock import MovableClock
from localtelegram.people.person import Person
from tests.scenes import subscribe


async def test_the_last_message_but_one_says_when_the_last_one_comes(
    app: App, ana: Person, clock: MovableClock, catalogue: Catalogue
) -> None:
    await subscribe(ana)
    async with app.database.write() as session:
        chat = (await session.scalars(select(Chat))).one()
        reminder = (await session.scalars(select(Reminder))).one()
        change_rule(reminder, chat, Daily(at=time(8, 30), last=date(2026, 3, 4)), clock())
    said = catalogue.interface.reminders.ending.format(moment="Wednesday, 4 March, at 08:30")
    came = []
    for _ in range(4):
        clock.move(timedelta(days=1))
        heard = len(ana.hears())
        await app.scheduler.catch_up()
        came += ana.hears()[heard:]
    assert [message.endswith(f"\n\n{said}") for message in came] == [True, False]
    await ana.says("/reminders")
    assert "finished" in ana.hears()[-1]
