"""The support card: one's own plan, people one trusts, numbers to call."""

from bot.content.crisis import Danger
from bot.content.support import Support
from bot.screens.callback_data import CLOSE_CARD, SUPPORT
from bot.screens.flows import entry
from bot.screens.helplines import emergency_number, lines_to_write_to, numbers
from bot.screens.outgoing import Button, OutgoingMessage, Rows, joined, marked
from bot.screens.safety_plan import PlanOnCard, on_card, plan_button


def support_card(
    support: Support,
    country: str | None,
    *,
    own: PlanOnCard | None = None,
    ground_url: str = "",
    heard: Danger | None = None,
) -> OutgoingMessage:
    """The card: what was heard, one's own plan, people one trusts, and last the numbers: small screens show the end.

    `own` is None in groups, where `ground_url` is the link to the private chat.
    `heard` is what typed words said is in danger: the first line answers them.
    """
    card, plan = support.card, on_card(support, own)
    first = card.heard[heard].format(number=emergency_number(support, country, heard)) if heard else ""
    parts = (first, plan, "" if heard else card.opening, card.people, numbers(support, country, heard))
    return marked(joined(*parts), _rows(support, country, own, ground_url, heard))


def below_card(support: Support, country: str | None, text: str) -> OutgoingMessage:
    """An answer to what was typed while the card is open, with the buttons of the card: it stays open."""
    number, written = emergency_number(support, country, None), lines_to_write_to(support, country)
    return marked(text.strip().format(number=number, written=written), _rows(support, country, None, "", None))


def closing(support: Support) -> OutgoingMessage:
    """The message that takes the place of a card that was closed: it says how to get the numbers back."""
    return OutgoingMessage(support.card.closing)


def _rows(support: Support, country: str | None, own: PlanOnCard | None, ground_url: str, heard: Danger | None) -> Rows:
    """Returns the buttons of the card. If the country is unknown, the button that chooses one comes first."""
    labels = support.card.buttons
    choose = Button(labels.choose_country, SUPPORT.build("countries"))
    close = Button(labels.close, CLOSE_CARD)
    ground = Button(labels.ground, url=ground_url) if ground_url else entry(labels.ground, "grounding")
    panic = ((entry(labels.panic, "panic"),),) if heard == "breath" and not ground_url else ()
    company = (Button(labels.copy_company, copy=support.card.company),)
    danger = (Button(labels.copy_danger, copy=support.card.danger),)
    copies = (company, danger) if heard in (None, "oneself", "somebody_else") else (danger, company)
    plan = tuple(filter(None, (plan_button(support, own),)))
    if country is None or country not in support.countries:
        return (*panic, (choose,), *copies, *plan, (ground, close))
    more = Button(labels.more, SUPPORT.build("more", country))
    return (*panic, *copies, (ground, more), *plan, (choose, close))
