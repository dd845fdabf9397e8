"""The button that somebody means who types: one with this label, or one that a word such as "stop" or "yes" stands for.

Called by `typed`.
"""

import logging
import re

from telegram import CallbackQuery, Message, MessageEntity, Update, User

from bot.content.support import LONG_NAME
from bot.database.engine import DATABASE_ERRORS
from bot.database.values import Subject
from bot.delivery.last_buttons import ShownButtons
from bot.dialogues.flows import Key
from bot.domain.folding import fold
from bot.domain.ids import TelegramId
from bot.handlers import flows
from bot.handlers.answers import say
from bot.handlers.context import Context
from bot.handlers.support import show_support
from bot.screens.callback_data import BEGIN_FLOW, CLOSE_CARD, FLOW, QUESTION, SUPPORT, read_about
from bot.screens.outgoing import Button, OutgoingMessage, Rows

log = logging.getLogger(__name__)

WORDS = re.compile(r"\w+")
LONGEST_LABEL = 60  # characters; longer texts are no label
# The word -> the button of a flow that it stands for.
KEYS: dict[str, tuple[Key, ...]] = {"stop": (Key.OUT,), "skip": (Key.SKIP, Key.ON), "minute": (Key.MINUTE,)}
MOST_WORDS = 4  # around the name of a country
CONFIRMED = (Subject.FORGET, Subject.SAFETY_PLAN, Subject.BRING)  # a "yes" would erase: only the whole label does
# Questions whose answer may be any words.
OWN_WORDS = (Subject.SAFETY_PLAN, Subject.NOTE, Subject.OWN_SENTENCE, Subject.INVITATION)


class TypedTap(CallbackQuery):
    """A tap on the button whose label was typed. Its toast comes as a message."""

    __slots__ = ()

    async def answer(self, text: str | None = None, *args: object, **kwargs: object) -> bool:
        """Sends the toast, if there is one."""
        if text:
            await self.get_bot().send_message(self.from_user.id, text)
        return True


async def press(
    update: Update, context: Context, person: User, text: str, word: str | None, subject: Subject | None
) -> bool:
    """Presses the button whose label, or whose word, was typed. Returns False if there is none on the screen.

    A plain "stop" that presses none turns the reminders off where nothing waits and no support card is open.
    """
    is_stop, is_behind = context.voice.library.means_stop(text, context.voice.language), False
    for number, shown in enumerate(await _buttons_on_screen(update, context, person)):
        buttons = [button for row in shown.rows for button in row]
        button = _labelled(buttons, text) or _on_card(context, buttons, text, is_asked=subject in (None, Subject.FLOW))
        if not button and not is_behind and subject not in CONFIRMED:
            is_yes = word == "yes" and number == 0 and is_offer(context, shown.rows)
            button = shown.rows[0][0] if is_yes else _meant(context, buttons, word, is_stop=is_stop)
        if button:
            await tap(update, context, person, shown.message_id, button)
            return True
        is_behind = is_behind or is_offer(context, shown.rows) or any(map(_asks, buttons))
    if is_stop and subject is None and not is_card_last(context, person):  # else it is asked first (`requests`)
        await run_command(update, context, "stop")
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


def _on_card(context: Context, buttons: list[Button], text: str, *, is_asked: bool) -> Button | None:
    """The button of a support card, or of its list of countries, that typed words mean: to close it, or a country.

    `is_asked`: nothing else waits for the name of a place.
    """
    library, parts = context.voice.library, [part for one in buttons if (part := SUPPORT.read(one.data))]
    closing = next((one for one in buttons if one.data == CLOSE_CARD), None)
    if closing and any(
        _plain(text) == _plain(said) for one in library.catalogues for said in one.support.card.closed_by
    ):
        return closing
    is_list = any(part[0] in ("az", "else") for part in parts)
    if not is_list and not (closing and is_asked):
        return None
    words = text.split()
    for start in range(len(words) if len(words) <= MOST_WORDS else 0):  # "in Spain", "I live in Spain"
        said = " ".join(words[start:])
        if start and len(said) < LONG_NAME:  # "it hurts us" names no country
            break
        found = (one.support.find_country(said, is_exact=start > 0) for one in library.catalogues)
        if code := next(filter(None, found), None):
            return Button(said, SUPPORT.build(code))
    return None


def _asks(button: Button) -> bool:
    """Whether it is one of a question, a step or a card: a word below that answers nothing that stands above it."""
    is_answer = QUESTION.read(read_about(button.data)[1]) is not None
    return is_answer or button.data == CLOSE_CARD or (FLOW.read(button.data) or [""])[-1] == Key.OUT


def _meant(context: Context, buttons: list[Button], word: str | None, *, is_stop: bool) -> Button | None:
    """The button of a flow that the word stands for, or else one whose label begins as the word's labels do.

    `is_stop`: it plainly means stop. "I'm done" does not, and says nothing of how somebody is: it closes no card.
    """
    if word is None:
        return None
    buttons = [one for one in buttons if is_stop or word != "stop" or one.data != CLOSE_CARD]
    if word == "back":  # "Volver al presente" begins an exercise
        buttons = [one for one in buttons if BEGIN_FLOW.read(one.data) is None]
    for button in buttons:
        parts = FLOW.read(button.data)
        if parts and parts[-1] in KEYS.get(word, ()):
            return button
    begins = [_plain(label) for label in _texts_of(context, word)]
    fitting = (button for button in buttons if any(f"{_plain(button.label)} ".startswith(f"{own} ") for own in begins))
    return next(fitting, None)


def find_offer(context: Context, person: User) -> Rows:
    """Returns the rows of the offer that stands last on the screen; none if there is none."""
    shown = context.services.sender.last_buttons.find(TelegramId(person.id))
    return shown[0].rows if shown and is_offer(context, shown[0].rows) else ()


def is_card_last(context: Context, person: User) -> bool:
    """Whether an open support card, or an answer below it, stands last on the screen."""
    shown = context.services.sender.last_buttons.find(TelegramId(person.id))
    return bool(shown) and any(button.data == CLOSE_CARD for row in shown[0].rows for button in row)


def is_offer(context: Context, rows: Rows) -> bool:
    """Whether the buttons offer one exercise, in answer to what somebody told, and people who listen."""
    (first, *others) = rows[0] if rows and rows[0] else (None,)
    if first is None or others or first.label == context.voice.catalogue.support.card.buttons.ground:
        return False
    rest = [button.data for row in rows[1:] for button in row]
    has_people = any(SUPPORT.read(data) is not None for data in rest)
    is_else = any(SUPPORT.read(data) is None and FLOW.read(data) is None for data in rest)
    return BEGIN_FLOW.read(first.data) is not None and has_people and not is_else


def _texts_of(context: Context, word: str) -> tuple[str, ...]:
    words = context.voice.catalogue.openings.words
    return next((texts.presses for name, texts in words.items() if name == word), ())


def _plain(label: str) -> str:
    return " ".join(WORDS.findall(fold(label).replace("'", "")))


async def tap(update: Update, context: Context, person: User, message_id: int, button: Button) -> None:
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


async def run_command(update: Update, context: Context, name: str, rest: str = "") -> None:
    """Does what the command does, with these words behind it."""
    origin = update.effective_message
    if origin is None:
        return
    entity = MessageEntity(MessageEntity.BOT_COMMAND, 0, len(name) + 1)
    message = Message(
        origin.message_id,
        origin.date,
        origin.chat,
        from_user=origin.from_user,
        text=f"/{name} {rest}".rstrip(),
        entities=(entity,),
    )
    message.set_bot(context.bot)
    await context.application.process_update(Update(update.update_id, message=message))
