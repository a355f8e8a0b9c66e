"""Letting go of what was kept for as long as it is to be."""

from typing import Final

from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.attaching import sweep_files
from helpdesk_core.use_cases.sealing import seal_chains

PORTIONS: Final = 10
"""Transactions in which sessions and ways in are forgotten at a time, each of a bounded size."""


def tidy(ports: Ports) -> int:
    """Let go of sessions and ways in that ended, then of files; answers as `tidy_files`.

    What was recorded meanwhile is sealed under a root first. Raises Unavailable.
    """
    _ = seal_chains(ports)
    tidy_accounts(ports)
    return tidy_files(ports)


def tidy_accounts(ports: Ports) -> None:
    """Forget sessions, sign-ins and links that are good no more, the oldest first.

    What is more than a store forgets in ten portions is left for the next time; it opens nothing.
    A session that only rested too long stays until it would have ended anyway. Raises Unavailable.
    """
    now = ports.now()
    for _ in range(PORTIONS):
        with ports.begin() as uow:
            uow.forget_sign_ins(now)
            uow.forget_sessions(now - ports.sessions.longest)
            uow.commit()


def tidy_files(ports: Ports) -> int:
    """Let go of outlived files, then sweep; answers with how many left the store of files.

    First the ticket knows that the file is gone, then its bytes go, which the sweep does: after a
    crash between the two, the next sweep finds them. Raises Unavailable.
    """
    kept = ports.attachments.kept
    if kept is not None:
        with ports.begin() as uow:
            now = ports.now()
            uow.let_files_go(now - kept, at=now)
            uow.commit()
    return sweep_files(ports)
