"""Draws how long the last message of the day waits, by the number of subscribers. Called by `world`."""

from pathlib import Path

STYLES = {"exact": ("-", "s", "#444444"), "around": ("--", "o", "#0a6ebd")}  # told apart by more than their colour
TICKS = {1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3600: "1 h", 21600: "6 h"}
SUBSCRIBERS = {10_000: "10,000", 100_000: "100,000", 1_000_000: "1 million", 10_000_000: "10 million"}
# Beside which point a line's name stands, and where: points to the right and up, and which end of the name.
NAMES = {
    "exact, 30 a second": (2, (-8, 6), "right"),
    "around, 30 a second": (3, (-10, 4), "right"),
    "exact, 1,000 a second": (1, (-4, 10), "right"),
    "around, 1,000 a second": (3, (0, 8), "center"),
}


def draw(lines: dict[str, list[tuple[int, float]]], title: str, file: Path) -> None:
    """Draws one line for each name: subscribers, and the longest wait in seconds."""
    # Only whoever draws has it (benchmarks/requirements-pictures.lock), so that others cannot import it at the top.
    from matplotlib import pyplot  # type: ignore[import-not-found]  # noqa: PLC0415 - see above

    pyplot.rcParams["svg.hashsalt"] = "world"  # the same picture for the same figures
    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    for name, points in lines.items():
        line, marker, colour = STYLES[name.split(",")[0]]
        counts, waits = zip(*((count, max(wait, 1.0)) for count, wait in points), strict=True)
        axes.plot(counts, waits, line, marker=marker, color=colour, label=name)
        place, offset, end = NAMES[name]
        point = counts[place], waits[place]
        axes.annotate(name, point, offset, textcoords="offset points", color=colour, ha=end)
    axes.set(xscale="log", yscale="log", xlabel="subscribers, one reminder a day each", ylabel="the last one waits")
    axes.set_yticks(list(TICKS), list(TICKS.values()), minor=False)
    axes.set_xticks(list(SUBSCRIBERS), list(SUBSCRIBERS.values()))
    axes.minorticks_off()
    axes.axhline(21600, color="#999999", linewidth=0.8)
    axes.annotate(
        "later than this it is not sent any more", (10_000, 21600), (0, 4), textcoords="offset points", fontsize=9
    )
    axes.set_ylim(0.9, 50_000)
    axes.set_title(title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})
