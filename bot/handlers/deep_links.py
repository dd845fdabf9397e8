"""Links from a group into the private chat with the bot."""

from bot.handlers.context import Context
from bot.screens.deep_links import deep_link
from bot.screens.outgoing import Button, Rows

GROUP = "group"  # what a link from a group carries


def private_way(context: Context, payload: str = GROUP) -> Rows:
    """Returns a row with the button that opens the private chat with this payload."""
    return ((Button(context.voice.interface.help.open_private, url=private_url(context, payload)),),)


def private_url(context: Context, payload: str) -> str:
    """Returns the deep link that opens this bot's private chat with this payload."""
    return deep_link(context.bot.username, payload)
