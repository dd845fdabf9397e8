"""Settings, read once from the environment and `.env`."""

from bot.paths import MESSAGES, PROJECT
from bot.settings.env_file import SettingsError
from bot.settings.model import OWN_WORDS, TELEGRAM, Settings, own_words
from bot.settings.reading import read_settings

__all__ = ["MESSAGES", "OWN_WORDS", "PROJECT", "TELEGRAM", "Settings", "SettingsError", "own_words", "read_settings"]
