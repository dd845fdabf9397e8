"""What `processes` loads before it forks: the modules of all commands, the words, and what measures how they read."""

from bot.commands import check, doctor, draw_cards, draw_flows, import_file, invite, key, preview, rotate_keys, run
from bot.content.documents import read_document
from bot.content.library import Folders
from bot.content.lint import lint
from bot.settings import MESSAGES

COMMANDS = (check, doctor, draw_cards, draw_flows, import_file, invite, key, preview, rotate_keys, run)
DOCUMENTS = [read_document(file) for file in MESSAGES.rglob("*.yaml")]
LIBRARY = Folders((MESSAGES,), "en").load()
FINDINGS = [lint(layers, LIBRARY.of(language)) for _, language, layers in Folders((MESSAGES,), "en").spoken()]
