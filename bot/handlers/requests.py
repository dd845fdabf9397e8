"""Plain requests that are typed in place of a command: "pause for 2 weeks", "delete my data". Called by `typed`.

They are read after buttons and words of danger, and never where words of any kind are asked for.
"""

from datetime import UTC

from telegram import Update, User

from bot.database.values import Subject
from bot.domain.typed_times import read_duration
from bot.handlers import changes_by_words, own_text
from bot.handlers.answers import Answer, show, with_people
from bot.handlers.context import Context
from bot.handlers.typed_buttons import OWN_WORDS, is_card_last, run_command, tap
from bot.screens.callback_data import LANGUAGE, PAUSE_ASK, PAUSE_STOP, REMINDERS, SETTINGS
from bot.screens.outgoing import Button, OutgoingMessage

COMMANDS = {
    "stop": "stop",
    "pause": "pause",
    "resume": "resume",
    "erase": "forget",
    "unsure_erase": "forget",
    "privacy": "privacy",
    "settings": "settings",
    "language": "language",
    "next": "reminders",
    "change": "reminders",
    "remind": "remind",
    "start": "start",
    "help": "help",
    "affirm": "affirm",
}
TAPS = {"zone": SETTINGS.build("zone"), "more": REMINDERS.build("add")}
# What is understood beside the support card, and while an exercise or a question waits: nothing that may be its answer.
ALWAYS = ("stop", "erase", "privacy", "language", "help")
BESIDE_A_QUESTION = (*ALWAYS, "settings", "resume", "start")


async def take_typed(update: Update, context: Context, person: User, text: str, subject: Subject | None) -> bool:
    """Does what the text requests. Returns False if it requests nothing. `subject`: of the question that waits."""
    library, language = context.voice.library, context.voice.language
    if (code := library.find_language_named(text, language)) and (subject is None or len(text.split()) > 1):
        if is_card_last(context, person):
            return await _do(update, context, person, "language", subject)
        await _press(update, context, person, LANGUAGE.build(code))
        return True
    name = library.find_request(text, language)
    if name and _is_heard(context, person, name, subject):
        return await _do(update, context, person, name, subject)
    if is_card_last(context, person):
        return False
    if await _take_begun(update, context, person, text, subject):
        return True
    return subject is None and await changes_by_words.take_typed(update, context, text)


async def ask_about_stop(update: Update, context: Context, text: str, subject: Subject | None) -> bool:
    """Asks whether the reminders are meant, if the text may mean stop; False if it does not.

    For where something else may be meant: below the support card, in an exercise, and while a question waits.
    """
    is_stop = subject not in OWN_WORDS and context.voice.library.means_stop(text, context.voice.language)
    if is_stop:
        await _offer(update, context, "unsure_stop")
    return is_stop


def _is_heard(context: Context, person: User, name: str, subject: Subject | None) -> bool:
    if is_card_last(context, person):
        return name in ALWAYS
    if subject == Subject.FORGET and name == "erase":
        return False  # a second yes to its question, which says how
    return subject is None or name in BESIDE_A_QUESTION


async def _do(update: Update, context: Context, person: User, name: str, subject: Subject | None) -> bool:
    if name in ("unsure_stop", "fewer"):
        await _offer(update, context, name)
    elif name == "stop" and (subject is not None or is_card_last(context, person)):
        await _offer(update, context, "unsure_stop")  # it may be said of somebody else: "stop texting me"
    elif name in TAPS:
        await _press(update, context, person, TAPS[name])
    else:
        await run_command(update, context, COMMANDS[name])
    return True


async def _take_begun(update: Update, context: Context, person: User, text: str, subject: Subject | None) -> bool:
    """Does what the text begins to request, if the rest of it says for how long, or when."""
    for begun in context.voice.library.begun_requests(text, context.voice.language):
        if begun.name == "pause" and subject in (None, Subject.PAUSE) and _is_duration(context, begun.rest):
            await run_command(update, context, "pause", begun.rest)
            return True
        if subject is None and begun.name == "remind" and own_text.is_time(context, begun.rest):
            await run_command(update, context, "remind", begun.rest)
            return True
        if subject is None and begun.name == "zone":
            await _press(update, context, person, TAPS["zone"])
            return True
    return False


def _is_duration(context: Context, rest: str) -> bool:
    local = context.services.clock().astimezone(UTC).replace(tzinfo=None)
    return read_duration(rest, now_local=local, language=context.voice.language) is not None


async def _offer(update: Update, context: Context, name: str) -> None:
    """Asks where a word may have meant something else; nothing changes until a tap."""
    texts = context.voice.catalogue.requests
    off, pause = Button(texts.turn_off, PAUSE_STOP), Button(texts.take_a_break, PAUSE_ASK)
    reminders = Button(texts.see_reminders, REMINDERS.build("list"))
    rows = ((off,), (pause,)) if name == "unsure_stop" else ((reminders,), (pause,), (off,))
    said = texts.stop_question if name == "unsure_stop" else texts.fewer
    await show(update, context, with_people(context, Answer(OutgoingMessage(said, rows))))


async def _press(update: Update, context: Context, person: User, data: str) -> None:
    """Does what a tap on the button with this data does."""
    origin = update.effective_message
    await tap(update, context, person, origin.message_id if origin else 0, Button("", data))
