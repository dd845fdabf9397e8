"""What could slip through where many people, two databases and Telegram's own order of things meet."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from telegram import Bot, Update

from bot.app import App
from bot.content.groups import GroupTexts
from bot.database.engine import Session
from bot.database.models import Chat, Facilitator
from bot.database.values import OffReason
from bot.usecases import chats, queued_messages
from bot.usecases.chats import get_or_create_chat
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.handlers.looking import TITLE, catch_up, in_a_topic, later, rows_of, set_up, told


async def test_a_moment_without_the_database_ends_no_sending(
    app: App, group: Group, ana: Person, clock: MovableClock, words: GroupTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await group.restrict(ana.bot, by=ana, can_send_messages=False)
    real, failures = chats.find_chat_by_id, [1]

    async def find_chat_by_id(session: Session, number: int) -> Chat | None:
        if failures:
            failures.pop()
            raise OperationalError("SELECT", {}, Exception("restarting"))
        return await real(session, number)

    monkeypatch.setattr(queued_messages, "find_chat_by_id", find_chat_by_id)
    await catch_up(app, clock)
    await later(app, clock, timedelta(minutes=10))
    assert told(ana, words.told_no_rights) == 1


async def test_a_yes_to_something_else_erases_nothing(app: App, group: Group, ana: Person, clock: MovableClock) -> None:
    await ana.says("/forget@gentle_tears_bot", group)
    await later(app, clock, timedelta(hours=1))
    await ana.says("yes", group, reply_to=ana.last_stored(group))
    assert len(await rows_of(app, group.id)) == 1
    await ana.says("/forget")
    await ana.says("yes")
    assert len(await rows_of(app, ana.id)) == 1


@pytest.mark.parametrize("data", ["affirm", "g:grounding", "h:", "l:", "start:new", "r:list", "m:1:p:stop"])
async def test_nobody_makes_the_bot_post_in_a_channel(
    app: App, telegram: LocalTelegram, channel: Group, ana: Person, clock: MovableClock, data: str
) -> None:
    await later(app, clock, timedelta(hours=1))
    other = add_person(telegram, "Other")
    await channel.add(other)
    before = channel.texts()
    await other.taps_data(channel.last()["message_id"], data, channel)
    assert channel.texts() == before


@pytest.mark.parametrize("data", ["h:", "h:countries", "l:"])
async def test_nobody_overwrites_what_the_bot_has_said_in_a_group(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, data: str
) -> None:
    robin = add_person(telegram, "Robin")
    await group.add(robin)
    before = group.texts()
    await robin.taps_data(group.last()["message_id"], data, group)
    assert group.texts() == before


async def test_a_stop_is_obeyed_in_a_busy_group(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, clock: MovableClock
) -> None:
    robin = add_person(telegram, "Robin")
    await group.add(robin)
    for _ in range(12):
        clock.move(timedelta(seconds=3.5))
        await robin.says("/affirm", group)
    await ana.says("/settings@gentle_tears_bot", group)
    assert "Settings" in group.texts()[-1]
    await ana.says("/stop@gentle_tears_bot", group)
    assert [each.off_reason for each in await rows_of(app, group.id)] == [OffReason.STOPPED]


async def test_commands_of_others_take_no_room(telegram: LocalTelegram, group: Group, clock: MovableClock) -> None:
    robin = add_person(telegram, "Robin")
    await group.add(robin)
    for number in range(12):
        clock.move(timedelta(seconds=0.5))
        await robin.says(f"/roll{number}", group)
    before = len(group.texts())
    await robin.says("/affirm", group)
    assert len(group.texts()) == before + 2


async def test_forget_also_erases_who_has_looked_after_only_in_the_group(app: App, telegram: LocalTelegram) -> None:
    robin = add_person(telegram, "Robin")
    group = make_group(telegram, TITLE, owner=robin)
    await group.add(robin.bot, by=robin)
    await set_up(robin, group)
    await robin.says("/forget")
    async with app.database.read() as session:
        assert (await session.scalars(select(Facilitator.person_id))).all() == []


async def test_bringing_back_leaves_a_stopped_topic_alone(
    app: App, forum: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    topic = await in_a_topic(ana, forum)
    await set_up(ana, forum)
    await ana.says("/stop@gentle_tears_bot", forum, topic)
    await forum.remove(ana.bot, by=ana)
    clock.move(timedelta(seconds=10))
    await forum.add(ana.bot, by=ana)
    await catch_up(app, clock)
    await ana.taps(words.bring_back)
    rows = {each.thread_id: each.off_reason for each in await rows_of(app, forum.id)}
    assert rows == {0: None, topic: OffReason.STOPPED}


async def test_going_on_in_general_does_not_end_its_stop(
    app: App, forum: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await in_a_topic(ana, forum)
    await set_up(ana, forum)
    await ana.says("/stop@gentle_tears_bot", forum)
    await forum.delete_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    await ana.taps(words.to_general)
    assert [each.off_reason for each in await rows_of(app, forum.id)] == [OffReason.STOPPED]


async def test_who_is_no_administrator_any_more_is_not_told_its_name(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, clock: MovableClock
) -> None:
    robin = add_person(telegram, "Robin")
    await robin.starts()
    await group.add(robin, status="administrator", by=ana)
    clock.move(timedelta(seconds=20))
    await robin.says("/share")
    await robin.shares_chat(group)
    await group.remove(robin, by=ana)
    clock.move(timedelta(days=30))
    group.chat.title = "A private matter"
    await robin.says("/share")
    assert "A private matter" not in str(robin.labels())
    await group.restrict(ana.bot, by=ana, can_send_messages=False)
    await later(app, clock, timedelta(minutes=1))
    assert "A private matter" not in "".join(robin.hears())


async def test_no_second_hello_after_a_migration(app: App, telegram: LocalTelegram, ana: Person) -> None:
    """Telegram tells of the supergroup as of one that the bot was added to (tdlib/telegram-bot-api#266)."""
    group = make_group(telegram, TITLE, owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    await set_up(ana, group)
    supergroup = await group.migrate()
    member = {"user": {"id": ana.bot.id, "is_bot": True, "first_name": "bot"}}
    change = {
        "chat": {"id": supergroup.id, "type": "supergroup", "title": TITLE},
        "date": 1,
        "from": {"id": ana.id, "is_bot": False, "first_name": "Ana"},
        "old_chat_member": member | {"status": "left"},
        "new_chat_member": member | {"status": "member"},
    }
    before = supergroup.texts()
    update = Update.de_json({"update_id": 99_000_000, "my_chat_member": change}, app.application.bot)
    await app.update_queue.take(update)
    assert supergroup.texts() == before


async def test_topics_of_a_group_with_a_long_name_are_told_apart(
    app: App, telegram: LocalTelegram, ana: Person
) -> None:
    forum = make_group(telegram, "T" * 100, owner=ana, is_forum=True)
    await forum.add(ana.bot, by=ana)
    await in_a_topic(ana, forum)
    await in_a_topic(ana, forum, "Second")
    await ana.says("/share")
    assert len({row[0] for row in ana.labels()[:2]}) == 2


async def test_what_is_due_does_not_wait_for_visits_to_silent_groups(
    app: App, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    async def never(bot: Bot, number: int) -> bool:
        asked.append(number)
        await app.stopping.wait()
        return False

    async with app.database.write() as session:
        for number in range(3):
            chat = await get_or_create_chat(session, -5000 - number, "supergroup", clock())
            chat.off_reason = OffReason.NO_RIGHTS
    monkeypatch.setattr("bot.entrypoints.scheduler.may_write", never)
    clock.move(timedelta(hours=1))
    await app.scheduler._look(clock())
    assert app.scheduler.looked_at == clock()


async def test_typed_words_are_not_caught_for_ever_by_a_group_that_is_gone(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    group = make_group(telegram, TITLE, owner=ana)
    await ana.says("/share")
    await ana.shares_chat(group)
    await group.ban(ana.bot, by=ana)
    clock.move(timedelta(seconds=20))
    await ana.says("7:45")
    assert ana.hears()[-1] == words.cannot_ask
    await ana.says("hello")
    assert ana.hears()[-1] != words.cannot_ask
