"""What people type in a private chat, and all that is no text: every answer leaves a way to people who listen.

Words of danger go first. Then a label that is on the screen, or a word such as "stop", presses its button; what is left
goes to the flow or the question that waits. Where none waits, openings such as "I feel sad" get an answer of their own.
"""

import logging
import re

from telegram import CallbackQuery, Message, MessageEntity, Update, User

from bot.content.flows import FLOWS_OF_COMMANDS
from bot.database.engine import DATABASE_ERRORS
from bot.database.models import Conversation
from bot.database.values import Subject
from bot.delivery.last_buttons import ShownButtons
from bot.dialogues.flows import Key
from bot.domain.folding import fold
from bot.domain.ids import TelegramId
from bot.handlers import flows, own_text
from bot.handlers.answers import Answer, say, show, with_people
from bot.handlers.context import Context, id_of
from bot.handlers.imports import take_document
from bot.handlers.left_behind import close_keyboard
from bot.handlers.questions import newest_waiting, questions_of, take_location, take_typed
from bot.handlers.safety_plan import takes_any_words
from bot.handlers.support import show_support
from bot.screens.callback_data import CLOSE_CARD, FLOW, QUESTION
from bot.screens.flows import entry
from bot.screens.outgoing import Button, OutgoingMessage

log = logging.getLogger(__name__)

WORDS = re.compile(r"\w+")
LONGEST_LABEL = 60  # characters; longer texts are no label
# The word -> the button of a flow, or the command, that it stands for.
KEYS: dict[str, Key] = {"stop": Key.OUT, "skip": Key.SKIP, "minute": Key.MINUTE}
NOT_TEXT_WINDOW = 600.0  # seconds in which one answer serves for several of a kind, as for an album
CONFIRMED = (Subject.FORGET, Subject.SAFETY_PLAN, Subject.BRING)  # a "yes" would erase: only the whole label does
# Questions whose answer may be any words.
OWN_WORDS = (Subject.SAFETY_PLAN, Subject.NOTE, Subject.OWN_SENTENCE, Subject.INVITATION)
KEEPING = (
    Subject.NOTE,
    Subject.OWN_SENTENCE,
)  # questions that keep whatever is said; words of danger open the card as well


class TypedTap(CallbackQuery):
    """A tap on the button whose label was typed. Its toast comes as a message."""

    __slots__ = ()

    async def answer(self, text: str | None = None, *args: object, **kwargs: object) -> bool:
        """Sends the toast, if there is one."""
        if text:
            await self.get_bot().send_message(self.from_user.id, text)
        return True


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
    waiting = await _find_waiting(update, context)
    subject = waiting.subject if waiting else None
    heard = context.voice.library.find_crisis(text)
    is_kept = subject in KEEPING or (heard == "oneself" and waiting is not None and takes_any_words(waiting))
    if heard and not is_kept:
        await show_support(update, context, heard=heard)  # the question that waits goes on waiting
        return
    word = context.voice.library.find_word(text, context.voice.language)
    if await _press(update, context, person, text, word, subject):
        return
    is_answer = subject in OWN_WORDS or (subject == Subject.FLOW and await flows.asks_for_text(update, context))
    if not is_answer and await own_text.take_typed(update, context, text):
        return
    if subject == Subject.FLOW and await _is_for_flow(update, context, text, word):
        return
    answer = await take_typed(update, context, text)
    if (answer is None or answer.is_refused) and await _open(update, context, text):
        return  # a question that waits goes on waiting
    await show(update, context, with_people(context, answer or Answer(_nothing_waits(context))))
    if heard and subject in KEEPING:
        await show_support(update, context, heard=heard)


async def _find_waiting(update: Update, context: Context) -> Conversation | None:
    """What waits for an answer, the newest. Without the database nothing is known, and help goes on."""
    try:
        return await newest_waiting(update, context)
    except DATABASE_ERRORS:
        log.exception("what waits for an answer is not known: the database cannot be used")
        return None


