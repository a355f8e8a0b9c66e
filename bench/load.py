"""A bounded load client: so many connections, each asking again as soon as it was answered.

Started by `rounds.py` as a process of its own, pinned to a core of its own: reads a job as JSON on
standard input, writes a `Load` as JSON on standard output. The requests' bytes are made beforehand;
what is timed is from the first byte sent to the last byte received.
"""

import json
import os
import re
import select
import socket
import sys
from collections import Counter
from itertools import cycle
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import attrs

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *([0-9]+)")
SETTLING = 1 / 4
"""Of the time asked for, this share is spent before measuring begins."""


@attrs.frozen(kw_only=True)
class Job:
    """What to ask of whom. `pids` are the processes whose CPU is charged to the requests."""

    port: int
    connections: int
    seconds: float
    core: int
    pids: tuple[int, ...]
    requests: tuple[bytes, ...]


@attrs.frozen(kw_only=True)
class Load:
    """What came of it. Latencies are milliseconds, `cpu_us` is the server's for each request.

    `client_busy` is the client's own share of its core: near 1 it measured itself.
    """

    requests: int
    per_second: float
    p50: float
    p99: float
    cpu_us: float
    client_busy: float
    statuses: dict[str, int]


class Connection:
    """One keep-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self._received = b""
        self._wanted = -1

    def ask(self, request: bytes) -> None:
        """Send a request; small ones go out whole."""
        self._received, self._wanted = b"", -1
        self.began = perf_counter()
        self.socket.sendall(request)

    def take(self) -> bytes | None:
        """Read what came; the status (three digits) once the reply is whole."""
        some = self.socket.recv(262_144)
        if not some:
            raise ConnectionError("the server hung up")
        self._received += some
        if self._wanted < 0:
            self._measure()
        return self._received[9:12] if len(self._received) == self._wanted else None

    def _measure(self) -> None:
        end = self._received.find(b"\r\n\r\n")
        if end >= 0:
            length = LENGTH.search(self._received, 0, end)
            if length is None:
                raise ConnectionError("a reply without a length")
            self._wanted = end + 4 + int(length[1])


def load(job: Job) -> Load:
    """Ask for so long, and say how it went."""
    connections = {it.socket.fileno(): it for it in map(Connection, [job.port] * job.connections)}
    waiting = select.epoll()
    for number in connections:
        waiting.register(number, select.EPOLLIN)
    requests = cycle(job.requests)
    for connection in connections.values():
        connection.ask(next(requests))
    measured = _Measured(job)
    while not measured.is_over():
        for number, _ in waiting.poll(1.0):
            connection = connections[number]
            status = connection.take()
            if status is not None:
                measured.note(status, perf_counter() - connection.began)
                connection.ask(next(requests))
    return measured.load()


class _Measured:
    """Collects; what came while settling is forgotten."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._starts = perf_counter() + job.seconds * SETTLING
        self._ends = self._starts + job.seconds
        self._settling = True
        self._times: list[float] = []
        self._statuses: Counter[bytes] = Counter()

    def note(self, status: bytes, seconds: float) -> None:
        self._times.append(seconds)
        self._statuses[status] += 1

    def is_over(self) -> bool:
        now = perf_counter()
        if self._settling and now >= self._starts:
            self._settling = False
            self._begin()
        return now >= self._ends

    def _begin(self) -> None:
        self._times.clear()
        self._statuses.clear()
        self._began = perf_counter()
        self._client = process_time()
        self._server = cpu_seconds(self._job.pids)

    def load(self) -> Load:
        took = perf_counter() - self._began
        count = len(self._times)
        times = sorted(self._times)
        return Load(
            requests=count,
            per_second=count / took,
            p50=1000 * times[count // 2],
            p99=1000 * times[count * 99 // 100],
            cpu_us=1e6 * (cpu_seconds(self._job.pids) - self._server) / count,
            client_busy=(process_time() - self._client) / took,
            statuses={status.decode(): number for status, number in self._statuses.items()},
        )


def cpu_seconds(pids: tuple[int, ...]) -> float:
    """User and system time that the processes have used, all threads."""
    return sum(_cpu_ticks(pid) for pid in pids) / os.sysconf("SC_CLK_TCK")


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])  # utime, stime


def _job(written: dict[str, Any]) -> Job:
    requests = tuple(request.encode("latin-1") for request in written.pop("requests"))
    return Job(**{**written, "pids": tuple(written["pids"])}, requests=requests)


if __name__ == "__main__":
    job = _job(json.load(sys.stdin))
    os.sched_setaffinity(0, {job.core})
    json.dump(attrs.asdict(load(job)), sys.stdout)
