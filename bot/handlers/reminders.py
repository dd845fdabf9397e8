"""/reminders: lists, adds, changes, pauses and removes reminders."""

from collections.abc import Mapping
from dataclasses import replace

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Reminder
from bot.dialogues.reminder_draft import ReminderDraft, draft_of_time
from bot.domain.ids import TelegramId
from bot.domain.schedule import Once, read_rule
from bot.handlers import own_text, reminder_setup
from bot.handlers.access import chat_command, get_or_create_accessed_chat, is_private, tap
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context, language_of
from bot.handlers.support import show_support
from bot.screens.callback_data import REMINDERS, row_number
from bot.screens.outgoing import OutgoingMessage
from bot.screens.reminders import (
    EVERY_BIT,
    ShownReminder,
    Where,
    days_of,
    reminder_days,
    reminder_detail,
    reminder_lines,
    reminder_list,
    reminder_themes,
)
from bot.usecases.chats import zone_of
from bot.usecases.reminders import removed
from bot.usecases.reminders.edit import (
    MOST_REMINDERS,
    TooManyError,
    change_rule,
    choose_theme,
    find_reminder,
    list_reminders,
    partners_of,
    set_paired,
    set_paused,
    themes_of,
)
from bot.usecases.reminders.own_text import decrypt


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [chat_command("reminders", list_all), chat_command("remind", remind), tap(REMINDERS, tapped)]


async def list_all(update: Update, context: Context) -> None:
    """/reminders: lists the chat's reminders."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        message = await _list(session, context, chat)
    await show(update, context, Answer(message))


async def remind(update: Update, context: Context) -> None:
    """/remind <wish>: sets up what was typed, once it is confirmed; what is missing is asked."""
    wish, language = " ".join(context.args or ()), language_of(update)
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        if len(await list_reminders(session, chat)) >= MOST_REMINDERS:
            answer = Answer(OutgoingMessage(context.voice.interface.setup.too_many.format(most=MOST_REMINDERS)))
        elif chat.kind == ChatType.PRIVATE and (found := own_text.find_after_command(context, wish)):
            answer = await own_text.begin(session, context, chat, person_id, *found, app_language=language)
        else:
            answer = await reminder_setup.begin_wish(session, context, chat, person_id, language=language, wish=wish)
    context.services.schedule_changed.set()
    await show(update, context, answer)
    if is_private(update) and (heard := context.voice.library.find_crisis(wish)):
        await show_support(update, context, heard=heard)


async def overview(session: Session, context: Context, chat: Chat, *, lead: str) -> OutgoingMessage | None:
    """Returns the list of reminders, opened by `lead`; None if there are none."""
    return await _list(session, context, chat, lead=lead) if await list_reminders(session, chat) else None


async def tapped(update: Update, context: Context) -> None:
    """r:list, r:add, r:back:<token>, r:<action>:<reminder>, r:days:<reminder>:<bits>:<bits before>."""
    action, *rest = REMINDERS.read(context.data) or [""]
    answer = None
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_accessed_chat(session, context)
        language = language_of(update)
        if action == "list":
            answer = Answer(await _list(session, context, chat))
        elif action == "add":
            answer = await _add(session, context, chat, person_id, language)
        elif action == "back" and len(rest) == 1:
            answer = await _put_back(session, context, chat, person_id, rest[0])
        elif rest and (reminder_id := row_number(rest[0])) is not None:
            answer = await _act(session, context, chat, person_id, action, reminder_id, rest[1:], language)
    context.services.schedule_changed.set()
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def _add(session: Session, context: Context, chat: Chat, person_id: TelegramId, language: str | None) -> Answer:
    if len(await list_reminders(session, chat)) >= MOST_REMINDERS:
        return Answer(OutgoingMessage(context.voice.interface.setup.too_many.format(most=MOST_REMINDERS)), is_new=True)
    return Answer(await reminder_setup.begin(session, context, chat, person_id, language=language))


async def _put_back(session: Session, context: Context, chat: Chat, person_id: TelegramId, token: str) -> Answer:
    interface = context.voice.interface
    try:
        is_back = await removed.put_back(session, chat, person_id, token, context.services.clock())
    except TooManyError:
        return Answer(OutgoingMessage(interface.setup.too_many.format(most=MOST_REMINDERS)), is_new=True)
    toast = interface.reminders.is_back if is_back else interface.replies.stale
    return Answer(await _list(session, context, chat), toast=toast)


async def _act(
    session: Session,
    context: Context,
    chat: Chat,
    person_id: TelegramId,
    action: str,
    reminder_id: int,
    rest: list[str],
    language: str | None,
) -> Answer | None:
    """Acts on one of the chat's own reminders; returns None for an unknown button."""
    interface, now = context.voice.interface, context.services.clock()
    reminder = await find_reminder(session, chat, reminder_id)
    if reminder is None:
        return Answer(await _list(session, context, chat), toast=interface.reminders.already_removed)
    match action:
        case "show":
            return Answer(await _detail(session, context, chat, reminder))
        case "change" | "time":
            draft = ReminderDraft(language=language, reminder_id=reminder_id)
            if action == "time":
                draft = draft_of_time(read_rule(reminder.rule), language, reminder_id)
            return Answer(await reminder_setup.begin(session, context, chat, person_id, language=language, draft=draft))
        case "pause" | "resume":
            set_paused(reminder, chat, now, is_paused=action == "pause")
            return Answer(await _detail(session, context, chat, reminder))
        case "pair" | "unpair":
            await set_paired(session, chat, reminder, is_paired=action == "pair")
            toast = interface.reminders.is_paired if reminder.is_paired else interface.reminders.not_paired
            return Answer(await _detail(session, context, chat, reminder), toast=toast)
        case "remove":
            row = await removed.remove(session, chat, person_id, reminder, now)
            context.services.outbox.withdraw(chat.id, lambda message: message.reminder_id == reminder_id)
            listed = await _list(session, context, chat, put_back_by=row.token if row else "")
            return Answer(listed, toast=interface.reminders.removed)
        case "themes" | "in" | "out" | "any":
            return await _choose_themes(session, context, chat, reminder, action, rest)
        case "days":
            return _set_days(context, chat, reminder, rest)
        case _:
            return None


