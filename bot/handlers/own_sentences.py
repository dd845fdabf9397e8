"""/mine: sentences of a person's own among their reminders. Encrypted, only in a private chat, never shared."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Conversation, OwnSentence
from bot.database.values import Subject
from bot.domain.encryption import Cipher, DecryptionError
from bot.domain.ids import TelegramId
from bot.domain.own_sentences import LONGEST_SENTENCE, MOST_SENTENCES, Share
from bot.domain.safety_plan import units
from bot.handlers.access import command, get_or_create_chat_here, tap
from bot.handlers.answers import Answer, show, with_people
from bot.handlers.context import Context, id_of
from bot.handlers.support import show_support
from bot.screens import own_sentences as render
from bot.screens.callback_data import MINE, row_number
from bot.screens.outgoing import OutgoingMessage
from bot.screens.own_sentences import NEVER_MIND, SENTENCE_STEP, ShownSentence
from bot.usecases import conversations, favourites, own_sentences
from bot.usecases.chats import find_chat

log = logging.getLogger(__name__)

QUESTION_WAITS = timedelta(hours=1)  # after that, what someone types is hardly meant for keeping


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("mine", mine), tap(MINE, tapped)]


async def mine(update: Update, context: Context) -> None:
    """/mine <sentence>: keeps it; without one, shows all that are kept, or asks for the first.

    A question for a sentence that is still open is answered by either: what is typed next is not kept.
    Words of danger open the support card, and are not kept: they would come back by themselves, for months.
    """
    said = ((update.effective_message.text if update.effective_message else None) or "").split(maxsplit=1)[1:]
    text, cipher = said[0].strip() if said else "", context.services.cipher
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        if text and cipher:
            await conversations.end(session, chat, person_id, Subject.OWN_SENTENCE)
            answer = await _keep(session, context, chat, cipher, text)
        elif not text and cipher and not await own_sentences.list_kept(session, chat):
            answer = await _ask(session, context, chat, person_id)
        else:
            await conversations.end(session, chat, person_id, Subject.OWN_SENTENCE)  # the list is shown instead
            answer = Answer(await _page(session, context, chat, 0))
    await show(update, context, with_people(context, answer) if text else answer)
    if heard := context.voice.library.find_crisis(text):
        await show_support(update, context, heard=heard)


def is_over(row: Conversation, now: datetime) -> bool:
    """Whether it is a question for a sentence that takes no typed words any more."""
    return row.subject == Subject.OWN_SENTENCE and now - row.updated_at > QUESTION_WAITS


async def take_answer(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Keeps what is typed after /mine, but no words of danger; the card for them is opened by `typed`."""
    texts, cipher, said = context.voice.interface.own_sentences, context.services.cipher, text.strip()
    library, language = context.voice.library, context.voice.language
    is_left = said == NEVER_MIND or not library.is_to_keep(said, language)
    if library.asks_back(said, language):
        return Answer(render.question(context.voice.interface, conversation.token))
    if cipher and said and not is_left and units(said) > LONGEST_SENTENCE:
        return Answer(_too_long(context, said))  # the question goes on waiting
    await conversations.end(session, chat, conversation.person_id, Subject.OWN_SENTENCE)
    if is_left or not said:
        return Answer(OutgoingMessage(texts.not_kept))
    if cipher is None:  # the key went since the question
        return Answer(OutgoingMessage(texts.unavailable))
    return await _keep(session, context, chat, cipher, said)


async def _ask(session: Session, context: Context, chat: Chat, person_id: TelegramId) -> Answer:
    row = await conversations.begin(
        session, chat, person_id, Subject.OWN_SENTENCE, SENTENCE_STEP, "{}", context.services.clock()
    )
    return Answer(render.question(context.voice.interface, row.token))


async def _keep(session: Session, context: Context, chat: Chat, cipher: Cipher, text: str) -> Answer:
    if context.voice.library.find_crisis(text):
        return Answer(OutgoingMessage(context.voice.interface.own_sentences.danger_not_kept))
    if units(text) > LONGEST_SENTENCE:
        return Answer(_too_long(context, text))
    try:
        await own_sentences.add(session, chat, cipher, context.message_id, text, context.services.clock())
    except own_sentences.TooManySentencesError:
        return Answer(OutgoingMessage(context.voice.interface.own_sentences.too_many.format(most=MOST_SENTENCES)))
    mix = await own_sentences.mix_of(session, chat)
    return Answer(render.kept(context.voice.interface, Share(mix.share)))


