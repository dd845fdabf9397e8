"""Notes for a session as messages: one by one under a spoiler, all of them to send on, and keep or let go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.content.interface import Interface
from bot.domain.notes import LONGEST_NOTE, in_plain_text
from bot.screens.callback_data import NOTES, question_start
from bot.screens.flows import people
from bot.screens.outgoing import Button, OutgoingMessage, Rows, joined
from bot.screens.times import count_text, day_text

NEVER_MIND = "never-mind"  # nobody types it by chance
NOTE_STEP = "note"


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note; `text` is None if it cannot be decrypted. `gone_on` is the local day after which it is gone."""

    id: int
    text: str | None
    gone_on: date


def question(interface: Interface, token: str, days: int, lead: str = "") -> OutgoingMessage:
    """Asks for a note."""
    texts = interface.notes
    asked = texts.question.format(limit=f"{LONGEST_NOTE:,}", days=days)
    never_mind = Button(texts.never_mind, f"{question_start(token, NOTE_STEP)}{NEVER_MIND}")
    return OutgoingMessage(joined(lead, asked), ((never_mind,),))


def kept(interface: Interface, gone_on: date) -> OutgoingMessage:
    """Says that a note is kept, and for how long."""
    texts = interface.notes
    return OutgoingMessage(texts.kept.format(day=day_text(interface.times, gone_on)), _to_notes(texts.one_by_one))


def _to_notes(label: str) -> Rows:
    return ((Button(label, NOTES.build("show", 0)),),)


def overview(interface: Interface, notes: Sequence[ShownNote], *, can_keep: bool, lead: str = "") -> OutgoingMessage:
    """How many notes there are, without a word of them, and what can be done with them."""
    texts = interface.notes
    off = "" if can_keep else texts.off
    add = ((Button(texts.add, NOTES.build("add")),),) if can_keep else ()
    if not notes:
        return OutgoingMessage(joined(lead, texts.none if can_keep else "", off), add)
    title = count_text(interface.times, texts.title, len(notes), count=len(notes))
    rows: Rows = (
        (Button(texts.one_by_one, NOTES.build("show", 0)), Button(texts.in_session, NOTES.build("session", 0))),
        *add,
        (Button(texts.send, NOTES.build("send")), Button(texts.all_go, NOTES.build("after"))),
    )
    return OutgoingMessage(joined(lead, title, texts.about, off), rows)


def one_note(interface: Interface, notes: Sequence[ShownNote], note_id: int, *, in_session: bool) -> OutgoingMessage:
    """One note under a spoiler: this one, or else the next that is there. `notes` are all, and not none.

    In a session there is nothing on the screen but the note and the way to the next.
    """
    texts = interface.notes
    at = next((index for index, note in enumerate(notes) if note.id >= note_id), len(notes) - 1)
    note, words = notes[at], notes[at].text or texts.cannot_open
    head = texts.place.format(number=at + 1, count=len(notes))
    foot = "" if in_session else texts.until.format(day=day_text(interface.times, note.gone_on))
    action = "session" if in_session else "show"
    turns = [Button(texts.older, NOTES.build(action, notes[at - 1].id))] if at else []
    if at + 1 < len(notes):
        turns.append(Button(texts.newer, NOTES.build(action, notes[at + 1].id)))
    elif in_session:
        turns.append(Button(texts.afterwards, NOTES.build("after")))
        foot = texts.those_are_all
    let_go = [] if in_session else [Button(texts.let_go, NOTES.build("go", note.id))]
    last = (*let_go, Button(texts.back, NOTES.build()))
    start = len(head) + 2
    spoilers = ((start, start + len(words)),) if note.text else ()
    rows = (*((tuple(turns),) if turns else ()), last, people(interface))
    return OutgoingMessage(joined(head, words, foot), rows, spoilers=spoilers)


def to_send_on(notes: Sequence[ShownNote]) -> list[OutgoingMessage]:
    """All notes that can be read, as messages to copy or send on: with nothing else in their text."""
    return [OutgoingMessage(text) for text in in_plain_text([note.text for note in notes if note.text])]


def after_session(interface: Interface, newest_id: int) -> OutgoingMessage:
    """Asks whether the notes are to stay. `newest_id`: what is added after it was asked is not meant."""
    texts = interface.notes
    keep = Button(texts.keep_them, NOTES.build("stay", newest_id))
    return OutgoingMessage(texts.question_after, ((keep, Button(texts.let_them_go, NOTES.build("all", newest_id))),))


def offer(interface: Interface) -> Button:
    """The button under the answer to a typed reflection; that answer replies to what was typed."""
    return Button(interface.notes.keep_this, NOTES.build("keep"))


def day_of(interface: Interface, note: ShownNote) -> str:
    """The day after which a note is gone."""
    return day_text(interface.times, note.gone_on)


def kept_this(interface: Interface, gone_on: date) -> str:
    """The toast when a reflection was kept."""
    return interface.notes.kept_this.format(day=day_text(interface.times, gone_on))


def marked_as_kept(interface: Interface, rows: Rows) -> Rows:
    """Returns the rows with the way to the notes in place of the offer."""
    kept = Button(interface.notes.is_kept, NOTES.build())
    return tuple(tuple(kept if button == offer(interface) else button for button in row) for row in rows)
