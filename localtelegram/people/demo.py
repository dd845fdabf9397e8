"""The people and chats that `make preview` begins with. Tests of the bot use them too."""

import secrets
from dataclasses import dataclass

from localtelegram.people.groups import Group, make_group
from localtelegram.people.person import Person, add_person
from localtelegram.state.accounts import BotAccount
from localtelegram.state.chats import Topic
from localtelegram.telegram import LocalTelegram

TOKEN = "1000000001:preview-of-a-bot-that-is-only-here"  # noqa: S105 - for the tests alone
TOPICS = ("Gentle reminders", "Practicalities")


@dataclass(frozen=True)
class DemoWorld:
    telegram: LocalTelegram
    bot: BotAccount
    you: Person
    robin: Person
    circle: Group
    topics: dict[str, Topic]
    channel: Group


def new_token() -> str:
    """A token that nobody can guess: whoever has it may write as the bot, and set where its updates go."""
    return f"1000000001:{secrets.token_urlsafe(27)}"


async def populate(telegram: LocalTelegram, *, with_bot: bool = True, token: str = TOKEN) -> DemoWorld:
    """Adds a bot, two people, a group with topics and a channel. Both are yours, and Robin is a member.

    Nobody has pressed Start. With `with_bot` the bot is a member of the group and may post in the channel.
    """
    bot = telegram.add_bot(token, first_name="Gentle tears", username="gentle_tears_bot")
    you = add_person(telegram, "You", username="you_here")
    robin = add_person(telegram, "Robin", username="robin_here")
    circle = make_group(telegram, "Tuesday circle", owner=you, is_forum=True)
    await circle.add(robin, by=you)
    topics = {"General": circle.topic("General")}
    for name in TOPICS:
        topics[name] = await circle.open_topic(name, by=you)
    channel = make_group(telegram, "Quiet mornings", owner=you, kind="channel")
    await channel.add(robin, by=you)
    if with_bot:
        await circle.add(bot, by=you)
        await channel.promote(bot, by=you, can_post_messages=True)
        bot.updates.waiting.clear()  # all this was long ago: nobody has just come in
    return DemoWorld(telegram, bot, you, robin, circle, topics, channel)
