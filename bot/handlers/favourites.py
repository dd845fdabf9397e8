"""/kept and the buttons of favourites. Only in private chats: favourites belong to one person."""

from telegram import Message, Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat
from bot.delivery.keyboards import rows_of
from bot.handlers.access import command, get_or_create_chat_here, tap
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context
from bot.screens.affirmations import as_card
from bot.screens.callback_data import FAVOURITES
from bot.screens.favourites import favourites_page, marked_as_kept, one_favourite
from bot.screens.outgoing import OutgoingMessage, Rows
from bot.usecases import favourites


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("kept", show_kept), tap(FAVOURITES, tapped)]


async def show_kept(update: Update, context: Context) -> None:
    """/kept: shows the first page of favourites."""
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        message = await _page(session, context, chat, 0)
    await show(update, context, Answer(message))


async def tapped(update: Update, context: Context) -> None:
    """k:keep:<id>, k:show:<id>, k:story:<id>, k:remove:<id>, k:page:<number>: acts on a favourite."""
    action, _, value = ":".join(FAVOURITES.read(context.data) or ()).partition(":")
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        answer = await _act(session, context, chat, action, value, _rows_under(update))
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def _act(session: Session, context: Context, chat: Chat, action: str, value: str, rows: Rows) -> Answer | None:
    """Returns None for an unknown button, or if the affirmation no longer exists. `rows` are under what was tapped."""
    texts = context.voice.interface.kept
    if action == "page" and value.isdecimal() and len(value) < 6:
        return Answer(await _page(session, context, chat, int(value)))
    affirmation = context.voice.catalogue.by_id.get(value)
    match action:
        case "keep" if affirmation:
            is_new = await favourites.keep(session, chat, affirmation.id, context.services.clock())
            shown = marked_as_kept(context.voice.interface, rows, affirmation.id)
            return Answer(rows=() if shown == rows else shown, toast=texts.kept if is_new else texts.already_kept)
        case "show" if affirmation:
            return Answer(one_favourite(texts, affirmation))
        case "story" if affirmation:
            return Answer(as_card(context.voice.interface, affirmation, is_portrait=True), is_new=True)
        case "remove":
            await favourites.remove(session, chat, value)
            return Answer(await _page(session, context, chat, 0), toast=texts.removed)
        case _:
            return None


def _rows_under(update: Update) -> Rows:
    message = update.callback_query.message if update.callback_query else None
    return rows_of(message.reply_markup) if isinstance(message, Message) else ()


async def _page(session: Session, context: Context, chat: Chat, page: int) -> OutgoingMessage:
    by_id = context.voice.catalogue.by_id
    kept = [by_id[affirmation_id] for affirmation_id in await favourites.list_kept(session, chat, by_id)]
    return favourites_page(context.voice.interface.kept, kept, page)
