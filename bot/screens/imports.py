"""/bring as messages: what is in a file, with the question whether to bring it in, and what is wrong with one."""

from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from bot.content.exports import BringTexts
from bot.content.interface import Interface
from bot.domain.exports import Export, ExportError, Wrong
from bot.screens.outgoing import Button, OutgoingMessage, joined
from bot.screens.times import dated_text


def confirmation(
    interface: Interface, export: Export, counts: Mapping[str, int], stays: Collection[str], *, yes: str, no: str
) -> OutgoingMessage:
    """Says what is in the file, what of it cannot be kept here, and asks. `yes` and `no` are the buttons' data."""
    texts, names = interface.bring, interface.export.sections
    zone = ZoneInfo((export.settings.zone if export.settings else None) or "UTC")
    kinds = [texts.line.format(what=names[name], number=counts[name]) for name in names if name in counts]
    settings = [f"- {names['settings']}"] if export.settings else []
    lines = "\n".join([*settings, *kinds]) or f"- {interface.export.none}"
    question = texts.found.format(when=dated_text(interface.times, export.exported_at, zone), lines=lines)
    behind = texts.stays.format(what=", ".join(names[name] for name in stays)) if stays else ""
    return OutgoingMessage(joined(question, behind), ((Button(texts.yes, yes),), (Button(texts.no, no),)))


def wrong_file(texts: BringTexts, error: ExportError) -> OutgoingMessage:
    """Says what is wrong, where, and what to do."""
    said = {
        Wrong.TOO_BIG: texts.wrong.too_big,
        Wrong.NOT_JSON: texts.wrong.not_json,
        Wrong.NOT_OURS: texts.wrong.not_ours,
        Wrong.VERSION: texts.wrong.version,
        Wrong.VALUE: texts.wrong.value.format(where=error.where[:200]),
    }
    return OutgoingMessage(said[error.wrong])
