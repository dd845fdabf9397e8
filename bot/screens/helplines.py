"""Numbers to call: those on the support card, all lines of a country, and the choice of a country.

Numbers are bold (`outgoing.marked`). Called by `screens.support` and `handlers.support`.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.content.crisis import Danger
from bot.content.helplines import ALWAYS, VARIES, Country, Helpline, Need
from bot.content.support import Support
from bot.domain.folding import fold
from bot.screens.callback_data import SUPPORT
from bot.screens.outgoing import Button, OutgoingMessage, Rows, bold, in_rows, marked

SOMEWHERE_ELSE = "ZZ"  # in place of a country: ISO 3166 leaves it to its users, and CLDR calls it the unknown region
# What stands on the card; more would be a wall. The other lines are behind a button.
MOST_LINES = 3
MOST_SUGGESTED = 2
MOST_IN_A_GROUP = 28  # countries on one screen
# Which lines come first on the card when typed words named a danger.
NEEDED: dict[Danger, tuple[Need, ...]] = {"medical": ("poison", "distress"), "from_others": ("violence", "distress")}


def numbers(support: Support, country: str | None, heard: Danger | None) -> str:
    """The last part of the card: the emergency number, then the helplines of the country that fit what was heard.

    For an unknown country: the largest lines, and where to find all others.
    """
    card, needs = support.card, _needs(heard)
    more = card.more_lines.format(url=support.helplines.elsewhere)
    if country is None or country not in support.countries:
        return "\n".join([_in(support, card.emergency_unknown), *_largest(support, needs), more])
    number = emergency_number(support, country, None)
    lines = [card.emergency.format(country=support.name_of(country), number=number)]
    fitting = [line for need in needs for line in support.lines_of(country) if line.helps_with == need]
    lines += [_short(support, line) for line in fitting[:MOST_LINES]]
    return "\n".join(lines if fitting else [*lines, more])


def emergency_number(support: Support, country: str | None, danger: Danger | None) -> str:
    """The number to call in danger: that of the police or the ambulance, if only one of them fits what was heard."""
    card, known = support.card, support.countries.get(country or "")
    if known is None:
        return _in(support, card.number_unknown)
    if one := known.emergency or _service(known, danger):
        return bold(one)
    return card.police_and_ambulance.format(police=bold(known.police or ""), ambulance=bold(known.ambulance or ""))


def lines_to_write_to(support: Support, country: str | None) -> str:
    """The lines of the country that answer in writing; for an unknown one some of the largest; else where to look."""
    lines = [
        support.card.line.short.format(name=_named(support, line), ways=", ".join(ways))
        for line in support.lines_of(country or "")
        if line.helps_with == "distress" and (ways := list(_written_ways(support, line)))
    ]
    elsewhere = support.card.elsewhere.format(url=support.helplines.elsewhere)
    return "\n".join(lines[:MOST_LINES] or [*_largest_to_write_to(support, country), elsewhere])


def all_lines(support: Support, country: str | None) -> OutgoingMessage:
    """What the card leaves out, and everything about the lines of a country: they come last here, too."""
    card = support.card
    parts = [card.automated, card.grounding, card.elsewhere.format(url=support.helplines.elsewhere)]
    if lines := [_whole(support, line) for line in support.lines_of(country or "")]:
        parts += [card.details, *lines]
    back = Button(card.buttons.back, SUPPORT.build("show", country) if country else SUPPORT.build("back"))
    return marked("\n\n".join(parts), ((back,),))


def country_list(support: Support, suggested: Sequence[str] = ()) -> OutgoingMessage:
    """Asks for the country: where someone may be, the largest, then all of them by their first letters."""
    guessed = [code for code in dict.fromkeys(suggested) if code in support.countries][:MOST_SUGGESTED]
    first = [code for code in support.texts.first_countries if code not in guessed]
    letters = [
        Button(start if start == end else f"{start}\N{EN DASH}{end}", SUPPORT.build("az", start, end))
        for start, end in _letter_groups(support)
    ]
    elsewhere = Button(support.card.buttons.somewhere_else, SUPPORT.build("else"))
    rows: Rows = (
        *((_choice(support, code),) for code in guessed),
        *in_rows([_choice(support, code) for code in first], 2),
        *in_rows(letters, 4),
        (elsewhere, Button(support.card.buttons.back, SUPPORT.build("back"))),
    )
    return OutgoingMessage(support.card.country_question, rows)


def countries_between(support: Support, start: str, end: str) -> OutgoingMessage:
    """The countries whose names begin with these letters or one between them."""
    codes = [code for code in _sorted(support) if start <= _letter(support, code) <= end]
    back = (Button(support.card.buttons.back, SUPPORT.build("countries")),)
    return OutgoingMessage(
        support.card.country_question, (*in_rows([_choice(support, code) for code in codes], 2), back)
    )


def _in(support: Support, text: str) -> str:
    """Fills in the emergency numbers for an unknown country."""
    helplines = support.helplines
    return text.format(anywhere=bold(helplines.anywhere), americas=bold(helplines.in_the_americas))


def _needs(heard: Danger | None) -> tuple[Need, ...]:
    return NEEDED.get(heard, ("distress",)) if heard else ("distress",)


def _service(country: Country, danger: Danger | None) -> str | None:
    """The ambulance for a medical emergency, the police where somebody may hurt somebody; else None: both count."""
    if danger in ("medical", "breath"):
        return country.ambulance
    return country.police if danger in ("from_others", "to_others") else None


def _largest(support: Support, needs: tuple[Need, ...]) -> Iterator[str]:
    """Yields one line for each number: "United States, Canada: 988". Lines for another need say which."""
    found: dict[str, list[str]] = {}
    for need in needs:
        if len(found) > 1:
            break
        for code in support.texts.first_countries:
            line = next((line for line in support.lines_of(code) if line.helps_with == need and line.phone), None)
            if line:
                found.setdefault(_for_need(support, line), []).append(support.name_of(code))
    for number, names in found.items():
        yield support.card.in_countries.format(countries=", ".join(names), number=number)


def _for_need(support: Support, line: Helpline) -> str:
    number, texts = _phone(support, line), support.card.line
    if line.helps_with == "distress":
        return number
    return texts.noted.format(words=number, note=texts.violence if line.helps_with == "violence" else texts.poison)


def _largest_to_write_to(support: Support, country: str | None) -> list[str]:
    """One line for each of the first countries, while the country is not known."""
    if country in support.countries:
        return []
    found = (
        (code, list(_written_ways(support, line)))
        for code in support.texts.first_countries
        for line in support.lines_of(code)
        if line.helps_with == "distress"
    )
    first: dict[str, str] = {}
    for code, ways in found:
        if ways:
            first.setdefault(support.name_of(code), ways[0])
    said = [support.card.in_countries.format(countries=name, number=way) for name, way in first.items()]
    return said[:MOST_LINES]


def _short(support: Support, line: Helpline) -> str:
    ways = list(_ways(support, line))
    if line.chat and not (line.text or line.whatsapp):
        ways.append(support.card.line.by_chat.format(url=line.chat))
    return support.card.line.short.format(name=_named(support, line), ways=", ".join(ways))


def _named(support: Support, line: Helpline) -> str:
    """The name of a line, with its hours and languages where they are not all."""
    notes = [] if line.hours == ALWAYS else [_hours(support, line.hours)]
    if support.language not in line.languages:
        notes.append(_languages(support, line))
    return support.card.line.noted.format(words=line.name, note=", ".join(notes)) if notes else line.name


def _whole(support: Support, line: Helpline) -> str:
    texts, ways = support.card.line, [*_ways(support, line), *_chat(support, line)]
    return texts.whole.format(
        name=line.name,
        ways=_begun(", ".join(ways)),
        hours=_begun(_hours(support, line.hours)),
        languages=_languages(support, line),
        web=line.web,
    )


def _begun(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _ways(support: Support, line: Helpline) -> Iterator[str]:
    if line.phone:
        yield support.card.line.by_phone.format(number=_phone(support, line))
    yield from _by_message(support, line)


def _written_ways(support: Support, line: Helpline) -> Iterator[str]:
    yield from _by_message(support, line)
    yield from _chat(support, line)


def _chat(support: Support, line: Helpline) -> Iterator[str]:
    if line.chat:
        texts = support.card.line
        chat = texts.by_chat.format(url=line.chat)
        yield texts.noted.format(words=chat, note=_hours(support, line.chat_hours)) if line.chat_hours else chat


def _by_message(support: Support, line: Helpline) -> Iterator[str]:
    texts = support.card.line
    if line.text:
        text = bold(line.text)
        way = (
            texts.by_word.format(word=bold(line.word), number=text) if line.word else texts.by_text.format(number=text)
        )
        yield texts.noted.format(words=way, note=texts.calls_back) if line.calls_back else way
    if line.whatsapp:
        yield texts.by_whatsapp.format(number=bold(line.whatsapp))


def _phone(support: Support, line: Helpline) -> str:
    texts, number = support.card.line, bold(line.phone or "")
    if line.press:
        number = texts.press.format(number=number, digit=bold(line.press))
    notes = [texts.from_mobile] if line.from_mobile else []
    if line.area:
        notes.append(texts.area.format(area=line.area))
    return texts.noted.format(words=number, note=", ".join(notes)) if notes else number


def _hours(support: Support, hours: str) -> str:
    texts = support.card.line
    if hours in (ALWAYS, VARIES):
        return texts.always if hours == ALWAYS else texts.varies
    start, _, end = hours.partition("-")
    return texts.daily.format(start=start, end=end)


def _languages(support: Support, line: Helpline) -> str:
    names = [support.language_name(code) for code in line.languages]
    return ", ".join([*names, support.card.line.other_languages] if line.other_languages else names)


def _choice(support: Support, code: str) -> Button:
    return Button(support.name_of(code), SUPPORT.build(code))


def _sorted(support: Support) -> list[str]:
    return sorted(support.countries, key=lambda code: fold(support.name_of(code)))


def _letter(support: Support, code: str) -> str:
    return fold(support.name_of(code))[:1].upper()


def _letter_groups(support: Support) -> Iterator[tuple[str, str]]:
    """Yields the first and the last letter of each group of countries that fits on one screen."""
    start = end = ""
    size = 0
    for letter, codes in groupby(_sorted(support), key=lambda code: _letter(support, code)):
        count = len(list(codes))
        if size and size + count > MOST_IN_A_GROUP:
            yield start, end
            size = 0
        start, end, size = (letter if not size else start), letter, size + count
    if size:
        yield start, end
