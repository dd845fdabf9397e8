"""python -m tools.make_reference: writes docs/reference/settings.md and commands.md anew, from the code and the words.

A test compares the pages with what this writes. Settings: the reason is that of .env.example, kind and limits are those
of the model. Commands: the command line as typer knows it, the bot's as messages/en/interface.yaml has them.
"""

import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path

import typer
import yaml
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.__main__ import cli
from bot.settings import MESSAGES, PROJECT, Settings

REFERENCE = PROJECT / "docs" / "reference"
PART = re.compile(r"# --- (.+?) -+$")
KINDS = {str: "text", SecretStr: "text, secret", int: "a whole number", float: "a number", bool: "`true` or `false`"}
OTHERWISE = {  # fields whose default is found when the program starts
    "database_url": "`gentle-tears.db` in the current folder; in a clone, in the clone",
    "messages_dir": "`my-words` in the current folder, if it holds words; else those of the bot",
}
WHO = {
    "private": ("In a private chat", "Everyone."),
    "group": ("In a group", "Everyone there."),
    "admin": ("In a group or channel", "Its administrators. /share in a private chat leads to the same."),
    "operator": ("For whoever runs it", "Those whose numbers stand in `OPERATORS`, in a private chat."),
}

SETTINGS = """\
# Settings

Written by `python -m tools.make_reference` from `.env.example` and `bot/settings`; change those.

They stand in `.env` in the current folder, or in the environment, which goes first. An empty value means the default.
`gentle-tears settings --new` begins `.env`; `gentle-tears doctor` says what is wrong with it, and [errors](errors.md)
what to do. A change counts from the next start on."""
COMMANDS = """\
# Commands

Written by `python -m tools.make_reference` from `bot/__main__.py` and `messages/en/interface.yaml`; change those.

## On the machine

`gentle-tears` is the program as the wheel brings it; in a clone it is `.venv/bin/python -m bot`. Each says with
`--help` what stands here. Without a word it opens a page that tries the bot, or sets one up. Where BOTS_DIR holds
[several bots](../several-bots.md), `--bot NAME` before a command says which one it is about. How it ends: 0 is well; 2
is something that a person has to mend, and systemd does not try it again; 1 is anything else."""


