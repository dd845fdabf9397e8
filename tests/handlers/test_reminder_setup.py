"""Setting up a reminder: the answers of one person do not change another person's questions."""

from bot.app import App
from localtelegram.people.person import Person, add_person


async def test_two_people_do_not_disturb_each_other(app: App, ana: Person) -> None:
    robin = add_person(ana.telegram, "Robin")
    await ana.starts()
    await robin.starts()
    await ana.taps("Once a day")
    await robin.taps("Only once")
    await ana.taps("08:30")
    await robin.taps("London, 12:00")
    assert "time zone" in ana.hears()[-1]
    assert "When?" in robin.hears()[-1]
