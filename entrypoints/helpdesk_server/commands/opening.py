"""Opening the desk for a command, on a database that is up to date."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from helpdesk_core.ports import Notifier
from helpdesk_core.routing import Channel
from helpdesk_server.command_line import Refused
from helpdesk_server.settings import Settings, is_sqlite
from helpdesk_server.wiring import Desk, plug
from helpdesk_sql import upgrade


@contextmanager
def opened(
    settings: Settings,
    *,
    migrate: bool = False,
    notifiers: Mapping[Channel, Notifier] | None = None,
    systems: Iterable[str] = (),
) -> Iterator[Desk]:
    """The desk of these settings, closed at the end of the block.

    A SQLite file is made when there is none, and brought up to date. Any other database may be
    shared with servers of another version: it is changed only when `migrate` says so, else
    StoreError.
    """
    if migrate or is_sqlite(settings.database_url):
        make_folder(settings.database_url)
        upgrade(settings.database_url)
    desk = plug(settings, notifiers=notifiers, systems=systems)
    try:
        yield desk
    finally:
        desk.close()


def make_folder(url: str) -> None:
    """See to it that the folder of a SQLite file is there, for its owner alone. Raises Refused."""
    if not is_sqlite(url):
        return
    folder = Path(sa.make_url(url).database or "").parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{folder} cannot be made: {error.strerror}") from None