def main() -> None:
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Returns the pages by the names of their files."""
    return {"settings.md": "\n".join(_settings()) + "\n", "commands.md": "\n".join(_commands()) + "\n"}


def _settings() -> Iterator[str]:
    yield SETTINGS
    reason: list[str] = []
    for line in (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines():
        if part := PART.fullmatch(line):
            yield f"\n## {part[1]}"
        elif line.startswith("#"):
            reason.append(line.removeprefix("#").strip().replace("beside this file", "beside `.env`"))
        elif setting := re.match(r"([A-Z_]+)=", line):
            name = setting[1]
            yield f"\n### {name}\n"
            yield from (_as_text(one) for one in reason)
            yield f"\n{_kind(Settings.model_fields[name.lower()])} Default: {_default(name.lower())}."
            reason = []
        else:
            reason = []


def _as_text(line: str) -> str:
    """Words as they are, addresses and other settings as code, pages of docs/ as links."""
    line = re.sub(r"(?<![`\w/])((?:https?|socks5|postgresql)://[^\s,]*[^\s,.:)])", r"`\1`", line)
    return re.sub(r"\(?(?<![`\w])docs/([a-z-]+\.md)\)?", lambda page: _link(page[0], page[1]), line)


def _link(whole: str, name: str) -> str:
    link = f"[{name}](../{name})"
    return f"{'(' if whole.startswith('(') else ''}{link}{')' if whole.endswith(')') else ''}"


def _kind(setting: FieldInfo) -> str:
    """What it takes, as a sentence."""
    annotation, limits = _bare(setting.annotation, list(setting.metadata))
    if typing.get_origin(annotation) is typing.Literal:
        said = " or ".join(f"`{value}`" for value in typing.get_args(annotation))
    elif typing.get_origin(annotation) is tuple:
        inner, _ = _bare(typing.get_args(annotation)[0], [])
        said = "folders, with commas between" if inner is Path else "numbers, with commas between"
    else:
        said = "a file or a folder" if annotation is Path else KINDS[annotation]
    least = [f"at least {limit.ge:,}" for limit in limits if hasattr(limit, "ge")]
    least += [f"more than {limit.gt:,}" for limit in limits if hasattr(limit, "gt")]
    most = [f"at most {limit.le:,}" for limit in limits if hasattr(limit, "le")]
    return f"Takes {', '.join((said, *least, *most))}."


def _bare(annotation: typing.Any, limits: list[typing.Any]) -> tuple[typing.Any, list[typing.Any]]:  # Any: types
    """Returns a type without None and without what Annotated adds, and the limits that stood there."""
    if typing.get_origin(annotation) is typing.Annotated:
        annotation, *more = typing.get_args(annotation)
        inner = [limit for one in more for limit in (one.metadata if isinstance(one, FieldInfo) else [one])]
        return _bare(annotation, limits + inner)
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return _bare(next(one for one in typing.get_args(annotation) if one is not type(None)), limits)
    return annotation, limits


def _default(name: str) -> str:
    default = Settings.model_fields[name].default
    if name in OTHERWISE:
        return OTHERWISE[name]
    return "none" if default in (None, ()) else f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _commands() -> Iterator[str]:
    yield COMMANDS
    group = typer.main.get_command(cli)
    for name, command in group.commands.items():  # type: ignore[attr-defined]  # of several commands: a group
        arguments = [part for part in command.params if part.param_type_name == "argument"]
        options = [part for part in command.params if part.param_type_name == "option" and part.name != "help"]
        yield f"\n### gentle-tears {' '.join((name, *(str(part.name).upper() for part in arguments)))}\n"
        yield command.help
        if arguments or options:
            yield "\n| option | what it does | default |\n|:--|:--|:--|"
        for part in arguments:
            yield f"| `{str(part.name).upper()}` | {part.help} | has to be given |"
        for part in options:
            yield f"| {_option(part)} | {part.help} | {_given(part)} |"
        examples = [line.strip() for line in (command.epilog or "").splitlines()[2:]]
        yield "\n```\n" + "\n".join(line.replace("python -m bot", "gentle-tears") for line in examples) + "\n```"
    yield from _of_the_bot()


def _option(part: typing.Any) -> str:  # Any: click's Option, which typer brings along
    names = " ".join(f"`{name}`" for name in (*part.opts, *part.secondary_opts))
    return names if part.is_flag else f"{names[:-1]} {part.metavar or str(part.name).upper()}`".replace("|", "\\|")


def _given(part: typing.Any) -> str:  # Any: as above
    if part.required:
        return "has to be given"
    if part.is_flag:
        return f"`{(part.opts if part.default else part.secondary_opts)[0]}`" if part.secondary_opts else "off"
    return "none" if part.default is None else f"`{part.default}`"


def _of_the_bot() -> Iterator[str]:
    words = {folder.name: _interface(folder.name) for folder in sorted(MESSAGES.iterdir()) if folder.is_dir()}
    for whose, (title, who) in WHO.items():
        yield f"\n## {title}\n\n{who}\n\n| command | what it does | also |\n|:--|:--|:--|"
        for name, does in words["en"][whose].items():
            others = dict.fromkeys(other for names in words.values() for other in names["names"].get(name, ()))
            yield f"| /{name} | {does} | {' '.join(f'/{other}' for other in others)} |"
    yield "\nThe other names are understood in every language. `/start` begins, and is in no menu."


def _interface(language: str) -> dict[str, dict[str, typing.Any]]:  # Any: YAML
    text = (MESSAGES / language / "interface.yaml").read_text(encoding="utf-8")
    commands: dict[str, dict[str, typing.Any]] = yaml.safe_load(text)["commands"]
    return commands


if __name__ == "__main__":
    main()
