"""Callback data of every inline button: builds it, reads it, and says who may tap it. The only such place.

Screens build buttons with it; handlers register for its kinds and read what was tapped; `access` and `flood_guard` read
from it who may tap. Data has 1-64 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton). Data under old
messages must stay readable: a prefix or a part that is in use is never given another meaning.
"""

import re
from dataclasses import dataclass
from enum import Enum

from bot.domain.ids import ChatId

MOST_BYTES = 64
# Of a row's number: every database holds it, and no table here has as many rows.
MOST_DIGITS = 9


class Permission(Enum):
    """Who may tap a button, whoever it was shown to."""

    PERSON = "the person whose private chat it is in"
    ANYONE = "everyone who sees it; in a group it must stand under the message that was tapped"
    ADMINS = "whoever may change the chat that it is about: a person their own, an administrator a group"
    OPERATOR = "whoever runs the bot, in private"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of button. Its data is the prefix and its parts, with colons between: `r:pause:17`.

    `most_parts`: None for as many as there are; 0 for none; else the last one keeps the colons in it.
    `is_urgent`: never made to wait, nor counted against a group's rate limit. `has_own_pace`: so many people may tap it
    that taps are only counted (`usecases.tap_counts`). `may_be_about`: it may act on another chat (`about_chat`).
    """

    prefix: str
    permission: Permission
    most_parts: int | None = None
    is_urgent: bool = False
    has_own_pace: bool = False
    may_be_about: bool = False

    def build(self, *parts: object) -> str:
        """Returns the data of a button of this kind. Raises ValueError if it is longer than 64 bytes."""
        data = ":".join((self.prefix, *map(str, parts)))
        if len(data.encode()) > MOST_BYTES:
            raise ValueError(f"a button's data has {len(data.encode())} bytes, and may have {MOST_BYTES}: {data}")
        return data

    def read(self, data: str) -> list[str] | None:
        """Returns the parts in order, or None for a button of another kind."""
        if data == self.prefix:
            return []
        if self.most_parts == 0 or not data.startswith(f"{self.prefix}:"):
            return None
        rest = data.removeprefix(f"{self.prefix}:")
        return rest.split(":") if self.most_parts is None else rest.split(":", self.most_parts - 1)


PAGE = Kind("a", Permission.PERSON)  # which page of /help or /privacy
FLOW = Kind("f", Permission.PERSON)  # token of the conversation, turn, key of the button
BRING = Kind("b", Permission.PERSON)  # token of the question, and what to do
BEGIN_FLOW = Kind("g", Permission.PERSON)  # name of the flow
SUPPORT = Kind("h", Permission.ANYONE, is_urgent=True)  # what to do, or a country
INVITATIONS = Kind("i", Permission.OPERATOR)  # what to do, and about which code, words, language
FAVOURITES = Kind("k", Permission.PERSON)  # what to do, and with which affirmation or page
LEARN = Kind("l", Permission.ANYONE)  # nothing, or a theme or an explainer
SAFETY_PLAN = Kind("plan", Permission.PERSON, is_urgent=True)  # nothing, or what to do, and with which part
MINE = Kind("mine", Permission.PERSON)  # nothing, or what to do, and with which own sentence, page or value
NOTES = Kind("notes", Permission.PERSON)  # nothing, or what to do, and with which note
LOOK = Kind("look", Permission.PERSON)  # nothing, or what to do, and with which day, page, rhythm or colour
NOT_FOR_ME = Kind("n", Permission.PERSON)  # what to do, and with which affirmation
LATER = Kind("z", Permission.PERSON, most_parts=3)  # what to do, and with which reminder and affirmation or sentence
PRESENCE = Kind("v", Permission.PERSON)  # the answer to whether it should go on
TAP = Kind("w", Permission.ANYONE, has_own_pace=True)  # what a tap under a post says
CLOSE_CIRCLE = Kind("w:end", Permission.ADMINS, most_parts=0, has_own_pace=True)
# Here for everyone; about another chat for its administrators.
APPOINTMENT = Kind("session", Permission.PERSON)  # nothing, or what to do, and with which prompt or session
AFFIRM = Kind("affirm", Permission.ANYONE, most_parts=0, may_be_about=True)
QUESTION = Kind("c", Permission.ADMINS, most_parts=3, may_be_about=True)  # token of the conversation, step, answer
CHAT_LIST = Kind("o:list", Permission.PERSON, most_parts=0, may_be_about=True)
CHAT_ADD = Kind("o:add", Permission.PERSON, most_parts=0)
SHARED_CHAT = Kind("o", Permission.ADMINS, may_be_about=True)  # what to do on the card of a group or channel
PAUSE = Kind("p", Permission.ADMINS, may_be_about=True)  # what to do
REMINDERS = Kind("r", Permission.ADMINS, may_be_about=True)  # what to do, and with which reminder
SETTINGS = Kind("s", Permission.ADMINS, may_be_about=True)  # which setting, and its new value
START = Kind("start", Permission.ADMINS, may_be_about=True)  # what to do after a stop, or for the first time
THEMES = Kind("t", Permission.ADMINS, may_be_about=True)  # nothing, or what to do with which theme
LANGUAGE = Kind("y", Permission.ADMINS, may_be_about=True)  # nothing, or the language

KINDS = (
    *(PAGE, BRING, FLOW, BEGIN_FLOW, SUPPORT, INVITATIONS, FAVOURITES, LEARN, SAFETY_PLAN, NOTES, MINE, LOOK),
    *(NOT_FOR_ME, CLOSE_CIRCLE, TAP),
    *(APPOINTMENT, LATER, PRESENCE),
    *(AFFIRM, QUESTION, CHAT_LIST, CHAT_ADD, SHARED_CHAT, PAUSE, REMINDERS, SETTINGS, START, THEMES, LANGUAGE),
)

# Buttons that carry nothing of the moment.
AFFIRM_NOW = AFFIRM.build()
HELP_SHORT, HELP_WHOLE = PAGE.build("help"), PAGE.build("commands")
PRIVACY_SHORT, PRIVACY_WHOLE, PRIVACY_REST = (PAGE.build(page) for page in ("privacy", "details", "rest"))
CIRCLE_END = CLOSE_CIRCLE.build()
CARD, LIST, ADD = SHARED_CHAT.build(""), CHAT_LIST.build(), CHAT_ADD.build()
GENERAL, LEAVE, ERASE = (SHARED_CHAT.build(action) for action in ("general", "leave", "erase"))
CLOSE_CARD = SUPPORT.build("okay")
PAUSE_ASK, PAUSE_RESUME, PAUSE_STOP = (PAUSE.build(action) for action in ("ask", "resume", "stop"))
REMINDER_LIST, REMINDER_ADD = REMINDERS.build("list"), REMINDERS.build("add")
SETTINGS_SHOW, SETTINGS_ZONE, SETTINGS_QUIET = (SETTINGS.build(name) for name in ("show", "zone", "quiet"))
SETTINGS_HOURS = "hours"  # of SETTINGS, with quiet hours: "2345-0700", or nothing for none
SETTINGS_STORED, TRAVEL, HOME_AGAIN = (SETTINGS.build(name) for name in ("stored", "travel", "home"))
OWN_WORDS = SETTINGS.build("words", "own")
START_NEW, BRING_BACK, ANEW = (START.build(action) for action in ("new", "back", "anew"))
THEMES_SHOW, THEMES_ALL, THEMES_UNHIDE = (THEMES.build(action) for action in ("", "all", "unhide"))
THEMES_HERE = THEMES.build("here")  # in the message that was tapped
LANGUAGE_ASK = LANGUAGE.build("")
LEARN_THEMES = LEARN.build("")
INVITATION_LIST, INVITATION_NEW = INVITATIONS.build("list"), INVITATIONS.build("new")

# A button in a private chat that is about another chat begins with that chat's row: m:<row>:<data>.
ABOUT = re.compile(rf"m:([0-9]{{1,{MOST_DIGITS}}}):(.*)", re.DOTALL)


def about_chat(row_id: ChatId, data: str) -> str:
    """Returns the data of the same button, acting on the chat with this row id instead of the one it is shown in."""
    return f"m:{row_id}:{data}"


def read_about(data: str) -> tuple[ChatId | None, str]:
    """Returns the row id of the chat that the button acts on (None: the one it is shown in), and the other data."""
    found = ABOUT.fullmatch(data)
    return (ChatId(int(found[1])), found[2]) if found else (None, data)


def row_number(text: str) -> int | None:
    """Returns the number of a row that stands in a button's data; None for what is no row's number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def kind_of(data: str) -> Kind | None:
    """Returns the kind of a button that acts on the chat it is shown in; None for every other."""
    return next((kind for kind in KINDS if kind.read(data) is not None), None)


def question_start(token: str, step: str) -> str:
    """Returns the start of the data of every answer to one question; the answer follows."""
    return QUESTION.build(token, step, "")


def pattern(kind: Kind, action: str | None = None, *, is_about: bool | None = None) -> str:
    """Returns a regular expression for PTB: buttons of this kind, or its one button that does `action`.

    `is_about`: only buttons about another chat (True), only others (False), or both, if the kind may be about one.
    """
    if is_about is None and not kind.may_be_about:
        is_about = False
    row = rf"m:[0-9]{{1,{MOST_DIGITS}}}:"
    about = {True: row, False: "", None: f"(?:{row})?"}[is_about]
    data = kind.prefix if action is None else kind.build(action)
    end = "(?::|$)" if action is None and kind.most_parts != 0 else "$"
    return rf"^{about}{re.escape(data)}{end}"
