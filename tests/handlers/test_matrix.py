"""Permissions in a group: every role with every command and every button.

One test is one role. Between its commands and buttons the database is put back to what it was, so that each finds the
whole group.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.app import App
from bot.content.load import Catalogue
from bot.database.models import Chat, Conversation, Facilitator, Reminder
from bot.handlers import all_handlers
from bot.screens.callback_data import CLOSE_CIRCLE, KINDS, Permission, kind_of
from localtelegram.clock import MovableClock
from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import Account
from localtelegram.state.posting import NewMessage, post
from localtelegram.telegram import LocalTelegram

FOR_EVERYONE = ("affirm", "ground", "learn", "support", "help", "start")
FOR_ADMINS = ("reminders", "remind", "themes", "settings", "language", "pause", "resume", "stop", "forget", "circle")
IN_PRIVATE = (
    *(
        "privacy",
        "export",
        "bring",
        "kept",
        "plan",
        "note",
        "notes",
        "mine",
        "look",
        "share",
        "reflect",
        "before",
        "after",
        "session",
    ),
)
# {row} is the group's row id, {reminder} the id of its reminder, {token} that of the waiting question.
BUTTONS = (
    *("r:list", "r:add", "r:show:{reminder}", "r:change:{reminder}", "r:pause:{reminder}", "r:resume:{reminder}"),
    *("r:days:{reminder}:3:2", "r:themes:{reminder}", "r:in:{reminder}:not-alone", "r:any:{reminder}"),
    "r:remove:{reminder}",
    *("s:show", "s:zone", "s:place:Europe/London", "s:quiet", "s:silent:1", "s:pictures:1"),
    *("s:speak:es", "s:clock:12", "s:home", "r:pair:{reminder}", "r:unpair:{reminder}", "t:here"),
    *("t:", "t:out:being-seen", "t:in:being-seen", "t:all", "t:unhide"),
    *(
        "y:",
        "y:es",
        "p:ask",
        "p:stop",
        "p:resume",
        "start:new",
        "start:back",
        "start:anew",
        "o:",
        "o:general",
        "o:erase",
    ),
    *("c:{token}:time:20:00", "c:{token}:time:cancel"),
)


@pytest.fixture
def owner(ana: Person) -> Person:
    return ana


@pytest.fixture
async def circle(telegram: LocalTelegram, app: App, owner: Person, clock: MovableClock) -> Group:
    """A group with a reminder and a waiting question."""
    group = make_group(telegram, "Tuesday circle", owner=owner)
    await group.add(owner.bot, by=owner)
    await owner.says("/reminders@gentle_tears_bot", group)
    await owner.taps("Add a reminder", group)
    for label in ("08:30", "Tue", "These days", "London, 12:00", "These themes", "As words"):
        await owner.taps(label, group)
    await owner.taps("Reminders", group)
    clock.move(timedelta(seconds=5))  # else it would be a double tap on the first "Add a reminder" for the flood guard
    await owner.taps("Add a reminder", group)
    return group


async def person_as(role: str, telegram: LocalTelegram, circle: Group, owner: Person, clock: MovableClock) -> Person:
    clock.move(timedelta(seconds=20))
    if role == "owner":
        return owner
    person = add_person(telegram, role.capitalize())
    await circle.add(person, by=owner)
    match role:
        case "administrator":
            await circle.promote(person, by=owner)
        case "anonymous administrator":
            await circle.promote(person, by=owner, is_anonymous=True)
        case "restricted":
            await circle.restrict(person, by=owner, can_send_photos=False)
        case "left":
            await circle.remove(person, by=owner)
        case "banned":
            await circle.ban(person, by=owner)
    clock.move(timedelta(seconds=20))
    return person


async def facts(app: App) -> list[object]:
    """Returns everything that an administrator can change."""
    async with app.database.read() as session:
        rows: list[object] = []
        for table in (Chat, Reminder, Conversation, Facilitator):
            columns = [column for column in table.__table__.columns if not column.name.startswith("rotation")]
            rows += [tuple(row) for row in (await session.execute(select(*columns))).all()]
        return rows


@contextmanager
def saved(app: App) -> Iterator[sqlite3.Connection]:
    """Keeps what is in the database now; `bring_back` brings it back."""
    with closing(sqlite3.connect(":memory:")) as kept:
        with closing(sqlite3.connect(str(app.database.url.database))) as current:
            current.backup(kept)
        yield kept


def bring_back(app: App, kept: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(str(app.database.url.database))) as current:
        kept.backup(current)


def messages_of_the_bot(circle: Group, owner: Person) -> list[int]:
    return [message.id for message in circle.messages() if message.author_id == owner.bot.id]


async def data_of(app: App, template: str) -> str:
    async with app.database.read() as session:
        row = await session.scalar(select(Chat.id).where(Chat.telegram_id < 0))
        reminder = await session.scalar(select(Reminder.id))
        token = await session.scalar(select(Conversation.token))
    assert all((row, reminder, token))
    return template.format(row=row, reminder=reminder, token=token)


# Personal buttons: they do nothing in a group, whoever taps.
PERSONAL = (
    *("k:keep:tears-are-human", "k:page:0", "n:hide:tears-are-human", "g:grounding", "f:00000000:1:a"),
    *("i:new", "o:list", "o:add", "a:details", "b:00000000:yes", "plan", "plan:part:people", "plan:send"),
    *("mine", "mine:share:half", "mine:remove:1"),
    *("look", "look:now", "look:c:2026-03-02:sea", "look:wipe", "look:daily"),
    *("session:skip:0.20260303", "mine", "mine:share:half", "mine:remove:1"),
    *("notes", "notes:keep", "notes:go:1", "notes:all:1"),
    *("z:o:1:tears-are-human", "z:x:1:tears-are-human", "v:rest", "v:less"),
)
ADMINS = ("owner", "administrator", "anonymous administrator")
OTHERS = ("member", "restricted")


@pytest.mark.parametrize("role", [*ADMINS, *OTHERS, "channel"])
async def test_everyone_is_answered(
    telegram: LocalTelegram, circle: Group, owner: Person, role: str, clock: MovableClock
) -> None:
    person = await person_as(role, telegram, circle, owner, clock)
    channel = make_group(telegram, "Linked", owner=person, kind="channel") if role == "channel" else None
    if channel:
        circle.link(channel)
    for command in (*FOR_EVERYONE, *IN_PRIVATE):
        clock.move(timedelta(seconds=20))
        heard = len(circle.texts())
        await person.says(f"/{command}@gentle_tears_bot", circle, as_chat=channel)
        assert len(circle.texts()) == heard + 2, command  # their command, and the answer


@pytest.mark.parametrize("role", [*OTHERS, "channel"])
async def test_others_hear_who_can(
    telegram: LocalTelegram,
    app: App,
    circle: Group,
    owner: Person,
    role: str,
    clock: MovableClock,
    catalogue: Catalogue,
) -> None:
    person = await person_as(role, telegram, circle, owner, clock)
    channel = make_group(telegram, "Linked", owner=person, kind="channel") if role == "channel" else None
    if channel:
        circle.link(channel)
    before = await facts(app)
    for command in FOR_ADMINS:
        clock.move(timedelta(seconds=20))
        heard = len(circle.texts())
        await person.says(f"/{command}@gentle_tears_bot", circle, as_chat=channel)
        answers = circle.texts()[heard + 1 :]
        assert answers[-1:] == [catalogue.interface.together.only_admins], command
        assert await facts(app) == before, command


@pytest.mark.parametrize("role", ADMINS)
async def test_administrators_are_not_refused(
    telegram: LocalTelegram,
    app: App,
    circle: Group,
    owner: Person,
    role: str,
    clock: MovableClock,
    catalogue: Catalogue,
) -> None:
    person = await person_as(role, telegram, circle, owner, clock)
    before = await facts(app)
    with saved(app) as kept:
        for command in FOR_ADMINS:
            clock.move(timedelta(seconds=20))
            bring_back(app, kept)
            assert await facts(app) == before
            await person.says(f"/{command}@gentle_tears_bot", circle)
            shown = circle.texts()[-1]
            assert not shown.startswith((catalogue.interface.together.only_admins, "/")), command
            if command in ("stop", "forget", "pause"):
                assert await facts(app) != before, command


@pytest.mark.parametrize("role", [*OTHERS, "left", "banned"])
@pytest.mark.parametrize("prefix", ["", "m:{row}:"])
async def test_taps_of_others_change_nothing(
    telegram: LocalTelegram,
    app: App,
    circle: Group,
    owner: Person,
    role: str,
    prefix: str,
    clock: MovableClock,
    catalogue: Catalogue,
) -> None:
    message_id = circle.last()["message_id"]
    person = await person_as(role, telegram, circle, owner, clock)
    before, shown = await facts(app), circle.texts()
    for template in (*BUTTONS, *(("affirm",) if prefix else ())):
        await person.taps_data(message_id, await data_of(app, prefix + template), circle)
        assert person.toasts[-1].text == catalogue.interface.together.only_admins, template
    assert await facts(app) == before
    assert circle.texts() == shown


@pytest.mark.parametrize("role", ADMINS)
@pytest.mark.parametrize("prefix", ["", "m:{row}:"])
async def test_administrators_tap_and_are_not_refused(
    telegram: LocalTelegram,
    app: App,
    circle: Group,
    owner: Person,
    role: str,
    prefix: str,
    clock: MovableClock,
    catalogue: Catalogue,
) -> None:
    """An anonymous one too: a tap is sent with the person, who is one of the administrators."""
    person = await person_as(role, telegram, circle, owner, clock)
    before = await facts(app)
    with saved(app) as kept:
        for template in BUTTONS:
            clock.move(timedelta(seconds=20))
            bring_back(app, kept)
            assert await facts(app) == before
            toasts = len(person.toasts)
            await person.taps_data(circle.last()["message_id"], await data_of(app, prefix + template), circle)
            assert len(person.toasts) == toasts + 1, template
            assert person.toasts[-1].text not in (
                catalogue.interface.together.only_admins,
                catalogue.interface.together.cannot_ask,
                catalogue.interface.replies.trouble,
            ), template


@pytest.mark.parametrize("role", [*OTHERS, "left", "banned"])
async def test_taps_of_others_from_a_private_chat_change_nothing(
    telegram: LocalTelegram,
    app: App,
    circle: Group,
    owner: Person,
    role: str,
    clock: MovableClock,
    catalogue: Catalogue,
) -> None:
    person = await person_as(role, telegram, circle, owner, clock)
    await person.says("/help")
    before, heard = await facts(app), person.hears()
    for template in (*BUTTONS, "affirm"):
        await person.taps_data(person.last()["message_id"], await data_of(app, "m:{row}:" + template))
        assert person.toasts[-1].text == catalogue.interface.together.only_admins, template
    assert await facts(app) == before
    assert person.hears() == heard


async def test_other_programs_and_what_a_linked_channel_posts_are_not_answered(
    telegram: LocalTelegram, app: App, circle: Group, owner: Person
) -> None:
    other = Account(7_000_000_001, "Other", username="other_bot", is_bot=True)
    telegram.network.accounts[other.id] = other
    await circle.add(other, by=owner)
    before, messages = await facts(app), messages_of_the_bot(circle, owner)
    for command in (*FOR_EVERYONE, *FOR_ADMINS, *IN_PRIVATE):
        post(telegram.network, circle.chat, other, NewMessage(content={"text": f"/{command}@gentle_tears_bot"}))
        await telegram.settled()
    channel = make_group(telegram, "Linked", owner=owner, kind="channel")
    circle.link(channel)
    await owner.says("/affirm@gentle_tears_bot", channel)
    assert messages_of_the_bot(circle, owner) == messages
    assert await facts(app) == before


async def test_a_button_of_another_group_does_nothing_here(
    telegram: LocalTelegram, app: App, circle: Group, owner: Person, catalogue: Catalogue
) -> None:
    """Not even for an administrator of both groups: a button changes the group that it is shown in."""
    second = make_group(telegram, "Another", owner=owner)
    await second.add(owner.bot, by=owner)
    before = await facts(app)
    await owner.taps_data(second.last()["message_id"], await data_of(app, "m:{row}:p:stop"), second)
    assert owner.toasts[-1].text == catalogue.interface.replies.stale
    assert await facts(app) == before


def test_the_matrix_holds_every_command_and_every_button(catalogue: Catalogue) -> None:
    commands: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for handler in all_handlers():
        if isinstance(handler, CommandHandler):
            commands |= handler.commands
        elif isinstance(handler, CallbackQueryHandler) and isinstance(handler.pattern, re.Pattern):
            patterns.append(handler.pattern)
    assert commands == {*FOR_EVERYONE, *FOR_ADMINS, *IN_PRIVATE, "invite"}  # /invite is for operators
    taps = [*BUTTONS, *PERSONAL, "affirm", "m:1:affirm", "l:", "h:", "w:me_too", "w:end", "o:list", "o:add", "o:leave"]
    taps += ["o:erase", "y:es", "w:here"]
    untested = [pattern.pattern for pattern in patterns if not any(pattern.match(tap) for tap in taps)]
    assert untested == []


def test_the_matrix_holds_every_kind_of_button_by_its_permission() -> None:
    """test_circles tests the button that ends a circle."""
    by_permission = {permission: {kind for kind in KINDS if kind.permission is permission} for permission in Permission}
    assert {kind_of(template) for template in BUTTONS} == by_permission[Permission.ADMINS] - {CLOSE_CIRCLE}
    personal = by_permission[Permission.PERSON] | by_permission[Permission.OPERATOR]
    assert {kind_of(data) for data in PERSONAL} == personal


@pytest.mark.parametrize("role", [*ADMINS, *OTHERS, "left", "banned"])
async def test_personal_buttons_do_nothing_in_a_group(
    telegram: LocalTelegram, app: App, circle: Group, owner: Person, role: str, clock: MovableClock
) -> None:
    message_id = circle.last()["message_id"]
    person = await person_as(role, telegram, circle, owner, clock)
    before, shown = await facts(app), circle.texts()
    for data in PERSONAL:
        clock.move(timedelta(seconds=5))
        await person.taps_data(message_id, data, circle)
    assert len(person.toasts) >= len(PERSONAL)
    assert await facts(app) == before
    assert circle.texts() == shown
