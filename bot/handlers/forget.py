"""/forget: asks once, then everything is gone."""

from telegram import Update
from telegram.ext import BaseHandler

from bot import chats, conversations
from bot.counting import forget_person
from bot.database import Session
from bot.handlers.kit import Context, Kit
from bot.handlers.private import command
from bot.handlers.replies import Answer, show
from bot.models import Chat, Conversation, Subject
from bot.render.outgoing import Button, OutgoingMessage
from bot.render.setup import prefix

STEP = "forget"
YES, NO = "yes", "no"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("forget", ask)]


async def ask(update: Update, context: Context) -> None:
    """/forget"""
    kit, words, place, person = (
        context.kit,
        context.kit.words.forget,
        update.effective_chat,
        update.effective_user,
    )
    if place is None or person is None:
        return
    async with kit.database.write() as session:
        chat = await chats.find_chat(session, place.id)
        if chat is None:
            # Someone who has only ever tapped in groups: there is no question to keep open, and little to lose.
            answer = OutgoingMessage(words.done if await _forget_taps(session, kit, person.id) else words.nothing)
        else:
            conversation = await conversations.begin(session, chat, person.id, Subject.FORGET, STEP, "{}", kit.clock())
            start = prefix(conversation.token, STEP)
            answer = OutgoingMessage(
                words.question, ((Button(words.yes, f"{start}{YES}"),), (Button(words.no, f"{start}{NO}"),))
            )
    await show(update, context, Answer(answer))


async def take_answer(session: Session, kit: Kit, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Only the button erases; whatever is typed instead keeps everything."""
    words = kit.words.forget
    if text == YES:
        await _forget_taps(session, kit, conversation.person_id)
        await chats.forget(session, chat)
        kit.withdraw(chat.id)
        return Answer(OutgoingMessage(words.done))
    await conversations.end(session, chat, conversation.person_id, Subject.FORGET)
    return Answer(OutgoingMessage(words.kept))


async def _forget_taps(session: Session, kit: Kit, person_id: int) -> bool:
    """In groups and channels, whatever this chat is; whether there were any."""
    changed = await forget_person(session, kit.settings.counting_key, person_id)
    for telegram_id in changed:
        kit.recount(telegram_id)
    return bool(changed)