def _too_long(context: Context, text: str) -> OutgoingMessage:
    said = context.voice.interface.own_sentences.too_long
    return OutgoingMessage(said.format(limit=LONGEST_SENTENCE, length=f"{units(text):,}"))


async def tapped(update: Update, context: Context) -> None:
    """mine, mine:page:<number>, mine:<what to do>, mine:<what to do>:<sentence or value>: acts on own sentences."""
    parts = MINE.read(context.data) or []
    if parts[:1] == ["card"]:
        await show(update, context, await _card(update, context, parts[1:]))
        return
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        match parts:
            case []:
                answer: Answer | None = Answer(await _page(session, context, chat, 0))
            case ["page", number] if number.isdecimal() and len(number) < 6:
                answer = Answer(await _page(session, context, chat, int(number)))
            case ["add"] if context.services.cipher:
                answer = await _ask(session, context, chat, person_id)
            case ["often"]:
                answer = Answer(await _how_often(session, context, chat))
            case ["share", share] if share in list(Share):
                (await own_sentences.mix_of(session, chat)).share = Share(share)
                answer = Answer(await _how_often(session, context, chat))
            case ["kept", ("0" | "1") as value]:
                (await own_sentences.mix_of(session, chat)).only_kept = value == "1"
                answer = Answer(await _how_often(session, context, chat))
            case [action, number] if (sentence_id := row_number(number)) is not None:
                answer = await _act(session, context, chat, action, sentence_id)
            case _:
                answer = None
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def _card(update: Update, context: Context, rest: list[str]) -> Answer:
    """Returns one sentence as a card. Whether it can be drawn is found out in a thread: it takes a while."""
    texts = context.voice.interface.own_sentences
    number = (row_number(rest[0]) if len(rest) == 1 else None) or 0
    async with context.services.database.read() as session:
        chat = await find_chat(session, id_of(update.effective_chat))
        row = await own_sentences.find(session, chat.id, number) if chat else None
    if row is None:
        return Answer(toast=texts.already_removed)
    card = await asyncio.to_thread(render.as_card, _decrypted(context, row))
    return Answer(card, is_new=True) if card else Answer(toast=texts.no_card)


async def _act(session: Session, context: Context, chat: Chat, action: str, sentence_id: int) -> Answer | None:
    """Acts on one sentence; returns None for an unknown button."""
    texts = context.voice.interface.own_sentences
    row = await own_sentences.find(session, chat.id, sentence_id)
    match action:
        case "show" | "remove" if row is None:
            return Answer(await _page(session, context, chat, 0), toast=texts.already_removed)
        case "show" if row:
            return Answer(render.one_sentence(context.voice.interface, _decrypted(context, row)))
        case "remove":
            await own_sentences.remove(session, chat, sentence_id, context.voice.choice_of(chat))
            return Answer(await _page(session, context, chat, 0), toast=texts.removed)
    return None


async def _page(session: Session, context: Context, chat: Chat, page: int) -> OutgoingMessage:
    rows: Sequence[OwnSentence] = await own_sentences.list_kept(session, chat)
    shown = [_decrypted(context, row) for row in rows]
    return render.sentence_page(context.voice.interface, shown, page, can_keep=context.services.cipher is not None)


async def _how_often(session: Session, context: Context, chat: Chat) -> OutgoingMessage:
    mix = await own_sentences.mix_of(session, chat)
    has_kept = bool(await favourites.list_kept(session, chat, context.voice.catalogue_of(chat).by_id))
    return render.how_often(context.voice.interface, Share(mix.share), only_kept=mix.only_kept, has_kept=has_kept)


def _decrypted(context: Context, row: OwnSentence) -> ShownSentence:
    text, cipher = None, context.services.cipher
    try:
        text = own_sentences.decrypt(row, cipher) if cipher else None
    except DecryptionError as error:
        log.warning("a person's own sentence: %s", error, extra={"chat": row.chat_id, "sentence": row.id})
    return ShownSentence(row.id, text)
