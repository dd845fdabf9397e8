"""A picture of a flow, as SVG text: every step with its words and buttons, and where each leads. Pure."""

from bot.screens.diagrams.svg import draw

__all__ = ["draw"]
