"""Draws docs/benchmarks.svg: `python -m benchmarks.picture FILE`, with the panels as JSON on standard input.

Called by `panels`, with a Python that has matplotlib.
"""

import json
import sys
from typing import Any

from matplotlib import pyplot  # type: ignore[import-not-found]  # only in .venv-pictures

COLOURS = {"bot": "#0a6ebd", "other": "#999999", "floor": "#cccccc"}  # told apart by their names, too
TEXT, QUIET = "#444444", "#777777"
ROOM = 1.32  # of the longest bar, for the labels


def main() -> None:
    given = json.load(sys.stdin)
    pyplot.rcParams["svg.hashsalt"] = "benchmarks"  # the same picture for the same figures
    panels = given["panels"]
    height = 1.1 + 3.1 * ((len(panels) + 1) // 2)
    figure, grid = pyplot.subplots((len(panels) + 1) // 2, 2, figsize=(11, height), layout="constrained", squeeze=False)
    figure.get_layout_engine().set(w_pad=0.15, h_pad=0.15, wspace=0.04, hspace=0.06)
    most = max(len(panel["bars"]) for panel in panels)
    for axes, panel in zip(grid.flat, panels, strict=False):
        draw_panel(axes, panel, most)
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_visible(False)
    figure.supxlabel(
        f"bare HTTP is the floor: it posts, and has no rules, no retries and no limits.  {given['footer']}",
        fontsize=8,
        color=QUIET,
        x=0.01,
        ha="left",
    )
    figure.savefig(sys.argv[1], metadata={"Date": None})


def draw_panel(axes: Any, panel: dict[str, Any], most: int) -> None:  # Any: matplotlib's, and JSON
    """`most`: for so many bars there is room, so that they are as thick in each panel."""
    bars = panel["bars"]
    places = range(len(bars))
    values = [bar["value"] for bar in bars]
    longest = max(values) or 1.0
    axes.barh(places, values, color=[COLOURS[bar["kind"]] for bar in bars], height=0.66)
    for place, bar in zip(places, bars, strict=True):
        is_bot = bar["kind"] == "bot"
        axes.text(
            bar["value"] + longest * 0.015,
            place,
            bar["label"],
            va="center",
            fontsize=9,
            color=COLOURS["bot"] if is_bot else TEXT,
            fontweight="bold" if is_bot else "normal",
        )
    axes.set_yticks(list(places), [bar["name"] for bar in bars], fontsize=9)
    for name, bar in zip(axes.get_yticklabels(), bars, strict=True):
        name.set_color(COLOURS["bot"] if bar["kind"] == "bot" else TEXT)
        name.set_fontweight("bold" if bar["kind"] == "bot" else "normal")
    axes.set_ylim(most - 0.4, -0.6)
    axes.set_xlim(0, longest * ROOM)
    axes.set_xticks([])
    axes.tick_params(left=False)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color("#999999")
    axes.spines["left"].set_bounds(len(bars) - 0.4, -0.6)
    axes.set_title(panel["title"], loc="left", fontsize=10.5, color="black", pad=20)
    axes.text(0, 1.02, panel["hint"], transform=axes.transAxes, fontsize=8.5, color=QUIET, va="bottom")


if __name__ == "__main__":
    main()
