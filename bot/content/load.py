"""Loads messages/<language>/ as one checked Catalogue. Called by `library`."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.content.affirmations import Affirmation, AffirmationFile
from bot.content.checking import Model, Report
from bot.content.crisis import DANGERS, PARTS, Crisis, Subject
from bot.content.disclosures import Disclosures
from bot.content.documents import Document, Finding, Place, read_document
from bot.content.explainers import Explainers
from bot.content.flow_rules import check_flows
from bot.content.flows import ARRIVING, FLOWS_OF_COMMANDS, SHARED_GROUNDING, Flow
from bot.content.helplines import Helplines
from bot.content.interface import Interface
from bot.content.layers import (
    CRISIS,
    DISCLOSURES,
    EXPLAINERS,
    HELPLINES,
    INTERFACE,
    OPENINGS,
    REQUESTS,
    RULES,
    SUPPORT,
    Layers,
)
from bot.content.openings import Openings
from bot.content.requests import Requests
from bot.content.rules import Rules
from bot.content.support import Support, SupportTexts

EXAMPLES = "examples"  # the file of crisis/ that `crisis_examples` reads; people are answered without it
FILE_NAME = r"[a-z0-9]+(-[a-z0-9]+)*"


class Catalogue(BaseModel):
    """All texts of one language, checked. `affirmations` are in the order of their files.

    `notes` say what own folders hold and nothing uses.
    """

    model_config = ConfigDict(frozen=True)

    affirmations: tuple[Affirmation, ...]
    flows: dict[str, Flow]
    pictures: dict[str, bytes]
    interface: Interface
    support: Support
    crisis: Crisis
    openings: Openings
    disclosures: Disclosures
    requests: Requests
    explainers: Explainers
    rules: Rules
    notes: tuple[Finding, ...] = ()

    @cached_property
    def interface_12(self) -> Interface:
        """The interface with times on a clock of 12 hours."""
        times = self.interface.times
        return self.interface.model_copy(update={"times": times.model_copy(update={"time": times.time_12})})

    @cached_property
    def affirmation_ids(self) -> tuple[str, ...]:
        """The ids, in the same order."""
        return tuple(affirmation.id for affirmation in self.affirmations)

    @cached_property
    def by_id(self) -> dict[str, Affirmation]:
        """The affirmations by id."""
        return {affirmation.id: affirmation for affirmation in self.affirmations}

    @cached_property
    def for_everyone(self) -> tuple[Affirmation, ...]:
        """The affirmations without those for people in therapy or in a group; all, if nothing else is there."""
        unasked = self.rules.themes_for.unasked()
        return tuple(one for one in self.affirmations if unasked.isdisjoint(one.themes)) or self.affirmations

    @cached_property
    def example(self) -> Affirmation:
        """The affirmation that /start shows: the one that rules.yaml names, or else the first for everyone."""
        return next((one for one in self.for_everyone if one.id == self.rules.example), self.for_everyone[0])


class CatalogueError(Exception):
    """All that is wrong in the texts, one finding per line."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = tuple(sorted(findings, key=lambda finding: (str(finding.file), finding.line)))
        super().__init__("\n".join(str(finding) for finding in self.findings))


def load_catalogue(*folders: Path, roots: tuple[Path, ...] = ()) -> Catalogue:
    """Loads a language's folder, such as messages/en, and the folders that override it; `roots` as in Layers.

    Raises CatalogueError with all that is wrong, not only the first problem.
    """
    layers = Layers(folders, roots)
    report = Report(own=(*layers.folders[1:], *layers.roots[1:]))
    affirmations = _load_affirmations(layers, report)
    interface = _load_part(layers, INTERFACE, Interface, report)
    support = _load_support(layers, report)
    crisis = _load_crisis(layers, report)
    openings = _load_part(layers, OPENINGS, Openings, report)
    disclosures = _load_part(layers, DISCLOSURES, Disclosures, report)
    requests = _load_part(layers, REQUESTS, Requests, report)
    explainers = _load_part(layers, EXPLAINERS, Explainers, report)
    rules = _load_part(layers, RULES, Rules, report)
    pictures = layers.pictures()
    flows = _load_flows(layers, interface, pictures, report)
    if openings:
        report.errors.extend(_lost_openings(openings, layers.document(OPENINGS), flows))
    if disclosures and disclosures.flow not in flows:
        report.errors.append(_lost_flow(layers.document(DISCLOSURES), ("flow",), disclosures.flow))
    parts = (interface, support, crisis, openings, disclosures, requests, explainers, rules)
    if report.errors or None in parts:
        raise CatalogueError((*report.errors, *report.notes))
    return Catalogue(
        affirmations=affirmations,
        flows=flows,
        pictures=pictures,
        interface=interface,
        support=support,
        crisis=crisis,
        openings=openings,
        disclosures=disclosures,
        requests=requests,
        explainers=explainers,
        rules=rules,
        notes=tuple(report.notes),
    )


