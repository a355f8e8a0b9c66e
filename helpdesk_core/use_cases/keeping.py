"""Letting go of files that were kept for as long as they are to be."""

from helpdesk_core.ports import Ports
from helpdesk_core.use_cases.attaching import sweep_files


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
