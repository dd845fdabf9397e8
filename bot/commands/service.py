"""python -m bot service: shows the systemd unit that keeps the bot of this folder running, or puts it in its place."""

import getpass
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from bot.commands.configuration import fail, load_bots, load_settings, token_of
from bot.paths import COMMAND, IS_INSTALLED, UNIT
from bot.settings import Settings

SYSTEM = Path("/etc/systemd/system")
NEEDS_ROOT = re.compile(r"# What follows needs root.*?\n(?=\n)", re.DOTALL)  # of the unit, to the end of the section
SQLITE = "sqlite+aiosqlite:///"
UVX = "archive-v0"  # where uvx keeps what it runs, until its cache is emptied


def main(*, installs: bool, is_user: bool, is_dry: bool, name: str) -> None:
    """Prints the unit, or installs and starts it; with `is_dry` prints what that would do.

    Exit code 2 for settings that the bot could not start with, 1 when it cannot be installed.
    """
    if os.name == "nt":
        fail("systemd is Linux's; on Windows let the task scheduler begin the bot", code=1)
    settings, folder = load_settings(), Path.cwd()
    unit = make_unit(settings, folder, user="" if is_user else folder.owner())
    if not installs:
        typer.echo(unit, nl=False)
        return
    _must_start(settings)
    if "\nUser=root\n" in unit:
        cure = f"give it to somebody else (chown -R NAME {folder}), as whom it then runs, or add --user"
        fail(f"{folder} is root's, and the bot needs no root: {cure}", code=1)
    file = (_own_units() if is_user else SYSTEM) / f"{name}.service"
    is_new = not _is_there(file, unit, folder)
    steps = tuple(_steps(name, is_user=is_user, is_new=is_new))
    if is_dry:
        typer.echo(f"{file} would be written:\n\n{unit}" if is_new else f"{file} is as it has to be.")
        typer.echo("\n".join(("Then:", *(f"  {' '.join(step)}" for step in steps))))
        return
    if is_new:
        _write(file, unit)
    for step in steps:
        _call(step)
    typer.echo(
        f"{file} {'is written' if is_new else 'was as it has to be'}, and the bot runs and starts with the machine."
    )
    typer.echo(f"Its log: journalctl {'--user ' if is_user else ''}--unit {name} --follow")


def make_unit(settings: Settings, folder: Path, user: str) -> str:
    """Returns the unit of a bot in this folder. Without a user it is for a service of one's own, without root."""
    unit = UNIT.read_text(encoding="utf-8")
    unit = unit[unit.index("[Unit]") :]  # what stands above is about the file that comes with the program
    if not user:
        unit = NEEDS_ROOT.sub("", unit).replace("WantedBy=multi-user.target", "WantedBy=default.target")
        unit = re.sub(r"^User=.*\n", "", unit, flags=re.MULTILINE)
    values = {
        "User": user,
        "WorkingDirectory": _escaped(str(folder)),
        "ExecStart": " ".join(map(_quoted, _program())),
        "ReadWritePaths": " ".join(_quoted(str(path)) for path in dict.fromkeys(_written(settings, folder))),
    }
    names = (line.partition("=")[0] for line in unit.splitlines())
    pairs = zip(names, unit.splitlines(), strict=True)
    return "".join(f"{f'{name}={values[name]}' if name in values else line}\n" for name, line in pairs)


def _program() -> tuple[str, ...]:
    if IS_INSTALLED:
        return (str(Path(sys.prefix, "bin", "gentle-tears")), "run")
    return (sys.executable, "-m", "bot", "run")


def _written(settings: Settings, folder: Path) -> Iterator[Path]:
    """Yields the folders that the bot writes to; of one that it has yet to make, the folder above."""
    yield folder
    if settings.database_url.startswith(SQLITE):
        yield Path(settings.database_url.removeprefix(SQLITE)).absolute().parent
    if settings.backup_dir:
        path = settings.backup_dir.absolute()
        yield next(part for part in (path, *path.parents) if part.exists())


def _escaped(text: str) -> str:
    """systemd.unit(5): % begins a specifier."""
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    """systemd.syntax(7): what has a space stands in quotes, as it is written in C."""
    text = _escaped(text)
    return (
        text if re.fullmatch(r"[\w@%+=:,./-]+", text) else '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))
    )


def _must_start(settings: Settings) -> None:
    if settings.names:
        load_bots(settings)  # each has a token of its own
    else:
        token_of(settings)
    if UVX in Path(sys.prefix).parts:
        fail("uvx runs the program from its cache, which may be emptied; install it first: uv tool install", code=1)


def _own_units() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "systemd", "user")


def _is_there(file: Path, unit: str, folder: Path) -> bool:
    """Whether the unit is there as it has to be. Another bot's is not written over."""
    try:
        found = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    if f"\nWorkingDirectory={_escaped(str(folder))}\n" not in found:
        fail(f"{file} is of a bot in another folder; give this one another name with --name", code=1)
    return found == unit


def _write(file: Path, unit: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(unit, encoding="utf-8")
    except OSError as error:
        fail(f"{file} cannot be written ({error.strerror}): begin with sudo, or add --user", code=1)


def _steps(name: str, *, is_user: bool, is_new: bool) -> Iterator[tuple[str, ...]]:
    systemctl = ("systemctl", "--user") if is_user else ("systemctl",)
    if is_new:
        yield (*systemctl, "daemon-reload")
    yield (*systemctl, "enable", name)
    # A bot that runs with the same unit is left alone.
    yield (*systemctl, "restart" if is_new else "start", name)
    if is_user:  # so that it runs while its user is not logged in
        yield ("loginctl", "enable-linger", getpass.getuser())


def _call(step: tuple[str, ...]) -> None:
    program = shutil.which(step[0])
    if program is None:
        fail(f"{step[0]} is not here: this machine is not run by systemd. `{COMMAND} run` runs the bot", code=1)
    if subprocess.run((program, *step[1:]), check=False).returncode:  # noqa: S603 - our own words, and no shell
        fail(f"`{' '.join(step)}` did not work; what it says is above", code=1)
