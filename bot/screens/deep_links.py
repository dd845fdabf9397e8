"""Links that open the private chat with the bot and say what for (https://core.telegram.org/bots/features#deep-linking)."""

GROUND = "ground"  # the payload that begins the grounding exercise


def deep_link(username: str, payload: str) -> str:
    """The URL that opens the bot's private chat and sends it /start with this payload."""
    return f"https://t.me/{username}?start={payload}"
