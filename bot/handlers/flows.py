"""/ground, /reflect, /before, /after, and all buttons of flows: guided conversations in a private chat."""

import asyncio
import re

from telegram import Update
from telegram.ext import BaseHandler, CommandHandler, filters

from bot.content.disclosures import Told
from bot.content.flows import ARRIVING, FLOWS_OF_COMMANDS, SHARED_GROUNDING
from bot.database.values import Subject
from bot.delivery.last_buttons import ShownButtons
from bot.dialogues.flows import IDLE, Key, Mode, Opens, asks_for_words
from bot.handlers.access import command, get_or_create_chat_here, tap
from bot.handlers.affirmations import affirm
from bot.handlers.answers import Answer, acknowledge, show, show_turn
from bot.handlers.command_names import written_command
from bot.handlers.context import Context, id_of
from bot.handlers.support import show_support
from bot.screens.callback_data import BEGIN_FLOW, FLOW
from bot.screens.flows import turn_messages
from bot.screens.group_exercise import shared_exercise
from bot.screens.taps import way_to_grounding
from bot.usecases import conversations
from bot.usecases.chats import find_chat
from bot.usecases.conversations import turns
from bot.usecases.conversations.flow_rows import Reply

PARTS = re.compile(r"([0-9a-f]{8}):(\d{1,9}):([a-z0-9]{1,16})")


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        *(command(name, begin_by_command) for name in FLOWS_OF_COMMANDS),
        CommandHandler("ground", share, filters.ChatType.GROUPS & filters.UpdateType.MESSAGE),
        tap(BEGIN_FLOW, begin_by_button),
        tap(FLOW, tapped),
    ]


async def begin_by_command(update: Update, context: Context) -> None:
    """/ground, /reflect, /before and /after: begins the flow of the command."""
    written = written_command(update.effective_message) if update.effective_message else None
    name = written.name.lower() if written else ""
    await begin(update, context, FLOWS_OF_COMMANDS[name])


async def share(update: Update, context: Context) -> None:
    """/ground in a group: shows one exercise that needs no answers, and the link to the private conversation."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        visit = await turns.count_visit(session, chat, SHARED_GROUNDING)
    url = way_to_grounding(context.bot.username)
    message = shared_exercise(context.voice.interface, context.voice.catalogue.flows[SHARED_GROUNDING], visit, url)
    await show(update, context, Answer(message))


async def begin_by_button(update: Update, context: Context) -> None:
    """g:<flow>, under a reminder or a card: begins the flow below it, and leaves that message as it is."""
    query = update.callback_query
    name = ":".join(BEGIN_FLOW.read(context.data) or ())
    if query is None or name not in context.voice.catalogue.flows or name in (SHARED_GROUNDING, ARRIVING):
        await show(update, context, Answer(toast=context.voice.interface.replies.stale))
        return
    await asyncio.gather(acknowledge(query), begin(update, context, name))


async def begin(update: Update, context: Context, name: str) -> None:
    """Begins a flow in this private chat. A new person is first told what the bot is not."""
    tg_chat, services = update.effective_chat, context.services
    async with services.database.write() as session:
        is_new = not context.is_known and (tg_chat is None or await find_chat(session, id_of(tg_chat)) is None)
        chat, person_id = await get_or_create_chat_here(session, update, context)
        command = turns.Command(chat=chat, person_id=person_id, flow=name, update_id=update.update_id)
        # In a hard moment nobody is asked how often; that question comes back by its buttons, or when it is asked for.
        await conversations.close_to_words(session, person_id, services.clock(), Subject.SETUP)
        reply = await turns.begin(session, services.database, context.voice.catalogue.flows, command, services.clock())
    _wake_in_time(context, reply)
    await show_turn(context, reply, lead=context.voice.interface.flows.first_time if is_new else "")


async def tapped(update: Update, context: Context) -> None:
    """f:<token>:<turn>:<key>: takes the tap, and shows the next turn."""
    query = update.callback_query
    found = PARTS.fullmatch(":".join(FLOW.read(context.data) or ()))
    reply = await _take_tap(update, context, found[1], int(found[2]), found[3]) if found else None
    if query is None or found is None or reply is None:
        await show(update, context, Answer(toast=context.voice.interface.replies.stale))
        return
    if opened := [action.what for action in reply.turn.actions if isinstance(action, Opens)]:
        await (show_support if opened == ["support"] else affirm)(update, context)
        return
    _wake_in_time(context, reply)
    message_id = query.message.message_id if query.message else 0
    is_elsewhere = bool(reply.message_id) and message_id != reply.message_id
    goes_back = is_elsewhere and found[3] == Key.ON  # the way back, under the answer to a command
    if is_elsewhere and (reply.is_stale or (goes_back and message_id < reply.message_id)):
        # What this button offered is over, or was done already: what is open stands further down.
        toast = context.voice.interface.replies.stale if reply.is_stale else ""
        await asyncio.gather(
            acknowledge(query, toast), context.services.sender.take_buttons_away(reply.telegram_id, message_id)
        )
    elif reply.is_stale and reply.turn.position and reply.turn.position.mode is Mode.CLOSED:
        await acknowledge(query)  # a second tap on the way out
    else:
        # A double tap shows the same once more, and so nothing new; where a reply was lost, it comes now.
        await asyncio.gather(acknowledge(query), show_turn(context, reply, query=None if goes_back else query))


async def find_buttons(update: Update, context: Context) -> ShownButtons | None:
    """Returns the buttons of this person's open flow; None if there is none."""
    reply = await _repeat(update, context)
    messages = turn_messages(context.voice.interface, reply.turn, reply.token) if reply else ()
    return ShownButtons(reply.message_id, messages[-1].rows) if reply and messages else None


