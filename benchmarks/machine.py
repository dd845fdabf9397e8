"""The machine that a benchmark runs on: what it is, which core goes to whom, how busy it is."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path

IDLE_FIELDS = (3, 4)  # of /proc/stat's first line: idle, iowait
GUEST_FIELDS = (8, 9)  # already counted in user and nice


@dataclass(frozen=True)
class Cores:
    contender: int | None
    telegram: int | None


def choose_cores() -> Cores:
    """One core for the contender, another for the Bot API; none named where there is only one."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        return Cores(contender=None, telegram=None)
    return Cores(contender=allowed[-1], telegram=allowed[0])


def read_busy_seconds() -> float:
    """Processor time of every program since this machine was started, and what its host took ("steal")."""
    first_line = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
    ticks = [int(field) for field in first_line.split()[1:]]
    busy = sum(amount for place, amount in enumerate(ticks) if place not in IDLE_FIELDS + GUEST_FIELDS)
    return busy / os.sysconf("SC_CLK_TCK")


def describe_machine() -> str:
    cores = len(os.sched_getaffinity(0))
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
    name = model[1] if model else platform.machine()
    python = f"Python {platform.python_version()}"
    return f"{cores} core{'s' if cores != 1 else ''} ({name}), {python}, {platform.system()}"
