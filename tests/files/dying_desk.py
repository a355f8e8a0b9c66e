"""Takes a process away at each point between a file's first byte and its answer; a script.

Then sweeps, and prints as JSON how many points there were, at how many of them the ticket got its
file, how many files lay about before the sweep and after it, and how many of the ticket are whole.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import attrs

from helpdesk_core.attachments import AttachmentRules
from helpdesk_core.couriers import NoMailServer
from helpdesk_core.people import Caller, Role, User
from helpdesk_core.ports import Ports
from helpdesk_core.testing.builders import a_raw_case
from helpdesk_core.use_cases import attaching, storing
from helpdesk_core.use_cases.attaching import attach_file, sweep_files
from helpdesk_core.use_cases.cases import submit_case
from helpdesk_core.use_cases.finding import Target
from helpdesk_files import FolderFiles
from helpdesk_memory import MemoryLimiter
from helpdesk_sql import SqlStore, open_store, unit_of_work, upgrade

if TYPE_CHECKING:
    from types import FrameType

    from _typeshed import TraceFunction

WATCHED = {each.__file__ for each in (attaching, storing, unit_of_work)}
AGENT = Caller(user=User(id=uuid4(), name="A", email="a@example.com", role=Role.AGENT))
PIECES = [b"half", b"whole"]
STRIDE = 7  # lines between two points: each wants a process of its own, and a desk


def now() -> datetime:
    return datetime.now(UTC)


def ports_of(store: SqlStore, files: FolderFiles) -> Ports:
    return Ports(
        begin=store.begin,
        now=now,
        new_id=uuid4,
        limiter=MemoryLimiter(now),
        courier=NoMailServer(),
        files=files,
        attachments=AttachmentRules(most_files=10_000),
    )


def die_at(point: int) -> None:
    """Let this process be killed before so many lines that are watched were run."""
    left = count(point, -1)

    def trace(frame: FrameType, kind: str, _: Any) -> TraceFunction | None:  # noqa: ANN401
        if frame.f_code.co_filename not in WATCHED:
            return None
        if kind == "line" and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def attach_and_die(url: str, files: FolderFiles, number: str, point: int) -> bool:
    """Whether a process that attaches a file was killed at the point, and came to no end."""
    child = os.fork()
    if child == 0:
        ports = ports_of(open_store(url), files)
        die_at(point)
        _ = attach_file(ports, Target(number=number), f"{point}.txt", PIECES, AGENT)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def case_in(url: str, files: FolderFiles) -> str:
    upgrade(url)
    with closing(open_store(url)) as store:
        ticket = submit_case(ports_of(store, files), a_raw_case())
    assert ticket.case is not None
    return ticket.case.number


def found(url: str, files: FolderFiles, number: str) -> dict[str, int]:
    with closing(open_store(url)) as store:
        ports = ports_of(store, files)
        tomorrow = now() + timedelta(days=1)
        before = len([*files.kept_before(tomorrow)])
        swept = sweep_files(attrs.evolve(ports, now=lambda: tomorrow))
        with store.begin() as uow:
            ticket = uow.ticket_by_number(number)
            assert ticket is not None
            rows = uow.attachments(ticket.id)
        opened = [files.open(each.id) for each in rows]
        whole = [file is not None and file.read() == b"halfwhole" for file in opened]
        left = len([*files.kept_before(tomorrow)])
    return {
        "rows": len(rows),
        "whole": sum(whole),
        "before": before,
        "swept": swept,
        "left": left,
    }


def main() -> None:
    root = Path(sys.argv[1])
    url, files = f"sqlite:///{root}/desk.sqlite3", FolderFiles(root / "files")
    number = case_in(url, files)
    end = next(it for it in count(0, STRIDE) if not attach_and_die(url, files, number, it))
    last = range(end - STRIDE + 1, end)  # where the ticket has its file, and nobody was told
    for point in last:
        _ = attach_and_die(url, files, number, point)
    points = end // STRIDE + len(last)
    json.dump({"points": points, **found(url, files, number)}, sys.stdout)


main()
