"""Watching over a running desk: what its probes answer, and where they look."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import attrs

from helpdesk_http import Probes
from helpdesk_server.logs import LineWriter, log_named
from helpdesk_server.looking import SharedLook
from helpdesk_server.measures import Measures
from helpdesk_server.settings import Settings, is_sqlite
from helpdesk_server.vitals import DatabaseSeen, Deliveries, Vitals
from helpdesk_sql import SqlStore, head_revision, open_store

COUNTED_EVERY: Final = 15.0
"""Seconds between two counts of the outbox, which take longer the more is in it."""


@attrs.define(kw_only=True)
class Watch:
    """What is known of the desk while it runs. `close` lets go of the watch's own connection."""

    probes: Probes
    vitals: Vitals
    lines: LineWriter | None = None
    _own_store: SqlStore | None

    def lines_dropped(self) -> int:
        """How many log lines were not written."""
        return self.lines.dropped if self.lines else 0

    def close(self) -> None:
        """Close the watch's own connection, if it has one."""
        if self._own_store is not None:
            self._own_store.close()


def watch_over(
    settings: Settings,
    store: SqlStore,
    measures: Measures,
    deliveries: Deliveries | None,
    can_write_letters: Callable[[], bool],
) -> Watch:
    """Look at a desk from now on, when somebody asks.

    PostgreSQL is looked at over a connection of its own, so that nobody waits for one of those that
    serve. A SQLite file is looked at through the store, whose writer the look queues for: beside
    it, under load, the look would seldom get its turn.
    """
    url = settings.database_url
    own = None if is_sqlite(url) else open_store(url, pool_size=1)
    seen, log = own or store, log_named("watch")
    head = head_revision()

    def look() -> DatabaseSeen:
        return DatabaseSeen(
            is_up_to_date=seen.pulse() == head, oldest_waiting=seen.outbox.oldest_waiting()
        )

    database = SharedLook(look, log=log)
    channels = SharedLook(seen.outbox.by_channel, log=log, fresh=COUNTED_EVERY)
    vitals = Vitals(
        now=lambda: datetime.now(UTC),
        database=database,
        deliveries=deliveries,
        can_write_letters=can_write_letters,
        channels=channels,
    )
    watch = Watch(
        vitals=vitals,
        own_store=own,
        probes=Probes(
            health=vitals.health,
            reasons_against=vitals.reasons_against,
            counted=measures.counted,
            queues=vitals.queues,
            version=version("helpdesk-core"),
        ),
    )
    measures.watch(
        database=database,
        channels=channels,
        lines_dropped=watch.lines_dropped,
    )
    return watch
