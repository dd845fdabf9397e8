"""Changes that are typed while a reminder is set up, and words there that are not understood."""

import pytest

from bot.app import App
from bot.content.groups import GroupTexts
from bot.content.load import Catalogue
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram

UNREAD = "Sorry, I didn't get that. This is how it would be:"


async def to_the_confirmation(person: Person) -> None:
    await person.starts()
    await person.says("every day at 9 pm")
    await person.says("London")
    assert person.hears()[-1].endswith("Is that right?")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("8", "Every day at 08:00."),
        ("actually noon-ish", "Every day, once between 11:45 and 12:15"),
        ("mornings and evenings", "Every day at 08:30 and 20:00."),
        ("make it 10pm", "Every day at 22:00."),
        ("change the time to 10pm", "Every day at 22:00."),
        ("monday instead", "Every Monday at 21:00."),
        ("monday and thursday half eight in the evening", "Every Monday and Thursday at 20:30."),
    ],
)
async def test_a_typed_change_is_shown_before_it_is_set(ana: Person, typed: str, shown: str) -> None:
    await to_the_confirmation(ana)
    await ana.says(typed)
    assert ana.hears()[-1].startswith(shown)
    await ana.says("yes")
    assert shown.rstrip(".").lower() in " ".join(ana.hears()[-2:]).lower()


async def test_a_change_in_spanish(telegram: LocalTelegram, app: App) -> None:
    eva = add_person(telegram, "Eva", language_code="es")
    await eva.starts()
    await eva.says("todos los días a las 20:00")
    await eva.says("Madrid")
    await eva.says("no, mejor a las 9")
    assert "09:00" in eva.hears()[-1]


async def test_what_is_no_change_is_said_so_above_the_card(ana: Person) -> None:
    await to_the_confirmation(ana)
    await ana.says("the purple one")
    assert ana.hears()[-1].startswith(f"{UNREAD}\n\nEvery day at 21:00.")


async def test_a_change_to_a_moment_that_has_gone_by(ana: Person, catalogue: Catalogue) -> None:
    await ana.starts()
    await ana.says("today at 6 pm")
    await ana.says("London")
    await ana.says("make it 9:00")
    assert ana.hears()[-1].startswith(catalogue.interface.setup.moment_past)


@pytest.mark.parametrize(
    ("typed", "said"), [("9pm", "21:00"), ("noon-ish", "12:00"), ("9 am and 9 pm", "09:00 and 21:00")]
)
async def test_a_time_typed_first_is_noted(ana: Person, typed: str, said: str) -> None:
    await ana.starts()
    await ana.says(typed)
    assert ana.hears()[-1].startswith(f"Noted: {said}. How often?")
    await ana.taps("Once a day")
    assert "time zone" in ana.hears()[-1] or any("time zone" in text for text in ana.hears())


@pytest.mark.parametrize("typed", ["mornings and evenings", "Every morning and evening.", "am and pm"])
async def test_mornings_and_evenings_are_understood_at_once(ana: Person, typed: str) -> None:
    await ana.starts()
    await ana.says(typed)
    await ana.says("London")
    assert "Every day at 08:30 and 20:00." in ana.hears()[-1]


# A group is asked for days, themes and looks after the time.


async def share_channel(telegram: LocalTelegram, ana: Person) -> Group:
    """A channel, for which a time is asked."""
    channel = make_group(telegram, "Quiet mornings", owner=ana, kind="channel")
    await ana.starts()
    await ana.says("/share")
    await ana.shares_chat(channel)
    return channel


@pytest.fixture
async def asked_for_days(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    channel = await share_channel(telegram, ana)
    await ana.says("13:00")
    return channel


async def test_the_time_can_be_changed_while_more_is_asked(ana: Person, asked_for_days: Group) -> None:
    await ana.says("change to 7pm")
    assert "Noted: 19:00." in ana.hears()[-1]
    await ana.taps("Every day")
    await ana.taps("London, 12:00")
    await ana.says("change to 8pm")
    assert "Noted: every day at 20:00." in ana.hears()[-1]
    assert "Which themes" in ana.hears()[-1]
    for label in ("These themes", "As words"):
        await ana.taps(label)
    assert any("every day at 20:00" in text for text in ana.hears())


async def test_a_change_at_the_confirmation_of_a_group(telegram: LocalTelegram, app: App, ana: Person) -> None:
    await share_channel(telegram, ana)
    await ana.says("around 9 am")
    for label in ("Every day", "London, 12:00", "These themes", "As words"):
        await ana.taps(label)
    await ana.says("change to 7pm")
    assert "Every day at 19:00." in ana.hears()[-1]


@pytest.mark.parametrize("typed", ["yes", "purple"])
async def test_words_among_the_themes_are_said_not_to_be_understood(
    ana: Person, asked_for_days: Group, texts: GroupTexts, typed: str
) -> None:
    await ana.taps("Every day")
    await ana.taps("London, 12:00")
    await ana.says(typed)
    assert texts.not_themes in ana.hears()[-1]
    await ana.taps("These themes")
    await ana.says(typed)
    assert texts.not_a_look in ana.hears()[-1]


async def test_days_among_the_themes_are_noted(ana: Person, asked_for_days: Group) -> None:
    await ana.taps("Every day")
    await ana.taps("London, 12:00")
    await ana.says("weekdays")
    assert "Noted: Monday to Friday at 13:00." in ana.hears()[-1]
