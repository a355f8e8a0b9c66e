"""What the desk costs when it does nothing: memory while idle, time to import."""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

SETTLED: Final = 3.0
"""Seconds of idleness before memory is looked at."""
PATIENCE: Final = 20.0
"""Seconds in which a server has to answer."""
REPETITIONS: Final = 21


def idle_memory(folder: Path) -> float:
    """Resident megabytes of `helpdesk serve` after it has answered once and rested."""
    port = 18_431
    environ = {
        **os.environ,
        "HELPDESK_DATABASE_URL": f"sqlite:///{folder / 'idle.sqlite3'}",
        "HELPDESK_PORT": str(port),
    }
    command = [sys.executable, "-m", "helpdesk_server", "serve"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/intake/options")
            sleep(SETTLED)
            return _resident(server.pid)
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    deadline = perf_counter() + PATIENCE
    while True:
        try:
            with urlopen(url, timeout=1):  # noqa: S310  # our own server
                return
        except URLError:
            if perf_counter() > deadline:
                raise
            sleep(0.1)


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kilobytes) / 1024


def import_time(program: str) -> float:
    """Median milliseconds that a program takes longer than an empty one, both run in turn."""
    extra = [_run(program) - _run("pass") for _ in range(REPETITIONS)]
    return 1000 * median(extra)


def _run(program: str) -> float:
    began = perf_counter()
    _ = subprocess.run([sys.executable, "-c", program], check=True)
    return perf_counter() - began
