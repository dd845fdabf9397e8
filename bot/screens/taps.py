"""What stands under posts in groups and channels: taps that say something without words, each with its count."""

from bot.content.interface import Interface
from bot.screens.callback_data import CIRCLE_END, TAP
from bot.screens.outgoing import Button, Rows

# What a tap says; the same under every post, so that keyboards need no row of their own to be made.
ME_TOO, HERE = TAP.build("me_too"), TAP.build("here")


def way_to_grounding(username: str) -> str:
    """Opens the private chat with the bot, and something to hold on to."""
    return f"https://t.me/{username}?start=ground"


def rows_under_sentence(words: Interface, username: str, *, count: int = 0) -> Rows:
    """For everyone who sees it; what is for one person alone is a way to the private chat."""
    posts = words.posts
    label = posts.me_too_count.format(count=count) if count else posts.me_too
    own = Button(words.help.ground_private, url=way_to_grounding(username))
    return ((Button(label, ME_TOO),), (own,))


def rows_of_circle(words: Interface, *, count: int = 0) -> Rows:
    """Everyone may tap the first one, administrators the second."""
    label = words.circle.here_count.format(count=count) if count else words.circle.here
    return ((Button(label, HERE),), (Button(words.circle.close, CIRCLE_END),))


def rows_under(words: Interface, data: str, username: str, count: int) -> Rows:
    """All buttons of the post whose own one sends this data."""
    return rows_of_circle(words, count=count) if data == HERE else rows_under_sentence(words, username, count=count)
