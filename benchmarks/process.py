"""A process to be measured: start it on a core of its own, read its CPU and memory, stop it. Linux only."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10.0
LINE_SECONDS = 20.0
KEPT_FROM_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


class Process:
    def __init__(self, popen: subprocess.Popen[bytes], output: Path) -> None:
        self._popen = popen
        self._output = output

    @property
    def pid(self) -> int:
        return self._popen.pid

    def wait_for_line(self) -> str:
        """The first line of its output. Raises RuntimeError if none comes."""
        deadline = time.monotonic() + LINE_SECONDS
        while time.monotonic() < deadline:
            self.check_alive()
            line, newline, _ = self._output.read_text(encoding="utf-8").partition("\n")
            if newline:
                return line
            time.sleep(0.02)
        raise RuntimeError(f"no line of output within {LINE_SECONDS:.0f} s")

    def read_cpu_seconds(self) -> float:
        """User and system time of all its threads, ended ones too, to the nanosecond; not of its children.

        The id of another process's CPU clock is made as Linux's `clock_getcpuclockid` makes it;
        /proc/<pid>/stat holds the same figure in steps of 10 ms. Raises RuntimeError if it has ended.
        """
        self.check_alive()
        return time.clock_gettime((~self._popen.pid << 3) | 2)

    def read_waiting_seconds(self) -> float:
        """How long its threads that live have waited for a processor; a busy machine lets them.

        The second figure of https://docs.kernel.org/scheduler/sched-stats.html (schedstat). Raises RuntimeError if it
        has ended.
        """
        self.check_alive()
        waits = [int(schedstat.split()[1]) for schedstat in self._read_threads("schedstat")]
        return sum(waits) / 1e9

    def waits_for_disk(self) -> bool:
        """Whether one of its threads is in a wait that nothing interrupts, as of a disk."""
        return any(stat.rpartition(")")[2].split()[0] == "D" for stat in self._read_threads("stat"))

    def read_peak_megabytes(self) -> float:
        """Its largest resident set since it was started. Raises RuntimeError if the process has ended."""
        return self._read_status("VmHWM")

    def read_megabytes(self) -> float:
        """Its resident set now. Raises RuntimeError if the process has ended."""
        return self._read_status("VmRSS")

    def stop(self) -> None:
        """SIGTERM, then SIGKILL; returns when it is gone, also if it was before."""
        self._popen.terminate()
        try:
            self._popen.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"  process {self._popen.pid} did not stop and was killed", file=sys.stderr)
        finally:
            self._popen.kill()
            self._popen.wait()

    def has_said(self, line: str) -> bool:
        """Whether this is a line of its output."""
        return line in self._output.read_text(encoding="utf-8", errors="replace").splitlines()

    def count_lines(self, part: str) -> int:
        """How many lines of its output hold this."""
        return sum(part in line for line in self._output.read_text(encoding="utf-8", errors="replace").splitlines())

    def check_alive(self) -> None:
        """Raises RuntimeError, with its last words, if it has ended."""
        code = self._popen.poll()
        if code is not None:
            words = self._output.read_text(encoding="utf-8", errors="replace").strip()
            raise RuntimeError(f"the process ended with code {code}; its last words:\n{words[-2000:]}")

    def _read_threads(self, name: str) -> Iterator[str]:
        for folder in Path(f"/proc/{self._popen.pid}/task").glob("[0-9]*"):
            try:
                yield (folder / name).read_text(encoding="utf-8", errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended

    def _read_status(self, name: str) -> float:
        self.check_alive()
        status = Path(f"/proc/{self._popen.pid}/status").read_text(encoding="utf-8")
        size = re.search(rf"{name}:\s+(\d+) kB", status)
        if size is None:
            raise RuntimeError("the process ended while its memory was read")
        return int(size[1]) / 1024


def read_tree_cpu_seconds(pid: int) -> float:
    """Processor time of a process and all below it, ended children too, in steps of 10 ms."""
    ticks, parents = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        fields = stat.rpartition(")")[2].split()  # the name before may hold blanks
        parents[int(folder.name)] = int(fields[1])
        ticks[int(folder.name)] = sum(int(field) for field in fields[11:15])  # utime, stime, and those of its children
    tree, found = {pid}, {pid}
    while found := {child for child, parent in parents.items() if parent in found}:
        tree |= found
    return sum(ticks.get(member, 0) for member in tree) / os.sysconf("SC_CLK_TCK")


def run_to_end(
    command: Sequence[str],
    what: str,
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    given: str | None = None,
    seconds: float | None = None,
) -> None:
    """Runs a command until it ends. Raises RuntimeError, which says what could not be done, with its last words."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,  # its last words are told
    )
    if done.returncode:
        raise RuntimeError(f"{what}:\n{done.stderr[-2000:]}")


@contextmanager
def started(
    command: Sequence[str], *, folder: Path, core: int | None, environment: Mapping[str, str] | None = None
) -> Iterator[Process]:
    """Runs a command in `folder` (so that no `.env` is read) without proxies, and always stops it after the block."""
    inherited = {name: os.environ[name] for name in KEPT_FROM_ENVIRONMENT if name in os.environ}
    folder.mkdir(exist_ok=True)
    output = folder / "output.txt"  # a file, not a pipe that would fill up and hold the process
    with output.open("w", encoding="utf-8") as output_file, pinned_to(core):
        popen = subprocess.Popen(
            command,
            cwd=folder,
            env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output_file,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the benchmark alone, which stops the others in order
        )
    process = Process(popen, output)
    try:
        yield process
    finally:
        process.stop()


@contextmanager
def pinned_to(core: int | None) -> Iterator[None]:
    """Processes that are started in the block run on this core from their first instruction on."""
    if core is None:
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)
