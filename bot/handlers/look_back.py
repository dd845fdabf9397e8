"""/look: a person's own weeks, one word or colour a day, and the question for it. Encrypted, only in a private chat."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from telegram import Update
from telegram.ext import BaseHandler

from bot.database.engine import Session
from bot.database.models import Chat, Conversation, LookEntry
from bot.database.values import Subject
from bot.domain.encryption import DecryptionError
from bot.domain.folding import fold
from bot.domain.look_back import LATEST_ANSWER, Colour, DayWord, as_word, weeks_of_page
from bot.domain.schedule import Daily, read_rule
from bot.domain.typed_times import read_time
from bot.handlers.access import command, get_or_create_chat_here, tap
from bot.handlers.answers import Answer, show
from bot.handlers.context import Context
from bot.handlers.support import show_support
from bot.screens import look_back as render
from bot.screens.callback_data import LOOK, question_start
from bot.screens.look_back import NEVER_MIND, Page, ShownDay
from bot.screens.outgoing import Button, OutgoingMessage
from bot.screens.settings import Part
from bot.screens.times import moment_text, rule_text
from bot.usecases import conversations, look_back
from bot.usecases.chats import zone_of
from bot.usecases.look_back import TIME_STEP, WORD_STEP

__all__ = ["TIME_STEP", "WORD_STEP", "handlers", "is_over", "look", "take_time", "take_word", "tapped"]

log = logging.getLogger(__name__)

QUESTION_WAITS = timedelta(hours=8)  # after that, what someone types is hardly meant for it; its buttons still hold
LEAVING = ("stop", "back", "no", "skip")  # typed words that say nothing of a day
EACH_DAY = "daily"  # in the draft of the question for a time; else the weekday


def handlers() -> list[BaseHandler]:  # type: ignore[type-arg]  # PTB's type variables say nothing here
    return [command("look", look), tap(LOOK, tapped)]


async def look(update: Update, context: Context) -> None:
    """/look: draws the weeks; says what it is to who has none yet. /look <word>: keeps it as today's.

    Open questions for a word, or for when to ask, are over: what is typed next is not kept. Colours still are, tapped.
    """
    said = " ".join(context.args or ())
    heard = context.voice.library.find_crisis(said)
    async with context.services.database.write() as session:
        chat, person_id = await get_or_create_chat_here(session, update, context)
        for subject in (Subject.LOOK, Subject.LOOK_TIME):
            await conversations.end(session, chat, person_id, subject)
        if said and context.services.cipher and not heard:
            day, now = _local(context, chat).date(), context.services.clock()
            question = await look_back.begin_question(session, chat, day, now)
            answer = await take_word(session, context, chat, question, said)
        else:
            answer = await _weeks(session, context, chat, 0)
    await show(update, context, answer)
    if heard:
        await show_support(update, context, heard=heard)


def is_over(row: Conversation, now: datetime) -> bool:
    """Whether it is a question for a word that takes no typed words any more."""
    return row.subject == Subject.LOOK and now - row.updated_at > QUESTION_WAITS


async def take_word(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Keeps a typed word, or the colour whose name it is. More than a few words are not kept: it is asked once more.

    Words of danger never come here: they open the card (`typed`), and the question ends.
    """
    interface, library, cipher = context.voice.interface, context.voice.library, context.services.cipher
    day, said = date.fromisoformat(conversation.draft), as_word(text)
    is_left = fold(text.strip()) == fold(interface.look_back.not_today)
    if is_left or library.find_word(text, context.voice.language) in LEAVING:
        await conversations.end(session, chat, conversation.person_id, Subject.LOOK)
        return Answer(OutgoingMessage(interface.look_back.not_today_reply))
    if cipher is None:  # the key went since the question
        return Answer(OutgoingMessage(interface.look_back.off))
    is_opening = " " in (said or "") and library.find_opening(text, context.voice.language) is not None
    if said is None or is_opening:  # "I feel sad" gets its own answer
        return Answer(render.one_word(interface, day), is_refused=True)
    names = {fold(name): colour for colour, name in render.names_of(interface).items()}
    colour = names.get(fold(said))
    return await _keep(session, context, chat, day, DayWord(colour=colour) if colour else DayWord(said))


