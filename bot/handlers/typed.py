"""What people type in a private chat, and all that is no text: every answer leaves a way to people who listen.

Words of danger go first. Then a label that is on the screen, or a word such as "stop", presses its button; what is left
goes to the flow or the question that waits. Where none waits, openings such as "I feel sad" get an answer of their own.
"""

import logging

from telegram import Message, Update, User

from bot.content.disclosures import Told
from bot.content.flows import FLOWS_OF_COMMANDS
from bot.database.engine import DATABASE_ERRORS
from bot.database.models import Conversation
from bot.database.values import Subject
from bot.delivery.last_buttons import ShownButtons
from bot.domain.ids import TelegramId
from bot.handlers import flows, own_text, requests
from bot.handlers.answers import Answer, say, show, with_people
from bot.handlers.context import Context, id_of
from bot.handlers.imports import take_document
from bot.handlers.left_behind import close_keyboard
from bot.handlers.questions import newest_waiting, questions_of, take_location, take_typed
from bot.handlers.safety_plan import takes_any_words
from bot.handlers.support import show_below_card, show_support
from bot.handlers.typed_buttons import OWN_WORDS, find_offer, is_card_last, press, run_command
from bot.screens.callback_data import QUESTION
from bot.screens.flows import acknowledgement, entry
from bot.screens.outgoing import Button, OutgoingMessage, joined
from bot.usecases import conversations

log = logging.getLogger(__name__)

NOT_TEXT_WINDOW = 600.0  # seconds in which one answer serves for several of a kind, as for an album
JOY, STAY = "relief-and-joy", "stay"  # in disclosures.yaml; below_card in openings.yaml
KEEPING = (
    Subject.NOTE,
    Subject.OWN_SENTENCE,
)  # questions that keep whatever is said; words of danger open the card as well


async def typed(update: Update, context: Context) -> None:
    """Answers whatever was sent into a private chat and is no command."""
    message, person = update.effective_message, update.effective_user
    if message is None or person is None:
        return
    if message.location and (answer := await take_location(update, context, message.location)):
        await show(update, context, answer)
        return
    if message.document and await take_document(update, context, message.document):
        return
    if not message.text:
        await _answer_what_is_no_text(update, context, message)
        return
    if message.text == context.voice.interface.together.not_now and await close_keyboard(update, context):
        return
    asked = _questions_on_screen(context, person)
    await _answer_text(update, context, person, message.text)
    if asked:
        await _take_old_buttons_away(context, person, asked)


def _questions_on_screen(context: Context, person: User) -> dict[int, set[tuple[str, str]]]:
    """The messages whose buttons answer questions: by message id, the token and the step of each."""
    asked: dict[int, set[tuple[str, str]]] = {}
    for shown in context.services.sender.last_buttons.find(TelegramId(person.id)):
        for parts in (QUESTION.read(button.data) for row in shown.rows for button in row):
            if parts and len(parts) > 1:
                asked.setdefault(shown.message_id, set()).add((parts[0], parts[1]))
    return asked


async def _take_old_buttons_away(context: Context, person: User, asked: dict[int, set[tuple[str, str]]]) -> None:
    """Whoever answers by typing leaves buttons behind that do nothing any more."""
    try:
        waiting = await questions_of(context, TelegramId(person.id))
    except DATABASE_ERRORS:
        log.exception("old buttons stay where they were: the database cannot be used")
        return
    for message_id, questions in asked.items():
        if waiting.isdisjoint(questions):
            await context.services.sender.take_buttons_away(TelegramId(person.id), message_id)


async def _answer_text(update: Update, context: Context, person: User, text: str) -> None:
    heard = context.voice.library.find_crisis(text)
    waiting = await _find_waiting(update, context)
    if waiting and waiting.subject == Subject.SHARE and not heard:
        await close_keyboard(update, context)  # whoever types picks no chat
        waiting = await _find_waiting(update, context)
    subject = waiting.subject if waiting else None
    is_kept = subject in KEEPING or (heard == "oneself" and waiting is not None and takes_any_words(waiting))
    if heard and not is_kept:
        await show_support(update, context, heard=heard)  # the question that waits goes on waiting
        return
    word = context.voice.library.find_word(text, context.voice.language)
    if await press(update, context, person, text, word, subject) or await requests.ask_about_stop(
        update, context, text, subject
    ):
        return
    if is_card_last(context, person) and (said := _below_card(context, text)):
        await show_below_card(update, context, said)
        return
    if word == "back" and subject == Subject.FLOW and (step := await flows.find_buttons(update, context)):
        await _say_that_none_goes_back(update, context, step)
        return
    is_answer = subject in OWN_WORDS or (subject == Subject.FLOW and await flows.asks_for_text(update, context))
    if not is_answer and (
        await own_text.take_typed(update, context, text)
        or await requests.take_typed(update, context, person, text, subject)
    ):
        return
    if subject == Subject.FLOW and await _is_for_flow(update, context, text, word):
        return
    answer = await take_typed(update, context, text)
    if (answer is None or answer.is_refused) and await _open(update, context, text):
        return  # a question that waits goes on waiting
    await show(update, context, with_people(context, answer or Answer(_nothing_waits(context, person, text))))
    if heard and subject in KEEPING:
        await show_support(update, context, heard=heard)


def _below_card(context: Context, text: str) -> str | None:
    """Returns the name of the answer below an open card; None for any other text. Joy is not said to be one there."""
    library, language = context.voice.library, context.voice.language
    said = library.find_below_card(text, language)
    return said or (STAY if library.find_disclosure(text, language) == JOY else None)


