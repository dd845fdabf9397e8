"""Several bots in one program: a file of settings for each in BOTS_DIR, over those for all. Called by `settings`.

rosa-meyer.env holds what is of that bot alone, BOT_TOKEN above all. Its database is one of its own beside the bot's
that has no name: with SQLite a file, with PostgreSQL a schema of the same database.
"""

import re
from pathlib import Path

from bot.settings.env_file import SettingsError, read_env_file

END = ".env"
SCHEMA = "bot_"  # what the names of their schemas begin with
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_CHARACTERS = 32  # of a name, which becomes a part of addresses and of names of files
# What a bot's own file may say; all else is of the program.
OWN = (
    *("BOT_TOKEN", "BOT_TOKEN_FILE", "SECRET_KEY", "SECRET_KEY_FILE", "WEBHOOK_SECRET", "MESSAGES_DIR", "LANGUAGE"),
    *("PRACTICES_DIR", "PRACTICE_NAME", "PRACTICE_CONTACT_URL", "OPERATORS", "CARDS_CHAT", "QUIET_MONTHS"),
    *("NOTES_KEPT_DAYS", "FORGET_BLOCKED_AFTER", "FORGET_STRANGERS_AFTER", "MESSAGES_PER_SECOND", "PAID_BROADCAST"),
)
# What one bot never takes from the settings for all: it says who the bot is.
NOT_SHARED = ("bot_token", "bot_token_file", "cards_chat", "practice_name", "practice_contact_url", "webhook_secret")
# Of these two one is set: a bot's own one replaces both.
PAIRS = (("bot_token", "bot_token_file"), ("secret_key", "secret_key_file"))

Values = dict[str, object]


def names_in(folder: Path | None) -> tuple[str, ...]:
    """Returns the names of the bots that have a file in the folder, in order. Raises SettingsError for a wrong name."""
    names = [file.name.removesuffix(END) for file in sorted(folder.glob(f"*{END}"))] if folder else []
    names = [name for name in names if not name.startswith(".")]
    for name in names:
        if not NAME.fullmatch(name) or len(name) > MOST_CHARACTERS:
            raise SettingsError(
                f"BOTS_DIR: {folder}/{name}{END} has a name that no bot can have; name it like rosa-meyer{END}, "
                f"with {MOST_CHARACTERS} characters before the dot at most"
            )
    return tuple(names)


def own_values(folder: Path, name: str) -> Values:
    """Returns what the bot's file says, by the names of fields, and None for what it must not take from all others.

    Raises SettingsError for a file that is not there, and for what no bot says for itself alone.
    """
    file = folder / f"{name}{END}"
    if not file.is_file():
        found = ", ".join(names_in(folder)) or "none"
        raise SettingsError(f"ONLY_BOT: there is no {file}; the bots in BOTS_DIR are: {found}")
    own = {key.upper(): value for key, value in read_env_file(file)[0].items() if value}
    if foreign := sorted(set(own) - set(OWN)):
        raise SettingsError(f"{file} sets {', '.join(foreign)}, which no bot has for itself; take that out")
    values: Values = dict.fromkeys(NOT_SHARED)
    values |= {key.lower(): value for key, value in own.items()}
    for pair in PAIRS:
        if any(values.get(one) for one in pair):
            values |= {one: values.get(one) for one in pair}
    return values


def database_of(database_url: str, name: str) -> str:
    """Returns the address of a bot's own database: gentle-tears.rosa-meyer.db, or the schema bot_rosa_meyer."""
    if database_url.startswith("sqlite"):
        scheme, _, path = database_url.partition(":///")
        file = Path(path)
        return f"{scheme}:///{file.with_name(f'{file.stem}.{name}{file.suffix}')}"
    return f"{database_url}{'&' if '?' in database_url else '?'}schema={SCHEMA}{name.replace('-', '_')}"
