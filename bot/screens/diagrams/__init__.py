"""Draws a flow as SVG: every step with its text and buttons, and where each button leads. Pure."""

from bot.screens.diagrams.svg import draw

__all__ = ["draw"]