async def take_time(session: Session, context: Context, chat: Chat, conversation: Conversation, text: str) -> Answer:
    """Takes the time of the question, tapped or typed, and sets it up."""
    interface, now = context.voice.interface, context.services.clock()
    if text == NEVER_MIND or context.voice.library.find_word(text, context.voice.language) in LEAVING:
        await conversations.end(session, chat, conversation.person_id, Subject.LOOK_TIME)
        return Answer(OutgoingMessage(interface.look_back.nothing_changed))
    at = read_time(text, language=context.voice.language)
    if at is None:
        start = question_start(conversation.token, TIME_STEP)
        return Answer(render.time_question(interface, start, is_problem=True), is_refused=True)
    rule = _rule(conversation.draft, at)
    asking = await look_back.set_asking(session, chat, rule, now)
    await conversations.end(session, chat, conversation.person_id, Subject.LOOK_TIME)
    context.services.schedule_changed.set()
    said = rule_text(interface.times, rule, _local(context, chat))
    following = moment_text(interface.times, asking.next_at, now, zone_of(chat)) if asking.next_at else ""
    text = interface.look_back.set_up.format(rule=said, next=following)
    return Answer(OutgoingMessage(text, render.when(interface, said, is_asked=True).rows))


async def part(session: Session, context: Context, chat: Chat) -> Part | None:
    """Returns the line that says when the question comes, and the button; None where nothing is asked."""
    interface, asking = context.voice.interface, await look_back.asking_of(session, chat)
    if asking is None:
        return None
    said = rule_text(interface.times, read_rule(asking.rule), _local(context, chat))
    button = Button(interface.commands.private["look"], LOOK.build("when"))
    return interface.look_back.in_settings.format(rule=said), button


def _rule(draft: str, at: time) -> Daily:
    return Daily(at=at) if draft == EACH_DAY else Daily(at=at, weekdays=(int(draft),))


async def tapped(update: Update, context: Context) -> None:
    """look, look:<what to do>, look:<what to do>:<day, page or colour>: shows, keeps or erases, or sets up."""
    texts = context.voice.interface.look_back
    async with context.services.database.write() as session:
        chat, _ = await get_or_create_chat_here(session, update, context)
        answer: Answer | None
        match LOOK.read(context.data) or []:
            case []:
                answer = await _weeks(session, context, chat, 0)
            case ["page", number] if _is_page(number):
                answer = await _weeks(session, context, chat, int(number))
            case ["list", number] if _is_page(number):
                answer = Answer(
                    render.in_words(context.voice.interface, await _page(session, context, chat, int(number)))
                )
            case ["c", day, colour] if colour in list(Colour):
                answer = await _take_colour(session, context, chat, day, Colour(colour))
            case ["not"]:
                await conversations.end(session, chat, chat.telegram_id, Subject.LOOK)
                answer = Answer(OutgoingMessage(texts.not_today_reply))
            case ["pick" | "go" | "all" | "wipe", *rest]:
                answer = await _erase(session, context, chat, LOOK.read(context.data) or [], rest)
            case [action, *rest] if context.services.cipher:
                answer = await _set_up(session, context, chat, action, rest)
            case _:
                answer = None
    await show(update, context, answer or Answer(toast=context.voice.interface.replies.stale))


async def _set_up(session: Session, context: Context, chat: Chat, action: str, rest: list[str]) -> Answer | None:
    """Asks now, or sets up when to ask; returns None for an unknown button."""
    interface, now = context.voice.interface, context.services.clock()
    match action, rest:
        case "now", []:
            day = _local(context, chat).date()
            await look_back.begin_question(session, chat, day, now)
            return Answer(render.question(interface, day))
        case "when", []:
            return Answer(await _when(session, context, chat))
        case "off", []:
            await look_back.stop_asking(session, chat)
            return Answer(OutgoingMessage(interface.look_back.stopped, (await _when(session, context, chat)).rows))
        case (("daily" | "weekly" | "on"), _) if chat.zone is None:
            return Answer(render.no_zone(interface))
        case "weekly", []:
            return Answer(render.weekday_question(interface, context.voice.first_weekday))
        case "daily", []:
            return await _ask_time(session, context, chat, EACH_DAY)
        case "on", [day] if day in "0123456" and len(day) == 1:
            return await _ask_time(session, context, chat, day)
    return None


