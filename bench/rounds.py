"""Interleaved rounds: A B C A B C, medians, and ratios taken round by round.

Each server is a process of its own on core 0, the client (`load.py`) another on core 1. Servers
that are not being asked lie idle meanwhile.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import attrs
from load import Load

HERE = Path(__file__).parent
CLIENT_CORE = 1


@attrs.frozen(kw_only=True)
class Server:
    """A running server: where it listens, and the processes that work for it."""

    port: int
    pids: tuple[int, ...]


@attrs.frozen(kw_only=True)
class Case:
    """One row of a table: a name, whom to ask what, over how many connections."""

    name: str
    server: Server
    requests: tuple[bytes, ...]
    connections: int = 8
    status: str = "200"


@contextmanager
def started(script: str, *arguments: str) -> Iterator[Server]:
    """A server script of this folder, which prints its port when it listens; killed at the end."""
    command = [sys.executable, str(HERE / script), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Server(port=int(process.stdout.readline()), pids=(process.pid,))
        finally:
            process.kill()


@contextmanager
def all_started(servers: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Server]]:
    """Every server of a table, by name."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(started(*how)) for name, how in servers.items()}


def measure(case: Case, seconds: float) -> Load:
    """One round of one case. Raises when a reply was not the expected one."""
    job = {
        "port": case.server.port,
        "connections": case.connections,
        "seconds": seconds,
        "core": CLIENT_CORE,
        "pids": case.server.pids,
        "requests": [request.decode("latin-1") for request in case.requests],
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "load.py")],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{case.name}: {done.stderr}")
    load = Load(**json.loads(done.stdout))
    if set(load.statuses) != {case.status}:
        raise RuntimeError(f"{case.name}: expected {case.status}, got {load.statuses}")
    return load


def interleaved(cases: Sequence[Case], *, rounds: int, seconds: float) -> dict[str, list[Load]]:
    """All rounds of all cases, each case once a round."""
    found: dict[str, list[Load]] = {case.name: [] for case in cases}
    for _ in range(rounds):
        for case in cases:
            found[case.name].append(measure(case, seconds))
    return found


def table(found: Mapping[str, Sequence[Load]], bases: Mapping[str, str]) -> str:
    """A Markdown table; `bases` names for each case the one it is compared with."""
    head = "| case | req/s (min-max) | ratio | p50 / p99 ms | CPU us/req | client busy |"
    rows = [_row(name, loads, found[bases.get(name, name)]) for name, loads in found.items()]
    return "\n".join((head, "|---|---|---|---|---|---|", *rows))


def _row(name: str, loads: Sequence[Load], base: Sequence[Load]) -> str:
    rates = [load.per_second for load in loads]
    ratio = median(
        ours.per_second / theirs.per_second for ours, theirs in zip(loads, base, strict=True)
    )
    p50, p99 = median(load.p50 for load in loads), median(load.p99 for load in loads)
    cpu = median(load.cpu_us for load in loads)
    busy = max(load.client_busy for load in loads)
    return (
        f"| {name} | {median(rates):.0f} ({min(rates):.0f}-{max(rates):.0f}) | {ratio:.2f} "
        f"| {p50:.2f} / {p99:.2f} | {cpu:.0f} | {busy:.0%} |"
    )


def get(path: str, token: str | None = None) -> bytes:
    """A GET request's bytes, with the bearer token where there is one."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer}\r\n".encode()


def post(path: str, body: Mapping[str, object]) -> bytes:
    """A JSON POST's bytes."""
    text = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(text)}\r\n\r\n"
    )
    return head.encode() + text
