"""All tables, or those named: `python bench/run.py [--seconds 4] [--rounds 5] [TABLE ...]`.

Tables: bare, submit, hanging, postgresql, read, scale, idle, import. The one over PostgreSQL wants
the address of a database that may be filled, in HELPDESK_BENCH_POSTGRES_URL; without it, it is left
out unless it is named.
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import attrs
from at_rest import idle_memory, import_time
from desk_data import a_case, submission, submitter, ticket_id
from rounds import Case, all_started, get, interleaved, post, table

POSTGRES: Final = "HELPDESK_BENCH_POSTGRES_URL"
BARE: Final = {"bare 4 threads": ("bare.py", "--threads", "4")}
SUBMISSIONS: Final = tuple(post("/api/intake", submission(n)) for n in range(1000))
CASES: Final = tuple(post("/api/support/case", a_case(n)) for n in range(1000))
ECHOES: Final = tuple(post("/echo", submission(n)) for n in range(1000))
HELLO: Final = (get("/hello"),)


@attrs.frozen(kw_only=True)
class Run:
    """How long, how often, and where files may be put."""

    seconds: float
    rounds: int
    folder: Path

    def table(self, cases: list[Case], bases: Mapping[str, str]) -> str:
        """Measure and lay out."""
        return table(interleaved(cases, rounds=self.rounds, seconds=self.seconds), bases)

    def sqlite(self, name: str) -> str:
        """The address of a database file of its own."""
        return f"sqlite:///{self.folder / name}.sqlite3"


def bare(run: Run) -> str:
    """The base: plain waitress with 4 and with 8 threads."""
    servers = {**BARE, "bare 8 threads": ("bare.py", "--threads", "8")}
    with all_started(servers) as started:
        cases = []
        for name, server in started.items():
            cases.append(Case(name=f"GET, {name}", server=server, requests=HELLO))
            cases.append(Case(name=f"POST, {name}", server=server, requests=ECHOES, status="201"))
        return run.table(cases, {})


def submit(run: Run) -> str:
    """Durable submissions on SQLite, against a bare POST with 8 clients."""
    desk = ("desk.py", "--database", run.sqlite("submit"))
    with all_started({**BARE, "desk": desk}) as started:
        base = Case(
            name="bare POST, 8 clients",
            server=started["bare 4 threads"],
            requests=ECHOES,
            status="201",
        )
        ours = Case(
            name="POST /api/intake, SQLite, 8 clients",
            server=started["desk"],
            requests=SUBMISSIONS,
            status="201",
        )
        alone = attrs.evolve(ours, name="POST /api/intake, SQLite, 1 client", connections=1)
        return run.table([base, ours, alone], {it.name: base.name for it in (ours, alone)})


def hanging(run: Run) -> str:
    """Submissions while mail hangs, against mail that answers: at both doors, on SQLite."""
    servers = {"answering": ("mail_server.py",), "hanging": ("mail_server.py", "--hangs")}
    with all_started(servers) as mail:
        desks = {
            name: ("mail_desk.py", "--database", run.sqlite(name), "--smtp-port", f"{it.port}")
            for name, it in mail.items()
        }
        with all_started(desks) as desk:
            cases = [
                Case(name=f"{door}, mail {name}", server=it, requests=requests, status=status)
                for door, requests, status in (
                    ("POST /api/intake", SUBMISSIONS, "201"),
                    ("POST /api/support/case", CASES, "200"),
                )
                for name, it in desk.items()
            ]
            bases = {case.name: case.name.replace("hanging", "answering") for case in cases}
            return run.table(cases, bases)


def postgresql(run: Run) -> str:
    """Durable submissions and reads on PostgreSQL."""
    desk = ("desk.py", "--tickets", "1000", "--database", os.environ[POSTGRES])
    with all_started({**BARE, "desk": desk}) as started:
        bare_server, ours = started["bare 4 threads"], started["desk"]
        cases = [
            Case(name="bare POST", server=bare_server, requests=ECHOES, status="201"),
            Case(
                name="POST /api/intake, PostgreSQL, 8 clients",
                server=ours,
                requests=SUBMISSIONS,
                status="201",
            ),
            Case(name="bare GET", server=bare_server, requests=HELLO),
            Case(name="GET status, PostgreSQL", server=ours, requests=_statuses(1000)),
        ]
        bases = {cases[1].name: cases[0].name, cases[3].name: cases[2].name}
        return run.table(cases, bases)


def read(run: Run) -> str:
    """The public reads on SQLite, against a bare GET."""
    desk = ("desk.py", "--tickets", "1000", "--database", run.sqlite("read"))
    with all_started({**BARE, "desk": desk}) as started:
        base = Case(name="bare GET", server=started["bare 4 threads"], requests=HELLO)
        cases = [
            base,
            Case(name="GET status", server=started["desk"], requests=_statuses(1000)),
            Case(name="GET lookup by address", server=started["desk"], requests=_lookups(1000)),
            Case(
                name="GET options",
                server=started["desk"],
                requests=(get("/api/intake/options"),),
            ),
        ]
        return run.table(cases, {case.name: base.name for case in cases})


def scale(run: Run) -> str:
    """The same requests at a thousand and at a million tickets; compare CPU a request."""
    sizes = {"1,000": 1000, "1,000,000": 1_000_000}
    servers = {
        name: ("desk.py", "--tickets", str(size), "--database", run.sqlite(f"scale-{size}"))
        for name, size in sizes.items()
    }
    with all_started(servers) as started:
        cases = []
        for name, size in sizes.items():
            server = started[name]
            cases += [
                Case(name=f"GET status at {name}", server=server, requests=_statuses(size)),
                Case(name=f"GET lookup at {name}", server=server, requests=_lookups(size)),
                Case(
                    name=f"POST /api/intake at {name}",
                    server=server,
                    requests=SUBMISSIONS,
                    status="201",
                ),
            ]
        small = {case.name: case.name.replace("1,000,000", "1,000") for case in cases}
        return run.table(cases, small)


def idle(run: Run) -> str:
    """Memory of a server that nobody asks anything."""
    return f"idle `helpdesk serve`: {idle_memory(run.folder):.0f} MB resident"


def importing(_: Run) -> str:
    """What importing the core adds to bare Python: its face, and all that a use case needs."""
    programs = ("import helpdesk_core", "from helpdesk_core import submit_ticket")
    return "\n".join(f"`{it}`: {import_time(it):.1f} ms more than bare Python" for it in programs)


def _statuses(size: int) -> tuple[bytes, ...]:
    return tuple(get(f"/api/intake/status/{ticket_id(n)}") for n in _spread(size))


def _lookups(size: int) -> tuple[bytes, ...]:
    return tuple(get(f"/api/intake/lookup?q={submitter(n)[1]}") for n in _spread(size))


def _spread(size: int) -> range:
    """A thousand numbers from one end to the other, never neighbours in a large table."""
    return range(0, size, max(1, size // 1000))


TABLES: Final[Mapping[str, Callable[[Run], str]]] = {
    "bare": bare,
    "submit": submit,
    "hanging": hanging,
    "postgresql": postgresql,
    "read": read,
    "scale": scale,
    "idle": idle,
    "import": importing,
}


def main() -> None:
    """Measure what was asked for and print it as it comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    possible = [name for name in TABLES if name != "postgresql" or POSTGRES in os.environ]
    parser.add_argument("tables", nargs="*", default=possible, choices=[*TABLES])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        run = Run(seconds=chosen.seconds, rounds=chosen.rounds, folder=Path(folder))
        for name in chosen.tables:
            print(f"\n{name}: {TABLES[name].__doc__}\n", flush=True)
            print(TABLES[name](run), flush=True)


if __name__ == "__main__":
    main()
