"""python -m bot flows: lists the flows, or draws each as a diagram."""

from pathlib import Path

import typer

from bot.commands.configuration import fail, load_library, load_settings
from bot.commands.progress import tracked
from bot.screens.diagrams import draw


def main(folder: str | None) -> None:
    """Without a folder, prints a line for each flow. Ends with exit code 1 when the folder cannot be written."""
    catalogue = load_library(load_settings()).of(None)
    if folder is None:
        for name, flow in catalogue.flows.items():
            typer.echo(f"{name:<24} {len(flow.steps):>3} steps  {flow.title}")
        return
    words = catalogue.interface
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, flow in tracked(tuple(catalogue.flows.items()), "flows"):
            picture = draw(flow, words.diagram, minute=words.flows.minute, out=words.flows.out)
            Path(folder, f"{name}.svg").write_text(picture, encoding="utf-8")
    except OSError as error:
        fail(
            f"--draw: {folder} cannot be written ({error.strerror}); name a folder that this program may write", code=1
        )
    typer.echo(f"{len(catalogue.flows)} flows are drawn in {folder}.")
