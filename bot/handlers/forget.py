"""/forget: asks once, then deletes everything about the chat."""

from functools import partial

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
from bot.usecases import chats, conversations, forgetting

FORGET_STEP = "forget"
YES, NO, UNSURE = "yes", "no", "unsure"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [chat_command("forget", ask), tap(SHARED_CHAT, ask, "erase")]


async def ask(update: Update, context: Context) -> None:
    """/forget: asks whether to delete; if there is no chat, deletes the person's taps at once."""
    texts, access = context.voice.interface.forget, context.access
    async with context.services.database.write() as session:
        if not await chats.list_chats_of(session, access.telegram_id):
            # Someone who has only ever tapped in groups: there is no question to keep open, and little to lose.
            # They may have set up a group from within it, too.
            is_known = is_private(update) and await _forget_person(session, context, access.person_id)
            answer = _done(context) if is_known else OutgoingMessage(texts.nothing)
        else:
            chat, person_id = await get_or_create_accessed_chat(session, context)
            conversation = await conversations.begin(
                session, chat, person_id, Subject.FORGET, FORGET_STEP, "{}", context.services.clock()
            )
            answer = _question(context, chat, conversation)
    await show(update, context, Answer(answer))


def read_typed(context: Context, text: str) -> str:
    """Returns the answer that typed words stand for: never that something is deleted, for "yes" is typed by chance."""
    library, language = context.voice.library, context.voice.language
    asked_for = library.find_request(text, language)
    is_yes = library.find_word(text, language) == "yes" or asked_for in ("erase", "unsure_erase")
    return UNSURE if is_yes else NO


def _question(context: Context, chat: Chat, conversation: Conversation, *, lead: str = "") -> OutgoingMessage:
    texts, start = context.voice.interface.forget, question_start(conversation.token, FORGET_STEP)
    asked = texts.question if chat.telegram_id > 0 else texts.question_shared
    rows = ((Button(texts.yes, f"{start}{YES}"),), (Button(texts.no, f"{start}{NO}"),))
    return OutgoingMessage(joined(asked, lead), rows)


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Deletes if the button was tapped. Typed text deletes nothing; a typed "yes" is told how.

    A group is deleted with all its topics.
    """
    texts = context.voice.interface.forget
    if text == YES:
        for topic in await chats.list_chats_of(session, chat.telegram_id):
            await forgetting.forget_chat(session, topic.id)
            context.services.outbox.withdraw(topic.id)
        if chat.telegram_id > 0:
            await _forget_person(session, context, chat.telegram_id)
        follows = partial(forget_menu_of, context.bot, chat.telegram_id) if chat.language else None
        return Answer(_done(context), afterwards=follows)
    if text == UNSURE:
        return Answer(_question(context, chat, conversation, lead=texts.to_confirm))  # it goes on waiting
    await conversations.end(session, chat, conversation.person_id, Subject.FORGET)
    return Answer(OutgoingMessage(texts.kept))


async def _forget_person(session: Session, context: Context, person_id: TelegramId) -> bool:
    """Deletes what the person has done in other chats. Returns whether there was anything."""
    erased = await forgetting.forget_person(session, person_id, context.services.settings.counting_key)
    for telegram_id in erased.recounted:
        context.services.tap_counts.changed(telegram_id)
    context.services.sender.last_buttons.forget(person_id)
    return erased.is_any


def _done(context: Context) -> OutgoingMessage:
    """Says what is gone, and what is not for the bot to delete."""
    texts, days = context.voice.interface.forget, context.services.settings.backups_kept_days
    return OutgoingMessage(joined(texts.done, texts.remains, backups_text(context.voice.interface, days)))