async def _say_that_none_goes_back(update: Update, context: Context, step: ShownButtons) -> None:
    """No step of an exercise goes back: its buttons come once more, below what was typed."""
    said = OutgoingMessage(context.voice.interface.flows.no_back, step.rows)
    message = with_people(context, Answer(said)).message
    await say(update, context, message or said)
    await context.services.sender.take_buttons_away(id_of(update.effective_user), step.message_id)


async def _find_waiting(update: Update, context: Context) -> Conversation | None:
    """What waits for an answer, the newest. Without the database nothing is known, and help goes on."""
    try:
        return await newest_waiting(update, context)
    except DATABASE_ERRORS:
        log.exception("what waits for an answer is not known: the database cannot be used")
        return None


async def _is_for_flow(update: Update, context: Context, text: str, word: str | None) -> bool:
    """Gives the text to the open flow; what it does not ask for and is an opening gets that answer instead."""
    if word is None and context.voice.library.asks_back(text, context.voice.language):
        return await flows.say_again(update, context)
    is_asked = await flows.asks_for_text(update, context)
    if word is None and (not is_asked or _asks_about_bot(context, text)):
        if await _open(update, context, text, is_in_flow=True):
            return True
        if is_asked:
            await run_command(update, context, "privacy")
            return True
    return await flows.take_typed_text(update, context, _told(context, text))


def _asks_about_bot(context: Context, text: str) -> bool:
    """Whether it is a question about the bot, and no answer to what a reflection asks."""
    library, language = context.voice.library, context.voice.language
    opening = context.voice.catalogue.openings.openings.get(library.find_opening(text, language) or "")
    return library.find_request(text, language) == "privacy" or (opening is not None and opening.is_about_the_bot)


def _told(context: Context, text: str) -> Told | None:
    """Returns how the text is acknowledged, if it tells of something (disclosures.yaml)."""
    name = context.voice.library.find_disclosure(text, context.voice.language)
    return context.voice.catalogue.disclosures.told(name)


async def _open(update: Update, context: Context, text: str, *, is_in_flow: bool = False) -> bool:
    """Answers an opening, or what somebody tells. Returns False if the text is neither.

    `is_in_flow`: what somebody tells is answered by the flow that is open, with the buttons of its step.
    """
    name = context.voice.library.find_opening(text, context.voice.language)
    opening, told = context.voice.catalogue.openings.openings.get(name or ""), _told(context, text)
    if told and (opening is None or (opening.gives_way and told.goes_first)):
        if not is_in_flow:
            await _answer_told(update, context, told)
        return not is_in_flow
    if opening is None:
        return False
    first = entry(opening.button, opening.flow) if opening.button else _ground(context)
    if opening.button:
        await _let_reminders_rest(update, context)
    above = acknowledgement(told, context.message_id // 2) if told and told.goes_first and opening.button else ""
    message = OutgoingMessage(joined(above, opening.answer), ((first,),))
    await show(update, context, with_people(context, Answer(message)))
    return True


async def _answer_told(update: Update, context: Context, told: Told) -> None:
    """Answers what somebody tells where nothing waits: a warm sentence, and something quiet one tap away."""
    texts = context.voice.catalogue.disclosures
    await _let_reminders_rest(update, context)
    message = OutgoingMessage(acknowledgement(told, context.message_id // 2), ((entry(texts.button, texts.flow),),))
    await show(update, context, with_people(context, Answer(message)))


async def _let_reminders_rest(update: Update, context: Context) -> None:
    """In a hard moment nobody is asked how often: that question comes back by its buttons, or when it is asked for."""
    person_id = id_of(update.effective_user)
    try:
        async with context.services.database.read() as session:
            rows = await conversations.open_by(session, person_id)
        if any(row.subject == Subject.SETUP for row, _ in rows):
            async with context.services.database.write() as session:
                await conversations.close_to_words(session, person_id, context.services.clock(), Subject.SETUP)
    except DATABASE_ERRORS:
        log.exception("a question stays as it was: the database cannot be used")


async def _answer_what_is_no_text(update: Update, context: Context, message: Message) -> None:
    """A kind answer to a voice message, a picture and the like; one for several of a kind that come together."""
    texts = context.voice.interface.replies.not_text
    by_kind = (
        (message.voice or message.audio or message.video_note, texts.voice),
        (message.photo or message.video or message.animation or message.document, texts.picture),
        (message.sticker or message.dice, texts.sticker),
        (message.location or message.venue, texts.place),
        (message.contact, texts.contact),
        (message.poll, texts.poll),
    )
    text = next((text for content, text in by_kind if content), texts.other)
    if context.services.flood_limits.is_repeated((id_of(message.chat), text), within=NOT_TEXT_WINDOW):
        return
    answer = OutgoingMessage(text, ((_ground(context),),))
    await show(update, context, with_people(context, Answer(answer)))


def _nothing_waits(context: Context, person: User, text: str) -> OutgoingMessage:
    """The answer to what is not understood. What was just offered is offered again; a time is told of /remind."""
    replies, offered = context.voice.interface.replies, find_offer(context, person)
    hint = replies.for_a_reminder if own_text.is_time(context, text) else ""
    return OutgoingMessage(joined(replies.free_text, hint), offered[:1] or ((_ground(context),),))


def _ground(context: Context) -> Button:
    return entry(context.voice.catalogue.support.card.buttons.ground, FLOWS_OF_COMMANDS["ground"])