async def _press(
    update: Update, context: Context, person: User, text: str, word: str | None, subject: Subject | None
) -> bool:
    """Presses the button whose label, or whose word, was typed. Returns False if there is none on the screen."""
    is_stop, is_behind_card = context.voice.library.means_stop(text, context.voice.language), False
    for shown in await _buttons_on_screen(update, context, person):
        buttons = [button for row in shown.rows for button in row]
        button, closing = _labelled(buttons, text), next((one for one in buttons if one.data == CLOSE_CARD), None)
        if not button and not is_behind_card and subject not in CONFIRMED:
            # "I'm done" says nothing of how somebody is: it closes no card.
            meant = [one for one in buttons if one is not closing] if word == "stop" and not is_stop else buttons
            button = _meant(context, meant, word)
        if button:
            await _tap(update, context, person, shown.message_id, button)
            return True
        is_behind_card = is_behind_card or closing is not None
    if is_stop and subject not in OWN_WORDS:
        await _command(update, context, "stop")
        return True
    if word == "help" and subject != Subject.INVITATION:
        await show_support(update, context)
        return True
    return False


async def _buttons_on_screen(update: Update, context: Context, person: User) -> tuple[ShownButtons, ...]:
    if shown := context.services.sender.last_buttons.find(TelegramId(person.id)):
        return shown
    try:
        of_flow = await flows.find_buttons(update, context)
    except DATABASE_ERRORS:
        log.exception("what is on the screen is not known: the database cannot be used")
        return ()
    return (of_flow,) if of_flow else ()


def _labelled(buttons: list[Button], text: str) -> Button | None:
    wanted = _plain(text) if len(text) <= LONGEST_LABEL else ""
    return next((button for button in buttons if wanted and _plain(button.label) == wanted), None)


def _meant(context: Context, buttons: list[Button], word: str | None) -> Button | None:
    """The button of a flow that the word stands for, or else one whose label begins as the word's labels do."""
    if word is None:
        return None
    for button in buttons:
        parts = FLOW.read(button.data)
        if parts and word in KEYS and parts[-1] == KEYS[word]:
            return button
    begins = [_plain(label) for label in _texts_of(context, word)]
    fitting = (button for button in buttons if any(f"{_plain(button.label)} ".startswith(f"{own} ") for own in begins))
    return next(fitting, None)


def _texts_of(context: Context, word: str) -> tuple[str, ...]:
    words = context.voice.catalogue.openings.words
    return next((texts.presses for name, texts in words.items() if name == word), ())


def _plain(label: str) -> str:
    return " ".join(WORDS.findall(fold(label)))


async def _tap(update: Update, context: Context, person: User, message_id: int, button: Button) -> None:
    """Does what a tap does. What the button would copy or open in the browser is said as a message."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or message is None or button.copy or button.url:
        await say(update, context, OutgoingMessage(button.copy or button.url))
        return
    tap = TypedTap(
        id=str(update.update_id),
        from_user=person,
        chat_instance=str(chat.id),
        # Without its text it is not edited: the answer comes below what was typed.
        message=Message(message_id, message.date, chat),
        data=button.data,
    )
    tap.set_bot(context.bot)
    await context.application.process_update(Update(update.update_id, callback_query=tap))


async def _command(update: Update, context: Context, name: str) -> None:
    """Does what the command does."""
    origin = update.effective_message
    if origin is None:
        return
    entity = MessageEntity(MessageEntity.BOT_COMMAND, 0, len(name) + 1)
    message = Message(
        origin.message_id,
        origin.date,
        origin.chat,
        from_user=origin.from_user,
        text=f"/{name}",
        entities=(entity,),
    )
    message.set_bot(context.bot)
    await context.application.process_update(Update(update.update_id, message=message))


async def _is_for_flow(update: Update, context: Context, text: str, word: str | None) -> bool:
    """Gives the text to the open flow; what it does not ask for and is an opening gets that answer instead."""
    if word is None and not await flows.asks_for_text(update, context) and await _open(update, context, text):
        return True
    return await flows.take_typed_text(update, context)


async def _open(update: Update, context: Context, text: str) -> bool:
    """Answers an opening. Returns False if the text is none."""
    name = context.voice.library.find_opening(text, context.voice.language)
    opening = context.voice.catalogue.openings.openings.get(name or "")
    if opening is None:
        return False
    first = entry(opening.button, opening.flow) if opening.button else _ground(context)
    await show(update, context, with_people(context, Answer(OutgoingMessage(opening.answer, ((first,),)))))
    return True


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


def _nothing_waits(context: Context) -> OutgoingMessage:
    return OutgoingMessage(context.voice.interface.replies.free_text, ((_ground(context),),))


def _ground(context: Context) -> Button:
    return entry(context.voice.catalogue.support.card.buttons.ground, FLOWS_OF_COMMANDS["ground"])
