"""Makes the text of a claimed message, in its chat's language and practice, and sends it. Called by the outbox."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import update

from bot.content.interface import Interface
from bot.content.library import Library
from bot.database.engine import Database
from bot.database.models import QueuedMessage, Reminder
from bot.database.values import BackFrom, MessageKind, Notice
from bot.delivery.chat_admins import ChatAdmins, UnknownAdminsError
from bot.delivery.outcomes import Outcome, Skipped
from bot.delivery.sending import Sender
from bot.domain.encryption import Cipher, DecryptionError
from bot.domain.ids import ChatId
from bot.domain.own_sentences import read_ref
from bot.screens.affirmations import affirmation, pause_is_over
from bot.screens.appointments import prompt_message
from bot.screens.groups import notice
from bot.screens.later import NO_AFFIRMATION, NO_REMINDER, Under, folded
from bot.screens.look_back import question
from bot.screens.outgoing import OutgoingMessage, joined
from bot.screens.own_sentences import ShownSentence, by_itself
from bot.screens.own_text import own_text, under_own_text
from bot.screens.presence import silence_question
from bot.screens.reminders import ending
from bot.usecases import look_back, own_sentences, preferences
from bot.usecases.appointments.edit import read_prompt_ref
from bot.usecases.chats import find_chat_by_id
from bot.usecases.claims import LEASE, Claimed
from bot.usecases.reminders.again import read_again_ref
from bot.usecases.reminders.own_text import decrypt

log = logging.getLogger(__name__)

ENDING = "ends:"  # in notice_ref of an affirmation: when its reminder comes for the last time, local
BACK_FROM = "back:"  # in notice_ref of an affirmation: what it comes after
# Python 3.11 takes longer to look an enum's member up than to compare it, and each message is compared with several.
AFFIRMATION, AGAIN, NOTICE = MessageKind.AFFIRMATION, MessageKind.AGAIN, MessageKind.NOTICE
MAX_CACHED_MESSAGES = 4096  # in a rush the same texts are sent many times over


def ending_ref(last_at: datetime) -> str:
    """Returns the notice_ref of the last message but one of a reminder; `last_at` is local and naive."""
    return f"{ENDING}{last_at:%Y-%m-%dT%H:%M}"


def back_ref(back_from: BackFrom) -> str:
    """Returns the notice_ref of the first message after a block, or after the bot was away."""
    return f"{BACK_FROM}{back_from}"


class QueuedMessages:
    """The outbox's Delivery."""

    def __init__(
        self, *, database: Database, library: Library, sender: Sender, admins: ChatAdmins, cipher: Cipher | None
    ) -> None:
        self._database = database
        self._cipher = cipher
        self._library = library
        self._sender = sender
        self._admins = admins
        self._text_of = lru_cache(maxsize=MAX_CACHED_MESSAGES)(self._make_text)
        library.when_renewed(self._text_of.cache_clear)

    async def deliver(self, message: Claimed) -> Outcome:
        """Sends one message. Raises TokenRefusedError and DATABASE_ERRORS; any other exception is this message's."""
        if message.kind == AFFIRMATION and read_ref(message.affirmation_id) is None:  # nearly all
            outgoing: OutgoingMessage | None = self._text_for(message)
        else:
            outgoing = await self._make(message)
        if outgoing is None:
            return Skipped()
        is_silent = message.is_silent or message.kind == NOTICE
        return await self._sender.deliver(message.telegram_id, message.thread_id, outgoing, is_silent=is_silent)

    async def _make(self, message: Claimed) -> OutgoingMessage | None:
        match message.kind:
            case MessageKind.NOTICE:
                return await self._make_notice(message)
            case MessageKind.OWN_TEXT:
                return await self._make_own_text(message, message.reminder_id)
            case MessageKind.AGAIN if message.affirmation_id is None:
                return await self._make_own_text(message, read_again_ref(message.notice_ref).reminder_id)
            case MessageKind.LOOK:
                return await self._make_question(message)
            case _ if (sentence_id := read_ref(message.affirmation_id)) is not None:
                return await self._make_own_sentence(message, sentence_id) or await self._make_another(message)
            case _:
                return self._text_for(message)

    async def _make_own_sentence(self, message: Claimed, sentence_id: int) -> OutgoingMessage | None:
        """Returns None if it was removed, cannot be decrypted, or holds words of danger. It is decrypted each time.

        Such words are not kept any more; one may be from before, or from a file that somebody brought.
        """
        async with self._database.read() as session:
            row = await own_sentences.find(session, message.chat_id, sentence_id)
        if row is None or self._cipher is None:
            return None
        try:
            shown = ShownSentence(row.id, own_sentences.decrypt(row, self._cipher))
        except DecryptionError as error:
            log.warning("an own sentence: %s", error, extra={"chat": row.chat_id, "sentence": row.id})
            return None
        library = self._library.of_practice(message.practice)
        if shown.text and library.find_crisis(shown.text):
            return None
        interface = library.of(message.language).interface
        # In a thread: to find out whether a card holds it takes a while.
        sentence = await asyncio.to_thread(
            by_itself, interface, shown, _under(message), as_picture=message.shows_pictures
        )
        return _with_line(interface, sentence, _line_of(message))

    async def _make_another(self, message: Claimed) -> OutgoingMessage | None:
        """Chooses an affirmation in place of an own sentence, and remembers it, so that a second try says the same."""
        async with self._database.write() as session:
            chat = await find_chat_by_id(session, message.chat_id)
            if chat is None:
                return None
            choice = self._library.of_practice(chat.practice).choice(chat.language, chat.left_out)
            chosen = await preferences.take_next(session, chat, choice)
            await session.execute(
                update(QueuedMessage).where(QueuedMessage.id == message.id).values(affirmation_id=chosen)
            )
        return self._text_for(message._replace(affirmation_id=chosen)) if chosen else None

    async def _make_own_text(self, message: Claimed, reminder_id: int | None) -> OutgoingMessage | None:
        """Returns None if the reminder was removed. What it says is decrypted for each message, and not remembered.

        In place of words of danger, which may be from before as those of an own sentence, an affirmation comes.
        """
        async with self._database.read() as session:
            reminder = await session.get(Reminder, reminder_id) if reminder_id else None
        if reminder is None or reminder.encrypted_text is None or reminder.chat_id != message.chat_id:
            return None
        text = decrypt(reminder, self._cipher)
        if text is None:
            log.warning("the own text of a reminder cannot be decrypted", extra={"reminder": reminder.id})
        library = self._library.of_practice(message.practice)
        if text and library.find_crisis(text):
            other = message._replace(kind=AFFIRMATION)
            return self._text_for(other) if other.affirmation_id else await self._make_another(other)
        catalogue = library.of(message.language)
        under = under_own_text(catalogue, reminder.id, text, library.own_texts)
        return _with_line(catalogue.interface, own_text(catalogue, text, under), _line_of(message))

    async def _make_question(self, message: Claimed) -> OutgoingMessage | None:
        """Returns /look's question, which then waits for a typed word; None if it is not wanted any more."""
        if self._cipher is None:
            return None
        now = message.claimed_until - LEASE
        async with self._database.write() as session:
            day = await look_back.begin_queued(session, message.chat_id, message.notice_ref, now)
        interface = self._library.of_practice(message.practice).of(message.language).interface
        return question(interface, day) if day else None

    async def _make_notice(self, message: Claimed) -> OutgoingMessage | None:
        """Returns None if its chat was forgotten since, or this person is no administrator of it any more."""
        what, _, about_id = (message.notice_ref or "").partition(":")
        async with self._database.read() as session:
            chat = await find_chat_by_id(session, ChatId(int(about_id)))
        if chat is None:
            return None
        bot, person_id = self._sender.bot, message.telegram_id
        with suppress(UnknownAdminsError):  # the bot is not in it any more: the notice says so
            if person_id > 0 and not await self._admins.includes(bot, chat.telegram_id, person_id):
                return None
        title = await self._admins.title(bot, chat.telegram_id)
        interface = self._library.of_practice(message.practice).of(message.language).interface
        return notice(interface, Notice(what), title, chat.id)

    def _text_for(self, message: Claimed) -> OutgoingMessage:
        shown = self._text_of(
            message.kind,
            message.affirmation_id,
            message.language,
            message.practice,
            _line_of(message),
            is_private=message.telegram_id > 0,
            as_picture=message.shows_pictures,
        )
        if message.telegram_id < 0 or message.kind not in (AFFIRMATION, AGAIN):
            return shown
        interface = self._library.of_practice(message.practice).of(message.language).interface
        return shown.with_rows(folded(interface, _under(message)))

    def _make_text(
        self,
        kind: MessageKind,
        affirmation_id: str | None,
        language: str | None,
        practice: str | None,
        notice_ref: str | None,
        *,
        is_private: bool,
        as_picture: bool,
    ) -> OutgoingMessage:
        catalogue = self._library.of_practice(practice).of(language)
        if kind == MessageKind.BACK:
            return pause_is_over(catalogue)
        if kind == MessageKind.APPOINTMENT:
            return prompt_message(catalogue.interface, *read_prompt_ref(notice_ref or ""))
        if kind == MessageKind.ASKING:
            return silence_question(catalogue.interface)
        username = self._sender.username
        shown = affirmation(catalogue, affirmation_id, username, is_private=is_private, as_picture=as_picture)
        return _with_line(catalogue.interface, shown, notice_ref)


def _under(message: Claimed) -> Under:
    """What the row under an affirmation, or an own sentence, acts on."""
    is_again = message.kind == AGAIN
    reminder_id = read_again_ref(message.notice_ref).reminder_id if is_again else message.reminder_id
    return Under(reminder_id or NO_REMINDER, message.affirmation_id or NO_AFFIRMATION)


def _line_of(message: Claimed) -> str | None:
    return None if message.kind == AGAIN else message.notice_ref  # it was said the first time


def _with_line(interface: Interface, shown: OutgoingMessage, notice_ref: str | None) -> OutgoingMessage:
    """Returns the message with the line that says what it comes after, or when its reminder ends (the last but one)."""
    if notice_ref and notice_ref.startswith(BACK_FROM):
        line = interface.presence.back_from[BackFrom(notice_ref.removeprefix(BACK_FROM)).value]
        return replace(shown, text=joined(line, shown.text))
    if notice_ref and notice_ref.startswith(ENDING):
        last_at = datetime.fromisoformat(notice_ref.removeprefix(ENDING))
        return replace(shown, text=joined(shown.text, ending(interface, last_at)))
    return shown
