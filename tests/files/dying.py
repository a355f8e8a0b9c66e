"""Takes the process away before each line of the folder's code in turn; a script.

Prints a JSON list with, for each point, the name under which anything was left, and what the desk
sees: the length of the file, or null.
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
from types import FrameType
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from helpdesk_files import FolderFiles, folder

if TYPE_CHECKING:
    from _typeshed import TraceFunction

PIECES = [b"half", b"whole"]


def die_at(line: int) -> None:
    """Let this process be killed before so many lines of the folder's code were run."""
    left = count(line, -1)

    def trace(frame: FrameType, kind: str, _: Any) -> TraceFunction | None:  # noqa: ANN401
        if frame.f_code.co_filename != folder.__file__:
            return None
        if kind == "line" and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def put_and_die(files: FolderFiles, file_id: UUID, line: int) -> bool:
    """Whether a process that puts the file was killed at the line, and did not come to its end."""
    child = os.fork()
    if child == 0:
        die_at(line)
        files.put(file_id, PIECES)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def left_behind(files: FolderFiles, root: Path, file_id: UUID) -> dict[str, object]:
    opened = files.open(file_id)
    seen = None
    if opened is not None:
        with closing(opened):
            seen = len(opened.read())
    names = sorted(each.name.removeprefix(str(file_id)) for each in root.glob("*/*"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    listed = file_id in files.kept_before(tomorrow)
    files.remove(file_id)
    return {"names": names, "seen": seen, "listed": listed, "after": len([*root.glob("*/*")])}


def main() -> None:
    root = Path(sys.argv[1])
    files = FolderFiles(root)
    found = []
    for line in count():
        file_id = uuid4()
        was_killed = put_and_die(files, file_id, line)
        found.append(left_behind(files, root, file_id))
        if not was_killed:
            break
    json.dump(found, sys.stdout)


main()
