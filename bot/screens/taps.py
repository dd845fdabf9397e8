"""The buttons under posts in groups and channels: everyone may tap them, and each shows its count."""

from bot.content.interface import Interface
from bot.screens.callback_data import CIRCLE_END, TAP
from bot.screens.deep_links import GROUND, deep_link
from bot.screens.outgoing import Button, Rows

# Callback data of the buttons: the same under every post, so that a keyboard can be built without the database.
ME_TOO, HERE = TAP.build("me_too"), TAP.build("here")


def way_to_grounding(username: str) -> str:
    """Returns the deep link that opens the private chat and begins grounding."""
    return deep_link(username, GROUND)


def rows_under_sentence(interface: Interface, username: str, *, count: int = 0) -> Rows:
    """Returns the rows under an affirmation in a group or channel: "me too" with its count, and a private link."""
    posts = interface.posts
    label = posts.me_too_count.format(count=count) if count else posts.me_too
    own = Button(interface.help.ground_private, url=way_to_grounding(username))
    return ((Button(label, ME_TOO),), (own,))


def rows_of_circle(interface: Interface, *, count: int = 0) -> Rows:
    """Returns the rows of a circle: "I'm here" for everyone, and for administrators the button that ends it."""
    label = interface.circle.here_count.format(count=count) if count else interface.circle.here
    return ((Button(label, HERE),), (Button(interface.circle.close, CIRCLE_END),))


def rows_under(interface: Interface, data: str, username: str, count: int) -> Rows:
    """Returns all rows of a post, found by the data of its counting button."""
    return (
        rows_of_circle(interface, count=count)
        if data == HERE
        else rows_under_sentence(interface, username, count=count)
    )
