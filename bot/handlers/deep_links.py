"""The way from a group into the private chat: a link that opens it, and says what for."""

from bot.handlers.context import Context
from bot.screens.deep_links import deep_link
from bot.screens.outgoing import Button, Rows

GROUP = "group"  # what a link from a group carries


def private_way(context: Context, payload: str = GROUP) -> Rows:
    return ((Button(context.voice.interface.help.open_private, url=private_url(context, payload)),),)


def private_url(context: Context, payload: str) -> str:
    return deep_link(context.bot.username, payload)