async def _choose_themes(
    session: Session, context: Context, chat: Chat, reminder: Reminder, action: str, rest: list[str]
) -> Answer | None:
    themes = _themes_here(context, chat)
    match action, rest:
        case "in" | "out", [theme] if theme in themes or action == "out":
            await choose_theme(session, reminder, theme, is_in=action == "in")
        case "any", []:
            reminder.themes = None
        case "themes", []:
            pass
        case _:
            return None
    shown, chosen = _shown(context, chat, reminder), themes_of(reminder)
    return Answer(reminder_themes(context.voice.interface, shown, _where(context, chat), themes, chosen))


def _themes_here(context: Context, chat: Chat) -> dict[str, str]:
    """Returns the names of the themes, by id, that a message of this chat may have: those that are off have none."""
    library, spoken = context.voice.library.of_practice(chat.practice), _theme_names(context, chat)
    themes = context.voice.catalogue_of(chat).rules.themes
    return {
        theme: spoken.get(theme, theme)
        for theme in themes
        if library.choice(chat.language, chat.left_out, theme).wanted
    }


def _theme_names(context: Context, chat: Chat) -> Mapping[str, str]:
    return context.voice.library.of_practice(chat.practice).of(context.voice.language).rules.themes


async def _detail(session: Session, context: Context, chat: Chat, reminder: Reminder) -> OutgoingMessage:
    shown = _shown(context, chat, reminder)
    if reminder.is_paired or await partners_of(session, chat, reminder):
        shown = replace(shown, is_paired=reminder.is_paired)
    return reminder_detail(context.voice.interface, shown, _where(context, chat))


def _set_days(context: Context, chat: Chat, reminder: Reminder, rest: list[str]) -> Answer | None:
    rule = read_rule(reminder.rule)
    if isinstance(rule, Once) or not rule.falls_by_weekday:
        return None
    toast = ""
    if rest:
        bits, before = _read_bits(rest[0]), _read_bits(rest[1]) if len(rest) == 2 else None
        if bits is None or before is None:
            return None
        if bits == 0:
            return Answer(toast=context.voice.interface.reminders.one_day_stays)
        if rule.weekdays == days_of(before):
            change_rule(reminder, chat, rule.model_copy(update={"weekdays": days_of(bits)}), context.services.clock())
        elif rule.weekdays != days_of(bits):  # not a double tap: somebody else has changed them since
            toast = context.voice.interface.together.changed_meanwhile
    return Answer(
        reminder_days(context.voice.interface, _shown(context, chat, reminder), _where(context, chat)), toast=toast
    )


def _read_bits(text: str) -> int | None:
    bits = int(text) if text.isdecimal() and len(text) < 4 else EVERY_BIT + 1
    return bits if bits <= EVERY_BIT else None


async def lines(session: Session, context: Context, chat: Chat) -> list[str]:
    """Returns a paragraph for each reminder, with its next time; for the settings."""
    reminders = [_shown(context, chat, reminder) for reminder in await list_reminders(session, chat)]
    return reminder_lines(context.voice.interface, reminders, _where(context, chat))


async def _list(
    session: Session, context: Context, chat: Chat, *, lead: str = "", put_back_by: str = ""
) -> OutgoingMessage:
    reminders = [_shown(context, chat, reminder) for reminder in await list_reminders(session, chat)]
    return reminder_list(context.voice.interface, reminders, _where(context, chat), lead=lead, removed=put_back_by)


def _shown(context: Context, chat: Chat, reminder: Reminder) -> ShownReminder:
    names, chosen = _theme_names(context, chat), themes_of(reminder)
    return ShownReminder(
        reminder.id,
        read_rule(reminder.rule),
        reminder.due_at,
        reminder.is_paused,
        themes=tuple(name for theme, name in names.items() if theme in chosen),
        own_text=_own_text(context, reminder) if reminder.encrypted_text else "",
    )


def _own_text(context: Context, reminder: Reminder) -> str:
    texts, text = context.voice.interface.setup.own, decrypt(reminder, context.services.cipher)
    return texts.cannot_open if text is None else texts.words.format(text=text)


def _where(context: Context, chat: Chat) -> Where:
    return Where(
        zone_of(chat),
        context.services.clock(),
        chat.paused_until,
        chat.off_reason is not None,
        MOST_REMINDERS,
        context.voice.first_weekday,
    )
