"""What becomes of a shared chat: topics closed and gone, rights lost, kicked, moved, made an administrator."""

from datetime import timedelta

from sqlalchemy import select

from bot.app import App
from bot.content.groups import GroupTexts
from bot.database.models import Reminder
from bot.database.values import OffReason
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.handlers.looking import A_DAY, TITLE, catch_up, in_a_topic, later, rows_of, sent, set_up, told

# Topics


async def test_a_command_in_a_topic_sets_that_topic(app: App, forum: Group, ana: Person, clock: MovableClock) -> None:
    first = await in_a_topic(ana, forum)
    second = await in_a_topic(ana, forum, "Second")
    await set_up(ana, forum)  # General
    assert [each.thread_id for each in await rows_of(app, forum.id)] == [0, first, second]
    await later(app, clock, timedelta(hours=1))
    for topic in ("General", "Gentle reminders", "Second"):
        assert len(forum.texts(topic=topic)[-1]) < 200
    assert await sent(app) == 3


async def test_a_closed_topic_is_waited_for_and_told_once(
    app: App, forum: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await in_a_topic(ana, forum)
    before = len(forum.texts())
    await forum.close_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    await later(app, clock, timedelta(minutes=20))
    assert told(ana, words.told_topic_closed) == 1
    assert len(forum.texts()) == before
    await forum.reopen_topic("Gentle reminders")
    await catch_up(app, clock)
    assert len(forum.texts(topic="Gentle reminders")) == before - 1 + 1
    assert await sent(app) == 1


async def test_a_topic_closed_again_another_day_is_told_again(
    app: App, forum: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await in_a_topic(ana, forum)
    await forum.close_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    await forum.reopen_topic("Gentle reminders")
    await catch_up(app, clock)
    await forum.close_topic("Gentle reminders")
    await later(app, clock, A_DAY)
    assert told(ana, words.told_topic_closed) == 2


async def test_a_closed_general_is_waited_for_too(
    app: App, forum: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await set_up(ana, forum)
    await forum.close_topic("General")
    await later(app, clock, timedelta(hours=1))
    assert told(ana, words.told_topic_closed) == 1
    await forum.reopen_topic("General")
    await catch_up(app, clock)
    assert await sent(app) == 1


async def test_a_topic_that_is_gone_rests_and_can_go_on_in_general(
    app: App, forum: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await in_a_topic(ana, forum)
    await forum.delete_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    await later(app, clock, A_DAY)
    assert told(ana, words.told_topic_gone) == 1
    assert [each.off_reason for each in await rows_of(app, forum.id)] == [OffReason.TOPIC_GONE]
    await ana.taps(words.to_general)
    (row,) = await rows_of(app, forum.id)
    assert (row.thread_id, row.off_reason) == (0, None)
    await later(app, clock, A_DAY)
    assert await sent(app) == 1


async def test_where_nobody_is_known_in_private_it_is_said_in_general(
    telegram: LocalTelegram, app: App, clock: MovableClock, words: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    forum = make_group(telegram, TITLE, owner=robin, is_forum=True)
    await forum.add(robin.bot, by=robin)
    await in_a_topic(robin, forum)
    await forum.delete_topic("Gentle reminders")
    await later(app, clock, timedelta(hours=1))
    assert forum.texts(topic="General").count(words.told_topic_gone.format(title=TITLE)) == 1
    await robin.taps(words.to_general, forum)
    assert [each.off_reason for each in await rows_of(app, forum.id)] == [None]


# Rights


async def test_a_muted_bot_rests_tells_once_and_goes_on_by_itself(
    app: App, group: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await group.restrict(ana.bot, by=ana, can_send_messages=False)
    await later(app, clock, timedelta(hours=1))
    await later(app, clock, A_DAY)
    assert told(ana, words.told_no_rights) == 1
    assert await sent(app) == 0
    await group.restrict(ana.bot, by=ana)
    await later(app, clock, A_DAY)
    assert await sent(app) == 1


async def test_when_all_members_are_muted_it_finds_out_by_itself_that_they_may_write_again(
    app: App, group: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    group.forbid(can_send_messages=False)
    await later(app, clock, timedelta(hours=1))
    assert told(ana, words.told_no_rights) == 1
    group.forbid(can_send_messages=True)
    await later(app, clock, timedelta(minutes=15))
    assert [each.off_reason for each in await rows_of(app, group.id)] == [None]
    await later(app, clock, A_DAY)
    assert await sent(app) == 1


async def test_a_channel_without_the_right_to_post_rests_and_resumes(
    app: App, channel: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await channel.promote(ana.bot, by=ana, can_post_messages=False)
    await catch_up(app, clock)
    assert told(ana, words.told_no_rights, "Quiet mornings") == 1
    await channel.promote(ana.bot, by=ana, can_post_messages=True)
    await later(app, clock, timedelta(hours=1))
    assert await sent(app) == 1
    assert told(ana, words.told_no_rights, "Quiet mornings") == 1


async def test_a_channel_that_turns_private_goes_on(app: App, channel: Group, ana: Person, clock: MovableClock) -> None:
    channel.chat.username = "quiet_mornings"
    await later(app, clock, timedelta(hours=1))
    channel.chat.username = None
    await later(app, clock, A_DAY)
    assert await sent(app) == 2


# In and out


async def test_who_takes_it_out_is_not_told_what_they_did_and_others_are(
    telegram: LocalTelegram, app: App, group: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    await robin.says("/help")
    await group.add(robin, by=ana)
    await group.promote(robin, by=ana)
    await robin.says("/share")
    await robin.shares_chat(group)
    await group.ban(ana.bot, by=ana)
    await catch_up(app, clock)
    assert told(robin, words.told_blocked) == 1
    assert told(ana, words.told_blocked) == 0
    await later(app, clock, timedelta(hours=1))
    assert await sent(app) == 0


async def test_added_again_all_comes_back_if_it_is_wanted(
    app: App, group: Group, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await group.remove(ana.bot, by=ana)
    await group.add(ana.bot, by=ana)
    await catch_up(app, clock)
    assert told(ana, words.told_back_in) == 1
    assert [each.off_reason for each in await rows_of(app, group.id)] == [OffReason.BLOCKED]
    await ana.taps(words.bring_back)
    await later(app, clock, timedelta(hours=1))
    assert await sent(app) == 1


async def test_added_again_it_can_begin_anew(
    app: App, group: Group, ana: Person, words: GroupTexts, clock: MovableClock
) -> None:
    await group.remove(ana.bot, by=ana)
    await group.add(ana.bot, by=ana)
    await catch_up(app, clock)
    await ana.taps(words.begin_anew)
    assert words.question_time in ana.hears()[-1]
    async with app.database.read() as session:
        assert (await session.scalars(select(Reminder))).all() == []


async def test_added_again_by_someone_unknown_the_group_is_asked(
    telegram: LocalTelegram, app: App, words: GroupTexts
) -> None:
    robin = add_person(telegram, "Robin")
    group = make_group(telegram, TITLE, owner=robin)
    await group.add(robin.bot, by=robin)
    await set_up(robin, group)
    await group.remove(robin.bot, by=robin)
    await group.add(robin.bot, by=robin)
    assert group.texts()[-1] == words.told_back_in.format(title=TITLE)
    await robin.taps(words.bring_back, group)
    assert [each.off_reason for each in await rows_of(app, group.id)] == [None]


async def test_a_deleted_group_is_told_once(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock, words: GroupTexts
) -> None:
    await ana.starts()
    group = make_group(telegram, TITLE, owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    await set_up(ana, group)
    group.delete()
    await later(app, clock, timedelta(hours=1))
    await later(app, clock, A_DAY)
    assert len([each for each in ana.hears() if each.startswith(words.told_gone.partition("{")[0])]) == 1
    assert [each.off_reason for each in await rows_of(app, group.id)] == [OffReason.GONE]


async def test_made_an_administrator_it_says_that_it_need_not_be_one(
    app: App, group: Group, ana: Person, words: GroupTexts
) -> None:
    await group.promote(ana.bot, by=ana)
    assert told(ana, words.told_admin) == 1
    assert words.told_admin.format(title=TITLE) not in group.texts()


async def test_muted_by_the_way_a_stop_stays_a_stop(app: App, group: Group, ana: Person, clock: MovableClock) -> None:
    await ana.says("/stop@gentle_tears_bot", group)
    await group.restrict(ana.bot, by=ana, can_send_messages=False)
    await group.restrict(ana.bot, by=ana)
    assert [each.off_reason for each in await rows_of(app, group.id)] == [OffReason.STOPPED]


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
    assert [(each.telegram_id, each.kind) for each in rows] == [(supergroup.id, "supergroup")]
    assert await rows_of(app, group.id) == []
    await later(app, clock, A_DAY)
    assert await sent(app) == 2


async def test_a_command_that_met_the_old_number_is_answered_in_the_new_one(
    app: App, telegram: LocalTelegram, ana: Person
) -> None:
    group = make_group(telegram, TITLE, owner=ana, kind="group")
    await group.add(ana.bot, by=ana)
    supergroup = make_group(telegram, TITLE, owner=ana)
    await supergroup.add(ana.bot, by=ana)
    said = len(supergroup.texts())
    telegram.faults.refuse(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        method="sendMessage",
        chat_id=group.id,
        migrate_to_chat_id=supergroup.id,
    )
    await ana.says("/affirm@gentle_tears_bot", group)
    assert len(supergroup.texts()) == said + 1
    assert len(await rows_of(app, supergroup.id)) == 1
    assert await rows_of(app, group.id) == []