def _load_affirmations(layers: Layers, report: Report) -> tuple[Affirmation, ...]:
    """Loads all affirmations: a later folder replaces those with the same id, or leaves them out."""
    files = layers.files("affirmations")
    if not files:
        folder = layers.folders[0] / "affirmations"
        report.errors.append(Finding(folder, 1, "", "holds no affirmations", "Put a file such as my-words.yaml there"))
    found: dict[str, Affirmation] = {}
    homes: dict[str, Path] = {}
    for file in files.values():
        document = read_document(file)
        written = report.check(document, AffirmationFile)
        if written is None:
            continue
        for index, name in enumerate(written.leave_out):
            if found.pop(name, None) is None:
                problem, cure = f"names {name}, which is not there", "Take the line out, or correct the id"
                report.superfluous(document, ("leave_out", index), problem, cure)
        for index, affirmation in enumerate(written.affirmations):
            home = homes.get(affirmation.id)
            if affirmation.id in found and home and layers.depth(home) == layers.depth(file):
                problem = f"the id {affirmation.id} stands in {home.name} already"
                report.errors.append(
                    document.finding(("affirmations", index, "id"), problem, "Give this one another id")
                )
                continue
            homes[affirmation.id] = file
            found[affirmation.id] = Affirmation(**affirmation.model_dump(), source=written.source)
    return tuple(found.values())


def _load_flows(
    layers: Layers, interface: Interface | None, pictures: Collection[str], report: Report
) -> dict[str, Flow]:
    documents = {name: read_document(file) for name, file in sorted(layers.files("flows").items())}
    read = {name: report.check(document, Flow) for name, document in documents.items()}
    flows = {name: flow for name, flow in read.items() if flow}
    report.errors.extend(
        Finding(
            layers.folders[0] / "flows" / f"{name}.yaml", 1, "", "is missing", "Put the file back: a command begins it"
        )
        for name in sorted({*FLOWS_OF_COMMANDS.values(), SHARED_GROUNDING, ARRIVING} - set(documents))
    )
    report.errors.extend(
        document.finding((), f"has a name that no flow can have: {name}", "Name the file like my-own-flow.yaml")
        for name, document in documents.items()
        if not re.fullmatch(FILE_NAME, name)
    )
    if interface and None not in read.values():
        report.errors.extend(check_flows(flows, documents, interface.flows.breath_words, pictures))
    return flows


def _lost_openings(openings: Openings, document: Document, flows: Collection[str]) -> Iterator[Finding]:
    for name, opening in openings.openings.items():
        if opening.flow and opening.flow not in flows:
            yield _lost_flow(document, ("openings", name, "flow"), opening.flow)


def _lost_flow(document: Document, place: Place, flow: str) -> Finding:
    return document.finding(place, f"names a flow {flow} that is not here", "Name a file of flows/, without .yaml")


def _load_support(layers: Layers, report: Report) -> Support | None:
    document = layers.document(SUPPORT)
    texts = report.check(document, SupportTexts)
    helplines = report.check(layers.shared_document(HELPLINES), Helplines)
    if texts is None or helplines is None:
        return None
    for code in texts.first_countries:
        if code not in helplines.countries:
            problem, cure = f"names {code}, which {HELPLINES} does not know", "Add it there, or take it out here"
            report.errors.append(document.finding(("first_countries",), problem, cure))
    return Support(texts=texts, helplines=helplines, language=layers.folders[0].name.lower())


def _load_crisis(layers: Layers, report: Report) -> Crisis | None:
    """Loads the folder crisis/: one file for each subject, and those that serve them all."""
    report.errors.extend(
        Finding(folder / f"{CRISIS}.yaml", 1, "", "is not read any more", f"Move it into files of {CRISIS}/")
        for folder in layers.folders
        if (folder / f"{CRISIS}.yaml").exists()
    )
    documents = crisis_documents(layers)
    crisis = read_crisis(documents, report)
    if crisis is None:
        return None
    if missing := [name for name in DANGERS if name not in {subject.opens for subject in crisis.subjects.values()}]:
        folder, cure = layers.folders[0] / CRISIS, f"Add one with `opens: {missing[0]}`"
        report.errors.append(Finding(folder, 1, "", f"has no file that opens {missing[0]}", cure))
    try:
        _ = crisis.phrases
    except ValueError as error:
        report.errors.append(_unread_pattern(tuple(documents.values()), str(error)))
    return crisis


def crisis_documents(layers: Layers) -> dict[str, Document]:
    """Returns the files of crisis/ by their names without .yaml, merged from all folders."""
    names = sorted({*PARTS, *layers.files(CRISIS)} - {EXAMPLES})
    return {name: layers.document(f"{CRISIS}/{name}.yaml") for name in names}


def read_crisis(documents: Mapping[str, Document], report: Report) -> Crisis | None:
    """Returns the words of danger that these files hold; None if one is wrong, which is reported."""
    read = {name: report.check(document, PARTS.get(name, Subject)) for name, document in documents.items()}
    if None in read.values():
        return None
    subjects = {name: part for name, part in read.items() if name not in PARTS}
    return Crisis.model_validate({**{name: read[name] for name in PARTS}, "subjects": subjects})


def _unread_pattern(documents: tuple[Document, ...], error: str) -> Finding:
    """The finding for a pattern that cannot be read: where it stands, if it is written there as the error has it."""
    problem, _, cure = error.partition("; ")
    written = (
        (document, place)
        for document in documents
        for place in document.marks
        if isinstance(text := document.at(place), str) and repr(text) in error
    )
    document, place = next(written, (documents[0], ()))
    return document.finding(place, problem, f"{cure[:1].upper()}{cure[1:]}")


def _load_part(layers: Layers, name: str, model: type[Model], report: Report) -> Model | None:
    return report.check(layers.document(name), model)
