"""Changes the code in small ways and sees whether a test notices: `make mutants`, or `make mutants room=claims`.

mutmut makes the mutants and runs the tests, in a copy of the project under .mutants/. docs/mutations.md holds the
figures, and each survivor with its reason.
"""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.settings import PROJECT

SCRATCH = PROJECT / ".mutants"
PAGE = PROJECT / "docs" / "mutations.md"
COPIED = ("bot", "docs", "localtelegram", "messages", "tests", "tools")
# What a log says is not mutated: it is worded for people, and no test should hold the wording.
NOT_MUTATED = (r"log\.(debug|info|warning|error|exception)\(",)


@dataclass(frozen=True)
class Room:
    """Code, and the tests that have to notice when it changes; one that takes longer than `seconds` has failed."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]
    seconds: int = 60


ROOMS = {
    "claims": Room(("bot/usecases/claims.py",), ("tests/usecases/test_claims.py", "tests/usecases/test_outbox.py")),
    "outbox": Room(
        ("bot/usecases/outbox.py",), ("tests/usecases/test_outbox.py", "tests/usecases/test_outbox_edges.py"), seconds=8
    ),
    "reminders": Room(("bot/usecases/reminders/*.py",), ("tests/usecases/reminders",)),
    "access": Room(("bot/handlers/access.py",), ("tests/handlers/test_access_rules.py",)),
    "rate_limits": Room(("bot/delivery/rate_limits.py",), ("tests/delivery/test_rate_limits.py",)),
    "flood_limits": Room(("bot/domain/flood_limits.py",), ("tests/domain/test_flood_limits.py",)),
    "crisis_phrases": Room(
        ("bot/domain/crisis_phrases/*.py",),
        tuple(f"tests/domain/crisis_phrases/test_{name}.py" for name in ("crisis_phrases", "patterns", "spelling")),
    ),
    "flows": Room(("bot/dialogues/flows/*.py",), ("tests/dialogues",)),
    "schedule": Room(
        ("bot/domain/schedule/*.py",),
        (
            "tests/domain/test_schedule.py",
            "tests/domain/test_schedule_rules.py",
            # Every zone takes minutes; an eighth of them is enough for a mutant.
            *(
                f"tests/domain/test_schedule_zones.py::test_{name}[0]"
                for name in (
                    "every_day_near_every_change_of_the_clocks",
                    "ordinary_days_of_every_zone",
                    "edges_of_quiet_hours_near_every_change",
                )
            ),
        ),
        seconds=20,
    ),
}


@dataclass(frozen=True)
class Survivor:
    """A change that no test has noticed. `change` is one line: the old code, an arrow, the new code."""

    function: str
    change: str

    @property
    def is_explained(self) -> bool:
        """Whether docs/mutations.md gives its reason."""
        return f"`{self.change}`" in PAGE.read_text()


def run(name: str) -> tuple[Counter[str], list[Survivor]]:
    """Makes and tries all mutants of a room; returns how many became what, and the survivors."""
    folder = SCRATCH / name
    _copy_project(folder, ROOMS[name])
    _mutmut(folder, "run", "--max-children", "1")
    results = _mutmut(folder, "results", "--all", "true")
    verdicts = re.findall(r"^ +(\S+): (.+)$", results, re.MULTILINE)
    survivors = [_survivor(folder, key) for key, verdict in verdicts if verdict in {"survived", "no tests"}]
    return Counter(verdict for _, verdict in verdicts), survivors


def _copy_project(folder: Path, room: Room) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name in COPIED:
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = {
        "source_paths": ["bot"],
        "only_mutate": room.sources,
        "also_copy": [name for name in COPIED if name != "bot"],
        "do_not_mutate_patterns": NOT_MUTATED,
        # Each mutant is tried in a process that has computed nothing yet: a cache would hide it.
        "process_isolation": "forkserver",
        # The code is the same on both kinds of database; SQLite is quicker.
        "pytest_add_cli_args_test_selection": [*room.tests, "-k", "not postgresql"],
        "pytest_add_cli_args": [
            "-p",
            "tools.quick_mutants",
            "-p",
            "no:cacheprovider",
            "--hypothesis-seed=0",
            f"--timeout={room.seconds}",
        ],
        "timeout_constant": 5.0,
        "timeout_multiplier": 3.0,
    }
    written = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    pyproject = (PROJECT / "pyproject.toml").read_text()
    (folder / "pyproject.toml").write_text(f"{pyproject}\n[tool.mutmut]\n{written}\n")
    for pattern in room.sources:
        for source in folder.glob(pattern):
            source.write_text(undecorated(source.read_text()))


def undecorated(code: str) -> str:
    """Returns the same program with `f = decorator(f)` below a function instead of the decorator above it.

    mutmut passes over decorated functions, and half of the schedule is behind a cache.
    """
    lines = code.split("\n")
    functions = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in sorted(functions, key=lambda function: function.lineno, reverse=True):
        assert function.end_lineno  # noqa: S101 - ast.parse fills it in
        indent = " " * function.col_offset
        lines[function.end_lineno : function.end_lineno] = [
            f"{indent}{function.name} = ({ast.unparse(decorator)})({function.name})"
            for decorator in reversed(function.decorator_list)
        ]
        if function.decorator_list:
            del lines[function.decorator_list[0].lineno - 1 : function.lineno - 1]
    return "\n".join(lines)


def _mutmut(folder: Path, *arguments: str) -> str:
    program = Path(sys.executable).with_name("mutmut")
    done = subprocess.run(  # noqa: S603 - the program is beside this Python
        [program, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(re.sub(r".*\r", "", done.stdout))  # without the lines that it drew over
    return done.stdout


def _survivor(folder: Path, key: str) -> Survivor:
    lines = _mutmut(folder, "show", key).splitlines()
    old, new = (
        " ".join(line[1:].partition("  # ")[0].strip() for line in lines if re.match(rf"{sign}(?!{sign})", line))
        for sign in ("-", r"\+")
    )
    return Survivor(key.partition("__mutmut_")[0], f"{old} → {new or 'nothing'}")


def _report(name: str, verdicts: Counter[str], survivors: list[Survivor]) -> Iterator[str]:
    equivalent = sum(survivor.is_explained for survivor in survivors)
    killed, late = verdicts["killed"], verdicts["timeout"]
    others = verdicts.total() - killed - late - len(survivors)
    share = 100 * (killed + late) / max(verdicts.total() - equivalent, 1)
    yield (
        f"{name}: {verdicts.total()} mutants, {killed} killed, {late} timed out, {verdicts['no tests']} not covered, "
        f"{len(survivors)} survived ({equivalent} explained in {PAGE.relative_to(PROJECT)}), {others} other: "
        f"{share:.1f} % of those that are not equivalent are killed"
    )
    for survivor in survivors:
        yield f"  {'explained' if survivor.is_explained else 'SURVIVED'} {survivor.function}: {survivor.change}"


def main(names: list[str]) -> None:
    """Tries the mutants of these rooms, or of all, and says what became of them."""
    for name in names or ROOMS:
        for line in _report(name, *run(name)):
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
