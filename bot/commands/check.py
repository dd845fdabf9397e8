"""python -m bot check: checks every text against the rules, and each language against the first."""

from collections.abc import Iterator

import typer

from bot.commands.configuration import folders_of, load_library, load_settings
from bot.content.documents import Finding
from bot.content.library import Folders, Library
from bot.content.lint import lint
from bot.content.parity import compare


def main(*, is_strict: bool) -> None:
    """Prints all findings; the exit code is 2 if one is not a note, or if `is_strict` and there is any."""
    settings = load_settings()
    folders, library = folders_of(settings), load_library(settings)
    findings = dict.fromkeys(_findings(folders, library))  # what a practice shares is found twice
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


def _findings(folders: Folders, library: Library) -> Iterator[Finding]:
    yield from library.notes
    for practice, language, layers in folders.spoken():
        yield from lint(layers, library.of_practice(practice).of(language))
    for own in (folders, *folders.practices.values()):
        first, *others = own.layers.values()
        for other in others:
            yield from compare(first, other)
