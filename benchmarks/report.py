"""Results as a Markdown table: printed, and put between two marks in docs/benchmarks.md."""

from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.contenders import CONTENDERS
from benchmarks.contest import MOST_DISTURBED, Result
from benchmarks.process import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
YARDSTICK = "aiogram"
HEADINGS = (
    ("due", "--:"),
    ("who", ":--"),
    ("delivered", "--:"),
    ("repeated", "--:"),
    ("messages/s", "--:"),
    ("/s from due", "--:"),
    (f"from due ÷ {YARDSTICK}", "--:"),
    ("CPU-s per 1,000", "--:"),
    (f"CPU ÷ {YARDSTICK}", "--:"),
    ("peak MB", "--:"),
    ("disturbed", "--:"),
)


def write_table(results: Sequence[Result]) -> str:
    """A row for each count and contender: medians over the runs, but the worst of delivered and repeated."""
    rows = [[heading for heading, _ in HEADINGS], [rule for _, rule in HEADINGS]]
    for count in sorted({result.count for result in results}):
        runs = {
            contender.title: [
                result for result in results if (result.contender, result.count) == (contender.name, count)
            ]
            for contender in CONTENDERS
        }
        yardstick = next(runs[contender.title] for contender in CONTENDERS if contender.name == YARDSTICK)
        rows += [write_row(title, its_runs, yardstick) for title, its_runs in runs.items() if its_runs]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_row(title: str, runs: Sequence[Result], yardstick: Sequence[Result]) -> list[str]:
    rate = middle(runs, lambda run: run.rate_from_due)
    cpu = middle(runs, lambda run: run.cpu_per_1000)
    return [
        f"{runs[0].count:,}",
        title,
        f"{min(run.delivered for run in runs):,}",
        f"{max(run.repeated for run in runs):,}",
        show(middle(runs, lambda run: run.rate), ",.0f"),
        show(rate, ",.0f"),
        show(ratio(rate, middle(yardstick, lambda run: run.rate_from_due)), ".2f"),
        show(cpu, ".2f"),
        show(ratio(cpu, middle(yardstick, lambda run: run.cpu_per_1000)), ".2f"),
        show(middle(runs, lambda run: run.peak_megabytes), ".0f"),
        show(middle(runs, lambda run: run.disturbed), ".0%"),
    ]


def middle(runs: Sequence[Result], read: Callable[[Result], float | None]) -> float | None:
    values = [value for run in runs if (value := read(run)) is not None]
    return median(values) if values else None


def ratio(value: float | None, yardstick: float | None) -> float | None:
    return value / yardstick if value is not None and yardstick else None


def show(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def write_notes(results: Sequence[Result]) -> str:
    """Returns a list: which figures to doubt, and how many messages per second the Bot API itself could take."""
    notes = []
    for result in results:
        if not result.was_ready:
            notes.append(f"{result.contender} was still starting when its {result.count:,} came due")
        if not result.was_finished:
            notes.append(f"{result.contender} was still at work on its {result.count:,} when its time was over")
        if result.blank:
            notes.append(f"{result.contender} sent {result.blank:,} messages without text")
        if result.delivered < result.count:
            notes.append(f"{result.contender} delivered {result.delivered:,} of its {result.count:,} in a run")
    if any(result.disturbed > MOST_DISTURBED for result in results):
        notes.append(f"rows disturbed by more than {MOST_DISTURBED:.0%} are worth measuring again on a quiet machine")
    rates = [result.server_rate for result in results if result.server_rate]
    if rates:
        notes.append(f"the loopback Bot API had processor time for {median(rates):,.0f} messages/s (median)")
    return "\n".join(f"- {note}" for note in dict.fromkeys(notes))


def put_into_page(figures: str) -> None:
    """Replace the text between the marks in the page. Raises ValueError if a mark is missing."""
    page = PAGE.read_text(encoding="utf-8")
    before, found_begin, rest = page.partition(BEGIN)
    _, found_end, after = rest.partition(END)
    if not found_begin or not found_end:
        raise ValueError(f"{PAGE.name} needs the lines {BEGIN} and {END}; the figures go between them")
    PAGE.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8")
