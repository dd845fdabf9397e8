"""The support card: trusted people, the crisis lines of a country, its emergency number, a grounding exercise."""

from dataclasses import dataclass

from bot.content.crisis import Danger
from bot.content.support import Helpline, Support
from bot.screens.callback_data import SUPPORT, question_start
from bot.screens.flows import entry
from bot.screens.outgoing import Button, OutgoingMessage, Rows, in_rows

# Nobody types these by chance, so only a button can remove the safety plan.
CANCEL, YES, NO = "keep-nothing", "remove-them", "leave-them"
MAX_PLAN_CHARACTERS = 1_000  # characters of a safety plan, so that the card with it fits into one message


@dataclass(frozen=True, slots=True)
class PlanOnCard:
    """The safety plan of a private chat on the card. `text` is None if a plan is kept but cannot be decrypted."""

    is_kept: bool = False
    text: str | None = None
    can_keep: bool = False


def support_card(
    support: Support,
    country: str | None,
    *,
    own: PlanOnCard | None = None,
    ground_url: str = "",
    lead: str = "",
    heard: Danger | None = None,
) -> OutgoingMessage:
    """The card with the crisis lines of the country; for an unknown country, it says where to find them.

    `own` is None in groups, where `ground_url` is the link to the private chat. `lead` says what was just done; `heard`
    is what typed words said is in danger: the first line answers them.
    """
    card = support.card
    known = support.countries.get(country or "")
    parts = [lead] if lead else []
    if heard:
        parts.append(card.heard[heard].format(number=known.emergency if known else card.number_unknown))
    if own and own.is_kept:
        parts.append(card.plan.cannot_open if own.text is None else f"{card.plan.heading}\n{own.text}")
    parts.extend((card.opening, card.people))
    if known and country and (lines := support.lines_of(country)):
        parts.append(card.lines.format(country=known.name))
        parts.extend(_line(support, line) for line in lines)
    parts.append(card.elsewhere.format(url=support.elsewhere_url))
    parts.append(card.emergency.format(number=known.emergency) if known else card.emergency_unknown)
    parts.extend((card.grounding, card.automated))
    return OutgoingMessage("\n\n".join(parts), _rows(support, own, ground_url, is_known=known is not None))


def country_list(support: Support) -> OutgoingMessage:
    """A button for each country that has crisis lines, sorted by name."""
    named = sorted(support.countries.items(), key=lambda pair: pair[1].name)
    buttons = [Button(country.name, SUPPORT.build(code)) for code, country in named]
    back = (Button(support.card.buttons.back, SUPPORT.build("back")),)
    return OutgoingMessage(support.card.country_question, (*in_rows(buttons, 3), back))


def plan_question(
    support: Support, token: str, step: str, *, is_kept: bool = False, too_long: int = 0
) -> OutgoingMessage:
    """Asks for the text of the safety plan. `too_long` is the length, in characters, of a text that did not fit."""
    texts = support.card.plan
    if too_long:
        text = texts.too_long.format(limit=f"{MAX_PLAN_CHARACTERS:,}", length=f"{too_long:,}")
    else:
        text = (texts.change_question if is_kept else texts.question).format(limit=f"{MAX_PLAN_CHARACTERS:,}")
    return OutgoingMessage(text, ((Button(support.card.buttons.cancel, f"{question_start(token, step)}{CANCEL}"),),))


def remove_question(support: Support, token: str, step: str) -> OutgoingMessage:
    """Asks whether to remove the safety plan."""
    start, labels = question_start(token, step), support.card.buttons
    rows = ((Button(labels.remove_yes, f"{start}{YES}"),), (Button(labels.remove_no, f"{start}{NO}"),))
    return OutgoingMessage(support.card.plan.remove_question, rows)


def closing(support: Support) -> OutgoingMessage:
    """The message after "I'm okay"."""
    return OutgoingMessage(support.card.closing)


def _rows(support: Support, own: PlanOnCard | None, ground_url: str, *, is_known: bool) -> Rows:
    """Returns the buttons of the card. If the country is unknown, the button that chooses one comes first."""
    labels = support.card.buttons
    choose, okay = Button(labels.other_country, SUPPORT.build("countries")), Button(labels.okay, SUPPORT.build("okay"))
    copy = Button(labels.copy_company, copy=support.card.company)
    ground = Button(labels.ground, url=ground_url) if ground_url else entry(labels.ground, "grounding")
    rows: list[tuple[Button, ...]] = [(copy,), (ground,)]
    if own and (keeping := _keeping(support, own)):
        rows.append(keeping)
    return (*rows, (choose, okay)) if is_known else ((choose,), *rows, (okay,))


def _keeping(support: Support, own: PlanOnCard) -> tuple[Button, ...]:
    labels = support.card.buttons
    change = [Button(labels.change if own.is_kept else labels.keep, SUPPORT.build("keep"))] if own.can_keep else []
    return (*change, *([Button(labels.remove, SUPPORT.build("remove"))] if own.is_kept else []))


def _line(support: Support, line: Helpline) -> str:
    card = support.card
    ways = [card.by_phone.format(number=line.phone)] if line.phone else []
    if line.text:
        ways.append(card.by_text.format(number=line.text))
    if line.chat:
        ways.append(card.by_chat.format(url=line.chat))
    if line.web != line.chat:
        ways.append(line.web)
    return card.line.format(name=line.name, ways="\n".join(ways), hours=line.hours, languages=", ".join(line.languages))