async def asks_for_text(update: Update, context: Context) -> bool:
    """Returns whether the open flow waits for words; it does not keep them."""
    reply = await _repeat(update, context)
    position = reply.turn.position if reply else None
    return position is not None and asks_for_words(context.voice.catalogue.flows, position)


async def say_again(update: Update, context: Context) -> bool:
    """Says the step of the open flow once more, to somebody who asks what was meant. False if none is open."""
    reply = await _repeat(update, context)
    if reply is None or reply.turn.position is None or reply.turn.position.mode is Mode.CLOSED:
        return False
    await show_turn(context, reply)
    return True


async def _repeat(update: Update, context: Context) -> Reply | None:
    async with context.services.database.read() as session:
        chat = await find_chat(session, id_of(update.effective_chat))
        row = await turns.find(session, chat, id_of(update.effective_user)) if chat else None
        return turns.repeat(context.voice.catalogue.flows, chat, row) if chat and row else None


async def take_typed_text(update: Update, context: Context, told: Told | None) -> bool:
    """Gives typed text to the open flow, which does not keep it. Returns False if no flow took it.

    `told`: how it is acknowledged, if it tells of something.
    """
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        row = await turns.find(session, chat, person_id)
        reply = None
        if row:
            reply = await turns.take_typed_text(
                session,
                context.services.database,
                context.voice.catalogue.flows,
                chat,
                row,
                now=context.services.clock(),
                update_id=update.update_id,
            )
    if reply is None:
        return False
    _wake_in_time(context, reply)
    await show_turn(context, reply, typed_id=context.message_id, told=told)
    return True


async def _take_tap(update: Update, context: Context, token: str, turn: int, key: str) -> Reply | None:
    """Returns None for a button of a conversation that has ended or belongs to somebody else."""
    tg_chat, person, query = update.effective_chat, update.effective_user, update.callback_query
    if tg_chat is None or person is None or query is None:
        return None
    tap = turns.Tap(
        telegram_id=id_of(tg_chat),
        person_id=id_of(person),
        token=token,
        turn=turn,
        key=key,
        update_id=update.update_id,
        message_id=query.message.message_id if query.message else 0,
    )
    services = context.services
    return await turns.take_tap(services.database, context.voice.catalogue.flows, tap, services.clock())


def _wake_in_time(context: Context, reply: Reply) -> None:
    if reply.turn.wait not in (None, IDLE):
        context.services.schedule_changed.set()
