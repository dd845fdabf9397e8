"""Groups and channels: a facilitator picks one, sets it up and changes it, in private or in the group."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import App
from bot.content.groups import GroupTexts
from bot.content.load import Catalogue
from bot.database.models import Chat, Facilitator, Reminder
from bot.domain.ids import TelegramId
from bot.domain.schedule import Daily, read_rule
from bot.usecases.chats import find_chat, list_chats_of
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.handlers.shared_chats import in_a_topic


@pytest.fixture
def texts(catalogue: Catalogue) -> GroupTexts:
    return catalogue.interface.together


@pytest.fixture
def circle(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    return make_group(telegram, "Tuesday circle", owner=ana, is_forum=True)


@pytest.fixture
def channel(telegram: LocalTelegram, app: App, ana: Person) -> Group:
    return make_group(telegram, "Quiet mornings", owner=ana, kind="channel")


def unasked(catalogue: Catalogue, kind: str, *more: str) -> str:
    """Returns what a chat of this kind leaves out that was set up without asking for more."""
    return ",".join(sorted({*catalogue.rules.themes_for.unasked_in(kind), *more}))


async def rows_of(app: App, group: Group) -> list[Chat]:
    async with app.database.read() as session:
        return list(await list_chats_of(session, TelegramId(group.id)))


async def rules_of(app: App, group: Group) -> list[object]:
    async with app.database.read() as session:
        query = select(Reminder.rule).join(Chat).where(Chat.telegram_id == group.id).order_by(Reminder.id)
        return [read_rule(rule) for rule in await session.scalars(query)]


async def picks(person: Person, group: Group) -> None:
    await person.says("/share")
    await person.shares_chat(group)


async def set_up(person: Person, group: Group) -> None:
    """Sets up a group: Tuesdays at 08:30, as text."""
    await picks(person, group)
    for label in ("08:30", "Tue", "These days", "London, 12:00", "These themes", "As words"):
        await person.taps(label)


async def test_a_channel_is_set_up_in_a_minute_and_its_first_post_is_seen(
    app: App, ana: Person, channel: Group, clock: MovableClock, catalogue: Catalogue
) -> None:
    await ana.says("/share")
    assert ana.keys() == [["A group", "A channel"], ["Not now"]]
    await ana.shares_chat(channel)
    assert ana.last()["text"].startswith("Quiet mornings\n\nWhat time would suit everyone?")
    await ana.taps("08:30")
    await ana.taps("Monday to Friday")
    await ana.taps("London, 12:00")
    await ana.taps("✓ Being seen")
    await ana.taps("These themes")
    await ana.taps("As words")
    done, look, hint = ana.hears()[-3:]
    assert "It's set: Monday to Friday at 08:30." in done
    assert done.endswith(catalogue.interface.together.first_post)
    assert hint == catalogue.interface.together.hint  # below the post, which pushes nothing out of sight
    assert ana.labels() == [["Send one now"], ["Reminders"], ["Back to the overview"]]
    (row,) = await rows_of(app, channel)
    assert (row.kind, row.left_out, row.shows_pictures, row.zone) == (
        "channel",
        unasked(catalogue, "channel", "being-seen"),
        False,
        "Europe/London",
    )
    assert await rules_of(app, channel) == [Daily(at="08:30", weekdays=(0, 1, 2, 3, 4))]
    clock.move(timedelta(hours=20, minutes=30))
    await app.scheduler.catch_up()
    assert channel.texts() == [look]


async def test_only_the_right_to_post_is_asked_for_in_a_channel_and_none_in_a_group(ana: Person) -> None:
    await ana.says("/share")
    ((group, channel), _) = ana.last_stored().reply_keyboard["keyboard"]  # type: ignore[index]  # a keyboard was sent just now
    assert "bot_administrator_rights" not in group["request_chat"]
    assert "user_administrator_rights" not in group["request_chat"]
    for whose in ("bot_administrator_rights", "user_administrator_rights"):
        wanted = channel["request_chat"][whose]
        assert [right for right, is_wanted in wanted.items() if is_wanted] == ["can_post_messages"]


async def test_a_group_gets_the_bot_as_an_ordinary_member_and_is_greeted_once(
    app: App, ana: Person, circle: Group, texts: GroupTexts
) -> None:
    await set_up(ana, circle)
    assert circle.chat.member(ana.bot.id).status == "member"
    assert ana.hears(circle) == [texts.hello]
    assert await rules_of(app, circle) == [Daily(at="08:30", weekdays=(1,))]


async def test_a_facilitators_own_zone_is_taken_without_asking(
    app: App, ana: Person, circle: Group, clock: MovableClock
) -> None:
    await ana.starts()
    for label in ("Once a day", "08:30", "London, 12:00"):
        await ana.taps(label)
    await picks(ana, circle)
    for label in ("20:00", "Every day", "These themes", "As pictures"):
        await ana.taps(label)
    (row,) = await rows_of(app, circle)
    assert (row.zone, row.shows_pictures) == ("Europe/London", True)


async def test_days_and_times_can_be_typed(app: App, ana: Person, circle: Group) -> None:
    await picks(ana, circle)
    for text in ("7.45 pm", "something", "tuesday and friday", "London"):
        await ana.says(text)
    for label in ("These themes", "As words"):
        await ana.taps(label)
    assert await rules_of(app, circle) == [Daily(at="19:45", weekdays=(1, 4))]


async def test_who_is_no_administrator_is_refused_and_nothing_is_stored(
    app: App, telegram: LocalTelegram, ana: Person, circle: Group, texts: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    await circle.add(ana.bot, by=ana)
    await circle.add(robin, by=ana)
    await picks(robin, circle)
    assert robin.hears()[-1] == texts.only_admins
    assert await rows_of(app, circle) == []


async def test_where_telegram_cannot_be_asked_nothing_is_changed(
    app: App, telegram: LocalTelegram, ana: Person, circle: Group, texts: GroupTexts, clock: MovableClock
) -> None:
    await set_up(ana, circle)
    await ana.taps("Reminders")
    clock.move(timedelta(minutes=1))
    telegram.faults.refuse(400, "Bad Request: CHAT_ADMIN_REQUIRED", method="getChatAdministrators")
    await ana.taps("1. Every Tue at 08:30")
    assert ana.toasts[-1].text == texts.cannot_ask
    assert await rules_of(app, circle) == [Daily(at="08:30", weekdays=(1,))]


async def test_never_mind_takes_the_keys_away(ana: Person, texts: GroupTexts) -> None:
    await ana.says("/share")
    await ana.presses("Not now")
    assert ana.hears()[-1] == texts.not_now_reply
    assert ana.keys() == []


async def test_several_chats_are_listed_by_their_names_and_none_is_stored(
    app: App, ana: Person, circle: Group, channel: Group
) -> None:
    await set_up(ana, circle)
    await picks_again(ana, channel)
    await ana.says("/share")
    assert ana.labels()[:2] == [["Tuesday circle"], ["Quiet mornings"]]
    async with app.database.read() as session:
        stored = [
            str(list(row))
            for table in (Chat, Facilitator)
            for row in await session.execute(select(*table.__table__.columns))
        ]
    assert not any("circle" in text or "mornings" in text for text in stored)


async def picks_again(person: Person, group: Group) -> None:
    await person.says("/share")
    await person.taps("Another group or channel")
    await person.shares_chat(group)
    for label in ("08:30", "Every day", "These themes", "As words"):
        await person.taps(label)


async def test_the_card_leads_to_everything_and_back(app: App, ana: Person, circle: Group, clock: MovableClock) -> None:
    await set_up(ana, circle)
    await ana.says("/share")
    await ana.taps("Tuesday circle")
    assert ana.last()["text"].startswith("Tuesday circle\n\nReminders\n\n1. Every Tuesday at 08:30")
    await ana.taps("Settings")
    await ana.taps("Without sound")
    await ana.taps("Back to the overview")
    await ana.taps("Reminders")
    await ana.taps("1. Every Tue at 08:30")
    await ana.taps("Choose days")
    await ana.taps("Fri")
    await ana.taps("Done")
    await ana.taps("Change")
    await ana.taps("20:00")
    await ana.taps("Every day")
    (row,) = await rows_of(app, circle)
    assert row.is_silent
    (rule,) = await rules_of(app, circle)
    assert isinstance(rule, Daily)
    assert rule.at.hour == 20
    await ana.says("/share")
    await ana.taps("Tuesday circle")
    clock.move(timedelta(seconds=5))
    before = len(circle.texts())
    await ana.taps("Send one now")
    assert len(circle.texts()) == before + 1
    await ana.taps("Pause")
    await ana.taps("A day")
    assert "Paused until" in ana.hears()[-1]
    async with app.database.read() as session:
        own = await find_chat(session, TelegramId(ana.id))
        assert own is None or own.paused_until is None


async def test_a_demoted_facilitator_changes_nothing_more(
    app: App, telegram: LocalTelegram, ana: Person, circle: Group, clock: MovableClock, texts: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    await circle.add(robin, by=ana)
    await circle.promote(robin, by=ana)
    await circle.add(ana.bot, by=ana)
    await set_up(robin, circle)
    await robin.says("/share")
    listed = robin.last()
    await circle.demote(robin, by=ana)
    clock.move(timedelta(seconds=20))
    await robin.taps_data(listed["message_id"], listed["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    assert robin.toasts[-1].text == texts.only_admins
    await robin.says("/share")
    assert robin.labels() == [["Another group or channel"]]  # only administrators see its name


async def test_two_facilitators_see_what_the_other_did_and_undo_nothing_blindly(
    app: App, telegram: LocalTelegram, ana: Person, circle: Group, texts: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    await circle.add(robin, by=ana)
    await circle.promote(robin, by=ana)
    await set_up(ana, circle)
    await robin.says("/share")
    await robin.shares_chat(circle)
    for person in (ana, robin):
        await person.says("/share")
        await person.taps("Tuesday circle")
        await person.taps("Reminders")
        await person.taps("1. Every Tue at 08:30")
        await person.taps("Choose days")
    await ana.taps("Fri")
    await robin.taps("Mon")
    assert robin.toasts[-1].text == texts.changed_meanwhile
    assert await rules_of(app, circle) == [Daily(at="08:30", weekdays=(1, 4))]
    await robin.taps("Mon")
    assert await rules_of(app, circle) == [Daily(at="08:30", weekdays=(0, 1, 4))]


async def test_it_can_be_set_up_in_the_group_by_commands_and_replies(
    app: App, ana: Person, circle: Group, texts: GroupTexts
) -> None:
    await circle.add(ana.bot, by=ana)
    topic = await circle.open_topic("Gentle reminders", by=ana)
    await ana.says("/start@gentle_tears_bot", circle, topic)
    assert ana.last(circle)["text"].endswith(texts.reply_here)
    await ana.says("7:45", circle, topic, reply_to=ana.last_stored(circle))
    for label in ("Tue", "These days", "London, 12:00", "These themes", "As words"):
        await ana.taps(label, circle)
    assert "It's set: every Tuesday at 07:45." in ana.hears(circle)[-1]
    (row,) = await rows_of(app, circle)
    assert row.thread_id == topic.id
    async with app.database.read() as session:
        assert [facilitator.person_id for facilitator in await session.scalars(select(Facilitator))] == [ana.id]


async def test_a_members_reply_is_left_alone(app: App, telegram: LocalTelegram, ana: Person, circle: Group) -> None:
    robin = add_person(telegram, "Robin")
    await circle.add(ana.bot, by=ana)
    await circle.add(robin, by=ana)
    await ana.says("/start@gentle_tears_bot", circle)
    heard = ana.hears(circle)
    await robin.says("7:45", circle, reply_to=ana.last_stored(circle))
    assert [text for text in ana.hears(circle) if text != "7:45"] == heard


async def test_a_crisis_phrase_in_a_reply_is_answered(
    telegram: LocalTelegram, ana: Person, circle: Group, catalogue: Catalogue
) -> None:
    await circle.add(ana.bot, by=ana)
    await ana.says("I want to die", circle, reply_to=ana.last_stored(circle))
    assert catalogue.support.card.people in ana.hears(circle)[-1]


async def test_the_hello_opens_the_set_up_in_private(app: App, ana: Person, circle: Group) -> None:
    await circle.add(ana.bot, by=ana)
    url = ana.last(circle)["reply_markup"]["inline_keyboard"][0][0]["url"]
    await ana.starts(url.partition("?start=")[2])
    assert ana.last()["text"].startswith("Tuesday circle\n\nWhat time")


async def test_whoever_opens_a_channel_is_asked_in_private(app: App, ana: Person, channel: Group) -> None:
    await ana.says("/affirm")
    await channel.promote(ana.bot, by=ana, can_post_messages=True)
    assert "Quiet mornings" in ana.hears()[-1]
    await ana.taps("Choose when")
    assert ana.last()["text"].startswith("Quiet mornings\n\nWhat time")
    assert channel.texts() == []


async def test_stop_in_private_leaves_the_group_as_it_is_and_forget_forgets_the_facilitator(
    app: App, ana: Person, circle: Group
) -> None:
    await set_up(ana, circle)
    await ana.says("/stop")
    (row,) = await rows_of(app, circle)
    assert row.off_reason is None
    await ana.says("/forget")
    await ana.taps("Yes, delete everything")
    async with app.database.read() as session:
        assert (await session.scalars(select(Facilitator))).all() == []
    assert len(await rules_of(app, circle)) == 1


async def test_forget_in_a_group_erases_every_topic(app: App, ana: Person, circle: Group) -> None:
    await set_up(ana, circle)
    topic = await circle.open_topic("Gentle reminders", by=ana)
    await ana.says("/settings@gentle_tears_bot", circle, topic)
    assert len(await rows_of(app, circle)) == 2
    await ana.says("/forget@gentle_tears_bot", circle, topic)
    await ana.taps("Yes, delete everything", circle)
    assert await rows_of(app, circle) == []


async def test_nothing_is_written_before_the_end(app: App, ana: Person, circle: Group, catalogue: Catalogue) -> None:
    await picks(ana, circle)
    for label in ("08:30", "Every day", "London, 12:00", "✓ Being seen", "Back", "Back"):
        await ana.taps(label)
    await ana.taps("Not now")
    (row,) = await rows_of(app, circle)
    assert (row.zone, row.left_out) == (None, unasked(catalogue, "supergroup"))
    assert await rules_of(app, circle) == []


async def test_of_two_who_set_it_up_at_once_the_first_ones_choices_stay(
    app: App, telegram: LocalTelegram, ana: Person, circle: Group, texts: GroupTexts, catalogue: Catalogue
) -> None:
    robin = add_person(telegram, "Robin")
    await circle.add(robin, by=ana)
    await circle.promote(robin, by=ana)
    await picks(ana, circle)
    await picks(robin, circle)
    for label in ("08:30", "Every day", "London, 12:00", "✓ Being seen", "These themes"):
        await ana.taps(label)
    for label in ("20:00", "Every day", "New York, 07:00", "✓ Not alone", "These themes"):
        await robin.taps(label)
    await ana.taps("As pictures")
    await robin.taps("As words")
    assert any(text.startswith(f"{circle.chat.title}\n\n{texts.changed_meanwhile}") for text in robin.hears())
    (row,) = await rows_of(app, circle)
    assert (row.zone, row.left_out, row.shows_pictures) == (
        "Europe/London",
        unasked(catalogue, "supergroup", "being-seen"),
        True,
    )
    assert await rules_of(app, circle) == [Daily(at="08:30"), Daily(at="20:00")]


async def test_a_link_that_adds_the_bot_gets_one_hello(ana: Person, circle: Group, texts: GroupTexts) -> None:
    await ana.adds_bot(circle, "share")
    assert sum(texts.hello in text for text in circle.texts()) == 1
    assert texts.question_time in circle.texts()[-1]


async def test_all_about_a_channel_can_be_erased_from_its_card(app: App, ana: Person, channel: Group) -> None:
    await set_up(ana, channel)
    await ana.says("/share")
    for label in ("Quiet mornings", "Delete everything about it", "Yes, delete everything"):
        await ana.taps(label)
    assert await rows_of(app, channel) == []
    async with app.database.read() as session:
        assert await find_chat(session, TelegramId(ana.id)) is not None


async def test_topics_of_a_group_with_a_long_name_are_told_apart(
    app: App, telegram: LocalTelegram, ana: Person
) -> None:
    forum = make_group(telegram, "T" * 100, owner=ana, is_forum=True)
    await forum.add(ana.bot, by=ana)
    await in_a_topic(ana, forum)
    await in_a_topic(ana, forum, "Second")
    await ana.says("/share")
    assert len({row[0] for row in ana.labels()[:2]}) == 2


async def test_a_link_tells_a_stranger_nothing_about_the_group(
    telegram: LocalTelegram, circle: Group, ana: Person, texts: GroupTexts
) -> None:
    stranger, member = add_person(telegram, "Stranger"), add_person(telegram, "Member")
    await circle.add(ana.bot, by=ana)
    await circle.add(member, by=ana)
    elsewhere = make_group(telegram, "Another circle", owner=ana)
    for group, person in ((circle, stranger), (elsewhere, stranger), (circle, member)):
        await person.says(f"/start chat-{abs(group.id)}")
        assert person.hears()[-1] == texts.link_is_closed
    await stranger.says("/start chat-100999999")
    assert stranger.hears()[-1] == texts.link_is_closed
    await ana.says(f"/start chat-{abs(circle.id)}")
    assert ana.hears()[-1] != texts.link_is_closed
