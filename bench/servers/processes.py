"""Processes with all those they started, as Linux accounts for them in /proc."""

import os
import socket
import subprocess
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20


def tree(pid: int) -> list[int]:
    """Of `pid` and its living descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += tree(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """Of the tree, those that ended and were waited for included: utime, stime, cutime, cstime."""
    return sum(sum(map(int, _stat(each)[11:15])) for each in tree(pid)) / TICKS


def memory_mib(pid: int) -> float:
    """What the tree has in memory, proportionally where pages are shared; mapped files included."""
    lines = (Path(f"/proc/{each}/smaps_rollup").read_text().splitlines() for each in tree(pid))
    return sum(int(line.split()[1]) << 10 for each in lines for line in each if line.startswith("Pss:")) / MIB


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(command: list, log: Path, **options) -> subprocess.Popen:
    """Whatever it says goes to `log`."""
    with log.open("wb") as out:
        return subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.STDOUT, **options)


def wait_for(process: subprocess.Popen, log: Path, ready, seconds: float = 120):
    """What `ready` returns, as soon as that is something; errors of connections count as nothing."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if found := ready():
                return found
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{process.args[0]} did not start, see {log}")


def accepts(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=1):
        return True


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
