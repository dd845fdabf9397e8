"""/start: who this is, what it is not, and the first question; or how things are for someone who comes back."""

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler

from bot import chats
from bot.catalogue.flows import FLOWS_OF_COMMANDS
from bot.database import Session
from bot.handlers import flows, invitation, setup
from bot.handlers.kit import Context, Kit
from bot.handlers.learn import show_themes
from bot.handlers.pause import resumed
from bot.handlers.private import command, is_private, open_here
from bot.handlers.reminders import overview
from bot.handlers.replies import Answer, show
from bot.handlers.support import show_support
from bot.invitations import PREFIX
from bot.models import Chat, OffReason
from bot.render.flows import entry
from bot.render.invitation import welcome
from bot.render.outgoing import Button, OutgoingMessage, joined

# What a link can open instead, as t.me/<bot>?start=support.
PAYLOADS = {"support": show_support, "learn": show_themes}
NEW, BRING_BACK = "start:new", "start:back"


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("start", start), CallbackQueryHandler(tapped, pattern=r"^start:")]


async def start(update: Update, context: Context) -> None:
    """/start, with or without a deep link's payload."""
    kit, payload = context.kit, "".join(context.args or ())
    if payload in FLOWS_OF_COMMANDS:
        await flows.begin(update, context, FLOWS_OF_COMMANDS[payload])
        return
    if payload in PAYLOADS:
        await PAYLOADS[payload](update, context)
        return
    async with kit.database.write() as session:
        chat, person_id = await open_here(session, update, kit)
        message, lead = None, ""
        if payload.startswith(PREFIX):
            message = await invitation.begin(session, kit, chat, person_id, payload, language=_language(update))
            lead = kit.words.invitation.ended
        message = message or await _greet(session, kit, chat, person_id, _language(update), lead=lead)
    await show(update, context, Answer(message))


async def tapped(update: Update, context: Context) -> None:
    """After a stop: bring all back, or begin anew."""
    kit, data = context.kit, update.callback_query.data if update.callback_query else None
    if not is_private(update):
        await show(update, context, Answer(toast=kit.words.replies.stale))
        return
    async with kit.database.write() as session:
        chat, person_id = await open_here(session, update, kit)
        if data == BRING_BACK and chat.off_reason:
            await chats.resume(session, chat, kit.clock())
            message = await resumed(session, kit, chat, kit.clock(), was_quiet=True)
        elif data == NEW:
            message = await setup.begin(session, kit, chat, person_id, language=_language(update))
        else:
            message = None
    kit.wake()
    await show(update, context, Answer(message, toast="" if message else kit.words.replies.stale))


async def _greet(
    session: Session, kit: Kit, chat: Chat, person_id: int, language: str | None, *, lead: str = ""
) -> OutgoingMessage:
    words = kit.words.start
    again = joined(lead, words.again)
    shown = await overview(session, kit, chat, lead=again)
    if chat.off_reason == OffReason.STOPPED and shown:
        back, new = Button(words.bring_back, BRING_BACK), Button(kit.words.reminders.add, NEW)
        return OutgoingMessage(joined(lead, words.stopped), ((back,), (new,)))
    if chat.off_reason:
        await chats.resume(session, chat, kit.clock())
        kit.wake()
        shown = await overview(session, kit, chat, lead=again)
    if shown:
        return shown
    question = await setup.begin(session, kit, chat, person_id, language=language)
    # Not everyone who comes wants reminders: some need something this minute.
    now = entry(kit.words.flows.entry, "grounding")
    text = joined(lead, welcome(kit.words, kit.settings.practice_name), question.text)
    return OutgoingMessage(text, (*question.rows, (now,)))


def _language(update: Update) -> str | None:
    return update.effective_user.language_code if update.effective_user else None
