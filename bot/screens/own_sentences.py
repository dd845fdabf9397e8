"""Own sentences as messages: the list, one of them, how often they come, and one that came by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.content.interface import Interface
from bot.content.own_sentences import ShareTexts
from bot.domain.cards import SQUARE, Card
from bot.domain.own_sentences import LONGEST_SENTENCE, Share
from bot.screens.callback_data import MINE, question_start
from bot.screens.later import Under, folded
from bot.screens.outgoing import Button, OutgoingMessage, joined

NEVER_MIND = "never-mind"  # nobody types it by chance
SENTENCE_STEP = "sentence"
PAGE = 5  # sentences on a page


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence; `text` is None if it cannot be decrypted."""

    id: int
    text: str | None


def question(interface: Interface, token: str) -> OutgoingMessage:
    """Asks for a sentence."""
    texts = interface.own_sentences
    never_mind = Button(texts.never_mind, f"{question_start(token, SENTENCE_STEP)}{NEVER_MIND}")
    return OutgoingMessage(texts.question.format(limit=LONGEST_SENTENCE), ((never_mind,),))


def kept(interface: Interface, share: Share) -> OutgoingMessage:
    """Says that a sentence is kept, and how often it may come."""
    texts = interface.own_sentences
    often = (Button(texts.often, MINE.build("often")), Button(texts.back, MINE.build()))
    return OutgoingMessage(texts.kept.format(share=_of(texts.share_said, share)), (often,))


def sentence_page(
    interface: Interface, sentences: Sequence[ShownSentence], page: int, *, can_keep: bool
) -> OutgoingMessage:
    """One page of sentences, the newest first; if it does not exist, the nearest. What cannot be kept is said."""
    texts = interface.own_sentences
    off = "" if can_keep else texts.unavailable
    add = (Button(texts.add, MINE.build("add")),) if can_keep else ()
    last = max(0, (len(sentences) - 1) // PAGE)
    page = max(0, min(page, last))
    shown = list(enumerate(sentences, start=1))[page * PAGE : (page + 1) * PAGE]
    lines = [texts.line.format(number=number, text=one.text or texts.cannot_open) for number, one in shown]
    picks = tuple(Button(str(number), MINE.build("show", one.id)) for number, one in shown)
    turns = [Button(texts.newer, MINE.build("page", page - 1))] if page else []
    if page < last:
        turns.append(Button(texts.older, MINE.build("page", page + 1)))
    rows = (picks, tuple(turns), (*add, Button(texts.often, MINE.build("often"))))
    head = texts.title if sentences else texts.none if can_keep else ""
    return OutgoingMessage(joined(head, *lines, off), tuple(row for row in rows if row))


def one_sentence(interface: Interface, sentence: ShownSentence) -> OutgoingMessage:
    """One sentence with buttons to copy it, to get it as a card and to remove it."""
    texts = interface.own_sentences
    own = [Button(texts.copy_text, copy=sentence.text)] if sentence.text else []
    card = [Button(texts.card, MINE.build("card", sentence.id))] if sentence.text else []
    last = (Button(texts.remove, MINE.build("remove", sentence.id)), Button(texts.back, MINE.build()))
    return OutgoingMessage(sentence.text or texts.cannot_open, tuple(row for row in ((*own, *card), last) if row))


def as_card(sentence: ShownSentence) -> OutgoingMessage | None:
    """The sentence as a card, with its words as the caption; None if it cannot be drawn whole."""
    if sentence.text is None:
        return None
    from bot.domain.cards.drawing import can_hold  # noqa: PLC0415 - Pillow's 5 MB are for those who want pictures

    card = Card(f"own-{sentence.id}", sentence.text, "", SQUARE, is_personal=True)
    return OutgoingMessage(sentence.text, card=card) if can_hold(card) else None


def how_often(interface: Interface, share: Share, *, only_kept: bool, has_kept: bool) -> OutgoingMessage:
    """What reminders draw from: own sentences, and of all others only those that were kept."""
    texts = interface.own_sentences
    buttons = [
        Button(_marked(interface, _of(texts.share, other), is_on=other is share), MINE.build("share", other))
        for other in Share
    ]
    kept = Button(_marked(interface, texts.only_kept, is_on=only_kept), MINE.build("kept", 0 if only_kept else 1))
    note = "" if not only_kept else texts.only_kept_said if has_kept else texts.none_kept
    rows = (*((button,) for button in buttons), (kept,), (Button(texts.back, MINE.build()),))
    return OutgoingMessage(joined(texts.question_often, _of(texts.share_said, share), note), rows)


def by_itself(interface: Interface, sentence: ShownSentence, under: Under, *, as_picture: bool) -> OutgoingMessage:
    """An own sentence that a reminder says, with its row; where it cannot be drawn it comes as words."""
    shown = (as_card(sentence) if as_picture else None) or OutgoingMessage(sentence.text or "")
    return replace(shown, rows=folded(interface, under))


def _of(texts: ShareTexts, share: Share) -> str:
    return {
        Share.ONLY: texts.only,
        Share.HALF: texts.half,
        Share.SOMETIMES: texts.sometimes,
        Share.OFF: texts.off,
    }[share]


def _marked(interface: Interface, label: str, *, is_on: bool) -> str:
    return interface.own_sentences.chosen.format(label=label) if is_on else label
