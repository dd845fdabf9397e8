"""Who may change a shared chat, and who may learn its name; taps in the wrong place change nothing."""

from datetime import timedelta

import pytest

from bot.app import App
from bot.content.groups import GroupTexts
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.telegram import LocalTelegram
from tests.handlers.shared_chats import TITLE, later


@pytest.mark.parametrize("data", ["affirm", "g:grounding", "h:", "l:", "start:new", "r:list", "m:1:p:stop"])
async def test_no_tap_makes_the_bot_post_in_a_channel(
    app: App, telegram: LocalTelegram, channel: Group, ana: Person, clock: MovableClock, data: str
) -> None:
    await later(app, clock, timedelta(hours=1))
    other = add_person(telegram, "Other")
    await channel.add(other)
    before = channel.texts()
    await other.taps_data(channel.last()["message_id"], data, channel)
    assert channel.texts() == before


@pytest.mark.parametrize("data", ["h:", "h:countries", "l:"])
async def test_no_forged_tap_overwrites_a_message_in_a_group(
    app: App, telegram: LocalTelegram, group: Group, ana: Person, data: str
) -> None:
    robin = add_person(telegram, "Robin")
    await group.add(robin)
    before = group.texts()
    await robin.taps_data(group.last()["message_id"], data, group)
    assert group.texts() == before


async def test_a_former_administrator_does_not_learn_the_groups_new_name(
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


async def test_a_question_about_a_group_that_is_gone_takes_one_answer_only(
    app: App, telegram: LocalTelegram, ana: Person, clock: MovableClock, texts: GroupTexts
) -> None:
    group = make_group(telegram, TITLE, owner=ana)
    await ana.says("/share")
    await ana.shares_chat(group)
    await group.ban(ana.bot, by=ana)
    clock.move(timedelta(seconds=20))
    await ana.says("7:45")
    assert ana.hears()[-1] == texts.cannot_ask
    await ana.says("hello")
    assert ana.hears()[-1] != texts.cannot_ask
