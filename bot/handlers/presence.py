"""Sees that a person is there, before and after every other handler; and takes the answer to the question of months."""

import logging
from datetime import datetime

from cachetools import LRUCache
from telegram import Update
from telegram.ext import BaseHandler, TypeHandler

from bot.database.engine import DATABASE_ERRORS
from bot.database.values import OffReason
from bot.delivery.reply_turns import in_time
from bot.domain.ids import TelegramId
from bot.domain.schedule import less_often, read_rule
from bot.handlers.access import get_or_create_chat_here, is_private, tap
from bot.handlers.answers import Answer, say, show
from bot.handlers.context import Context, id_of
from bot.handlers.reminders import overview
from bot.screens.callback_data import PRESENCE
from bot.screens.outgoing import OutgoingMessage
from bot.screens.presence import GO_ON, LESS, REST, resting
from bot.screens.times import moment_text
from bot.usecases import chats, conversations, presence
from bot.usecases.chats import find_chat, zone_of
from bot.usecases.outbox import all_but_notices
from bot.usecases.reminders.edit import change_rule, list_reminders

log = logging.getLogger(__name__)

MOST_REMEMBERED = 50_000  # people who were seen today: the database is not asked about them again


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [tap(PRESENCE, tapped)]


class Presence:
    """The two handlers around all others: one sees, the other says that a rest is over."""

    def __init__(self) -> None:
        self._seen: LRUCache[TelegramId, datetime] = LRUCache(MOST_REMEMBERED)

    def before(self) -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables say nothing here
        """Returns the handler to ask ahead of all others."""
        return TypeHandler(Update, self.see)

    def after(self) -> BaseHandler:  # type: ignore[type-arg]  # PTB's type variables say nothing here
        """Returns the handler to ask after all others: help that somebody needs now goes ahead of this line."""
        return TypeHandler(Update, say_that_it_is_back)

    async def see(self, update: Update, context: Context) -> None:
        """Records that a person tapped or typed in their private chat, or asked inline; at most once a day."""
        person, now = update.effective_user, context.services.clock()
        if person is None or not _is_sign(update):
            return
        person_id = id_of(person)
        seen_at = self._seen.get(person_id)
        is_recent = seen_at is not None and abs(now - seen_at) < presence.SEEN_AGAIN
        if is_recent and not context.rests:
            return
        try:
            context.came_back = await in_time(presence.see(context.services.database, person_id, now))
        except DATABASE_ERRORS:
            log.exception("that somebody is there is not recorded: the database cannot be used")
            return
        self._seen[person_id] = now
        if context.came_back:
            context.services.schedule_changed.set()


def _is_sign(update: Update) -> bool:
    if update.inline_query:
        return True
    return is_private(update) and bool(update.message or update.edited_message or update.callback_query)


async def say_that_it_is_back(update: Update, context: Context) -> None:
    """One line after a rest; none if what they did just now ended it otherwise, or opened the support card."""
    if not context.came_back or update.effective_chat is None:
        return
    now, interface = context.services.clock(), context.voice.interface
    async with context.services.database.read() as session:
        chat = await find_chat(session, id_of(update.effective_chat))
        if chat is None or chat.off_reason or chat.paused_until or chat.hushed_until:
            return
        due = [reminder.due_at for reminder in await list_reminders(session, chat) if reminder.due_at]
        zone = zone_of(chat)
    if due:
        said = moment_text(interface.times, min(due), now, zone)
        await say(update, context, OutgoingMessage(interface.presence.back_from_rest.format(next=said)))


async def tapped(update: Update, context: Context) -> None:
    """v:on, v:less, v:rest: the answer. Each stands when it is given twice."""
    action, now, texts = ":".join(PRESENCE.read(context.data) or ()), context.services.clock(), None
    answer = None
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        texts = context.voice.interface.presence
        if action == GO_ON:
            answer = Answer(OutgoingMessage(texts.goes_on))
        elif action == LESS:
            for reminder in await list_reminders(session, chat):
                if reminder.due_at:
                    weekday = reminder.due_at.astimezone(zone_of(chat)).weekday()
                    change_rule(reminder, chat, less_often(read_rule(reminder.rule), weekday), now)
            answer = Answer(await overview(session, context, chat, lead=texts.comes_less_often))
        elif action == REST:
            await conversations.end(session, chat, person_id)
            await chats.switch_off(session, chat.id, OffReason.STOPPED, now)
            context.services.outbox.withdraw(chat.id, all_but_notices)
            answer = Answer(resting(context.voice.interface))
    context.services.schedule_changed.set()
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))
