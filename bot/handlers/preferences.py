""" "Not for me" in private chats, and /themes: which affirmations come."""

from telegram import Update
from telegram.ext import BaseHandler

from bot.content.affirmations import Affirmation
from bot.database.engine import Session
from bot.database.models import Chat
from bot.domain.rotation import Choice
from bot.handlers.access import (
    chat_command,
    get_or_create_accessed_chat,
    get_or_create_chat_here,
    tap,
)
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context
from bot.screens.callback_data import NOT_FOR_ME, THEMES
from bot.screens.favourites import row_under
from bot.screens.flows import entry
from bot.screens.outgoing import OutgoingMessage
from bot.screens.preferences import rows_after_hiding, theme_list
from bot.usecases import preferences
from bot.usecases.favourites import is_kept


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [
        chat_command("themes", show_themes),
        tap(THEMES, tapped_in_list),
        tap(NOT_FOR_ME, tapped),
    ]


async def show_themes(update: Update, context: Context) -> None:
    """/themes: lists the themes."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        message = await _themes(session, context, chat)
    await show(update, context, Answer(message))


async def tapped(update: Update, context: Context) -> None:
    """n:hide:<id>, n:back:<id>, n:out:<theme's number>:<id>: under an affirmation in a private chat."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        await preferences.hold_themes(session, chat)
        answer = await _take_under_affirmation(session, context, chat, NOT_FOR_ME.read(context.data) or [])
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def tapped_in_list(update: Update, context: Context) -> None:
    """t:, t:out:<theme>, t:in:<theme>, t:all, t:unhide: in the list of themes."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_accessed_chat(session, context)
        await preferences.hold_themes(session, chat)
        answer = await _take_in_list(session, context, chat, THEMES.read(context.data) or [])
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def _take_under_affirmation(session: Session, context: Context, chat: Chat, parts: list[str]) -> Answer | None:
    """Returns None for an unknown button, or if the affirmation no longer exists."""
    texts, affirmation = context.voice.interface.tastes, context.voice.catalogue.by_id.get(parts[-1] if parts else "")
    if affirmation is None:
        return None
    match parts:
        case ["hide", _]:
            if not await preferences.hide(
                session, chat, affirmation.id, _choice(context, chat), context.services.clock()
            ):
                return Answer(toast=texts.last_one)
            return Answer(
                rows=rows_after_hiding(context.voice.interface, affirmation, _still_coming(context, chat)),
                toast=texts.hidden,
            )
        case ["back", _]:
            return await _bring_back(session, context, chat, affirmation)
        case ["out", number, _] if number.isdecimal() and int(number[:3]) < len(affirmation.themes):
            theme = affirmation.themes[int(number[:3])]
            if not await _leave_out(session, context, chat, preferences.themes_left_out(chat) | {theme}):
                return Answer(toast=texts.one_stays)
            toast = texts.left_out.format(theme=context.voice.catalogue.rules.themes.get(theme, theme))
            return Answer(
                rows=rows_after_hiding(context.voice.interface, affirmation, _still_coming(context, chat)), toast=toast
            )
        case _:
            return None


async def _bring_back(session: Session, context: Context, chat: Chat, affirmation: Affirmation) -> Answer:
    """Brings it back with all its themes: it comes only if none of them is left out."""
    texts, names = context.voice.interface.tastes, context.voice.catalogue.rules.themes
    left_out = preferences.themes_left_out(chat)
    await preferences.bring_back(session, chat, affirmation.id)
    themes = [theme for theme in affirmation.themes if theme in left_out]
    await _leave_out(session, context, chat, left_out.difference(themes))
    listed = ", ".join(names.get(theme, theme) for theme in themes)
    rows = (
        row_under(context.voice.interface, affirmation.id, is_kept=await is_kept(session, chat, affirmation.id)),
        (entry(context.voice.interface.flows.entry, "grounding"),),
    )
    return Answer(rows=rows, toast=texts.brought_back_with.format(themes=listed) if themes else texts.brought_back)


async def _take_in_list(session: Session, context: Context, chat: Chat, parts: list[str]) -> Answer | None:
    left_out, toast = preferences.themes_left_out(chat), context.voice.interface.settings.saved
    match parts:
        case [""]:
            return Answer(await _themes(session, context, chat), is_new=True)
        case ["here"]:
            return Answer(await _themes(session, context, chat))
        case ["all"]:
            left_out = set()
        case ["unhide"]:
            await preferences.bring_all_back(session, chat)
            toast = context.voice.interface.tastes.all_brought_back
        case ["out", theme] if theme in context.voice.catalogue.rules.themes:
            left_out.add(theme)
        case ["in", theme] if theme in context.voice.catalogue.rules.themes:
            left_out.discard(theme)
        case _:
            return None
    if not await _leave_out(session, context, chat, left_out):
        return Answer(toast=context.voice.interface.tastes.one_stays)
    return Answer(await _themes(session, context, chat), toast=toast)


async def _leave_out(session: Session, context: Context, chat: Chat, themes: set[str]) -> bool:
    return await preferences.leave_out(session, chat, themes, context.voice.choice_of(chat, themes))


def _choice(context: Context, chat: Chat) -> Choice:
    return context.voice.choice_of(chat)


def _still_coming(context: Context, chat: Chat) -> dict[str, str]:
    left_out = preferences.themes_left_out(chat)
    return {theme: name for theme, name in context.voice.catalogue.rules.themes.items() if theme not in left_out}


async def _themes(session: Session, context: Context, chat: Chat) -> OutgoingMessage:
    choice = await preferences.wanted_in(session, chat, _choice(context, chat))
    hidden = (await preferences.hidden_in(session, (chat.id,))).get(chat.id, set())
    return theme_list(
        context.voice.interface,
        context.voice.catalogue.rules.themes,
        preferences.themes_left_out(chat),
        coming=len(choice.wanted),
        hidden=len(hidden.intersection(choice.identifiers)),
    )
