"""A reminder in own words: "remind me to drink some water at 15:00", after /remind or typed in a private chat."""

from datetime import UTC

from telegram import Update

from bot.database.engine import Session
from bot.database.models import Chat
from bot.dialogues.reminder_draft import ReminderDraft
from bot.dialogues.reminder_setup import SetupStep, answer
from bot.domain.folding import fold
from bot.domain.ids import TelegramId
from bot.domain.own_text import LONGEST_TEXT, Said, read_own_text
from bot.domain.safety_plan import units
from bot.domain.typed_times import read_wish
from bot.handlers import reminder_setup
from bot.handlers.access import check_access, get_or_create_accessed_chat
from bot.handlers.answers import Answer, show, with_people
from bot.handlers.context import ChatAccess, Context, language_of
from bot.screens.outgoing import OutgoingMessage
from bot.usecases.chats import zone_of
from bot.usecases.reminders import own_text
from bot.usecases.reminders.edit import MOST_REMINDERS, list_reminders


def find(context: Context, typed: str) -> tuple[Said, str] | None:
    """Returns what somebody wants to be reminded of, and its language; None for any other text.

    In the language that is spoken here, or in any other of the bot's.
    """
    library, now = context.voice.library, context.services.clock()
    for code in dict.fromkeys((context.voice.language, *library.languages)):
        own = library.of(code).interface.setup.own
        # Where it is cut does not depend on the time of day.
        local = now.astimezone(UTC).replace(tzinfo=None)
        if said := read_own_text(typed, own.typed, own.fillers, now_local=local, language=code):
            return said, code
    return None


def _begins(context: Context, typed: str) -> bool:
    """Whether it begins as somebody does who wants to be reminded."""
    library, words = context.voice.library, fold(typed).split()
    beginnings = (said for one in library.catalogues for said in one.interface.setup.own.typed)
    return any(words[: len(said.split())] == fold(said).split() for said in beginnings)


def find_after_command(context: Context, typed: str) -> tuple[Said, str] | None:
    """The same after /remind, which may be read as the first word: "/remind me to ..."."""
    return find(context, typed) or find(context, f"remind {typed}")


def is_time(context: Context, typed: str) -> bool:
    """Whether the whole text says at what hour or on which days something comes: "every day at 9 am"."""
    local = context.services.clock().astimezone(UTC).replace(tzinfo=None)
    wish = read_wish(typed, now_local=local, language=context.voice.language)
    return wish is not None and bool(wish.times or wish.weekdays or wish.is_daily or wish.times_a_day)


async def take_typed(update: Update, context: Context, text: str) -> bool:
    """Begins a setup if the text asks for a reminder, in own words or not ("remind me at 9"). False if it does not."""
    found = find(context, text)
    is_asked = found is not None or (_begins(context, text) and is_time(context, text))
    access = await check_access(update, context) if is_asked else None
    if not isinstance(access, ChatAccess):
        return False
    context.access, language = access, language_of(update)
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        if found:
            shown = await begin(session, context, chat, person_id, *found, app_language=language)
        else:
            shown = await reminder_setup.begin_wish(session, context, chat, person_id, language=language, wish=text)
    await show(update, context, with_people(context, shown))
    return True


async def begin(
    session: Session,
    context: Context,
    chat: Chat,
    person_id: TelegramId,
    said: Said,
    language: str,
    *,
    app_language: str | None,
) -> Answer:
    """Begins the setup of a reminder that says this: what is missing is asked, and all of it confirmed.

    `language` is that of the words, `app_language` Telegram's code, which suggests time zones.
    """
    setup, cipher = context.voice.interface.setup, context.services.cipher
    if cipher is None:
        return Answer(OutgoingMessage(setup.own.unavailable))
    if context.voice.library.find_crisis(said.text):  # `remind` opens the card
        return Answer(OutgoingMessage(setup.own.danger_not_set))
    if (length := units(said.text)) > LONGEST_TEXT:
        return Answer(OutgoingMessage(setup.own.too_long.format(limit=LONGEST_TEXT, length=length)))
    if len(await list_reminders(session, chat)) >= MOST_REMINDERS:
        return Answer(OutgoingMessage(setup.too_many.format(most=MOST_REMINDERS)))
    draft = ReminderDraft(language=app_language, encrypted_text=cipher.encrypt(said.text, own_text.owner(chat.id)))
    if said.when:
        local = context.services.clock().astimezone(zone_of(chat)).replace(tzinfo=None)
        answered = answer(draft, SetupStep.RHYTHM, said.when, local, language)
        draft = draft if isinstance(answered, str) else answered
    return await reminder_setup.begin_with(session, context, chat, person_id, draft)