async def _ask_time(session: Session, context: Context, chat: Chat, draft: str) -> Answer:
    row = await conversations.begin(
        session, chat, chat.telegram_id, Subject.LOOK_TIME, TIME_STEP, draft, context.services.clock()
    )
    return Answer(render.time_question(context.voice.interface, question_start(row.token, TIME_STEP)))


async def _when(session: Session, context: Context, chat: Chat) -> OutgoingMessage:
    interface, asking = context.voice.interface, await look_back.asking_of(session, chat)
    said = rule_text(interface.times, read_rule(asking.rule), _local(context, chat)) if asking else ""
    return render.when(interface, said, is_asked=asking is not None)


async def _erase(session: Session, context: Context, chat: Chat, parts: list[str], rest: list[str]) -> Answer | None:
    """Erases one entry or all, or asks which; returns None for an unknown button."""
    interface = context.voice.interface
    match parts[0], rest:
        case "pick", [number] if _is_page(number):
            page = await _page(session, context, chat, int(number))
            return Answer(render.which_one(interface, page) if page.days else render.in_words(interface, page))
        case "go", [written, number] if _is_page(number) and (day := _read_day(written)):
            is_gone = await look_back.remove(session, chat, day)
            page = await _page(session, context, chat, int(number))
            toast = interface.look_back.removed if is_gone else interface.look_back.already_removed
            return Answer(render.in_words(interface, page), toast=toast)
        case "all", []:
            return Answer(render.all_question(interface))
        case "wipe", []:
            await look_back.remove_all(session, chat)
            return Answer(OutgoingMessage(interface.look_back.all_removed, (await _when(session, context, chat)).rows))
    return None


async def _take_colour(session: Session, context: Context, chat: Chat, written: str, colour: Colour) -> Answer | None:
    """Keeps a tapped colour for the day that was asked about; returns None if that was long ago, or never."""
    day, today = _read_day(written), _local(context, chat).date()
    if day is None or not today - LATEST_ANSWER <= day <= today + timedelta(days=1):  # a zone may have changed
        return None
    if context.services.cipher is None:
        return Answer(OutgoingMessage(context.voice.interface.look_back.off))
    return await _keep(session, context, chat, day, DayWord(colour=colour))


async def _keep(session: Session, context: Context, chat: Chat, day: date, said: DayWord) -> Answer:
    cipher = context.services.cipher
    assert cipher  # noqa: S101 - both who call it have looked
    await look_back.keep(session, chat, cipher, day, said)
    await conversations.end(session, chat, chat.telegram_id, Subject.LOOK)
    return Answer(render.kept(context.voice.interface, day, said))


async def _weeks(session: Session, context: Context, chat: Chat, number: int) -> Answer:
    """The picture of a page with its words below; what it is, where nothing was kept and nothing is asked."""
    interface = context.voice.interface
    page = await _page(session, context, chat, number)
    off = "" if context.services.cipher else interface.look_back.off
    if not page.days and not page.has_older and number == 0:
        if off:
            return Answer(OutgoingMessage(off))
        is_asked = await look_back.asking_of(session, chat) is not None
        return Answer(await _when(session, context, chat) if is_asked else render.introduction(interface))
    words = render.in_words(interface, page, lead=off)
    return Answer(words, first=render.picture(interface, page) if page.days else None, is_new=True)


async def _page(session: Session, context: Context, chat: Chat, number: int) -> Page:
    weeks = weeks_of_page(_local(context, chat).date(), context.voice.first_weekday, number)
    rows: Sequence[LookEntry] = await look_back.list_kept(session, chat, weeks[0])
    oldest = await look_back.oldest_day(session, chat)
    shown = [ShownDay(row.day, _decrypted(context, row)) for row in rows]
    return Page(number, weeks, shown, has_older=oldest is not None and oldest < weeks[0])


def _decrypted(context: Context, row: LookEntry) -> DayWord | None:
    try:
        return look_back.decrypt(row, context.services.cipher) if context.services.cipher else None
    except DecryptionError as error:
        log.warning("a person's word for a day: %s", error, extra={"chat": row.chat_id})
        return None


def _local(context: Context, chat: Chat) -> datetime:
    return context.services.clock().astimezone(zone_of(chat)).replace(tzinfo=None)


def _read_day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _is_page(number: str) -> bool:
    return number.isascii() and number.isdecimal() and len(number) < 4
