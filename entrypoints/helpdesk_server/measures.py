"""What a server counts, in the text form that Prometheus reads.

No label holds an id, an address, a case number or anything else that a client chose: the values of
each come from a closed list of our own.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from helpdesk_core.errors import Unavailable
from helpdesk_core.limits import Limit
from helpdesk_core.notices import Notice
from helpdesk_core.ports import ChannelStanding, Delivery, RateLimiter
from helpdesk_http import Counted
from helpdesk_server.vitals import DatabaseSeen

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""
KEPT: Final = 1024
"""Figures that are kept at hand: more than there are routes, methods and statuses that meet."""
ELSEWHERE: Final = "-"
"""The route of what matches none."""


class Measures:
    """Everything that one process counts; any thread may count. It begins at nothing."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "helpdesk_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._durations = Histogram(
            "helpdesk_request_duration_seconds",
            "Time from a request's arrival at the application to its answer.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._deliveries = Counter(
            "helpdesk_deliveries",
            "Attempts to deliver a notice.",
            ("channel", "result"),
            registry=self._registry,
        )
        self._deaths = Counter(
            "helpdesk_dead_notices",
            "Notices that were given up.",
            ("channel",),
            registry=self._registry,
        )
        self._refusals = Counter(
            "helpdesk_limit_refusals",
            "Acts that were refused because a limit was reached.",
            ("limit",),
            registry=self._registry,
        )
        self._uncounted = Counter(
            "helpdesk_limit_failures",
            "Acts that could not be counted because the storage of limits did not answer.",
            ("limit",),
            registry=self._registry,
        )
        _ = ProcessCollector(registry=self._registry)
        # Finding the figures of a label anew takes longer than counting.
        self._figures = lru_cache(KEPT)(self._answers)

    def watch(
        self,
        *,
        database: Callable[[], DatabaseSeen | None],
        channels: Callable[[], tuple[ChannelStanding, ...] | None],
        lines_dropped: Callable[[], int],
    ) -> None:
        """Tell besides what these tell when they are asked, each in a moment."""
        self._registry.register(_Watched(database, channels, lines_dropped))

    def answered(self, *, method: str, route: str | None, status: int, duration: float) -> None:
        """Count an answer; see `helpdesk_http.ResponseHook`."""
        number, durations = self._figures(method, route or ELSEWHERE, status)
        number.inc()
        durations.observe(duration)

    def _answers(self, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
        return (
            self._requests.labels(method, route, str(status)),
            self._durations.labels(method, route),
        )

    def delivered(self, notice: Notice, delivery: Delivery) -> None:
        """Count an attempt to deliver."""
        self._deliveries.labels(notice.channel.value, delivery.result.value).inc()

    def died(self, notice: Notice) -> None:
        """Count a notice that was given up."""
        self._deaths.labels(notice.channel.value).inc()

    def refused(self, limit: Limit) -> None:
        """Count an act that came too often."""
        self._refusals.labels(limit.name).inc()

    def uncounted(self, limit: Limit) -> None:
        """Count an act that no storage could count."""
        self._uncounted.labels(limit.name).inc()

    def counted(self) -> Counted:
        """All of it, as text."""
        return Counted(text=generate_latest(self._registry), content_type=CONTENT_TYPE_LATEST)


class MeasuredLimiter:
    """A limiter, and a count of what it refused."""

    def __init__(self, limiter: RateLimiter, measures: Measures) -> None:
        self._limiter = limiter
        self._measures = measures

    def hit(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """Count one act under the key; zero when it is allowed, else how long to wait."""
        return self._measured(self._limiter.hit, limit, key)

    def wait(self, limit: Limit, key: tuple[str, ...]) -> timedelta:
        """How long the next act would have to wait; nothing is counted."""
        return self._measured(self._limiter.wait, limit, key)

    def _measured(
        self,
        ask: Callable[[Limit, tuple[str, ...]], timedelta],
        limit: Limit,
        key: tuple[str, ...],
    ) -> timedelta:
        try:
            wait = ask(limit, key)
        except Unavailable:
            self._measures.uncounted(limit)
            raise
        if wait > timedelta(0):
            self._measures.refused(limit)
        return wait


class _Watched(Collector):
    """What is known elsewhere and asked for when somebody reads."""

    def __init__(
        self,
        database: Callable[[], DatabaseSeen | None],
        channels: Callable[[], tuple[ChannelStanding, ...] | None],
        lines_dropped: Callable[[], int],
    ) -> None:
        self._database = database
        self._channels = channels
        self._lines_dropped = lines_dropped

    def describe(self) -> Iterator[Metric]:
        """Nothing: the registry asks when it takes this in, and the database is left alone then."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """What is there now; of a database that does not answer, only that it does not."""
        seen, channels = self._database(), self._channels()
        yield GaugeMetricFamily(
            "helpdesk_database_up",
            "1 when the database answers and takes writes.",
            seen is not None,
        )
        if seen is not None:
            yield GaugeMetricFamily(
                "helpdesk_outbox_oldest_due_seconds",
                "For how long the notice that is due longest has waited to be claimed.",
                (seen.oldest_waiting or timedelta(0)).total_seconds(),
            )
        if channels is not None:
            yield _notices(channels)
            yield _oldest_due(channels)
        yield CounterMetricFamily(
            "helpdesk_log_lines_dropped", "Log lines that were not written.", self._lines_dropped()
        )


def _notices(channels: tuple[ChannelStanding, ...]) -> Metric:
    family = GaugeMetricFamily(
        "helpdesk_outbox_notices", "Notices by channel and state.", labels=("channel", "state")
    )
    for it in channels:
        for state, number in (("queued", it.queued), ("sent", it.sent), ("dead", it.dead)):
            family.add_metric((it.channel.value, state), number)
    return family


def _oldest_due(channels: tuple[ChannelStanding, ...]) -> Metric:
    family = GaugeMetricFamily(
        "helpdesk_outbox_channel_oldest_due_seconds",
        "For how long the notice of the channel that is due longest has waited.",
        labels=("channel",),
    )
    for it in channels:
        wait = it.oldest_due or timedelta()
        family.add_metric((it.channel.value,), wait.total_seconds())
    return family
