"""What comes from others: pinned by hashes, under licences that fit, and looked at for weaknesses without guessing."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.settings import PROJECT
from tools.audit import NONE, SOME, UNKNOWN, look
from tools.licences import NOT_HERE, is_strict, licence_of, locked
from tools.licences import UNKNOWN as UNKNOWN_LICENCE

LOCKS = sorted(PROJECT.glob("requirements*.lock"))  # a bot that ran in a clone has left a lock of its own
GOOD: dict[str, object] = {"name": "a", "version": "1", "vulns": []}
WEAK: dict[str, object] = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
SKIPPED: dict[str, object] = {"name": "c", "skip_reason": "unheard of"}
PINNED = re.compile(r"[a-z0-9._-]+(\[[a-z,-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", re.DOTALL)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_by_version_and_hash(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert [block for block in re.split(r"\n(?=\S)", text.strip()) if not PINNED.match(block)] == []
    assert "://" not in text


def test_nothing_at_run_time_is_under_the_gpl_and_every_licence_is_known() -> None:
    licences = {name: licence_of(name) for name in locked()}
    assert {name: licence for name, licence in licences.items() if is_strict(licence)} == {}
    assert [name for name, licence in licences.items() if licence == UNKNOWN_LICENCE] == []
    assert {name for name, licence in licences.items() if licence == NOT_HERE} <= {"colorama"}  # for Windows


def test_what_has_conditions_of_its_own_is_said() -> None:
    page = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
    bound = {name for name in locked() if re.search("LGPL|MPL|Mozilla", licence_of(name))}
    assert {name for name in bound if name not in page} == set()


@pytest.mark.parametrize(
    ("licence", "is_it"),
    [
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("GNU General Public License v3 or later (GPLv3+)", True),
        ("GNU Affero General Public License v3", True),
        ("MIT AND GPL-2.0-only", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("GNU General Public License v2 or later (GPLv2+); Mozilla Public License 1.1 (MPL 1.1)", False),
        ("MIT OR GPL-2.0-only", False),
        ("MIT", False),
        ("", False),
    ],
)
def test_the_gpl_is_known_by_its_names(licence: str, is_it: bool) -> None:
    assert is_strict(licence) is is_it


def answering(stdout: str, code: int = 0) -> Callable[[str], "subprocess.CompletedProcess[str]"]:
    return lambda _: subprocess.CompletedProcess((), code, stdout, "ERROR: no connection to the list\n")


@pytest.mark.parametrize(
    ("packages", "expected", "words"),
    [
        ([GOOD], NONE, "none of 1 packages"),
        ([GOOD, WEAK], SOME, "b 2: CVE-1, mended in 3"),
        ([GOOD, WEAK, SKIPPED], SOME, "nothing is known of 1 of 3 packages, such as c"),
        ([GOOD, SKIPPED], UNKNOWN, "nothing is known of 1 of 2 packages, such as c: unheard of"),
        ([], UNKNOWN, ""),
    ],
)
def test_weaknesses_are_told(
    packages: list[object], expected: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert look("x.lock", answering(json.dumps({"dependencies": packages}), code=1)) == expected
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("code", [0, 1, 2])
@pytest.mark.parametrize("stdout", ["", "{}", "[]", "null", "<html>", '{"dependencies": [1]}'])
def test_a_list_that_cannot_be_reached_is_never_good(
    stdout: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert look("x.lock", answering(stdout, code)) == UNKNOWN
    assert "no connection to the list" in capsys.readouterr().out
