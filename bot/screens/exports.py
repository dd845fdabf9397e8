"""The page of /export: one HTML file with everything that is stored about a person, made to be read and printed."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, time
from html import escape
from zoneinfo import ZoneInfo

from bot.content.load import Catalogue
from bot.domain.appointments import Appointments
from bot.domain.exports import AppointmentPlan, Export, Part, SafetyPlan
from bot.domain.safety_plan import Plan
from bot.domain.schedule import read_rule
from bot.domain.zones import country_name
from bot.screens.times import capitalized, dated_text, language_name, rule_text, time_text

STYLE = """
body { font: 1rem/1.5 Georgia, serif; color: #222; background: #fff; }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { font-weight: normal; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; border-bottom: 1px solid #bbb; }
dl { display: grid; grid-template-columns: minmax(8rem, 1fr) 3fr; gap: .1rem 1rem; }
dl { margin: 0 0 1rem; break-inside: avoid; }
dt { color: #666; } dd { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } h2 { break-after: avoid; } }
"""


def page(catalogue: Catalogue, export: Export) -> str:
    """Returns the page in the language of the texts, with the times of the person's zone (UTC until one is chosen)."""
    texts = catalogue.interface.export
    said = _Words(catalogue, export)
    sections = list(said.sections())
    own = [section for name, section in sections if name in Export.model_fields]
    here = [section for name, section in sections if name not in Export.model_fields]
    unreadable = unreadable_text(catalogue, export)
    body = [
        f"<h1>{escape(texts.title)}</h1>",
        f"<p>{escape(texts.intro.format(when=said.moment(export.exported_at), zone=said.zone.key))}</p>",
        f"<p>{escape(texts.plain)}</p>",
        *([f"<p><strong>{escape(unreadable)}</strong></p>"] if unreadable else []),
        *own,
        f"<h1>{escape(texts.here)}</h1>",
        f"<p>{escape(texts.here_intro)}</p>",
        *here,
    ]
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(texts.title)}</title>'
    )
    language = catalogue.interface.times.locale.replace("_", "-")
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>{head}<style>{STYLE}</style></head>\n<body>\n'
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def unreadable_text(catalogue: Catalogue, export: Export) -> str:
    """Says what no key opens; empty if all is there."""
    texts = catalogue.interface.export
    what = ", ".join(texts.sections.get(name, name) for name in export.unreadable)
    return texts.unreadable.format(what=what) if what else ""


class _Words:
    """Turns what is stored into words of one language."""

    def __init__(self, catalogue: Catalogue, export: Export) -> None:
        self._catalogue, self._export = catalogue, export
        self._texts, self._times = catalogue.interface.export, catalogue.interface.times
        self.zone = ZoneInfo((export.settings.zone if export.settings else None) or "UTC")

    def sections(self) -> Iterator[tuple[str, str]]:
        """Yields the name and the HTML of each section, in the order of the texts."""
        for name, title in self._texts.sections.items():
            found = getattr(self._export, name, None) or getattr(self._export.here, name, None) or ()
            parts = found if isinstance(found, tuple) else (found,)
            rows = "\n".join(f"<dl>{self._part(part)}</dl>" for part in parts) or f"<p>{escape(self._texts.none)}</p>"
            yield name, f"<section><h2>{escape(title)}</h2>\n{rows}</section>"

    def moment(self, at: datetime) -> str:
        """Returns the moment in the person's zone."""
        return dated_text(self._times, at, self.zone)

    def _part(self, part: Part) -> str:
        return "".join(f"<dt>{escape(label)}</dt><dd>{escape(said)}</dd>" for label, said in self._lines(part))

    def _lines(self, part: Part) -> Iterator[tuple[str, str]]:
        if isinstance(part, SafetyPlan):
            names = self._catalogue.support.card.plan.parts
            yield from ((names[key].name, said) for key, said in Plan(part.parts).written())
        if isinstance(part, AppointmentPlan):
            yield from ((self._texts.labels["rule"], said) for said in self._appointments(part))
        for name in type(part).model_fields:
            value = getattr(part, name)
            if value is not None and value != () and name != "parts":
                yield self._texts.labels.get(name, name), self._said(name, value)

    def _appointments(self, part: AppointmentPlan) -> Iterator[str]:
        """Yields each rule of sessions in words; none if they cannot be read, and then stand as they are stored."""
        with suppress(ValueError):
            plan = Appointments.from_stored(json.dumps(part.plan))
            now = self._export.exported_at.astimezone(self.zone).replace(tzinfo=None)
            for appointment in plan.appointments:
                said = capitalized(rule_text(self._times, appointment.rule, now))
                yield f"{said} ({appointment.zone})"

    def _said(self, name: str, value: object) -> str:
        """Returns a value as a person reads it; what has no words here stands as it is stored."""
        match value:
            case bool():
                return self._texts.is_so if value else self._texts.is_not_so
            case datetime():
                return self.moment(value)
            case time():
                return time_text(self._times, value)
            case tuple():
                return ", ".join(self._catalogue.rules.themes.get(str(item), str(item)) for item in value)
            case str():
                return self._text(name, value)
            case dict():
                return json.dumps(value, ensure_ascii=False)
        return str(value)

    def _text(self, name: str, value: str) -> str:
        match name:
            case "rule":
                return self._rule(value)
            case "affirmation_id" if value in self._catalogue.by_id:
                return self._catalogue.by_id[value].text
            case "flow" if value in self._catalogue.flows:
                return self._catalogue.flows[value].title
            case "themes":
                return ", ".join(self._catalogue.rules.themes.get(theme, theme) for theme in value.split(","))
            case "country":
                return country_name(value, self._times.locale) or value
            case "language":
                return language_name(value)
            case "kind" | "state" | "subject" | "share":
                return self._texts.values.get(value, value)
        return value

    def _rule(self, written: str) -> str:
        try:
            rule = read_rule(written)
        except ValueError:  # it cannot be read, and is shown as it is stored
            return written
        now = self._export.exported_at.astimezone(self.zone).replace(tzinfo=None)
        return capitalized(rule_text(self._times, rule, now))
