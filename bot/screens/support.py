"""The support card: one's own plan, people one trusts, numbers to call; and the questions about the plan."""

from dataclasses import dataclass

from bot.content.crisis import Danger
from bot.content.support import Support
from bot.screens.callback_data import SUPPORT, question_start
from bot.screens.flows import entry
from bot.screens.helplines import emergency_number, numbers
from bot.screens.outgoing import Button, OutgoingMessage, Rows, joined, marked

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
    """The card: what was heard, one's own plan, people one trusts, and last the numbers: small screens show the end.

    `own` is None in groups, where `ground_url` is the link to the private chat. `lead` says what was just done; `heard`
    is what typed words said is in danger: the first line answers them.
    """
    card, plan = support.card, _plan(support, own)
    first = card.heard[heard].format(number=emergency_number(support, country, heard)) if heard else ""
    parts = (lead, first, plan, "" if heard else card.opening, card.people, numbers(support, country, heard))
    return marked(joined(*parts), _rows(support, country, own, ground_url, heard))


def _plan(support: Support, own: PlanOnCard | None) -> str:
    """What the card shows of the person's own plan; empty without one."""
    texts = support.card.plan
    if own is None or not own.is_kept:
        return ""
    return texts.cannot_open if own.text is None else f"{texts.heading}\n{own.text}"


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
    """The message that takes the place of a card that was closed: it says how to get the numbers back."""
    return OutgoingMessage(support.card.closing)


def _rows(support: Support, country: str | None, own: PlanOnCard | None, ground_url: str, heard: Danger | None) -> Rows:
    """Returns the buttons of the card. If the country is unknown, the button that chooses one comes first."""
    labels = support.card.buttons
    choose = Button(labels.choose_country, SUPPORT.build("countries"))
    close = Button(labels.close, SUPPORT.build("okay"))
    ground = Button(labels.ground, url=ground_url) if ground_url else entry(labels.ground, "grounding")
    company = (Button(labels.copy_company, copy=support.card.company),)
    danger = (Button(labels.copy_danger, copy=support.card.danger),)
    copies = (danger, company) if heard and heard != "oneself" else (company, danger)
    keeping = _keeping(support, own) if own else ()
    plan = (keeping,) if keeping else ()
    if country is None or country not in support.countries:
        return ((choose,), *copies, *plan, (ground, close))
    more = Button(labels.more, SUPPORT.build("more", country))
    return (*copies, (ground, more), *plan, (choose, close))


def _keeping(support: Support, own: PlanOnCard) -> tuple[Button, ...]:
    labels = support.card.buttons
    change = [Button(labels.change if own.is_kept else labels.keep, SUPPORT.build("keep"))] if own.can_keep else []
    return (*change, *([Button(labels.remove, SUPPORT.build("remove"))] if own.is_kept else []))
