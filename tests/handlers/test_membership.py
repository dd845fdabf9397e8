"""Membership: topics closed or deleted, rights lost, the bot removed or blocked, groups that become supergroups."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from telegram import Bot, Update

from bot.app import App
from bot.content.groups import GroupTexts
from bot.database.engine import Session
from bot.database.models import Chat, Reminder
from bot.database.values import OffReason
from bot.domain.ids import ChatId, TelegramId
from bot.usecases import chats, queued_messages
from bot.usecases.chats import find_chat, get_or_create_chat
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.handlers.shared_chats import A_DAY, TITLE, catch_up, count_heard, in_a_topic, later, rows_of, sent, set_up

# Topics


async def test_a_command_in_a_topic_sets_that_topic(app: App, forum: Group, ana: Person, clock: MovableClock) -> None:
    first = await in_a_topic(ana, forum)
    second = await in_a_topic(ana, forum, "Second")
    await set_up(ana, forum)  # General
    assert [row.thread_id for row in await rows_of(app, forum.id)] == [0, first, second]
    await later(app, clock, timedelta(hours=1))
    for topic in ("General", "Gentle reminders", "Second"):
        assert len(forum.texts(topic=topic)[-1]) < 200
    assert await sent(app) == 3


async def test_a_closed_topic_is_waited_for_and_told_once(
    app: App, forum: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    await in_a_topic(ana, forum)
    before = len(forum.texts())
    await forum.close_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    await later(app, clock, timedelta(minutes=20))
    assert count_heard(ana, texts.told_topic_closed) == 1
    assert len(forum.texts()) == before
    await forum.reopen_topic("Gentle reminders")
    await catch_up(app, clock)
    assert len(forum.texts(topic="Gentle reminders")) == before - 1 + 1
    assert await sent(app) == 1


async def test_a_topic_closed_again_another_day_is_told_again(
    app: App, forum: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    await in_a_topic(ana, forum)
    await forum.close_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    await forum.reopen_topic("Gentle reminders")
    await catch_up(app, clock)
    await forum.close_topic("Gentle reminders")
    await later(app, clock, A_DAY)
    assert count_heard(ana, texts.told_topic_closed) == 2


async def test_a_closed_general_is_waited_for_too(
    app: App, forum: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    await set_up(ana, forum)
    await forum.close_topic("General")
    await later(app, clock, timedelta(hours=1))
    assert count_heard(ana, texts.told_topic_closed) == 1
    await forum.reopen_topic("General")
    await catch_up(app, clock)
    assert await sent(app) == 1


async def test_a_topic_that_is_gone_rests_and_can_go_on_in_general(
    app: App, forum: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    await in_a_topic(ana, forum)
    await forum.delete_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    await later(app, clock, A_DAY)
    assert count_heard(ana, texts.told_topic_gone) == 1
    assert [row.off_reason for row in await rows_of(app, forum.id)] == [OffReason.TOPIC_GONE]
    await ana.taps(texts.to_general)
    (row,) = await rows_of(app, forum.id)
    assert (row.thread_id, row.off_reason) == (0, None)
    await later(app, clock, A_DAY)
    assert await sent(app) == 1


async def test_without_a_facilitator_the_notice_goes_to_general(
    telegram: LocalTelegram, app: App, clock: MovableClock, texts: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    forum = make_group(telegram, TITLE, owner=robin, is_forum=True)
    await forum.add(robin.bot, by=robin)
    await in_a_topic(robin, forum)
    await forum.delete_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    assert forum.texts(topic="General").count(texts.told_topic_gone.format(title=TITLE)) == 1
    await robin.taps(texts.to_general, forum)
    assert [row.off_reason for row in await rows_of(app, forum.id)] == [None]


# Rights


async def test_a_muted_bot_rests_tells_once_and_goes_on_by_itself(
    app: App, group: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    await group.restrict(ana.bot, by=ana, can_send_messages=False)
    await later(app, clock, timedelta(hours=1))
    await later(app, clock, A_DAY)
    assert count_heard(ana, texts.told_no_rights) == 1
    assert await sent(app) == 0
    await group.restrict(ana.bot, by=ana)
    await later(app, clock, A_DAY)
    assert await sent(app) == 1


async def test_when_all_members_are_muted_it_finds_out_by_itself_that_they_may_write_again(
    app: App, group: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    group.forbid(can_send_messages=False)
    await later(app, clock, timedelta(hours=1))
    assert count_heard(ana, texts.told_no_rights) == 1
    group.forbid(can_send_messages=True)
    await later(app, clock, timedelta(minutes=15))
    assert [row.off_reason for row in await rows_of(app, group.id)] == [None]
    await later(app, clock, A_DAY)
    assert await sent(app) == 1


async def test_a_channel_without_the_right_to_post_rests_and_resumes(
    app: App, channel: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    await channel.promote(ana.bot, by=ana, can_post_messages=False)
    await catch_up(app, clock)
    assert count_heard(ana, texts.told_no_rights, "Quiet mornings") == 1
    await channel.promote(ana.bot, by=ana, can_post_messages=True)
    await later(app, clock, timedelta(hours=1))
    assert await sent(app) == 1
    assert count_heard(ana, texts.told_no_rights, "Quiet mornings") == 1


async def test_a_channel_that_turns_private_goes_on(app: App, channel: Group, ana: Person, clock: MovableClock) -> None:
    channel.chat.username = "quiet_mornings"
    await later(app, clock, timedelta(hours=1))
    channel.chat.username = None
    await later(app, clock, A_DAY)
    assert await sent(app) == 2


async def test_a_short_failure_of_the_database_loses_no_notice(
    app: App, group: Group, ana: Person, clock: MovableClock, texts: GroupTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await group.restrict(ana.bot, by=ana, can_send_messages=False)
    real, failures = chats.find_chat_by_id, [1]

    async def find_chat_by_id(session: Session, number: int) -> Chat | None:
        if failures:
            failures.pop()
            raise OperationalError("SELECT", {}, Exception("restarting"))
        return await real(session, ChatId(number))

    monkeypatch.setattr(queued_messages, "find_chat_by_id", find_chat_by_id)
    await catch_up(app, clock)
    await later(app, clock, timedelta(minutes=10))
    assert count_heard(ana, texts.told_no_rights) == 1


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
            chat = await get_or_create_chat(session, TelegramId(-5000 - number), "supergroup", clock())
            chat.off_reason = OffReason.NO_RIGHTS
    monkeypatch.setattr("bot.entrypoints.group_visits.may_write", never)
    clock.move(timedelta(hours=1))
    await app.scheduler._look(clock())
    assert app.scheduler.looked_at == clock()


# The bot is removed, blocked and added again


async def test_who_removes_the_bot_gets_no_notice_and_others_do(
    telegram: LocalTelegram, app: App, group: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    await robin.says("/help")
    await group.add(robin, by=ana)
    await group.promote(robin, by=ana)
    await robin.says("/share")
    await robin.shares_chat(group)
    await group.ban(ana.bot, by=ana)
    await catch_up(app, clock)
    assert count_heard(robin, texts.told_blocked) == 1
    assert count_heard(ana, texts.told_blocked) == 0
    await later(app, clock, timedelta(hours=1))
    assert await sent(app) == 0


@pytest.fixture
async def added_again(app: App, group: Group, ana: Person, clock: MovableClock) -> None:
    await group.remove(ana.bot, by=ana)
    await group.add(ana.bot, by=ana)
    await catch_up(app, clock)


@pytest.mark.usefixtures("added_again")
async def test_added_again_all_comes_back_if_it_is_wanted(
    app: App, group: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    assert count_heard(ana, texts.told_back_in) == 1
    assert [row.off_reason for row in await rows_of(app, group.id)] == [OffReason.BLOCKED]
    await ana.taps(texts.bring_back)
    await later(app, clock, timedelta(hours=1))
    assert await sent(app) == 1


@pytest.mark.usefixtures("added_again")
async def test_added_again_it_can_begin_anew(app: App, ana: Person, texts: GroupTexts) -> None:
    await ana.taps(texts.begin_anew)
    assert texts.question_time in ana.hears()[-1]
    async with app.database.read() as session:
        assert (await session.scalars(select(Reminder))).all() == []


async def test_added_again_by_someone_unknown_the_group_is_asked(
    telegram: LocalTelegram, app: App, texts: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    group = make_group(telegram, TITLE, owner=robin)
    await group.add(robin.bot, by=robin)
    await set_up(robin, group)
    await group.remove(robin.bot, by=robin)
    await group.add(robin.bot, by=robin)
    assert group.texts()[-1] == texts.told_back_in.format(title=TITLE)
    await robin.taps(texts.bring_back, group)
    assert [row.off_reason for row in await rows_of(app, group.id)] == [None]


async def test_a_deleted_group_is_told_once(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    await ana.starts()
    group = make_group(telegram, TITLE, owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    await set_up(ana, group)
    group.delete()
    await later(app, clock, timedelta(hours=1))
    await later(app, clock, A_DAY)
    assert len([text for text in ana.hears() if text.startswith(texts.told_gone.partition("{")[0])]) == 1
    assert [row.off_reason for row in await rows_of(app, group.id)] == [OffReason.GONE]


async def test_made_an_administrator_it_says_that_it_need_not_be_one(
    app: App, group: Group, ana: Person, texts: GroupTexts
) -> None:
    await group.promote(ana.bot, by=ana)
    assert count_heard(ana, texts.told_admin) == 1
    assert texts.told_admin.format(title=TITLE) not in group.texts()


async def test_a_stop_stays_a_stop_when_the_bot_is_muted(
    app: App, group: Group, ana: Person, clock: MovableClock
) -> None:
    await ana.says("/stop@gentle_tears_bot", group)
    await group.restrict(ana.bot, by=ana, can_send_messages=False)
    await group.restrict(ana.bot, by=ana)
    assert [row.off_reason for row in await rows_of(app, group.id)] == [OffReason.STOPPED]


async def test_bringing_back_leaves_a_stopped_topic_alone(
    app: App, forum: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    topic = await in_a_topic(ana, forum)
    await set_up(ana, forum)
    await ana.says("/stop@gentle_tears_bot", forum, topic)
    await forum.remove(ana.bot, by=ana)
    clock.move(timedelta(seconds=10))
    await forum.add(ana.bot, by=ana)
    await catch_up(app, clock)
    await ana.taps(texts.bring_back)
    rows = {row.thread_id: row.off_reason for row in await rows_of(app, forum.id)}
    assert rows == {0: None, topic: OffReason.STOPPED}


async def test_moving_to_general_does_not_end_its_stop(
    app: App, forum: Group, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    await in_a_topic(ana, forum)
    await set_up(ana, forum)
    await ana.says("/stop@gentle_tears_bot", forum)
    await forum.delete_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    await ana.taps(texts.to_general)
    assert [row.off_reason for row in await rows_of(app, forum.id)] == [OffReason.STOPPED]


async def chat_of(app: App, telegram_id: int) -> Chat:
    async with app.database.read() as session:
        chat = await find_chat(session, TelegramId(telegram_id))
    assert chat
    return chat


async def test_blocking_switches_off_and_unblocking_brings_back(app: App, ana: Person) -> None:
    await ana.starts()
    await ana.blocks()
    assert (await chat_of(app, ana.id)).off_reason == OffReason.BLOCKED
    await ana.unblocks()
    assert (await chat_of(app, ana.id)).off_reason is None


async def test_unblocking_does_not_undo_a_stop(app: App, ana: Person) -> None:
    await ana.starts()
    await ana.says("/stop")
    await ana.blocks()
    await ana.unblocks()
    assert (await chat_of(app, ana.id)).off_reason == OffReason.STOPPED


# A group becomes a supergroup


async def test_in_the_middle_of_a_send_nothing_is_lost_and_nothing_comes_twice(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock
) -> None:
    group = make_group(telegram, TITLE, owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    await set_up(ana, group)
    telegram.deliver, deliver = None, telegram.deliver  # the service messages come later than the refusal
    supergroup = await group.migrate()
    await later(app, clock, timedelta(hours=1))
    assert await sent(app) == 1
    assert len(supergroup.texts()) == 1
    telegram.deliver = deliver
    await ana.says("/affirm@gentle_tears_bot", supergroup)
    rows = await rows_of(app, supergroup.id)
    assert [(row.telegram_id, row.kind) for row in rows] == [(supergroup.id, "supergroup")]
    assert await rows_of(app, group.id) == []
    await later(app, clock, A_DAY)
    assert await sent(app) == 2


async def test_a_command_to_the_old_id_is_answered_in_the_supergroup(
    app: App, telegram: LocalTelegram, ana: Person
) -> None:
    group = make_group(telegram, TITLE, owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    supergroup = make_group(telegram, TITLE, owner=ana)
    await supergroup.add(ana.bot, by=ana)
    before = len(supergroup.texts())
    telegram.faults.refuse(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        method="sendMessage",
        chat_id=group.id,
        migrate_to_chat_id=supergroup.id,
    )
    await ana.says("/affirm@gentle_tears_bot", group)
    assert len(supergroup.texts()) == before + 1
    assert len(await rows_of(app, supergroup.id)) == 1
    assert await rows_of(app, group.id) == []


async def test_no_second_hello_after_a_migration(app: App, telegram: LocalTelegram, ana: Person) -> None:
    """For the supergroup, Telegram reports that the bot was added to it (tdlib/telegram-bot-api#266)."""
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


async def test_a_group_that_becomes_a_supergroup_keeps_its_row(telegram: LocalTelegram, app: App, ana: Person) -> None:
    group = make_group(telegram, "Small circle", owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    await ana.says("/affirm@gentle_tears_bot", group)
    before = await chat_of(app, group.id)
    supergroup = await group.migrate()
    after = await chat_of(app, supergroup.id)
    assert (after.id, after.rotation_cursor) == (before.id, before.rotation_cursor)
