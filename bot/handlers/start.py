"""/start: says who this is and asks the first question; a returning person gets an overview."""

import re
from dataclasses import replace

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, filters

from bot.content.flows import FLOWS_OF_COMMANDS
from bot.database.engine import Session
from bot.database.models import Chat
from bot.database.values import OffReason
from bot.domain.ids import TelegramId
from bot.handlers import flows, groups, invitations, reminder_setup
from bot.handlers.access import check_access, command, get_or_create_accessed_chat, tap
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context, language_of
from bot.handlers.group_joined import HELLO, HELLO_SERVES
from bot.handlers.help import show_help
from bot.handlers.learn import show_themes
from bot.handlers.pause import resumed
from bot.handlers.reminders import overview
from bot.handlers.support import show_support
from bot.screens.affirmations import example
from bot.screens.callback_data import ANEW, BRING_BACK, START, START_NEW
from bot.screens.flows import entry
from bot.screens.invitations import welcome
from bot.screens.outgoing import Button, OutgoingMessage, joined
from bot.usecases import chats
from bot.usecases.invitations import PREFIX
from bot.usecases.reminders.edit import remove_all

# What a link can open instead, as t.me/<bot>?start=support.
PAYLOADS = {"support": show_support, "learn": show_themes, "share": groups.ask}


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        command("start", start),
        CommandHandler("start", start_in_group, filters.ChatType.GROUPS & filters.UpdateType.MESSAGE),
        tap(START, tapped),
    ]


async def start(update: Update, context: Context) -> None:
    """/start, with or without a deep link's payload."""
    payload = "".join(context.args or ())
    if payload in FLOWS_OF_COMMANDS:
        await flows.begin(update, context, FLOWS_OF_COMMANDS[payload])
        return
    if payload in PAYLOADS:
        await PAYLOADS[payload](update, context)
        return
    if found := re.fullmatch(rf"{groups.CHAT_LINK}(\d{{1,18}})", payload):
        await groups.enter(update, context, TelegramId(-int(found[1])), is_link=True)
        return
    access = await check_access(update, context)
    if isinstance(access, Answer):
        return
    context.access = access
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        message, lead = None, ""
        if payload.startswith(PREFIX):
            message = await invitations.begin(session, context, chat, person_id, payload, language=language_of(update))
            message = message and _with_entry(context, message)
            lead = context.voice.interface.invitation.ended
        message = message or await _greet(session, context, chat, person_id, language_of(update), lead=lead)
    await show(update, context, Answer(message))


async def start_in_group(update: Update, context: Context) -> None:
    """/start in a group, also typed by a link that adds the bot. An administrator can set it up at once."""
    access = await check_access(update, context)
    if isinstance(access, Answer):
        await show_help(update, context)
        return
    context.access = access
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        message = await overview(session, context, chat, lead=context.voice.interface.together.here)
        if message is None:
            question = await reminder_setup.begin(session, context, chat, person_id, language=language_of(update))
            is_greeted = context.services.flood_limits.is_repeated((access.telegram_id, HELLO), within=HELLO_SERVES)
            lead = "" if is_greeted else f"{context.voice.interface.together.hello}\n\n"
            message = replace(question, text=f"{lead}{question.text}")
    await show(update, context, Answer(message))


async def tapped(update: Update, context: Context) -> None:
    """start:back, start:anew and start:new: after a stop, resumes the reminders or begins anew."""
    data = context.data
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        if data == BRING_BACK and chat.off_reason:
            # A group comes back with all its topics; its own row is among them.
            for topic in await chats.list_chats_of(session, chat.telegram_id):
                if topic.id == chat.id or topic.off_reason not in (OffReason.TOPIC_GONE, OffReason.STOPPED):
                    await chats.resume(session, topic, context.services.clock())
            message = await resumed(session, context, chat, context.services.clock(), was_quiet=True)
        elif data == ANEW and chat.off_reason:
            for topic in await chats.list_chats_of(session, chat.telegram_id):
                await remove_all(session, topic)
                await chats.resume(session, topic, context.services.clock())
            message = await reminder_setup.begin(session, context, chat, person_id, language=language_of(update))
        elif data == START_NEW:
            message = await reminder_setup.begin(session, context, chat, person_id, language=language_of(update))
        else:
            message = None
    context.services.schedule_changed.set()
    await show(update, context, Answer(message, toast="" if message else context.voice.interface.replies.stale))


async def _greet(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, language: str | None, *, lead: str = ""
) -> OutgoingMessage:
    texts = context.voice.interface.start
    again = joined(lead, texts.again)
    shown = await overview(session, context, chat, lead=again)
    if chat.off_reason == OffReason.STOPPED and shown:
        back, new = Button(texts.bring_back, BRING_BACK), Button(context.voice.interface.reminders.add, START_NEW)
        return OutgoingMessage(joined(lead, texts.stopped), ((back,), (new,)))
    if chat.off_reason:
        await chats.resume(session, chat, context.services.clock())
        context.services.schedule_changed.set()
        shown = await overview(session, context, chat, lead=again)
    if shown:
        return shown
    question = await reminder_setup.begin(session, context, chat, person_id, language=language)
    greeting = welcome(context.voice.interface, context.services.settings.practice_name)
    text = joined(lead, greeting, example(context.voice.catalogue), question.text)
    return _with_entry(context, replace(question, text=text))


def _with_entry(context: Context, message: OutgoingMessage) -> OutgoingMessage:
    """Puts the way to grounding first: not everyone who comes wants reminders, some need something this minute."""
    now = entry(context.voice.interface.flows.entry, FLOWS_OF_COMMANDS["ground"])
    return replace(message, rows=((now,), *message.rows))
