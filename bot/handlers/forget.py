"""/forget: asks once, then deletes everything about the chat."""

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Conversation
from bot.database.values import Subject
from bot.domain.ids import TelegramId
from bot.handlers.access import chat_command, get_or_create_accessed_chat, is_private, tap
from bot.handlers.answers import Answer, show
from bot.handlers.bot_profile import forget_menu_of
from bot.handlers.context import Context
from bot.screens.callback_data import SHARED_CHAT, question_start
from bot.screens.help import backups_text
from bot.screens.outgoing import Button, OutgoingMessage, joined
from bot.usecases import chats, conversations, groups
from bot.usecases.taps import forget_person

FORGET_STEP = "forget"
YES, NO = "yes", "no"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [chat_command("forget", ask), tap(SHARED_CHAT, ask, "erase")]


async def ask(update: Update, context: Context) -> None:
    """/forget: asks whether to delete; if there is no chat, deletes the person's taps at once."""
    texts, access = context.voice.interface.forget, context.access
    async with context.services.database.write() as session:
        if not await chats.list_chats_of(session, access.telegram_id):
            # Someone who has only ever tapped in groups: there is no question to keep open, and little to lose.
            has_tapped = is_private(update) and await _forget_taps(session, context, access.person_id)
            if is_private(update):  # they may have set up a group from within it
                await groups.remove_facilitator(session, access.person_id)
                await conversations.end_all(session, access.person_id)
            answer = OutgoingMessage(texts.done if has_tapped else texts.nothing)
        else:
            chat, person_id = await get_or_create_accessed_chat(session, context)
            conversation = await conversations.begin(
                session, chat, person_id, Subject.FORGET, FORGET_STEP, "{}", context.services.clock()
            )
            start = question_start(conversation.token, FORGET_STEP)
            question = texts.question if chat.telegram_id > 0 else texts.question_shared
            answer = OutgoingMessage(
                question, ((Button(texts.yes, f"{start}{YES}"),), (Button(texts.no, f"{start}{NO}"),))
            )
    await show(update, context, Answer(answer))


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Deletes if the button was tapped; typed text deletes nothing. A group is deleted with all its topics."""
    texts = context.voice.interface.forget
    if text == YES:
        for topic in await chats.list_chats_of(session, chat.telegram_id):
            await chats.forget(session, topic)
            context.services.outbox.withdraw(topic.id)
        if chat.telegram_id > 0:
            await _forget_taps(session, context, conversation.person_id)
            await groups.remove_facilitator(session, chat.telegram_id)
            await conversations.end_all(session, chat.telegram_id)
        if chat.language:  # which the menu has followed
            await forget_menu_of(context.bot, chat.telegram_id)
        backups = backups_text(context.voice.interface, context.services.settings.backups_kept_days)
        return Answer(OutgoingMessage(joined(texts.done, texts.remains, backups)))
    await conversations.end(session, chat, conversation.person_id, Subject.FORGET)
    return Answer(OutgoingMessage(texts.kept))


async def _forget_taps(session: Session, context: Context, person_id: TelegramId) -> bool:
    """Deletes the person's taps in groups and channels. Returns whether there were any."""
    changed = await forget_person(session, context.services.settings.counting_key, person_id)
    for telegram_id in changed:
        context.services.tap_counts.changed(telegram_id)
    return bool(changed)
