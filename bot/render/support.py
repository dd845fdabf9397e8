"""The support card: people one trusts, the lines of a country, the emergency number, something to hold on to."""

from bot.catalogue.support import Helpline, Support
from bot.render.outgoing import Button, OutgoingMessage, in_rows


def support_card(support: Support, country: str | None) -> OutgoingMessage:
    """For a country that the list knows, its lines; for all others, where to find them."""
    card = support.card
    known = support.countries.get(country or "")
    parts = [card.opening, card.people]
    if known and country and (lines := support.lines_of(country)):
        parts.append(card.lines.format(country=known.name))
        parts.extend(_line(support, line) for line in lines)
    parts.append(card.elsewhere.format(url=support.elsewhere_url))
    parts.append(card.emergency.format(number=known.emergency) if known else card.emergency_unknown)
    parts.extend((card.grounding, card.automated))
    rows = (
        (Button(card.buttons.copy_company, copy=card.company),),
        (Button(card.buttons.other_country, "h:countries"), Button(card.buttons.okay, "h:okay")),
    )
    return OutgoingMessage("\n\n".join(parts), rows)


def country_list(support: Support) -> OutgoingMessage:
    named = sorted(support.countries.items(), key=lambda pair: pair[1].name)
    buttons = [Button(country.name, f"h:{code}") for code, country in named]
    back = (Button(support.card.buttons.back, "h:back"),)
    return OutgoingMessage(support.card.country_question, (*in_rows(buttons, 3), back))


def closing(support: Support) -> OutgoingMessage:
    return OutgoingMessage(support.card.closing)


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
