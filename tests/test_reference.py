"""docs/reference/: settings and commands are what tools/make_reference.py writes from the code and the words."""

import pytest
import typer

from bot.__main__ import cli
from bot.settings import Settings
from tools.make_reference import REFERENCE, pages

WRITTEN = pages()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_page_is_what_code_and_words_say(name: str) -> None:
    cure = "write it anew: python -m tools.make_reference"
    assert (REFERENCE / name).read_text(encoding="utf-8") == WRITTEN[name], cure


def test_every_setting_and_every_command_has_its_place() -> None:
    settings, commands = WRITTEN["settings.md"], WRITTEN["commands.md"]
    named = [line.removeprefix("### ") for line in settings.splitlines() if line.startswith("### ")]
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)
    known = typer.main.get_command(cli).commands  # type: ignore[attr-defined]  # of several commands: a group
    for name, command in known.items():
        assert f"\n### gentle-tears {name}" in commands
        for option in command.params:
            assert f"`{option.opts[0]}" in commands or option.param_type_name == "argument"
