"""python -m bot check: checks every text against the rules, and each language against the first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import typer

from bot.commands.configuration import folders_of, load_library, load_settings
from bot.content.crisis_examples import read_examples, try_examples
from bot.content.documents import Finding
from bot.content.helplines import dated_ahead
from bot.content.layers import HELPLINES
from bot.content.library import Folders, Library
from bot.content.lint import lint
from bot.content.parity import compare

EAST = timedelta(hours=14)  # where a day begins first: there it may be tomorrow already


def main(*, is_strict: bool) -> None:
    """Prints all findings; the exit code is 2 if one is not a note, or if `is_strict` and there is any."""
    settings = load_settings()
    folders, library = folders_of(settings), load_library(settings)
    findings = dict.fromkeys(
        _findings(folders, library, (datetime.now(UTC) + EAST).date())
    )  # what a practice shares is found twice
    for finding in findings:
        typer.echo(f"note: {finding}" if finding.is_note and not is_strict else str(finding), err=True)
    if any(is_strict or not finding.is_note for finding in findings):
        raise typer.Exit(2)
    for practice, language, _ in folders.spoken():
        catalogue = library.of_practice(practice).of(language)
        helplines = catalogue.support.helplines
        shown = [lines for country in helplines.countries if (lines := helplines.shown(country))]
        typer.echo(
            f"All is well in {f'{practice}, {language}' if practice else language}: "
            f"{len(catalogue.affirmations)} affirmations, {len(catalogue.flows)} flows, "
            f"{len(catalogue.explainers.explainers)} explainers, "
            f"{sum(map(len, shown))} helplines in {len(shown)} countries, "
            f"emergency numbers of {len(helplines.countries)}."
        )


def _findings(folders: Folders, library: Library, today: date) -> Iterator[Finding]:
    yield from library.notes
    passed_over = {(note.file, note.line, note.place) for note in library.notes}
    for practice, language, layers in folders.spoken():
        yield from lint(layers, library.of_practice(practice).of(language))
    for practice, own in ((None, folders), *folders.practices.items()):
        first, *others = own.layers.values()
        helplines = library.of_practice(practice).of(None).support.helplines
        yield from dated_ahead(first.shared_document(HELPLINES), helplines, today)
        for other in others:
            differences = compare(first, other)
            yield from (one for one in differences if (one.file, one.line, one.place) not in passed_over)
        yield from _tried(own, library.of_practice(practice))


def _tried(folders: Folders, library: Library) -> Iterator[Finding]:
    """Tries the words of danger of each language on the examples, the everyday ones of all languages."""
    read = {language: read_examples(layers) for language, layers in folders.layers.items()}
    everyday = [sentence for examples, _ in read.values() for sentence in examples.is_everyday]
    for language, (examples, findings) in read.items():
        yield from findings
        crisis = library.of(language).crisis
        yield from try_examples(folders.layers[language], crisis, danger=examples.is_danger, everyday=everyday)
