"""/invite, for the operators in OPERATORS: creates, prints and ends invitations."""

import asyncio
from datetime import time

from telegram import InputFile, Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Invitation
from bot.domain.cards import InvitationCard
from bot.domain.ids import TelegramId
from bot.domain.schedule import MONDAY_TO_FRIDAY, Daily
from bot.handlers.access import command, get_or_create_chat_here, is_operator, tap
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context, id_of
from bot.handlers.help import unknown_command
from bot.screens import invitations_admin as render
from bot.screens.callback_data import INVITATIONS
from bot.screens.invitations import card_of
from bot.screens.invitations_admin import NONE, ShownInvitation
from bot.screens.outgoing import OutgoingMessage
from bot.usecases import invitations
from bot.usecases.chats import zone_of
from bot.usecases.invitations import CODE, Suggestion, link_of, new_code, suggestion_of

RHYTHMS = (Daily(at=time(8, 30)), Daily(at=time(8, 30), weekdays=MONDAY_TO_FRIDAY), Daily(at=time(20)), None)
NUMBERS = [str(number) for number in range(len(RHYTHMS))]


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("invite", invite), tap(INVITATIONS, tapped)]


async def invite(update: Update, context: Context) -> None:
    """/invite: lists open invitations; for anybody else it is an unknown command."""
    if not is_operator(update, context):
        await unknown_command(update, context)
        return
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        message = await _list(session, context, chat)
    await show(update, context, Answer(message))


async def tapped(update: Update, context: Context) -> None:
    """Acts on an invitation, or asks the next question about a new one.

    i:list, i:new, i:w:<words>, i:l:<words>:<language>, i:m:<code>:<words>:<language>:<rhythm>, i:s|c|e:<code>
    """
    parts = INVITATIONS.read(context.data) or []
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        answer, to_draw = await _act(session, context, context.bot.username, chat, parts)
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))
    if to_draw and update.effective_chat:
        await _send_card(context, id_of(update.effective_chat), to_draw)


async def _act(
    session: Session, context: Context, username: str, chat: Chat, parts: list[str]
) -> tuple[Answer | None, ShownInvitation | None]:
    """Returns what to show, and whose card to send; (None, None) for an unknown button or a second tap."""
    now = context.services.clock()
    match parts:
        case ["list"]:
            return Answer(await _list(session, context, chat)), None
        case [render.MAKE, *choices]:
            made = await _make(session, context, choices)
            if made is None:
                return None, None
            return Answer(render.made(context.voice.interface, made, link_of(username, made.code), now)), made
        case [render.SHOW | render.CARD | render.END as action, code]:
            invitation = await invitations.find_open(session, code)
        case _:
            question = _ask(context, parts)
            return (Answer(question) if question else None), None
    if invitation is None:
        return Answer(await _list(session, context, chat), toast=context.voice.interface.inviting.already_ended), None
    if action == render.END:
        await invitations.end(session, invitation.code, now)
        return Answer(await _list(session, context, chat), toast=context.voice.interface.inviting.ended), None
    shown = _shown(invitation)
    detail = render.detail(context.voice.interface, shown, link_of(username, shown.code), now, zone_of(chat))
    return Answer(detail), shown if action == render.CARD else None


def _ask(context: Context, parts: list[str]) -> OutgoingMessage | None:
    """The next question about a new invitation; a question with only one answer is left out."""
    library = context.voice.library
    match parts:
        case ["new"] if library.practices:
            return render.practice_question(context.voice.interface, library.practices)
        case ["new"]:
            practice = None
        case [render.WORDS, name] if name in (NONE, *library.practices):
            practice = None if name == NONE else name
        case [render.LANGUAGE, name, language] if name in (NONE, *library.practices):
            return _ask_rhythm(context, name, language)
        case _:
            return None
    languages = library.of_practice(practice).languages
    if len(languages) == 1:
        return _ask_rhythm(context, practice or NONE, NONE)
    return render.language_question(context.voice.interface, practice, languages)


def _ask_rhythm(context: Context, name: str, language: str) -> OutgoingMessage:
    practice, spoken = _read(name), _read(language)
    return render.rhythm_question(
        context.voice.interface, new_code(), practice, spoken, RHYTHMS, context.services.clock()
    )


async def _make(session: Session, context: Context, choices: list[str]) -> ShownInvitation | None:
    """Creates the invitation. Returns None for choices that do not exist, and for a second tap on the same code."""
    match choices:
        case [code, name, language, number] if CODE.fullmatch(code) and number in NUMBERS:
            practice, spoken = _read(name), _read(language)
        case _:
            return None
    library = context.voice.library.of_practice(practice)
    if practice not in (None, *library.practices) or spoken not in (None, *library.languages):
        return None
    suggestion = Suggestion(practice=practice, language=spoken, rule=RHYTHMS[int(number)])
    if not await invitations.make(context.services.database, session, code, suggestion, context.services.clock()):
        return None
    return ShownInvitation(code, practice, spoken, suggestion.rule, context.services.clock())


async def _list(session: Session, context: Context, chat: Chat) -> OutgoingMessage:
    shown = [_shown(invitation) for invitation in await invitations.list_open(session)]
    return render.invitation_list(context.voice.interface, shown, context.services.clock(), zone_of(chat))


async def _send_card(context: Context, chat_id: TelegramId, shown: ShownInvitation) -> None:
    """Sends the card as a picture and as a page to print, in the language and texts that it suggests."""
    link = link_of(context.bot.username, shown.code)
    interface = context.voice.library.of_practice(shown.practice).of(shown.language).interface
    everyones = context.voice.library.of_practice(None).of(shown.language).interface
    card = card_of(interface, everyones, link, context.services.settings.practice_name)
    png, pdf = await asyncio.to_thread(_draw, card)
    await context.bot.send_photo(chat_id, InputFile(png, filename=f"{shown.code}.png"), caption=link)
    await context.bot.send_document(chat_id, InputFile(pdf, filename=f"{shown.code}.pdf"))


def _draw(card: InvitationCard) -> tuple[bytes, bytes]:
    """Returns the card as PNG and as PDF."""
    from bot.domain.cards.invitation import draw_pdf, draw_png  # noqa: PLC0415 - Pillow and segno, for operators alone

    return draw_png(card), draw_pdf(card)


def _shown(invitation: Invitation) -> ShownInvitation:
    suggestion = suggestion_of(invitation)
    return ShownInvitation(
        invitation.code, suggestion.practice, suggestion.language, suggestion.rule, invitation.created_at
    )


def _read(part: str) -> str | None:
    return None if part == NONE else part
