"""`service`: the systemd unit of this folder, what `--install` does, and that it may be repeated."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.commands.service import make_unit
from bot.settings import PROJECT, Settings, read_settings
from tests.commands.processes import forked
from tests.needed import missing
from tests.patience import PATIENCE

TOKEN = "123456789:" + "A" * 35
EXAMPLE = PROJECT / "deploy" / "systemd" / "gentle-tears.service"
# Written down instead of done: `systemctl` of a machine without systemd ends with an error.
PLAYED = '#!/bin/sh\necho "$(basename "$0") $*" >> "$HOME/called"\n'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(
        _env_file=None, database_url=f"sqlite:///{tmp_path}/kept here/main.db", backup_dir="/var/new/a"
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a systemctl and a loginctl that write down how they are called."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("systemctl", "loginctl"):
        (programs / name).write_text(PLAYED)
        (programs / name).chmod(0o755)
    return tmp_path


async def install(home: Path, *more: str, token: str = TOKEN) -> tuple[int | None, str]:
    path = f"{home / 'bin'}:{os.environ['PATH']}"
    environment = {"HOME": str(home), "PATH": path, "BOT_TOKEN": token}
    async with forked(home, "service", "--install", *more, **environment) as process:
        output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, output.decode()


def called(home: Path) -> list[str]:
    file = home / "called"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return lines


def test_a_unit_is_the_example_with_this_machines_names(settings: Settings, tmp_path: Path) -> None:
    unit = make_unit(settings, tmp_path, "rosa")
    example = EXAMPLE.read_text()
    expected = example[example.index("[Unit]") :].splitlines()
    changed = {new for old, new in zip(expected, unit.splitlines(), strict=True) if old != new}
    assert {line.partition("=")[0] for line in changed} == {"User", "WorkingDirectory", "ExecStart", "ReadWritePaths"}
    assert {"User=rosa", f"WorkingDirectory={tmp_path}"} <= changed
    assert f'ReadWritePaths={tmp_path} "{tmp_path}/kept here" /var' in changed


def test_a_percent_sign_is_no_specifier_of_systemd(settings: Settings) -> None:
    assert "WorkingDirectory=/srv/100%% rosa\n" in make_unit(settings, Path("/srv/100% rosa"), "rosa")


@pytest.mark.parametrize("user", ["root", ""])
def test_systemd_understands_every_line(settings: Settings, tmp_path: Path, user: str) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze")
    file = tmp_path / "gentle-tears.service"
    file.write_text(make_unit(settings, tmp_path, user))
    command = ("systemd-analyze", "verify", "--man=no", *(() if user else ("--user",)), str(file))
    environment = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


async def test_it_is_installed_once_and_a_bot_that_runs_is_left_alone(home: Path) -> None:
    file = home / ".config" / "systemd" / "user" / "gentle-tears.service"
    code, text = await install(home, "--user", "--dry-run")
    assert (code, called(home), file.exists()) == (0, [], False)
    assert f"{file} would be written" in text
    assert (await install(home, "--user"))[0] == 0
    begun = called(home)
    assert begun[:3] == [
        f"systemctl --user {step}" for step in ("daemon-reload", "enable gentle-tears", "restart gentle-tears")
    ]
    assert begun[3].startswith("loginctl enable-linger ")
    written = file.read_text()
    code, text = await install(home, "--user")
    assert (code, file.read_text()) == (0, written)
    assert "was as it has to be" in text
    assert called(home)[:2] == [f"systemctl --user {step}" for step in ("enable gentle-tears", "start gentle-tears")]


async def test_the_bot_of_another_folder_is_not_written_over(home: Path) -> None:
    file = home / ".config" / "systemd" / "user" / "gentle-tears.service"
    file.parent.mkdir(parents=True)
    file.write_text("[Service]\nWorkingDirectory=/srv/another\n")
    code, text = await install(home, "--user")
    assert (code, called(home)) == (1, [])
    assert "is of a bot in another folder; give this one another name with --name" in text
    assert (await install(home, "--user", "--name", "second"))[0] == 0


async def test_what_could_not_start_is_not_installed(home: Path) -> None:
    code, text = await install(home, "--user", token="")
    assert (code, called(home)) == (2, [])
    assert text.startswith("BOT_TOKEN is not set")


async def test_several_bots_are_kept_running_by_one_service(home: Path) -> None:
    """`.env` itself has no token then; each file in BOTS_DIR has, or nothing is installed."""
    (home / "bots").mkdir()
    (home / ".env").write_text("BOTS_DIR=bots\n")
    (home / "bots" / "rosa-meyer.env").write_text("PRACTICE_NAME=Rosa Meyer\n")
    code, said = await install(home, "--user", token="")
    assert (code, "BOT_TOKEN is not set" in said, called(home)) == (2, True, [])
    (home / "bots" / "rosa-meyer.env").write_text(f"BOT_TOKEN={TOKEN}\n")
    code, said = await install(home, "--user", token="")
    assert code == 0, said
    assert (home / ".config" / "systemd" / "user" / "gentle-tears.service").exists()
