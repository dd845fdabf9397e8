"""A typed change of the one reminder that is set: "make it 9pm instead". Called by `requests`.

It is confirmed before it holds. Of several reminders the list is shown: which one is meant is not guessed.
"""

from telegram import Update

from bot.database.engine import Session
from bot.database.models import Chat
from bot.dialogues.changes import change, without_small_words
from bot.dialogues.reminder_draft import ReminderDraft, draft_of_rule
from bot.domain.ids import TelegramId
from bot.domain.schedule import read_rule
from bot.handlers import own_text, reminder_setup, reminders
from bot.handlers.access import check_access, get_or_create_accessed_chat
from bot.handlers.answers import Answer, show, with_people
from bot.handlers.context import ChatAccess, Context, language_of
from bot.usecases.chats import zone_of
from bot.usecases.reminders.edit import list_reminders


async def take_typed(update: Update, context: Context, text: str) -> bool:
    """Begins the change that the text asks for. Returns False if it asks for none."""
    small = context.voice.interface.setup.change_words
    wish = without_small_words(text, small)
    access = await check_access(update, context) if wish and wish != " ".join(text.split()) else None
    if not isinstance(access, ChatAccess):
        return False
    context.access = access
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        answer = await _begin(session, context, chat, person_id, wish, language=language_of(update))
    if answer is None:
        return False
    await show(update, context, with_people(context, answer))
    return True


async def _begin(
    session: Session, context: Context, chat: Chat, person_id: TelegramId, wish: str, *, language: str | None
) -> Answer | None:
    """Returns the question whether the change is right, or the list; None if no such change can be made."""
    rows = await list_reminders(session, chat)
    if len(rows) > 1 and own_text.is_time(context, wish):
        shown = await reminders.overview(session, context, chat, lead="")
        return Answer(shown) if shown else None
    if len(rows) != 1:
        return None
    local = context.services.clock().astimezone(zone_of(chat)).replace(tzinfo=None)
    draft = draft_of_rule(read_rule(rows[0].rule), language, rows[0].id)
    changed = change(draft, wish, context.voice.interface.setup.change_words, local, context.voice.language)
    if not isinstance(changed, ReminderDraft):
        return None
    return await reminder_setup.begin_with(session, context, chat, person_id, changed)
